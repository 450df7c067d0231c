"""The address of a page keeps what is chosen in its explorer; a strange one changes nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pages.reading import LOOK, PHONE, Tab, look, open_page, renew
from tests.pages.site import EXPLORERS, rows

AID, TIMELINE = (next(name for name in EXPLORERS if part in name) for part in ("ch06", "timeline"))
STRANGE = [
    "unit=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E&vintage=%22%5D",
    "%E0%A4%A&constructor=1&__proto__=unit",
    "unit=toString&peers=",
    "",
]


def come(page: Page, address: str) -> None:
    """Open an address as one who was not on the page before."""
    page.goto("about:blank")
    page.goto(address)
    page.evaluate(LOOK)


def chosen(page: Page) -> list[str]:
    return look(page, "explorer", "aid-explorer")["chosen"]


def pick(page: Page, word: str) -> None:
    page.locator(f"#aid-explorer label:visible:has-text('{word}')").click()


def test_an_address_keeps_the_choice_and_back_undoes_it(tab: Tab, site: Path) -> None:
    page, complaints = renew(tab)
    open_page(page, site / AID)
    seen = [chosen(page)]
    for word in ("USD bn", "allocated"):
        pick(page, word)
        seen.append(chosen(page))
    link = page.locator("#aid-explorer .cb-take .cb-link").get_attribute("href")
    assert page.url.endswith(link) and "unit=USD+bn" in link and "measure=allocated" in link
    for before in seen[-2::-1]:
        page.go_back()
        assert chosen(page) == before
    come(page, f"{(site / AID).as_uri()}{link}")
    assert chosen(page) == seen[-1]
    said = page.locator("#aid-explorer .cb-said:visible")
    assert said.evaluate("(e) => e.getBoundingClientRect().top > 0"), "the chart is not in view"
    assert not complaints


def test_a_strange_address_changes_nothing(tab: Tab, site: Path) -> None:
    page, complaints = renew(tab)
    open_page(page, site / AID)
    start, title = chosen(page), page.title()
    for asked in STRANGE:
        come(page, f"{(site / AID).as_uri()}#aid-explorer?{asked}")
        assert (chosen(page), page.title()) == (start, title), asked
    assert not complaints


def test_what_is_said_of_japan_is_in_view_on_a_phone(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    page.set_viewport_size({"width": PHONE, "height": 740})
    open_page(page, site / AID)
    page.evaluate("document.querySelector('#aid-explorer').scrollIntoView()")
    said, bar = (
        page.locator(f"#aid-explorer {what}:visible").first.bounding_box()
        for what in (".cb-said", ".cb-meant")
    )
    assert 0 < said["y"] < bar["y"] < 740 - bar["height"]


@pytest.mark.parametrize("words", ["bucha", "SWIFT  japan"])
def test_the_timeline_is_searched(tab: Tab, site: Path, words: str) -> None:
    """Listed are the events whose row holds every word, and the list is in view on a phone."""
    page, complaints = renew(tab)
    page.set_viewport_size({"width": PHONE, "height": 740})
    come(page, f"{(site / TIMELINE).as_uri()}#timeline-explorer")
    page.get_by_role("searchbox", name="Words").fill(words)
    seen = look(page, "explorer", "timeline-explorer")
    titles = {row["title"]: row for _, row in rows("events")}
    due = [
        title
        for title, row in titles.items()
        if all(word in f"{title} {row['actors']}".lower() for word in words.lower().split())
    ]
    assert due and set(due) <= set(seen["rows"]) and len(seen["rows"]) < len(titles) / 4
    assert seen["status"] == f"{len(seen['rows'])} of {len(titles)} shown."
    row = page.locator(".cb-list tbody tr:visible").first.bounding_box()
    assert row["y"] + row["height"] < 740, "the first event is out of view"
    again = page.url
    come(page, again)
    assert look(page, "explorer", "timeline-explorer")["rows"] == seen["rows"]
    assert not complaints


ROWS = """() => {
  const shown = (e) => e.getClientRects().length > 0;
  const svg = [...document.querySelectorAll(".cb-filter .cb-chart > svg")].find(shown);
  const middle = (e) => { const box = e.getBoundingClientRect(); return box.top + box.height / 2; };
  const words = [...svg.querySelectorAll("text")].filter(shown);
  const rings = [...svg.querySelectorAll(".cb-mark")].filter(shown);
  return { drawn: svg.outerHTML, height: svg.getBoundingClientRect().height,
    out: rings.filter((e) => middle(e) < svg.getBoundingClientRect().top).length,
    themes: rings.map((e) => words.find((w) => w.getBoundingClientRect().right
      < e.getBoundingClientRect().left && Math.abs(middle(w) - middle(e)) < 5)?.textContent),
    named: words.filter((w) => getComputedStyle(w).textAnchor === "end")
      .map((w) => w.textContent) };
}"""


def same(drawn: str) -> str:
    """A drawing but for the stop of the Tab key, which stays at the ring where it was."""
    return re.sub(r' tabindex="-?\d"', "", drawn)


@pytest.mark.parametrize("width", [PHONE, 1200])
def test_rows_and_panels_without_a_ring_fold(tab: Tab, site: Path, width: int) -> None:
    page, complaints = renew(tab)
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, site / TIMELINE)
    before = page.evaluate(ROWS)
    page.locator("#timeline-explorer label:visible", has_text="aid").first.click()
    folded = page.evaluate(ROWS)
    assert set(folded["named"]) == set(folded["themes"]) == {"aid"} and not folded["out"]
    assert folded["height"] < before["height"] / 2
    page.locator("#timeline-explorer label:visible", has_text="all").first.click()
    again = page.evaluate(ROWS)["drawn"]
    assert same(again) == same(before["drawn"])
    assert not complaints


def test_a_ring_leads_to_its_event_and_back(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    open_page(page, site / TIMELINE)
    mark = page.locator("#timeline-explorer svg:visible .cb-mark").first
    said = mark.get_attribute("aria-label")
    mark.click()
    title = page.locator("tr:focus-within th").text_content()
    assert said.startswith(f"{title}: ")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == said
    page.keyboard.press("Enter")
    assert page.locator("tr:focus-within th").text_content() == title
