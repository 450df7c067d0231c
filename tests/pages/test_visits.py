"""Each page opened from disk with the network off: on a phone and a laptop, in both themes, judged by eye and by axe."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import agree
from tests.pages.reading import LAPTOP, LOOK, PHONE, look, open_page, reading
from tests.pages.site import PAGES, THEME

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf8")
Tab = tuple[Page, list[str]]


@dataclass
class Visit:
    """What was seen of a page; a view is a theme and a width."""

    complaints: list[str] = field(default_factory=list)
    themes: dict[str, str] = field(default_factory=dict)  # asked for -> shown
    layouts: dict[int, list[list[int]]] = field(default_factory=dict)  # width -> one for each theme
    problems: dict[str, list[str]] = field(default_factory=dict)  # of what is looked for


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Tab]:
    with reading(browser) as tab:
        yield tab


def see(visit: Visit, page: Page, theme: str, width: int, axe: str) -> None:
    """Look at the page in one view; axe judges `all` of it, its `shape` or its `colour`."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})
    where = f"{theme}, {width} px wide"
    visit.themes[theme] = page.evaluate(THEME.shown)
    visit.layouts.setdefault(width, []).append(look(page, "layout"))
    found = {
        "sideways": [said] if (said := look(page, "sideways")) else [],
        "axe": look(page, "axe", axe) if axe else [],
    }
    if width == LAPTOP:
        charts = look(page, "charts")
        assert charts["count"] or not page.locator(".cb-chart").count(), "no chart was seen"
        found["charts"] = charts["weak"]
    if axe == "all":
        found["keys"] = look(page, "traps")
    for kind, problems in found.items():
        visit.problems.setdefault(kind, []).extend(f"{where}: {said}" for said in problems)


@pytest.fixture(scope="module", params=PAGES)
def visit(request: pytest.FixtureRequest, tab: Tab, site: Path) -> Visit:
    """A page in four views, all that folds opened.

    It is loaded once, in the dark: the theme then changes as it does at dusk. No layout depends on the theme (the last
    view proves it), no colour on the width, so axe looks for each where it can differ.
    """
    page, complaints = tab
    complaints.clear()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE, "height": 800})
    open_page(page, site / request.param)
    page.evaluate(AXE)
    look(page, "unfold")
    visit = Visit()
    see(visit, page, "dark", PHONE, "shape")
    see(visit, page, "dark", LAPTOP, "all")
    see(visit, page, "light", LAPTOP, "colour")
    see(visit, page, "light", PHONE, "")
    visit.complaints = list(complaints)
    return visit


def test_a_page_opens_from_disk_without_errors_or_other_hosts(visit: Visit) -> None:
    agree(visit.complaints)


def test_a_page_follows_the_readers_theme(visit: Visit) -> None:
    assert visit.themes == {"dark": "dark", "light": "light"}


def test_a_theme_changes_colours_alone(visit: Visit) -> None:
    """As much is shown in both themes: what was looked for in one is true of the other."""
    for width, (dark, light) in visit.layouts.items():
        assert dark == light, f"{width} px wide: elements, width {dark}, in the light {light}"


@pytest.mark.parametrize("kind", ["sideways", "axe", "charts", "keys"])
def test_a_page_has_no_fault(visit: Visit, kind: str) -> None:
    """It does not scroll sideways, axe finds nothing, charts have contrast, the Tab key goes through."""
    agree(visit.problems[kind])


def test_the_first_page_leads_to_the_book_and_the_search_works_from_disk(
    browser: Browser, site: Path
) -> None:
    with reading(browser) as (page, complaints):
        page.goto((site / "index.html").as_uri())
        page.wait_for_selector(f"{THEME.text} h1")
        page.goto((site / "search.html").as_uri() + "?q=Crimea")
        page.wait_for_selector(THEME.found)
        page.wait_for_load_state("networkidle")
    agree(complaints)


SPOILT = """<html lang="en"><title>Small</title><body style="background: #fff"><main><h1>Small</h1>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><figure id="pale"><div class="cb-chart">
<svg viewBox="0 0 100 50" width="400"><rect width="100" height="50" fill="#fff"/>
<text x="5" y="20" fill="#999">grey</text><text x="60" y="20" fill="#111">ink</text>
<g class="cb-mark" role="img" aria-label="2014: 5"><path d="M5 30h20v10h-20z" fill="#eee"/></g></svg></div></figure>
<table>{rows}</table>
<p>A line of text with <a href="#" style="text-decoration: none; color: #222">a link</a> in it.</p><p style="width: 2000px">wide</p>
<button tabindex="2" onkeydown="return false">Trap</button></main></body></html>"""


@pytest.fixture
def spoilt(tab: Tab) -> Iterator[Page]:
    """A small page with faults of each kind; one of its two hundred cells is pale."""
    page, _ = tab
    cell = "<tr><td{}>cell</td></tr>"
    pale = cell.format(" style='color: #aaa'")
    page.goto("about:blank")
    page.set_viewport_size({"width": LAPTOP, "height": 800})
    page.set_content(SPOILT.format(rows=cell.format("") * 120 + pale + cell.format("") * 80))
    page.evaluate(LOOK)
    page.evaluate(AXE)
    return page


FAULTS = {
    "all": ["color-contrast", "image-alt", "link-in-text-block"],
    "shape": ["image-alt"],
    "colour": ["color-contrast", "link-in-text-block"],
}


@pytest.mark.parametrize("what", FAULTS)
def test_axe_finds_one_pale_cell_among_many(spoilt: Page, what: str) -> None:
    found = look(spoilt, "axe", what)
    assert [said.split()[0] for said in found] == FAULTS[what], found
    if what != "shape":
        assert "(1 times" in found[0] and "tr:nth-child(121)" in found[0], found


def test_pale_charts_wide_pages_and_traps_are_found(spoilt: Page) -> None:
    charts = look(spoilt, "charts")
    weak = [re.sub(r" [\d.]+:1", "", said) for said in charts["weak"]]
    assert charts["count"] == 3
    assert weak == ["pale: text “grey”", "pale: mark “2014: 5”"]
    assert "<p" in look(spoilt, "sideways")
    place, key = look(spoilt, "traps")
    assert "place of its own" in place and "keeps the Tab key" in key
