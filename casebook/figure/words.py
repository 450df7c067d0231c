"""What a figure says: values as the page writes them, alternative text, rows as text and HTML."""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from itertools import chain, repeat
from typing import Any

import numpy as np
import pandas as pd

from casebook.figure.rows import Record, Rows, Series

DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")


def said(value: Any) -> str:
    """A value in words: 1,168 or 15 February 2022; text and years (row keys) as they are."""
    if isinstance(value, pd.Timestamp):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, (float, np.floating)):
        return f"{value:,.10g}"
    return str(value)


def said_value(value: Any) -> str:
    """A plotted value in words; a whole number has its commas, which a row key has not."""
    return said(value if isinstance(value, pd.Timestamp) else float(value))


def position(lat: float, lon: float) -> str:
    """A point on the earth in words: 43.5° N, 146.13° E."""
    return f"{abs(lat):.10g}° {'NS'[int(lat < 0)]}, {abs(lon):.10g}° {'EW'[int(lon < 0)]}"


def cell(value: Any, key: bool = False) -> str:
    """A cell of a record as the page writes it; a row `key`, which may be a year, as it is."""
    if value is None:
        return "not given"
    return f"{value:,}" if isinstance(value, (int, float)) and not key else str(value)


def written(text: str) -> str:
    """A date or period in figures as a person writes it, anything else as it is.

    ``2022-02-21/2022-02-28`` becomes 21–28 February 2022, ``2022-11`` November 2022.
    """
    ends = text.split("/")
    if len(ends) > 2 or not all(map(DATE.fullmatch, ends)):
        return text
    days = [pd.Timestamp(end) for end in ends]
    words = [said(day) if len(end) == 10 else f"{day:%B %Y}" for end, day in zip(ends, days)]
    if len(set(words)) > 1 and len(ends[0]) == 10 and ends[0][:7] == ends[1][:7]:
        return f"{days[0].day}–{words[1]}"
    return " to ".join(words)


def alternative(record: Record, rows: Rows) -> str:
    """Chart type, what is measured, the range of each series, the point; computed from the data."""
    kind, measured = record["kind"].capitalize(), record["measured"] or record["title"]
    unit = f" ({record['unit']})" if record["unit"] else ""
    several = rows.by is not None or len(rows.values) > 1
    tell = _north_to_south if record["kind"] == "map" else _range
    ranges = [tell(series, several) for series in rows.series()]
    point = [record["title"]] if record["measured"] and finding(record) else []
    return ". ".join([f"{kind}: {measured}{unit}", *ranges, *point, record["caption"]])


def _range(series: Series, named: bool) -> str:
    values = series.values.dropna()
    ends = [
        f"{said_value(values[key])} ({said(series.places[key])})"
        for key in (values.idxmin(), values.idxmax())
    ]
    head = f"{series.name}: " if named else ""
    if len(values) == 1:
        return head + ends[0]
    first, last = ("first", "last") if series.dated else ("lowest", "highest")
    return f"{head}{len(values)} marks, {first} {ends[0]}, {last} {ends[1]}"


def _north_to_south(series: Series, named: bool) -> str:
    """The places of a map: a list says more to the ear than the ends of its latitudes."""
    places = [said(key) for key in series.values.sort_values(ascending=False, kind="stable").index]
    head = f"{series.name}: " if named else ""
    return f"{head}{len(places)} places from north to south: {', '.join(places)}"


def finding(record: Record) -> str | None:
    """The finding that stands above an exhibit, if its title is one and does not merely name it."""
    title: str | None = record.get("title")
    return None if title == record.get("measured", record["caption"]) else title


def html_table(columns: list[str], rows: list[list[Any]]) -> str:
    """A plain HTML table, values as the page writes them; the first cell heads its row."""
    # an editor sets every cell flush right, which suits numbers only
    sides = [
        "left" if any(isinstance(one, str) for one in cells) else "right" for cells in zip(*rows)
    ]

    def line(cells: list[str], tags: Iterable[str]) -> str:
        return (
            "<tr>"
            + "".join(
                f'<{tag} style="text-align: {side}">{escape(text)}</{tag.split()[0]}>'
                for text, tag, side in zip(cells, tags, sides)
            )
            + "</tr>"
        )

    head = line([str(column) for column in columns], repeat('th scope="col"'))
    body = "\n".join(
        line(
            [cell(value, key=not i) for i, value in enumerate(row)],
            chain(['th scope="row"'], repeat("td")),
        )
        for row in rows
    )
    return f"<table><thead>{head}</thead>\n<tbody>\n{body}\n</tbody></table>"


def plain(record: Record) -> str:
    """The rows of a record as a table of text, which is what a notebook test compares."""
    table = [record["columns"]] + [
        ["–" if value is None else value for value in row] for row in record["rows"]
    ]
    cells = [[" ".join(str(value).split()) for value in row] for row in table]
    widths = [max(map(_width, column)) for column in zip(*cells)]
    lines = [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths)).rstrip()
        for row in cells
    ]
    return "\n".join([f"{record['id']}: {record['caption']}", *lines])


def _width(text: str) -> int:
    """Columns of a terminal: a Japanese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
