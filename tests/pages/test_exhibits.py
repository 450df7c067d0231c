"""Each exhibit has number, caption, sources, alternative text, and its data as table and file."""

import re
from calendar import month_name
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import agree
from tests.pages.site import CHAPTERS, EXPLORERS, Book, Node, cells, fold, hold, reported, resolve

MONTHS = month_name[1:]
DATE = re.compile(r"\d{4}-\d\d(-\d\d)?(/\d{4}(-\d\d){0,2})?")
HEADS = {"lon": "Longitude", "lat": "Latitude"}
CODE = re.compile(r"[a-z0-9]+([-_]+[a-z0-9]+)+|[A-Z]{3}-\d{4}")  # eu-2018-07-17


def bad_exhibits(site: Path, book: Book) -> Iterator[str]:
    for name, page in book.items():
        for figure in page.all("figure", cls="cb-exhibit"):
            where = f"{name}, {figure.get('id') or 'a figure without id'}"
            yield from (f"{where}: {problem}" for problem in exhibit_problems(site, name, figure))


def exhibit_problems(site: Path, name: str, figure: Node) -> Iterator[str]:
    yield from caption_problems(figure)
    yield from source_problems(name, figure)
    table = [[fold(cell.text) for cell in row.all("th", "td")] for row in figure.all("tr")]
    if len(table) < 2 or not all(th.get("scope") for th in figure.all("th")):
        yield "its table has no rows, or heads without scope"
    if "cb-table" in figure.classes:
        return
    drawings = [svg.get("aria-label") for svg in figure.all("svg")]
    if not (drawings or any(figure.all("table", cls="cb-bars"))) or not all(
        len(label) > 40 for label in drawings
    ):
        yield "its SVG has no alternative text (aria-label)"
    file = f"figures/{figure.get('id')}.csv"
    linked = [resolve(name, a.get("href")) for a in figure.all("a")]
    if (file, "") not in linked or not (site / file).is_file():
        yield f"no link to {file}, or no such file"
        return
    stored = [[fold(cell) for cell in row] for row in cells(site / file)]
    explorer = "cb-explorer" in figure.classes
    yield from explorer_problems(figure, stored) if explorer else table_problems(table, stored)


def caption_problems(figure: Node) -> Iterator[str]:
    number, caption = (
        " ".join(node.text for node in figure.all("span", cls=f"caption-{part}"))
        for part in ("number", "text")
    )
    kind = "Table" if "cb-table" in figure.classes else "Figure"
    if not re.fullmatch(rf"{kind} [\d.]+", number):
        yield f"its number is {number!r}"
    if len(caption.split()) < 3:
        yield f"its caption is {caption!r}"


def source_problems(name: str, figure: Node) -> Iterator[str]:
    lines = figure.all("p", cls="cb-source")
    targets = [resolve(name, a.get("href")) for line in lines for a in line.all("a")]
    if not targets:
        yield "no source link"
    for target in targets:
        file, id = target or ("", "")
        series = file == "chapters/context.html" and id
        if not series and not re.match(r"seeds/\w+\.html$", file):
            yield f"a source link leads to {target}, not to a source card or a series' section"


def table_problems(table: list[list[str]], stored: list[list[str]]) -> Iterator[str]:
    """The table of a chart is its CSV file, cell by cell."""
    heads = [HEADS.get(head, head.replace("_", " ")) for head in stored[0]]
    stored = [[head[:1].upper() + head[1:] for head in heads], *stored[1:]]
    if stored[0][0] == "Month":
        stored = [[row[0].removesuffix("-01"), *row[1:]] for row in stored]
    if len(table[0]) < len(stored[0]):  # keys that only programs read stay in the file
        yield from (f"leaves out {row[0]!r}" for row in stored[1:] if not CODE.fullmatch(row[0]))
        stored = [row[1:] for row in stored]
    yield from (
        f"its table says {said}, its CSV file {held}"
        for said, held in zip(table, stored)
        if not (len(said) == len(held) and all(map(alike, said, held)))
    )
    if len(table) != len(stored):
        yield f"its table has {len(table)} rows, its CSV file {len(stored)}"


