"""Explorers: one question, a few choices, and the chart that answers each.

`show` draws a chart anew for each combination of choices; `filter` draws one chart whose marks and rows can be narrowed down.
Every state is a chart like any other: drawn by plain Matplotlib, compared with its data, published with its rows and sources.
Each emits one notebook output with two faces:

* in a live kernel real ipywidgets, drop-down lists above the chart;
* for the built page, paper and a reader without kernel `application/vnd.casebook.explorer+json`, from which the book's Sphinx
  extension makes native controls over pre-rendered charts. Front ends that know neither show the chart chosen at the start.
"""

import xml.etree.ElementTree as ET
from itertools import product

import ipywidgets as widgets
import pandas as pd
from IPython.display import publish_display_data

from casebook import evidence, figure

EXPLORER = "application/vnd.casebook.explorer+json"
EVERY = "all"  # the option of a filter that keeps everything


class ExplorerError(ValueError):
    """An explorer that cannot be shown; the message names the explorer, the choice, what was found and what was expected."""


def show(id, draw, choices, caption, *, start=None, gaps=""):
    """Publish the chart that `draw` makes for each combination of `choices`.

    Parameters
    ----------
    id : str
        Stable name of the explorer: lower-case words and hyphens.
    draw : callable
        Called with one option of each choice, by name; returns ``(fig, data, caption, sources)`` as for `figure.show`,
        or None where the evidence has no such combination.
    choices : dict of str to list of str
        Name of each control (a parameter of `draw`) and its options.
    caption : str
        The point of the explorer as a whole.
    start : dict of str to str, optional
        What is chosen at first; by default the first option of each control.
    gaps : str
        What a reader is told who chooses a combination without a chart.

    Raises
    ------
    ExplorerError
        A choice without options, a start that is no option or has no chart, or a state whose chart differs from its data.

    >>> explorer.show("aid-explorer", standing, {"measure": ["committed", "allocated"], "unit": ["EUR bn"]}, "Rank depends on the measure.")
    """
    for name, options in choices.items():
        if not options or len(set(options)) != len(options):
            raise ExplorerError(
                f"explorer {id}, choice {name!r}: found {options!r}, expected options that differ"
            )
    for name, option in (start or {}).items():
        if option not in choices.get(name, []):
            raise ExplorerError(
                f"explorer {id}, start: found {option!r} for {name!r}, expected one of {', '.join(choices.get(name, choices))}"
            )
    states = []
    for chosen in product(*choices.values()):
        drawn = draw(**dict(zip(choices, chosen)))
        if drawn is None:
            continue
        fig, data, said, sources = drawn
        try:
            bundle = figure.bundle(fig, f"{id}-{len(states) + 1}", data, said, sources=sources)
        except figure.FigureError as error:
            raise ExplorerError(f"explorer {id}, {', '.join(map(str, chosen))}: {error}") from error
        states.append(
            {
                "choice": [options.index(one) for options, one in zip(choices.values(), chosen)],
                "data": bundle,
            }
        )
    first = [
        options.index((start or {}).get(name, options[0])) for name, options in choices.items()
    ]
    if first not in [state["choice"] for state in states]:
        raise ExplorerError(
            f"explorer {id}: no chart for what is chosen at the start (expected one)"
        )
    _publish(id, caption, "states", choices, states, first, gaps)


def filter(fig, id, data, caption, *, choices, columns, links=(), **options):
    """Publish one chart whose marks and rows the reader narrows down by the columns of `choices`.

    Parameters
    ----------
    fig, id, data, caption, **options
        As for `figure.show`. `data` holds the columns of `choices` as text, several values parted by ``; ``.
    choices : dict of str to list of str
        Column of `data` to filter by, and the options offered, in order; a row may hold other values too.
        A column of `links` is filtered by the sources that its references lead to.
    columns : list of str
        Columns of the list that stands with the chart, in order; they may be text that is not drawn.
    links : list of str, optional
        Those of `columns` that hold references, each with a word if need be: ``cfr2022#p2 (2022-04); panda2022#p2``.

    Raises
    ------
    ExplorerError, FigureError
        A filter column that is missing, an option that no row has, or a chart that differs from its data.
    """
    for name, offered in choices.items():
        if name not in data:
            raise ExplorerError(
                f"explorer {id}: no column {name!r} to filter by, expected one of {', '.join(data.columns)}"
            )
        values = {value for cell in data[name].dropna() for value in held(cell, name in links)}
        for option in offered:
            if option not in values:
                raise ExplorerError(
                    f"explorer {id}, filter {name!r}: no row has {option!r}, expected one of {', '.join(sorted(values))}"
                )
    bundle = figure.bundle(fig, id, data, caption, **options)
    record = bundle[figure.FIGURE]
    extra = [c for c in dict.fromkeys([*columns, *choices]) if c not in record["columns"]]
    record["columns"] += extra
    record |= {"extra": extra, "list": list(columns), "links": list(links)}
    for row, (_, cells) in zip(record["rows"], data.iterrows()):
        row += [None if pd.isna(cells[c]) else str(cells[c]) for c in extra]
    bundle["text/plain"] = figure.plain(record)
    choices = {name: [EVERY, *offered] for name, offered in choices.items()}
    _publish(
        id,
        caption,
        "filter",
        choices,
        [{"choice": [0] * len(choices), "data": bundle}],
        [0] * len(choices),
    )


