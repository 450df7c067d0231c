"""An explorer on the page: native controls, whose style rules alone choose among the charts, so it needs no script."""

from html import escape

from casebook.book.figures import chart, themed
from casebook.book.tables import download, table
from casebook.explorer import human, tags
from casebook.figure import FIGURE


def visit_explorer(self, node):
    record = node["record"]
    self.body.append(self.starttag(node, "figure", CLASS="cb-exhibit cb-explorer"))
    self.body.append(
        _controls(record)
        + (_filtered if record["mode"] == "filter" else _chosen)(self.builder, record)
    )


def depart_explorer(self, node):
    record = node["record"]
    names = (
        [control["name"] for control in record["controls"]] if record["mode"] == "states" else []
    )
    shapes = [state["data"][FIGURE] for state in record["states"]]
    columns = list(dict.fromkeys(column for shape in shapes for column in shape["columns"]))
    rows = []
    for state, shape in zip(record["states"], shapes):
        chosen = (
            [
                control["options"][number]
                for control, number in zip(record["controls"], state["choice"])
            ]
            if names
            else []
        )
        rows += [
            chosen + [dict(zip(shape["columns"], row)).get(column) for column in columns]
            for row in shape["rows"]
        ]
    self.body.append(
        f"<p>{download(self.builder, record['id'], names + columns, rows)}</p>\n</figure>\n"
    )


def _controls(record):
    """A group of radio buttons for each control, with the options of the start set."""
    groups = []
    for c, control in enumerate(record["controls"]):
        name = f"{record['id']}-c{c}"
        radios = "".join(
            f'<label><input type="radio" name="{name}" id="{name}-{o}"{" checked" if o == record["start"][c] else ""}> <span>{escape(option)}</span></label>'
            for o, option in enumerate(control["options"])
        )
        groups.append(
            f"<fieldset><legend>{escape(human(control['name']))}</legend>{radios}</fieldset>\n"
        )
    return f'<form class="cb-controls" autocomplete="off">\n{"".join(groups)}</form>\n'


def _while(record, chosen):
    """The selector of the explorer while the options numbered `chosen` (None: any) are set."""
    id = record["id"]
    return f"#{id}" + "".join(
        f":has(#{id}-c{c}-{o}:checked)" for c, o in enumerate(chosen) if o is not None
    )


def _chosen(builder, record):
    """Every state, of which the style rules show the one that is chosen, and words for a choice that has none."""
    rules, parts = [f"#{record['id']} .cb-state {{display: none}}"], []
    for number, state in enumerate(record["states"], start=1):
        shape, chosen = state["data"][FIGURE], _while(record, state["choice"])
        rules += [
            f'{chosen} [data-state="{number}"] {{display: block}}',
            f"{chosen} .cb-none {{display: none}}",
        ]
        parts.append(
            f'<div class="cb-state" data-state="{number}" data-choice="{" ".join(map(str, state["choice"]))}">{chart(themed(state["data"]["image/svg+xml"], shape))}'
            f'<p class="cb-said">{escape(shape["caption"])}</p>\n'
            f'<details class="cb-data"><summary>Data behind this choice</summary>\n{table(builder, shape, "Data: " + shape["alt"])}</details></div>\n'
        )
    # a browser that does not know :has() shows every state, one below the other
    style = f"<style>.cb-none {{display: none}} @supports selector(:has(*)) {{.cb-none {{display: block}} {' '.join(rules)}}}</style>\n"
    none = (
        f'<p class="cb-none">The evidence has no such combination. {escape(record["gaps"])}</p>\n'
    )
    return style + none + "".join(parts) + '<p role="status" class="cb-tally cb-unseen"></p>\n'


def _filtered(builder, record):
    """One chart and the list of its rows; the style rules hide the marks and rows that the set options leave out."""
    state = record["states"][0]["data"]
    shape = state[FIGURE]
    marked = {
        row[0]: "".join(
            f' data-c{c}="{" ".join(map(str, numbers))}"'
            for c, numbers in enumerate(tags(record, row))
        )
        for row in shape["rows"]
    }
    rules = [
        f'{_while(record, [None] * c + [o])} [data-c{c}]:not([data-c{c}~="{o}"]) {{display: none}}'
        for c, control in enumerate(record["controls"])
        for o in range(1, len(control["options"]))
    ]
    listed = [0] + [shape["columns"].index(column) for column in shape["list"]]
    listing = shape | {
        "columns": [shape["columns"][i] for i in listed],
        "rows": [[row[i] for i in listed] for row in shape["rows"]],
    }
    svg = themed(state["image/svg+xml"], shape, lambda mark: marked[mark["key"]])
    return (
        f'<style>{" ".join(rules)}</style>\n{chart(svg)}<p role="status" class="cb-tally"></p>\n'
        f'<div class="cb-list">{table(builder, listing, record["caption"], lambda row: marked[row[0]])}</div>\n'
    )
