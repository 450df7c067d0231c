"""An explorer on the page: native controls; style rules alone choose, so it needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from docutils import nodes

from casebook import figure, style
from casebook.book.figures import drawings, fills, themed
from casebook.book.tables import Value, download, rows_of
from casebook.book.taking import write_exhibit
from casebook.explorer import human, offered, tags
from casebook.figure import FIGURE

Record = dict[str, Any]


def visit_explorer(translator: Any, node: nodes.Element) -> None:
    builder, explorer = translator.builder, node["record"]
    kind = filtered if explorer["mode"] == "filter" else chosen
    write_exhibit(
        translator,
        node,
        f"explorer_{explorer['mode']}.html",
        file=download(builder, explorer["id"], *all_rows(explorer)),
        groups=groups(explorer),
        presets=[
            {"name": one["name"], "radios": " ".join(radios(explorer, one["choice"]))}
            for one in explorer["presets"]
        ],
        **kind(builder, explorer),
    )


@dataclass
class Group:
    """A group of radio buttons: a control, with what it offers while one of `firsts` is chosen.

    `firsts` are options of the first control; none, if it offers the same whatever they are.
    """

    name: str
    id: str
    options: dict[int, str]
    start: int
    firsts: tuple[int, ...] = ()


def groups(explorer: Record) -> list[Group]:
    """The groups of an explorer: one for each control, or one for each different offer of it."""
    found = []
    for number, control in enumerate(explorer["controls"]):
        offers: dict[tuple[int, ...], list[int]] = {}
        for first in offered(explorer, 0, 0):
            offers.setdefault(tuple(offered(explorer, first, number)), []).append(first)
        for letter, (numbers, firsts) in zip(ascii_lowercase, offers.items(), strict=False):
            group = Group(
                name=human(control["name"]),
                id=f"{explorer['id']}-c{number}",
                options={one: control["options"][one] for one in numbers},
                start=max(numbers, key=lambda one: one == explorer["start"][number]),
            )
            if len(offers) > 1:
                group.id, group.firsts = group.id + letter, tuple(firsts)
            found.append(group)
    return found


def radios(explorer: Record, choice: Sequence[int | None]) -> list[str]:
    """The ids of the radio buttons that make a choice (None: any)."""
    mine = [one for one in groups(explorer) if not one.firsts or choice[0] in one.firsts]
    return [
        f"{group.id}-{option}"
        for group, option in zip(mine, choice, strict=False)
        if option is not None
    ]


def charts(explorer: Record) -> list[Record]:
    """The record of each state's chart."""
    return [state["data"][FIGURE] for state in explorer["states"]]


def all_rows(explorer: Record) -> tuple[list[str], list[list[Value]]]:
    """Columns and rows of the CSV file: each state's, with the options that lead to it."""
    columns = list(dict.fromkeys(name for chart in charts(explorer) for name in chart["columns"]))
    controls = explorer["controls"] if explorer["mode"] == "states" else []
    rows: list[list[Value]] = []
    for state, chart in zip(explorer["states"], charts(explorer), strict=True):
        options = [c["options"][o] for c, o in zip(controls, state["choice"], strict=False)]
        for row in chart["rows"]:
            cells = dict(zip(chart["columns"], row, strict=True))
            rows.append([*options, *(cells.get(name) for name in columns)])
    return [control["name"] for control in controls] + columns, rows


def chosen(builder: Any, explorer: Record) -> dict[str, Any]:
    """Every state, of which the template's rules show the one that is chosen."""
    states = [
        {
            "radios": radios(explorer, state["choice"]),
            "record": chart,
            "table": rows_of(builder, chart),
            **shown(state["data"]["image/svg+xml"], chart),
        }
        for state, chart in zip(explorer["states"], charts(explorer), strict=True)
    ]
    firsts = {first for group in groups(explorer) for first in group.firsts}
    return {"states": states, "firsts": {one: radios(explorer, [one]) for one in sorted(firsts)}}


def shown(svg: str, chart: Record) -> dict[str, Any]:
    """The chart of a state: as `bars`, one for each row of its table, or as `svg`."""
    if not chart["listed"]:
        return {"svg": drawings(svg, chart)}
    colours = fills(svg)
    most = max(mark["value"] for mark in chart["marks"]) or 1
    pale = themed(style.COLOUR["rest"])
    bars = {
        figure.written(figure.cell(mark["key"], key=True)): {
            "long": f"{mark['value'] / most:.2g}".replace("0.", ".", 1),
            "hue": colours[mark["id"]].replace(pale, ""),  # the style sheet's own
            "meant": pale in colours.values() and colours[mark["id"]] != pale,
        }
        for mark in chart["marks"]
    }
    return {"bars": bars}


def filtered(builder: Any, explorer: Record) -> dict[str, Any]:
    """One chart and the list of its rows; rules hide the marks and rows that are left out."""
    (state,), (chart,) = explorer["states"], charts(explorer)
    kept_by = {
        row[0]: row_tags(explorer, row) | {"data-row": str(number)}
        for number, row in enumerate(chart["rows"])
    }
    columns = [chart["columns"][0], *chart["list"]]
    return {
        "svg": drawings(
            state["data"]["image/svg+xml"],
            chart,
            lambda mark: kept_by[mark["key"]] | {"aria-label": named(mark)},
        ),
        "table": rows_of(builder, chart, columns, kept_by),
    }


def named(mark: Record) -> str:
    """What a mark of a filter says: the row that it belongs to, and its value."""
    return f"{mark['key']}: {mark['text'].rpartition(': ')[2]}"


def row_tags(explorer: Record, row: Sequence[Value]) -> dict[str, str]:
    """The options of each control that keep the row, as attributes of its mark and of its line."""
    return {
        f"data-c{c}": " ".join(map(str, options)) for c, options in enumerate(tags(explorer, row))
    }
