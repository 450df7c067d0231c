"""The search finds from disk what a reader types: numbers, signs, no accents, other spellings."""

from pathlib import Path

import pytest

from tests.conftest import agree
from tests.pages.reading import Tab, renew
from tests.pages.site import THEME

WANTED = {  # query -> address and words of a section that is found
    "499": ("ch04_sanctions", "499"),
    "2%": ("ch08_defence", "2 percent"),
    "2 percent": ("ch08_defence", "2 percent"),
    "Zelensky": ("people.html#volodymyr-zelenskyy", "Zelenskyy"),
    "ambassador Korunsky": ("people.html#sergiy-korsunsky", "Korsunsky"),
    "Celine": ("", "Céline"),
    "2593": ("ch07_people", "2,593"),
    "Obama Tokyo": ("conflicts.html#obama-and-putin-visit", "hold off"),
    "Budapest": ("ch12_east_asia_tomorrow", "Budapest"),
    "Southern Kurils": ("ch01_crimea_2014", "Northern Territories"),
    "AP4": ("ch10_road_to_vilnius", "IP4"),
    "gross domestic product": ("", "GDP"),
    "strategic compass": ("glossary.html#strategic-compass", "Compass"),
}


def search(tab: Tab, site: Path, query: str) -> list[tuple[str, str]]:
    """The sections that are found: address and words."""
    page, complaints = renew(tab)
    page.goto(f"{(site / 'search.html').as_uri()}?q={query.replace('%', '%25')}")
    page.wait_for_function(f"({THEME.said}).textContent.includes('“')")
    agree(complaints)
    links = page.locator(THEME.found).all()
    return [(li.locator("a").get_attribute("href") or "", li.inner_text()) for li in links]


@pytest.mark.parametrize("query", WANTED)
def test_a_query_finds_its_section(tab: Tab, site: Path, query: str) -> None:
    address, words = WANTED[query]
    found = search(tab, site, query)[:8]
    assert any(address in href and words in text for href, text in found), found
    assert all("#" in href for href, _ in found), "results lead to sections"


def test_what_the_book_does_not_say_is_not_found(tab: Tab, site: Path) -> None:
    assert search(tab, site, "xylophone") == []


def test_the_first_page_leads_to_the_book(tab: Tab, site: Path) -> None:
    page, complaints = renew(tab)
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector(f"{THEME.text} h1")
    agree(complaints)
