"""Narrow windows and large text: nothing is scrolled sideways, with all that folds opened."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import agree
from tests.pages.reading import look, open_page, reading

SAMPLE = [
    "index",
    "ch01_crimea_2014",
    "ch05_energy",
    "ch06_aid",
    "conflicts",
    "timeline",
    "dictionary",
]
LARGE = {"name": "text at twice its size", "width": 640, "size": 32}
NARROW = {"name": "320 px", "width": 320, "size": 16}


@pytest.fixture(params=[LARGE, NARROW], ids=lambda view: view["name"])
def view(request, unpainted: Browser) -> Iterator[Page]:
    """A page in a window of this width, by a reader whose letters have this size."""
    with reading(unpainted) as (page, _):
        page.set_viewport_size({"width": request.param["width"], "height": 700})
        session = page.context.new_cdp_session(page)
        session.send("Page.setFontSizes", {"fontSizes": {"standard": request.param["size"]}})
        page.goto("about:blank")
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size == request.param["size"], "the browser took the size"
        yield page


def test_no_page_scrolls_sideways(view: Page, site) -> None:
    problems = []
    for name in SAMPLE:
        open_page(view, site / "chapters" / f"{name}.html")
        look(view, "unfold")
        problems += [f"{name}: {said}" for said in look(view, "sideways")]
    agree(problems)


def test_short_tables_stay_tables_on_a_phone_and_long_ones_become_lists(view: Page, site) -> None:
    open_page(view, site / "chapters" / "ch06_aid.html")
    shown = "(id) => getComputedStyle(document.querySelector(`#${id} td`)).display"
    assert view.evaluate(shown, "two-ways-to-add") == "table-cell"
    assert view.evaluate(shown, "aid-as-told") == "block"