def held(cell, linked):
    """The values by which a cell is filtered: its parts, or the short names of the sources that its references lead to."""
    parts = [part for part in (cell or "").split("; ") if part]
    return (
        {evidence.source(part.split("#")[0].split()[0])["short"] for part in parts}
        if linked
        else set(parts)
    )


def keeps(record, row, chosen):
    """Whether the filter explorer `record` keeps `row` (a list of cells) when the options numbered `chosen` are set."""
    return all(
        number == 0 or number in numbers for number, numbers in zip(chosen, tags(record, row))
    )


def tags(record, row):
    """For each control of a filter explorer the numbers of the options that keep `row`."""
    shape = record["states"][0]["data"][figure.FIGURE]
    cells = dict(zip(shape["columns"], row))
    values = [
        held(cells[control["name"]], control["name"] in shape["links"])
        for control in record["controls"]
    ]
    return [
        [o for o, option in enumerate(control["options"]) if option in have]
        for control, have in zip(record["controls"], values)
    ]


def _publish(id, caption, mode, choices, states, start, gaps=""):
    controls = [
        {"name": name, "options": [str(option) for option in options]}
        for name, options in choices.items()
    ]
    record = {
        "id": id,
        "caption": caption.strip(),
        "mode": mode,
        "controls": controls,
        "start": start,
        "gaps": gaps,
        "states": states,
    }
    record["sources"] = list(
        dict.fromkeys(
            source for state in states for source in state["data"][figure.FIGURE]["sources"]
        )
    )
    texts = [f"{id}: {record['caption']}"] if mode == "states" else []
    for state in states:
        texts += (
            [
                ", ".join(
                    f"{c['name']}: {c['options'][i]}" for c, i in zip(controls, state["choice"])
                )
            ]
            if mode == "states"
            else []
        )
        texts.append(state["data"]["text/plain"])
    view = _live(record)._repr_mimebundle_()
    first = next(state["data"]["image/svg+xml"] for state in states if state["choice"] == start)
    publish_display_data(
        {**view, "image/svg+xml": first, "text/plain": "\n\n".join(texts), EXPLORER: record}
    )


def human(name):
    """The name of a control or column as the page says it: ``cut_off`` is Cut off."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


# -- the live face ----------------------------------------------------------


def _live(record):
    """The explorer as ipywidgets: a drop-down list for each control, the chart beneath."""
    controls = [
        widgets.Dropdown(
            options=control["options"],
            index=first,
            description=human(control["name"]),
            style={"description_width": "initial"},
        )
        for control, first in zip(record["controls"], record["start"])
    ]
    picture = widgets.HTML(value=_picture(record, record["start"]))

    def change(_):
        picture.value = _picture(record, [control.index for control in controls])

    for control in controls:
        control.observe(change, "index")
    return widgets.VBox([*controls, picture])


def _picture(record, chosen):
    """What the live face shows for a choice: the chart of its state and what it says, or why there is none."""
    if record["mode"] == "filter":
        data = record["states"][0]["data"]
        shape = data[figure.FIGURE]
        kept = [row for row in shape["rows"] if keeps(record, row, chosen)]
        keys = {row[0] for row in kept}
        gone = [mark["id"] for mark in shape["marks"] if mark["key"] not in keys]
        return (
            _without(data["image/svg+xml"], gone)
            + f"<p>{len(kept)} of {len(shape['rows'])} shown.</p>"
        )
    state = next((state for state in record["states"] if state["choice"] == chosen), None)
    if state is None:
        return f"<p>The evidence has no such combination. {record['gaps']}</p>"
    return f"{state['data']['image/svg+xml']}<p>{state['data'][figure.FIGURE]['caption']}</p>"


def _without(svg, ids):
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in [child for child in parent if child.get("id") in ids]:
            parent.remove(child)
    return ET.tostring(root, encoding="unicode")
