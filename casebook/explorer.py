"""Explorers: one question, a few choices, and the chart that answers each.

`show` draws a chart anew for each combination of choices; `filter` draws one chart whose marks and
rows can be narrowed down. Every state is a chart like any other: drawn by plain Matplotlib,
compared with its data, published with its rows and sources. Each emits one notebook output with
two faces, and the note that stands under every exhibit:

* in a live kernel real ipywidgets, drop-down lists above the chart;
* for the built page, paper and a reader without kernel `application/vnd.casebook.explorer+json`,
  from which the book's Sphinx extension makes native controls over pre-rendered charts. Front ends
  that know neither show the chart chosen at the start.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import product
from typing import Any

import ipywidgets as widgets
import pandas as pd
from IPython.display import publish_display_data
from matplotlib.figure import Figure

from casebook import evidence, figure

EXPLORER = "application/vnd.casebook.explorer+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
EVERY = "all"  # the option of a filter that keeps everything

Record = dict[str, Any]
Choices = Mapping[str, Sequence[str]]
State = tuple[Figure, pd.DataFrame, str, Sequence[str]]


class ExplorerError(ValueError):
    """An explorer that cannot be shown; the message names explorer, choice, found and expected."""


def show(
    id: str,
    draw: Callable[..., State | None],
    choices: Choices,
    caption: str,
    *,
    title: str | None = None,
    start: Mapping[str, str] | None = None,
    gaps: str = "",
) -> None:
    """Publish the chart that `draw` makes for each combination of `choices`.

    Parameters
    ----------
    id : str
        Stable name of the explorer: lower-case words and hyphens.
    draw : callable
        Called with one option of each choice, by name; returns ``(fig, data, caption, sources)`` as
        for `figure.show`, or None where the evidence has no such combination.
    choices : dict of str to list of str
        Name of each control (a parameter of `draw`) and its options.
    caption, title : str
        The point of the explorer as a whole; the finding, if it is shown above.
    start : dict of str to str, optional
        What is chosen at first; by default the first option of each control.
    gaps : str
        What a reader is told who chooses a combination without a chart.

    Raises
    ------
    ExplorerError
        A choice without options, a start that is no option or has no chart, or a state whose chart
        differs from its data.

    >>> explorer.show("aid-explorer", standing, {"unit": ["EUR bn", "USD bn"]}, "It depends.")
    """
    _check(id, choices, start or {})
    states: list[Record] = []
    for chosen in product(*choices.values()):
        drawn = draw(**dict(zip(choices, chosen)))
        if drawn is None:
            continue
        fig, data, said, sources = drawn
        try:
            bundle = figure.bundle(fig, f"{id}-{len(states) + 1}", data, said, sources=sources)
        except figure.FigureError as error:
            raise ExplorerError(f"explorer {id}, {', '.join(map(str, chosen))}: {error}") from error
        numbers = [options.index(one) for options, one in zip(choices.values(), chosen)]
        states.append({"choice": numbers, "data": bundle})
    first = [
        options.index((start or {}).get(name, options[0])) for name, options in choices.items()
    ]
    if first not in [state["choice"] for state in states]:
        raise ExplorerError(
            f"explorer {id}: no chart for what is chosen at the start (expected one)"
        )
    _publish(_record(id, caption, title, "states", choices, states, first, gaps))


def _check(id: str, choices: Choices, start: Mapping[str, str]) -> None:
    for name, options in choices.items():
        if not options or len(set(options)) != len(options):
            raise ExplorerError(
                f"explorer {id}, choice {name!r}: found {options!r}, expected options that differ"
            )
    for name, option in start.items():
        if option not in choices.get(name, []):
            raise ExplorerError(
                f"explorer {id}, start: found {option!r} for {name!r},"
                f" expected one of {', '.join(choices.get(name, choices))}"
            )


def filter(
    fig: Figure,
    id: str,
    data: pd.DataFrame,
    caption: str,
    *,
    choices: Choices,
    columns: Sequence[str],
    links: Sequence[str] = (),
    title: str | None = None,
    **options: Any,
) -> None:
    """Publish one chart whose marks and rows the reader narrows down by the columns of `choices`.

    Parameters
    ----------
    fig, id, data, caption, title, **options
        As for `figure.show`. `data` holds the columns of `choices` as text, several values parted
        by ``; ``.
    choices : dict of str to list of str
        Column of `data` to filter by, and the options offered, in order; a row may hold other
        values too. A column of `links` is filtered by the sources that its references lead to.
    columns : list of str
        Columns of the list that stands with the chart, in order; they may be text that is not
        drawn.
    links : list of str, optional
        Those of `columns` that hold references, each with a word if need be:
        ``cfr2022#p2 (2022-04); panda2022#p2``.

    Raises
    ------
    ExplorerError, FigureError
        A filter column that is missing, an option that no row has, or a chart that differs from its
        data.
    """
    for name, offered in choices.items():
        if name not in data:
            raise ExplorerError(
                f"explorer {id}: no column {name!r} to filter by,"
                f" expected one of {', '.join(data.columns)}"
            )
        values = {value for cell in data[name].dropna() for value in held(cell, name in links)}
        for option in offered:
            if option not in values:
                raise ExplorerError(
                    f"explorer {id}, filter {name!r}: no row has {option!r},"
                    f" expected one of {', '.join(sorted(values))}"
                )
    bundle = figure.bundle(fig, id, data, caption, **options)
    record = bundle[figure.FIGURE]
    extra = [c for c in dict.fromkeys([*columns, *choices]) if c not in record["columns"]]
    record["columns"] += extra
    record |= {"extra": extra, "list": list(columns), "links": list(links)}
    for row, (_, cells) in zip(record["rows"], data.iterrows()):
        row += [None if pd.isna(cells[c]) else str(cells[c]) for c in extra]
    bundle["text/plain"] = figure.plain(record)
    every = {name: [EVERY, *offered] for name, offered in choices.items()}
    start = [0] * len(choices)
    states = [{"choice": start, "data": bundle}]
    _publish(_record(id, caption, title, "filter", every, states, start))


def held(cell: str | None, linked: bool) -> set[str]:
    """The values by which a cell is filtered: its parts, or the sources its references lead to."""
    parts = [part for part in (cell or "").split("; ") if part]
    if linked:
        return {evidence.source(part.split("#")[0].split()[0])["short"] for part in parts}
    return set(parts)


def keeps(record: Record, row: Sequence[Any], chosen: Sequence[int]) -> bool:
    """Whether a filter keeps `row` (a list of cells) when the options numbered `chosen` are set."""
    return all(
        number == 0 or number in numbers for number, numbers in zip(chosen, tags(record, row))
    )


def tags(record: Record, row: Sequence[Any]) -> list[list[int]]:
    """For each control of a filter explorer the numbers of the options that keep `row`."""
    shape = record["states"][0]["data"][figure.FIGURE]
    cells = dict(zip(shape["columns"], row))
    found = []
    for control in record["controls"]:
        have = held(cells[control["name"]], control["name"] in shape["links"])
        found.append([o for o, option in enumerate(control["options"]) if option in have])
    return found


def human(name: str) -> str:
    """The name of a control or column as the page says it: ``cut_off`` is Cut off."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