def explorer_problems(figure: Node, stored: list[list[str]]) -> Iterator[str]:
    """The tables of all states, one after the other, are the rows of the CSV file."""
    shown = [
        (next(row.all("th")), dict(zip(named(table), row.all("td"), strict=True)))
        for table in figure.all("table")
        for row in table.all("tr")
        if any(row.all("td"))
    ]
    heads = [head.replace("_", " ").lower() for head in stored[0]]
    if len(shown) != len(stored) - 1:
        yield f"its tables have {len(shown)} rows, its CSV file {len(stored) - 1}"
    for (first, row), held in zip(shown, stored[1:]):
        if not any(alike(key := fold(first.text), cell) for cell in held):
            yield f"a table has the row {key!r}, its CSV file there {held}"
        values = dict(zip(heads, held))
        for head, cell in row.items():
            if not same(cell, values.get(head.lower())):
                yield f"row {key!r}, {head}: {cell.text!r} is not in {held}"


def named(table: Node) -> list[str]:
    """The heads of a table's columns, without that of its rows."""
    return [fold(head.text) for head in next(table.all("tr")).all("th")][1:]


def same(cell: Node, stored: str | None) -> bool:
    if any(cell.all("a")):  # references are shown as links
        return stored is not None
    return alike(fold(cell.text).replace("none of the five texts", ""), stored or "")


def alike(said: str, stored: str) -> bool:
    """Whether a cell says what is stored; a date, which is stored in figures, in words."""
    if not DATE.fullmatch(stored):
        return said == stored
    return not DATE.fullmatch(said) and numbers(said) == numbers(stored)


def numbers(date: str) -> set[int]:
    """The years, months and days of a date in figures or in words."""
    words = [word for word in re.findall(r"\w+", date) if word != "to"]
    said = [MONTHS.index(word) + 1 if word in MONTHS else word for word in words]
    return {int(word) if str(word).isdigit() else 0 for word in said}


def test_exhibits(site: Path, book: Book) -> None:
    hold(bad_exhibits, site, book)


@pytest.mark.parametrize("page", CHAPTERS)
def test_every_chapter_has_a_chart_a_table_and_a_quiz(book: Book, page: str) -> None:
    for tag, cls in (("figure", "cb-figure"), ("figure", "cb-table"), ("form", "cb-question")):
        assert any(book[page].all(tag, cls=cls)), f"{page}: no <{tag} class={cls}>"


def test_code_is_folded_below_what_it_draws(book: Book) -> None:
    agree(
        f"{name}: a fold of code stands alone"
        for name in CHAPTERS
        for code in book[name].all("details", cls="cb-code")
        if not any(code.parent.all(cls="cell_output"))
    )


def test_no_explorer_is_missed(book: Book) -> None:
    """The explorers that are tried by keyboard are those of the book."""
    found = [name for name, page in book.items() if any(page.all("figure", cls="cb-explorer"))]
    assert EXPLORERS and sorted(EXPLORERS) == sorted(found)


@pytest.mark.parametrize(
    "old, new, said",
    [
        (r'(<details class="cb-data">.*?<td[^>]*>)[^<]*', r"\g<1>7654321", "7654321"),
        (r'aria-label="(Bar|Line|Point|Time)[^"]*"', "", "no alternative text"),
        (r'<p class="cb-source">.*?</p>', "", "no source link"),
        (r'<span class="caption-number">.*?</span>', "", "its number is ''"),
        (r'href="[^"]*figures/[\w-]+\.csv"', "", "no link to figures/"),
    ],
)
def test_a_spoilt_exhibit_is_reported(
    site: Path, book: Book, old: str, new: str, said: str
) -> None:
    reported(bad_exhibits, site, book, old, new, said)
