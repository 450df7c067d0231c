"""A chart read with the keys: Tab leads in, arrows from mark to mark, each says its value."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pages.reading import Tab, look, open_page, press, renew, walk
from tests.pages.site import CHAPTERS, Book, Node, fold


def spoken(cell: str) -> str:
    """A cell of the data table as a mark's name says it: days in words."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return fold(cell)
    day = date.fromisoformat(cell)
    return f"{day.day} {day:%B %Y}"


def is_said(value: str, values: set[str]) -> bool:
    """Whether the data hold what a mark says: one value, or the two of a place on a map."""
    place = re.fullmatch(r"([\d.]+)° ([NS]), ([\d.]+)° ([EW])", value)
    if not place:
        return fold(value) in values
    lat, north, lon, east = place.groups()
    return {lat if north == "N" else f"-{lat}", lon if east == "E" else f"-{lon}"} <= values


def read_marks(page: Page, figure: Node, marks: list[str], where: str) -> None:
    """From the first mark the arrows lead through all; each shows and says a value of the data.

    The first arrow is a real key; the page hears the others as it heard that one.
    """
    met = look(page, "followed")[-1:]
    if len(marks) > 1:
        press(page, "ArrowRight")
        look(page, "strike", "ArrowRight", len(marks) - 2)
    met += look(page, "followed")
    assert [id for id, *_ in met] == marks, f"{where}: the arrow keys lead through {met}"
    values = {spoken(cell.text) for cell in figure.all("td")}
    for _, role, said, shown in met:
        value = re.sub(r" \([^()]*\)$", "", said).rpartition(": ")[
            2
        ]  # without the source at the end
        assert role == "img" and is_said(value, values), (
            f"{where}: {said!r} says no value of the data"
        )
        assert shown == said, f"{where}: what {said!r} says is not shown"


@pytest.mark.parametrize("name", CHAPTERS)
def test_charts_by_keyboard(unseen: Tab, site: Path, book: Book, name: str) -> None:
    page, _ = renew(unseen)
    open_page(page, site / name)
    look(page, "follow")
    for figure in book[name].all("figure", cls="cb-figure"):
        id = figure.get("id")
        chart, where = page.locator(f"figure#{id}"), f"{name}, {id}"
        look(page, "before", id)
        marks = look(page, "marks", id)
        walk(page, page.locator(f"#{marks[0]}"))
        read_marks(page, figure, marks, where)
        data = chart.locator("details.cb-data").first
        walk(page, data.locator("summary"))
        press(page, "Enter")
        assert data.locator("table").is_visible(), f"{where}: Enter does not open the data"
        walk(page, chart.locator("a[href$='.csv']"))
