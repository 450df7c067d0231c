"""Explorers: one question, a few choices, and the chart that answers each.

`show` draws a chart anew for each combination of choices, of which the first decides what the
others offer; `filter` draws one chart whose marks and rows can be narrowed down. Every state is a
chart like any other: compared with its data, published with its rows and sources. Each emits one
notebook output with two faces, and the note under every exhibit:

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
    presets: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Publish the chart that `draw` makes for each combination of `choices`.

    The first choice decides what the others offer: an option that has no chart together with it is
    not offered, so no combination leads to nothing.

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
    presets : dict of str to dict, optional
        Combinations that a button chooses at once, each by its name.

    Raises
    ------
    ExplorerError
        A choice without options, a start or preset that is no option or has no chart, a combination
        without a chart of options that are offered, or a state whose chart differs from its data.

    >>> explorer.show("aid-explorer", standing, {"unit": ["EUR bn", "USD bn"]}, "It depends.")
    """
    first = {name: options[0] for name, options in choices.items() if options} | dict(start or {})
    named = {"start": first, **(presets or {})}
    _check(id, choices, named)
    states = _states(id, draw, choices)
    record = _record(id, caption, title, "states", choices, states)
    _complete(record)
    numbers = {
        name: [options.index(one[control]) for control, options in choices.items()]
        for name, one in named.items()
    }
    for name, choice in numbers.items():
        if choice not in [state["choice"] for state in states]:
            raise ExplorerError(f"explorer {id}, {name}: no chart for what it chooses")
    record["start"] = numbers.pop("start")
    record["presets"] = [{"name": name, "choice": choice} for name, choice in numbers.items()]
    _publish(record)


def _states(id: str, draw: Callable[..., State | None], choices: Choices) -> list[Record]:
    """Each combination for which `draw` has a chart."""
    states: list[Record] = []
    for chosen in product(*choices.values()):
        drawn = draw(**dict(zip(choices, chosen)))
        if drawn is None:
            continue
        fig, data, said, sources = drawn
        listed = _is_list(fig)
        try:
            name = f"{id}-{len(states) + 1}"
            bundle = figure.bundle(fig, name, data, said, sources=sources, narrow=not listed)
        except figure.FigureError as error:
            raise ExplorerError(f"explorer {id}, {', '.join(map(str, chosen))}: {error}") from error
        bundle[figure.FIGURE]["listed"] = listed
        numbers = [options.index(one) for options, one in zip(choices.values(), chosen)]
        states.append({"choice": numbers, "data": bundle})
    return states


def _is_list(fig: Figure) -> bool:
    """Whether a chart is one row of bars from zero up, which a page can write as a list of them."""
    bars = [container for ax in fig.axes for container in ax.containers]
    return len(fig.axes) == len(bars) == 1 and all(
        min(bar.get_width(), bar.get_height()) >= 0 for bar in bars[0]
    )


def _check(id: str, choices: Choices, named: Mapping[str, Mapping[str, str]]) -> None:
    for name, options in choices.items():
        if not options or len(set(options)) != len(options):
            raise ExplorerError(
                f"explorer {id}, choice {name!r}: found {options!r}, expected options that differ"
            )
    for preset, chosen in named.items():
        for name, options in choices.items():
            if (found := chosen.get(name)) not in options:
                raise ExplorerError(
                    f"explorer {id}, {preset}: found {found!r} for {name!r},"
                    f" expected one of {', '.join(options)}"
                )


def _complete(record: Record) -> None:
    """Refuse an explorer in which options that are offered together lead to nothing."""
    there = [state["choice"] for state in record["states"]]
    controls = range(len(record["controls"]))
    for first in dict.fromkeys(choice[0] for choice in there):
        for choice in product(*(offered(record, first, c) for c in controls)):
            if list(choice) not in there and choice[0] == first:
                named = zip(record["controls"], choice)
                missing = ", ".join(control["options"][number] for control, number in named)
                raise ExplorerError(
                    f"explorer {record['id']}: no chart for {missing} (expected one for every"
                    " combination of what the first choice offers)"
                )


def offered(record: Record, first: int, control: int) -> list[int]:
    """The options of a control that have a chart when option `first` of the first one is set."""
    if record["mode"] == "filter":
        return list(range(len(record["controls"][control]["options"])))
    states = [s["choice"] for s in record["states"] if not control or s["choice"][0] == first]
    return sorted({choice[control] for choice in states})


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
    _check_filter(id, data, choices, links)
    bundle = figure.bundle(fig, id, data, caption, **options)
    record = bundle[figure.FIGURE]
    _add_columns(record, data, [*columns, *choices])
    record |= {"list": list(columns), "links": list(links)}
    bundle["text/plain"] = figure.plain(record)
    every = {name: [EVERY, *narrower] for name, narrower in choices.items()}
    start = [0] * len(choices)
    states = [{"choice": start, "data": bundle}]
    _publish(_record(id, caption, title, "filter", every, states) | {"start": start})


