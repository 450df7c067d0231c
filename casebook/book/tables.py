"""A table on the page, numbered and captioned; and the rows of any exhibit as a CSV file."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes

from casebook import evidence, figure
from casebook.book.taking import publish, write_exhibit
from casebook.explorer import human

Value = str | int | float | None
NUMBER = re.compile(r"[-−]?[\d,]+(\.\d+)?|" + re.escape(figure.cell(None)))
KEY = re.compile(r"[a-z0-9]+(?:[-_]+[a-z0-9]+)+|[A-Z]{3}-\d{4}")  # of programs: eu-2018-07-17
HEADS = {"lon": "Longitude", "lat": "Latitude"}
IN_BRACKETS = re.compile(r"(?<=\()[^()]+(?=\))")


@dataclass
class Link:
    """A reference in a cell: where it leads, and the word that stands behind it."""

    href: str
    label: str
    word: str


@dataclass
class Cell:
    head: str
    text: str
    links: list[Link] | None = None


@dataclass
class Row:
    key: str
    cells: list[Cell]
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Table:
    """A table for the template; the first of `heads` is that of the keys."""

    heads: list[str]
    rows: list[Row]

    @property
    def columns(self) -> list[list[str]]:
        """What each column holds, the keys first, without its head."""
        rows = ([row.key, *(one.text for one in row.cells)] for row in self.rows)
        return [list(column) for column in zip(*rows, strict=True)]

    @property
    def numbers(self) -> list[int]:
        """The places (from 1) of the columns that hold only numbers and gaps."""
        places = enumerate(self.columns[1:], start=2)
        return [place for place, texts in places if all(map(NUMBER.fullmatch, texts))]

    @property
    def is_slim(self) -> bool:
        """Whether it stays a table on a phone: its words fit side by side, all but the keys short.

        At 360 px a line holds some 42 letters, of which the gap behind each column takes three.
        """
        columns = self.columns
        texts = [[head, *column] for head, column in zip(self.heads, columns, strict=False)]
        words = [max(len(word) for text in column for word in text.split()) for column in texts]
        short = all(len(text) <= 24 for column in columns[1:] for text in column)
        return short and sum(word + 3 for word in words) <= 42


def visit_table(translator: Any, node: nodes.Element) -> None:
    builder, record = translator.builder, node["record"]
    file = download(builder, record["id"], record["columns"], record["rows"])
    write_exhibit(translator, node, "table.html", table=rows_of(builder, record), file=file)


def rows_of(
    builder: Any,
    record: dict[str, Any],
    columns: Iterable[str] = (),
    attributes: dict[str, dict[str, str]] | None = None,
) -> Table:
    """The rows of a record for the template: all columns or `columns`, key first.

    `attributes` gives further HTML attributes of a row by its key. Dates, which are figures in the
    file, are words here; keys that tell a reader nothing stay in the file.
    """
    names = list(columns) or told(record)
    at = [record["columns"].index(name) for name in names]
    heads = [HEADS.get(name, human(name)) for name in names]
    rows = []
    for row in record["rows"]:
        key, *values = (row[i] for i in at)
        cells = [
            Cell(
                head,
                worded(name, value),
                references(builder, value) if name in record.get("links", ()) else None,
            )
            for name, head, value in zip(names[1:], heads[1:], values, strict=True)
        ]
        rows.append(Row(worded(names[0], key, key=True), cells, (attributes or {}).get(row[0], {})))
    return Table(heads, rows)


def worded(name: str, value: Value, key: bool = False) -> str:
    """A value of the column `name` as a page writes it.

    A date is written out, a month has no day; a year, like the `key` of a row, has no comma.
    """
    text = figure.cell(value, key=key or name.lower().endswith("year"))
    is_first = name.lower() == "month" and len(text) == len("2022-02-01")
    return figure.written(text.removesuffix("-01") if is_first else text)


def told(record: dict[str, Any]) -> list[str]:
    """The columns that a page shows: not the first, if it holds only keys for programs."""
    names: list[str] = record["columns"]
    coded = len(names) > 1 and all(is_code(str(row[0])) for row in record["rows"])
    return names[1:] if coded else names


def is_code(key: str) -> bool:
    """Whether a key is made for programs; a date, which looks like one, is not."""
    return bool(KEY.fullmatch(key)) and figure.written(key) == key


def references(builder: Any, value: Value) -> list[Link]:
    """The references of a cell, such as ``cfr2022#p2 (2022-04); panda2022#p2``, as links."""
    links = []
    for reference, word in evidence.references(str(value or "")):
        label, address = evidence.cite(reference)
        links.append(Link(page_address(builder, address), label, dated(word)))
    return links


def dated(word: str) -> str:
    """The word behind a reference, its date in words: (2022-04) becomes (April 2022)."""
    return IN_BRACKETS.sub(lambda date: figure.written(date[0]), word)


def page_address(builder: Any, address: str) -> str:
    """A file of the book (``seeds/cfr2022.md#p4``) as its page, seen from the one being written."""
    file, _, anchor = address.partition("#")
    page: str = builder.get_relative_uri(builder.current_docname, file.removesuffix(".md"))
    return f"{page}#{nodes.make_id(anchor)}" if anchor else page


def download(builder: Any, id: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Write an exhibit's data beside the pages; return the file's address as seen from the page."""
    text = io.StringIO()
    # text in quotation marks, so that a # in it (cfr2022#p4) is no comment
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    writer.writerows(rows)  # None is an empty cell
    return publish(builder, f"{id}.csv", text.getvalue())
