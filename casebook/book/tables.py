"""A table on the page: numbered, captioned, with its source line; and the rows of any exhibit as a CSV file."""

import csv
import io
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes

from casebook import evidence
from casebook.book.renderers import exhibit_table
from casebook.explorer import human

DAY = ' class="cb-day"'  # a date of figures is not broken at its hyphens


def visit_table(self, node):
    self.body.append(self.starttag(node, "figure", CLASS="cb-exhibit cb-table"))


def depart_table(self, node):
    self.body.append("</figure>\n")


def visit_caption(self, node):
    self.body.append("<figcaption><p>")
    self.add_fignumber(node.parent)
    self.body.append('<span class="caption-text">')


def depart_caption(self, node):
    self.body.append("</span></p></figcaption>\n")
    if isinstance(node.parent, exhibit_table):
        record = node.parent["record"]
        self.body.append(table(self.builder, record, record["caption"]))


def table(builder, record, label, extra=lambda row: ""):
    """The rows of a record as a table; `extra` gives a row's further attributes."""
    heads = [human(column) for column in record["columns"]]
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = []
    for row in record["rows"]:
        cells = "".join(
            f'<td data-label="{escape(h)}"{DAY if re.fullmatch(r"[0-9-]{7,10}", str(value)) else ""}>{_references(builder, value) if column in record.get("links", ()) else escape(_cell(value))}</td>'
            for column, h, value in zip(record["columns"][1:], heads[1:], row[1:])
        )
        body.append(
            f'<tr{extra(row)}><th scope="row">{escape(_cell(row[0], key=True))}</th>{cells}</tr>'
        )
    return (
        f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table><thead><tr>{head}</tr></thead>\n<tbody>'
        + "\n".join(body)
        + "</tbody></table></div>\n"
    )


def _cell(value, key=False):
    if value is None:
        return "not given"
    return f"{value:,}" if isinstance(value, (int, float)) and not key else str(value)


def _references(builder, cell):
    """The references of a cell, such as ``cfr2022#p2 (2022-04); panda2022#p2``, as links to cards and sections."""
    links = []
    for reference, _, word in (part.partition(" ") for part in (cell or "").split("; ") if part):
        label, address = evidence.cite(reference)
        file, _, anchor = address.partition("#")
        page = builder.get_relative_uri(builder.current_docname, file.removesuffix(".md"))
        links.append(
            f'<a href="{escape(page)}{"#" + nodes.make_id(anchor) if anchor else ""}">{escape(label)}</a>'
            + (f" {escape(word)}" if word else "")
        )
    return "; ".join(links) or "none of the five texts"


def download(builder, id, columns, rows):
    """Write an exhibit's data beside the pages, at a stable address; return the link to it as seen from the page."""
    folder = Path(builder.outdir) / "figures"
    folder.mkdir(exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if v is None else v for v in row] for row in rows)
    (folder / f"{id}.csv").write_text(text.getvalue(), "utf8")
    page = builder.get_target_uri(builder.current_docname).partition("#")[0]
    return f'<a href="{"../" * page.count("/")}{quote(f"figures/{id}.csv")}" download="{id}.csv">Download the data (CSV)</a>'
