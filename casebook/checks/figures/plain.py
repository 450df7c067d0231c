"""The rows of the record once more: as plain text, and as a notebook's HTML table."""

import re
from collections.abc import Iterator
from html import unescape

from casebook.checks.facts import Value
from casebook.checks.figures.rows import same
from casebook.checks.figures.shown import Shown


def plain_problems(shown: Shown) -> Iterator[str]:
    """Caption, columns and rows stand in the text in order; the HTML has the same cells."""
    rest = "".join(shown.output.data.get("text/plain", "")).split()
    record = shown.record
    head = [f"{record['id']}:", *record["caption"].split(), *" ".join(shown.columns).split()]
    lines = [(f"row {row[0]}", " ".join(map(_dash, row)).split()) for row in record["rows"]]
    for name, cells in [("caption and columns", head), *lines]:
        if rest[: len(cells)] != cells:
            found = " ".join(rest[: len(cells)])
            yield f"{name}: shows {found!r}, the record says {' '.join(cells)!r}"
            break  # what follows is out of step
        rest = rest[len(cells) :]
    yield from _html(shown)


def _html(shown: Shown) -> Iterator[str]:
    html = "".join(shown.output.data.get("text/html", ""))
    lines = re.findall(r"<tr.*?</tr>", html, re.S)
    rows = [("its head", shown.columns)]
    rows += [(f"row {row[0]}", row) for row in shown.record["rows"]]
    for (name, row), line in zip(rows, lines):
        tags = re.findall(r"<t[hd]\b.*?</t[hd]>", line, re.S)
        cells = [unescape(re.sub(r"<[^>]+>", "", tag)) for tag in tags]
        if len(cells) != len(row) or not all(map(_equal, cells, row)):
            yield f"{name}: the HTML of the notebook shows {cells}, the record {row}"


def _equal(cell: str, value: Value) -> bool:
    if value is None:
        return cell in ("–", "not given")
    if cell.split() == str(value).split():
        return True
    return isinstance(value, (int, float)) and same(value, cell)


def _dash(cell: Value) -> str:
    return "–" if cell is None else str(cell)