def _check_filter(id: str, data: pd.DataFrame, choices: Choices, links: Sequence[str]) -> None:
    """Refuse a filter by a column that is missing, or an option that no row has."""
    for name, options in choices.items():
        if name not in data:
            raise ExplorerError(
                f"explorer {id}: no column {name!r} to filter by,"
                f" expected one of {', '.join(data.columns)}"
            )
        values = {value for cell in data[name].dropna() for value in held(cell, name in links)}
        for option in options:
            if option not in values:
                raise ExplorerError(
                    f"explorer {id}, filter {name!r}: no row has {option!r},"
                    f" expected one of {', '.join(sorted(values))}"
                )


def _add_columns(record: Record, data: pd.DataFrame, names: Sequence[str]) -> None:
    """Add to the rows of a chart the columns that it does not draw, as text."""
    record["extra"] = [n for n in dict.fromkeys(names) if n not in record["columns"]]
    record["columns"] += record["extra"]
    for row, (_, cells) in zip(record["rows"], data.iterrows()):
        row += [None if pd.isna(cells[name]) else str(cells[name]) for name in record["extra"]]


def held(cell: str | None, linked: bool) -> set[str]:
    """The values by which a cell is filtered: its parts, or the sources its references lead to."""
    if linked:
        ids = {reference.partition("#")[0] for reference, _ in evidence.references(cell)}
        return {evidence.source(id)["short"] for id in ids}
    return {part for part in (cell or "").split("; ") if part}


def cited(cell: str | None) -> str:
    """The references of a cell by the names of their sources: ``CFR 2022, ¶2 (2022-04)``."""
    told = evidence.references(cell)
    return "; ".join(f"{evidence.cite(one)[0]} {word}".strip() for one, word in told)


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
        "presets": [],
        "states": states,
        "sources": list(dict.fromkeys(sources)),
    } | ({"title": title} if title else {})


def _publish(record: Record) -> None:
    (first,) = (one["data"] for one in record["states"] if one["choice"] == record["start"])
    model = {"version_major": 2, "version_minor": 0, "model_id": _Live(record).widget().model_id}
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


class _Live:
    """The explorer as ipywidgets: a drop-down list for each control, the chart, the presets.

    The value of a list is the number of its option.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        names = (human(control["name"]) for control in record["controls"])
        style = {"description_width": "initial"}
        self.lists = [widgets.Dropdown(description=name, style=style) for name in names]
        self.picture = widgets.HTML(value=_picture(record, record["start"]))
        self.choose(record["start"])

    def choose(self, chosen: Sequence[int]) -> None:
        """Set every list to what the first choice offers, and to what is chosen of it."""
        for number, value in enumerate(chosen):
            self._offer(number, offered(self.record, chosen[0], number), value)
        self.picture.value = _picture(self.record, [one.value for one in self.lists])
        for one in self.lists:
            one.observe(self._changed, "value")

    def _offer(self, number: int, numbers: list[int], value: int) -> None:
        """Let a list hold these options, quietly: one list is set after the other."""
        one, names = self.lists[number], self.record["controls"][number]["options"]
        options = tuple((names[option], option) for option in numbers)
        one.unobserve_all("value")
        if one.options != options:
            one.options = options
        one.value = value if value in numbers else numbers[0]

    def _changed(self, _: Any) -> None:
        self.choose([one.value for one in self.lists])

    def widget(self) -> widgets.Widget:
        """All in one: buttons of presets, the lists, the chart."""
        buttons = [widgets.Button(description=one["name"]) for one in self.record["presets"]]
        for button, preset in zip(buttons, self.record["presets"]):
            button.on_click(lambda _, chosen=preset["choice"]: self.choose(chosen))
        above = [widgets.HBox(buttons)] if buttons else []
        return widgets.VBox([*above, *self.lists, self.picture])


def _picture(record: Record, chosen: list[int]) -> str:
    """What the live face shows for a choice: what its chart says, and the chart."""
    if record["mode"] == "filter":
        return _filtered(record, chosen)
    state = next(state for state in record["states"] if state["choice"] == chosen)
    said = escape(state["data"][figure.FIGURE]["caption"])
    return f"<p>{said}</p>{state['data']['image/svg+xml']}"


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
        cells |= {column: cited(cells[column]) for column in shape["links"]}
        rows.append([cells[column] for column in heads])
    listing = figure.html_table(heads, rows)
    return (
        _without(data["image/svg+xml"], gone)
        + f"<p>{len(kept)} of {len(shape['rows'])} shown.</p>\n"
        + f'<div style="max-height: 24em; overflow: auto">{listing}</div>'
    )


def _without(svg: str, ids: Sequence[str]) -> str:
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in [child for child in parent if child.get("id") in ids]:
            parent.remove(child)
    return ET.tostring(root, encoding="unicode")
