"""What a mark says stands beside it, in view: by pointer, by finger and by key, on a phone too."""

from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.conftest import agree
from tests.pages.reading import LAPTOP, PHONE, Tab, renew
from tests.pages.site import CHAPTERS

# What a mark and its box say, and where the box, the figure and the mark are.
SEEN = """(mark) => {
  const chart = mark.closest(".cb-chart"), box = chart.querySelector(".cb-readout");
  const corners = (e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const places = [box, chart.closest("figure"), mark].map(corners);
  return [mark.getAttribute("aria-label"), box.textContent, ...places];
}"""
MEANT = "(mark) => { mark.scrollIntoView({ block: 'center' }); mark.focus(); }"
GAP = 8  # pixels between a mark and its box


def wrong(page: Page, mark: Locator) -> list[str]:
    """What is wrong with the box of a mark that is pointed at."""
    said, shown, (left, top, right, bottom), figure, own = mark.evaluate(SEEN)
    if shown != said:
        return [f"{said!r}: the box says {shown!r}"]
    problems = []
    if left < figure[0] - 1 or right > figure[2] + 1 or bottom > figure[3]:
        problems.append("leaves the figure")
    if top < 0 or bottom > page.viewport_size["height"]:
        problems.append("is out of view")
    if min(abs(bottom - own[1]), abs(top - own[3])) > GAP or left > own[2] or right < own[0]:
        problems.append("is not beside its mark")
    return [f"{said!r}: the box {problem}" for problem in problems]


@pytest.mark.parametrize("name", CHAPTERS[:2] + CHAPTERS[5:7])
def test_the_box_of_a_mark(unseen: Tab, site: Path, name: str) -> None:
    page, complaints = renew(unseen)
    page.goto((site / name).as_uri())
    charts, problems = page.locator(".cb-figure .cb-chart").all(), []
    for width, chart in product((LAPTOP, PHONE), charts):
        page.set_viewport_size({"width": width, "height": 800})
        marks = chart.locator("svg:visible .cb-mark")
        for mark in (marks.first, marks.last):
            mark.evaluate(MEANT)
            problems += wrong(page, mark)
            page.keyboard.press("Escape")
            if chart.locator(".cb-readout").is_visible():
                said = mark.get_attribute("aria-label")
                problems.append(f"{said!r}: Escape does not hide the box")
            mark.blur()
    assert charts
    agree([f"{name}: {problem}" for problem in problems] + complaints)


def test_a_pointer_near_a_mark_means_it_and_a_finger_keeps_it(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    page.goto((site / CHAPTERS[1]).as_uri())
    chart = page.locator(".cb-figure .cb-chart:has(svg:visible use)").first
    mark = chart.locator("svg:visible .cb-mark:has(use)").first
    chart.scroll_into_view_if_needed()
    *_, (left, top, _, bottom) = mark.evaluate(SEEN)
    page.mouse.move(left - 4, (top + bottom) / 2)
    assert wrong(page, mark) == []
    page.mouse.click(left - 4, (top + bottom) / 2)
    page.mouse.move(0, 0)
    assert wrong(page, mark) == []


def test_a_box_elsewhere_is_reported(unseen: Tab, site: Path) -> None:
    page, _ = renew(unseen)
    page.goto((site / CHAPTERS[1]).as_uri())
    chart = page.locator(".cb-figure .cb-chart").first
    mark = chart.locator("svg:visible .cb-mark").first
    mark.focus()
    chart.locator(".cb-readout").evaluate(
        "(e) => { e.style.left = '-400px'; e.style.top = '-900px'; }"
    )
    said = " ".join(wrong(page, mark))
    assert "leaves the figure" in said and "out of view" in said and "not beside" in said
