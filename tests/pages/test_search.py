"""The search finds from disk what a reader types: numbers, signs, no accents, other spellings."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import agree
from tests.pages.reading import Tab, renew
from tests.pages.site import THEME, rows

Search = Callable[[str], list[tuple[str, str]]]
WANTED = {  # query -> address and words of a section that is found
    "499": ("ch04_sanctions", "499"),
    "2%": ("ch08_defence", "2 percent"),
    "2 percent": ("ch08_defence", "2 percent"),
    "Zelensky": ("people.html#volodymyr-zelenskyy", "Zelenskyy"),
    "ambassador Korunsky": ("people.html#sergiy-korsunsky", "Korsunsky"),
    "Celine": ("", "Céline"),
    "2593": ("ch07_people", "2,593"),
    "Group of Seven": ("institutions.html#g7", "one state outside NATO"),
    "Obama Tokyo": ("conflicts.html#obama-and-putin-visit", "hold off"),
    "Budapest": ("ch12_east_asia_tomorrow", "Budapest"),
    "Southern Kurils": ("ch01_crimea_2014", "Northern Territories"),
    "AP4": ("ch10_road_to_vilnius", "IP4"),
    "gross domestic product": ("", "GDP"),
    "strategic compass": ("glossary.html#strategic-compass", "Compass"),
    "Kiev": ("timeline.html#timeline-explorer?words=Biden%20visits%20Kyiv", "20 February 2023"),
    "Iturup": ("ch01_crimea_2014.html#islands-two-names", "Etorofu"),
    "Kurile Islands": ("glossary.html#northern-territories", "Northern Territories"),
    "MFN": ("glossary.html#most-favoured-nation-status", "duties"),
    "29.04": ("ch02_russia_gap.html#energy-shares", "2020"),  # stands in a chart only
    "144.5": ("ch01_crimea_2014.html#islands-two-names", "Etorofu"),  # on a map
    "Przemysl": ("ch07_people.html#way-to-kyiv", "Przemyśl"),
    "sanctoins": ("ch04_sanctions", "sanction"),
}
FIRST = {  # query -> what is found first: the thing itself, not what mentions it
    "Zelenskiy": "people.html#volodymyr-zelenskyy",
    "Northern Territories": "glossary.html#northern-territories",
    "scrambles": "glossary.html#scramble",
}


@pytest.fixture(scope="module")
def search(unseen: Tab, site: Path) -> Iterator[Search]:
    """Type a query: the sections that are found, address and words."""
    page, complaints = renew(unseen)
    page.goto((site / "search.html").as_uri())

    def found(query: str) -> list[tuple[str, str]]:
        page.fill("#query", query)
        page.press("#query", "Enter")
        said = f"(query) => ({THEME.said}).textContent.includes(`“${{query}}”`)"
        page.wait_for_function(said, arg=query, polling=10)  # it paints nothing: no frame comes
        links = page.locator(THEME.found).all()
        return [(li.locator("a").get_attribute("href") or "", li.inner_text()) for li in links]

    yield found
    agree(complaints)


@pytest.mark.parametrize("query", WANTED)
def test_a_query_finds_its_section(search: Search, query: str) -> None:
    address, words = WANTED[query]
    found = search(query)[:8]
    assert any(address in href and words in text for href, text in found), found
    assert all("#" in href for href, _ in found), "results lead to sections"


@pytest.mark.parametrize("query", FIRST)
def test_a_title_is_found_first(search: Search, query: str) -> None:
    assert search(query)[0][0].endswith(FIRST[query])


def test_what_the_book_does_not_say_is_not_found(search: Search) -> None:
    assert search("xylophone") == []


def test_every_other_spelling_finds_what_it_stands_for(unseen: Tab, site: Path) -> None:
    page, complaints = renew(unseen)
    page.goto((site / "search.html").as_uri())
    problems = []
    for number, row in rows("spellings"):
        for other in row["others"].split("; "):
            page.fill("#query", other)
            page.press("#query", "Enter")
            marked = " ".join(page.locator("#results mark").all_inner_texts()).lower()
            if (word := row["name"].split()[-1].lower()) not in marked:
                problems.append(f"data/spellings.csv, row {number}: {other} finds no {word}")
    agree(problems + complaints)


def test_a_row_of_the_timeline_is_led_to(tab: Tab, site: Path) -> None:
    page, complaints = renew(tab)
    page.goto(f"{(site / 'search.html').as_uri()}?q=Johnson visits Kyiv")
    page.locator(THEME.found).first.get_by_role("link").click()
    shown = page.locator(".cb-list tbody tr:visible")
    shown.first.wait_for()
    assert shown.locator("th").all_inner_texts() == ["Johnson visits Kyiv"]
    agree(complaints)


def test_the_first_page_leads_to_the_book(tab: Tab, site: Path) -> None:
    page, complaints = renew(tab)
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector(f"{THEME.text} h1")
    agree(complaints)