# -- what is published ------------------------------------------------------


def _record(
    id: str,
    caption: str,
    title: str | None,
    mode: str,
    choices: Choices,
    states: list[Record],
    start: list[int],
    gaps: str = "",
) -> Record:
    sources = [one for state in states for one in state["data"][figure.FIGURE]["sources"]]
    return {
        "id": id,
        "caption": caption.strip(),
        "mode": mode,
        "controls": [
            {"name": name, "options": [str(option) for option in options]}
            for name, options in choices.items()
        ],
        "start": start,
        "gaps": gaps,
        "states": states,
        "sources": list(dict.fromkeys(sources)),
    } | ({"title": title} if title else {})


def _publish(record: Record) -> None:
    (first,) = (one["data"] for one in record["states"] if one["choice"] == record["start"])
    model = {"version_major": 2, "version_minor": 0, "model_id": _live(record).model_id}
    output = {
        WIDGET: model,  # written out, for ipywidgets 7 cannot say it of itself
        "image/svg+xml": first["image/svg+xml"],
        "text/plain": _plain(record, first),
        EXPLORER: record,
    }
    for one in figure.with_notes(output, record, "Explorer"):
        publish_display_data(one)


def _plain(record: Record, start: Record) -> str:
    """What there is to choose and, in lines short enough to read, what is chosen at the start."""
    options = [f"{human(c['name'])}: {', '.join(c['options'])}" for c in record["controls"]]
    chosen = [c["options"][number] for c, number in zip(record["controls"], record["start"])]
    head = [f"{record['id']}: {record['caption']}", *options, f"Chosen: {', '.join(chosen)}", ""]
    if record["mode"] == "states":
        return "\n".join([*head, start["text/plain"]])
    shape = start[figure.FIGURE]
    column = shape["columns"].index(shape["list"][0])
    lines = [f"{row[column] or '–'}  {row[0]}" for row in shape["rows"]]
    return "\n".join([*head, *lines])


# -- the live face ----------------------------------------------------------


def _live(record: Record) -> widgets.Widget:
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

    def change(_: Any) -> None:
        picture.value = _picture(record, [control.index for control in controls])

    for control in controls:
        control.observe(change, "index")
    return widgets.VBox([*controls, picture])


def _picture(record: Record, chosen: list[int]) -> str:
    """What the live face shows for a choice: its chart and what that says, or why there is none."""
    if record["mode"] == "filter":
        return _filtered(record, chosen)
    state = next((state for state in record["states"] if state["choice"] == chosen), None)
    if state is None:
        return f"<p>The evidence has no such combination. {escape(record['gaps'])}</p>"
    said = escape(state["data"][figure.FIGURE]["caption"])
    return f"{state['data']['image/svg+xml']}<p>{said}</p>"


def _filtered(record: Record, chosen: list[int]) -> str:
    """The chart without the marks that the choice leaves out, and the list of the rows it keeps."""
    data = record["states"][0]["data"]
    shape = data[figure.FIGURE]
    kept = [row for row in shape["rows"] if keeps(record, row, chosen)]
    keys = {row[0] for row in kept}
    gone = [mark["id"] for mark in shape["marks"] if mark["key"] not in keys]
    heads = [shape["columns"][0], *shape["list"]]
    rows = []
    for row in kept:
        cells = dict(zip(shape["columns"], row))
        cells |= {column: _cited(cells[column]) for column in shape["links"]}
        rows.append([cells[column] for column in heads])
    listing = figure.html_table(heads, rows)
    return (
        _without(data["image/svg+xml"], gone)
        + f"<p>{len(kept)} of {len(shape['rows'])} shown.</p>\n"
        + f'<div style="max-height: 24em; overflow: auto">{listing}</div>'
    )


def _cited(cell: str | None) -> str:
    """The references of a cell by the names of their sources: ``CFR 2022, ¶2 (2022-04)``."""
    parts = (part.partition(" ") for part in (cell or "").split("; ") if part)
    return "; ".join(
        f"{evidence.cite(reference)[0]} {word}".strip() for reference, _, word in parts
    )


def _without(svg: str, ids: Sequence[str]) -> str:
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in [child for child in parent if child.get("id") in ids]:
            parent.remove(child)
    return ET.tostring(root, encoding="unicode")
