"""Each page opened from disk, on phone and laptop, in both themes, judged by eye and by axe."""

import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.conftest import agree
from tests.pages.reading import LAPTOP, LOOK, PHONE, Tab, look, open_page, renew
from tests.pages.site import CHAPTERS, PAGES, THEME

Theme = Literal["dark", "light"]
# What axe finds without any help of look.js: each rule, and how often it is broken.
WHOLE = """async () => {
  axe.reset();
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
  const { violations } = await axe.run({ runOnly: tags, preload: false });
  return Object.fromEntries(violations.map((v) => [v.id, v.nodes.length]));
}"""
# What is laid out anew may load a face.
FACES = "document.fonts.ready.then(() => undefined)"
# A page hears of another theme with the first frame after, and has it with the second.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf8")


@dataclass
class Visit:
    """What was seen of a page; a view is a theme and a width."""

    page: str
    complaints: list[str] = field(default_factory=list)
    themes: dict[str, str] = field(default_factory=dict)  # asked for -> shown
    layouts: dict[int, list[list[int]]] = field(default_factory=dict)  # width -> of each theme
    problems: dict[str, list[str]] = field(default_factory=dict)  # kind of fault -> said


# Looks (ink and grounds) of pages without a fault of colour: the same look need not be judged anew.
JUDGED: set[str] = set()


def colours(page: Page, last: bool) -> list[str]:
    said, looks = look(page, "colour", last, sorted(JUDGED))
    if not said:
        JUDGED.update(looks)
    return said


def see(visit: Visit, page: Page, theme: Theme, width: int, *kinds: str) -> None:
    """Look at the page in one view, for what sticks out and for these kinds of faults."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(FACES)
    visit.themes[theme] = page.evaluate(THEME.shown)
    visit.layouts.setdefault(width, []).append(look(page, "layout"))
    where = f"{visit.page}, {theme}, {width} px wide"
    for kind in ("sideways", *kinds):
        found = colours(page, theme == "light") if kind == "colour" else look(page, kind)
        problems = visit.problems.setdefault(kind, [])
        problems += [f"{where}: {said}" for said in found]


@pytest.fixture(scope="module", params=PAGES)
def visit(request: pytest.FixtureRequest, unseen: Tab, site: Path) -> Visit:
    """A page in four views, all that folds opened.

    It is loaded once, where the system is dark; then the reader asks for light. No layout depends
    on the theme (the last view proves it), no colour on the width: each is judged where it can
    differ. Nothing is painted: every length and colour is known before.
    """
    page, complaints = renew(unseen)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE, "height": 800})
    open_page(page, site / request.param)
    page.evaluate(AXE)
    look(page, "unfold")
    visit = Visit(request.param)
    see(visit, page, "dark", PHONE, "shape")
    see(visit, page, "dark", LAPTOP, "shape", "colour", "charts", "traps")
    page.evaluate(THEME.lighten)
    see(visit, page, "light", LAPTOP, "colour", "charts")
    see(visit, page, "light", PHONE)
    visit.complaints = [f"{visit.page}: {said}" for said in complaints]
    return visit


def test_a_page_opens_from_disk_without_errors_or_other_hosts(visit: Visit) -> None:
    agree(visit.complaints)


def test_a_page_follows_the_readers_theme(visit: Visit) -> None:
    assert visit.themes == {"dark": "dark", "light": "light"}


def test_a_page_follows_the_system_at_dusk(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    open_page(page, site / CHAPTERS[0])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(FRAMES)
        assert page.evaluate(THEME.shown) == theme


def test_a_theme_changes_colours_alone(visit: Visit) -> None:
    """As much is shown in both themes: what was looked for in one is true of the other."""
    for width, (dark, light) in visit.layouts.items():
        assert dark == light, f"{width} px wide: elements, width {dark}, in the light {light}"


@pytest.mark.parametrize("kind", ["sideways", "shape", "colour", "charts", "traps"])
def test_a_page_has_no_fault(visit: Visit, kind: str) -> None:
    """Nothing sticks out, axe finds nothing, charts have contrast, the Tab key goes through."""
    agree(visit.problems[kind])


SPOILT = """<html lang="en"><title>Small</title><body style="background: #fff"><main><h1>Small</h1>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><figure id="pale"><div class="cb-chart">
<svg viewBox="0 0 100 50" width="400"><rect width="100" height="50" fill="#fff"/>
<text x="5" y="20" fill="#999">grey</text><text x="60" y="20" fill="#111">ink</text>
<g class="cb-mark" role="img" aria-label="2014: 5"><path d="M5 30h20v10h-20z" fill="#eee"/></g>
</svg></div></figure>
<table>{rows}</table>
<p>A line of text with <a href="#" style="text-decoration: none; color: #222">a link</a> in it.</p>
<p style="width: 2000px">wide</p>
<button tabindex="2" onkeydown="return false">Trap</button></main></body></html>"""


@pytest.fixture
def spoilt(tab: Tab) -> Page:
    """A small page with faults of each kind; one of its two hundred cells is pale."""
    page, _ = renew(tab)
    cell = "<tr><td{}>cell</td></tr>"
    pale = cell.format(" style='color: #aaa'")
    page.goto("about:blank")
    page.set_content(SPOILT.format(rows=cell.format("") * 120 + pale + cell.format("") * 80))
    page.evaluate(LOOK)
    page.evaluate(AXE)
    look(page, "unfold")
    return page


def test_axe_finds_one_pale_cell_among_many(spoilt: Page) -> None:
    """Rules of shape and of colour come to what axe finds of the whole page."""
    shape, (cell, link) = look(spoilt, "shape"), look(spoilt, "colour")[0]
    assert [said.split()[0] for said in shape] == ["image-alt"]
    assert cell.startswith("color-contrast (1 times") and "tr:nth-child(121)" in cell
    assert link.startswith("link-in-text-block (1 times")
    whole = spoilt.evaluate(f"({WHOLE})()")
    assert sorted(whole) == ["color-contrast", "image-alt", "link-in-text-block"]


# Links, buttons and what folds, of every size, close together, wrapped and in text.
CLOSE = """a, button, summary, label { display: inline-block !important; padding: 0 !important;
  margin: 0 !important; min-height: 0 !important; font-size: 9px !important; line-height: 1 }
main a, li:nth-child(3n) a { display: inline !important; font-size: 12px !important }
li:nth-child(5n) a { display: block !important; height: 30px; margin: -4px !important }"""


def test_targets_that_are_measured_are_all_that_axe_would_refuse(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    page.set_viewport_size({"width": PHONE, "height": 800})
    open_page(page, site / CHAPTERS[0])
    page.evaluate(AXE)
    look(page, "unfold")
    page.add_style_tag(content=CLOSE)
    told = [re.match(r"target-size \((\d+) times", said) for said in look(page, "shape")]
    (times,) = [int(found[1]) for found in told if found]
    assert times == page.evaluate(f"({WHOLE})()")["target-size"] > 10


def test_pale_charts_wide_pages_and_traps_are_found(spoilt: Page) -> None:
    weak = [re.sub(r" [\d.]+:1", "", said) for said in look(spoilt, "charts")]
    assert weak == ["pale: text “grey”", "pale: mark “2014: 5”"]
    (wide,) = look(spoilt, "sideways")
    assert "2008 px of content in 1200 px: <p" in wide
    place, key = look(spoilt, "traps")
    assert "place of its own" in place and "keeps the Tab key" in key
