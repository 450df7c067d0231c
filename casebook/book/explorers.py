"""An explorer on the page: native controls; style rules alone choose, so it needs no script."""

from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes
from markupsafe import Markup

from casebook.book.figures import drawings
from casebook.book.html import write_exhibit
from casebook.book.tables import Value, download, rows_of
from casebook.explorer import human, tags
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
        controls=[
            {"name": human(control["name"]), "options": control["options"]}
            for control in explorer["controls"]
        ],
        **kind(builder, explorer),
    )


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
    """Every state, of which the rules show the one that is chosen."""
    states = [
        {
            "choice": " ".join(map(str, state["choice"])),
            "svg": drawings(state["data"]["image/svg+xml"], chart),
            "record": chart,
            "table": rows_of(builder, chart),
        }
        for state, chart in zip(explorer["states"], charts(explorer), strict=True)
    ]
    return {"states": states, "rules": style_rules(state_rules(explorer))}


def state_rules(explorer: Record) -> Iterator[str]:
    yield f"#{explorer['id']} .cb-state {{display: none}}"
    for number, state in enumerate(explorer["states"], start=1):
        while_chosen = selector(explorer, state["choice"])
        yield f'{while_chosen} [data-state="{number}"] {{display: block}}'
        yield f"{while_chosen} .cb-none {{display: none}}"


def filtered(builder: Any, explorer: Record) -> dict[str, Any]:
    """One chart and the list of its rows; the rules hide the marks and rows that are left out."""
    (state,), (chart,) = explorer["states"], charts(explorer)
    kept_by = {row[0]: row_tags(explorer, row) for row in chart["rows"]}
    columns = [chart["columns"][0], *chart["list"]]
    return {
        "svg": drawings(state["data"]["image/svg+xml"], chart, lambda mark: kept_by[mark["key"]]),
        "table": rows_of(builder, chart, columns, kept_by),
        "rules": style_rules(filter_rules(explorer)),
    }


def row_tags(explorer: Record, row: Sequence[Value]) -> dict[str, str]:
    """The options of each control that keep the row, as attributes of its mark and of its line."""
    return {
        f"data-c{c}": " ".join(map(str, options)) for c, options in enumerate(tags(explorer, row))
    }


def filter_rules(explorer: Record) -> Iterator[str]:
    for c, control in enumerate(explorer["controls"]):
        for o in range(1, len(control["options"])):
            while_chosen = selector(explorer, [None] * c + [o])
            yield f'{while_chosen} [data-c{c}]:not([data-c{c}~="{o}"]) {{display: none}}'


def selector(explorer: Record, options: Sequence[int | None]) -> str:
    """The explorer while the options of these numbers (None: any) are set."""
    id = explorer["id"]
    return f"#{id}" + "".join(
        f":has(#{id}-c{c}-{o}:checked)" for c, o in enumerate(options) if o is not None
    )


def style_rules(rules: Iterator[str]) -> Markup:
    """Rules hold ids and numbers only, no text of the evidence, so they need no escaping."""
    return Markup(" ".join(rules))
