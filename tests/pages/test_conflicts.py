"""The list of disagreements: rows that fold, found by lists, by words and by their address."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.pages.reading import PHONE, Tab, renew
from tests.pages.site import Book, fold, rows

Row = dict[str, str]
ROWS = [row for _, row in rows("conflicts")]
PAGE = "chapters/conflicts.html"
CHOICES: list[tuple[str, str, Callable[[Row], bool]]] = [
    ("Kind", "garbled", lambda row: row["kind"] == "garbled"),
    ("Topic", "nato", lambda row: row["topic"] == "nato"),
    ("Text", "panda2022", lambda row: "panda2022" in (row["source_a"], row["source_b"])),
    ("Chapter", "ch05", lambda row: "ch05" in row["chapters"].split("; ")),
]


def shown(page: Page) -> list[str]:
    """The ids of the rows that can be seen."""
    rows = page.locator(".cb-row")
    return list(
        rows.evaluate_all(
            "all => all.filter((e) => e.checkVisibility())"
            ".map((e) => e.querySelector(':scope > div').id)"
        )
    )


def choice(page: Page, label: str) -> Locator:
    return page.get_by_role("combobox", name=label)


def ids(wanted: Callable[[Row], bool]) -> list[str]:
    return [row["conflict_id"] for row in ROWS if wanted(row)]


@pytest.mark.parametrize("script", [True, False])
def test_a_list_chooses_with_and_without_a_script(
    keys: Tab, plain: Tab, site: Path, script: bool
) -> None:
    page, complaints = renew(keys if script else plain)
    page.goto((site / PAGE).as_uri())
    assert set(shown(page)) == set(ids(lambda row: True))
    for label, value, wanted in CHOICES:
        choice(page, label).select_option(value)
        found, due = set(shown(page)), set(ids(wanted))
        assert found == due or (label == "Text" and found > due), f"{label}: {value}"
        choice(page, label).select_option("")
    choice(page, "Kind").select_option("factual")
    choice(page, "Topic").select_option("aid")
    both = ids(lambda row: row["kind"] == "factual" and row["topic"] == "aid")
    assert both and set(shown(page)) == set(both)
    assert not complaints


def test_words_choose_and_the_count_says_how_many(keys: Tab, site: Path) -> None:
    page, complaints = renew(keys)
    page.goto((site / PAGE).as_uri())
    page.get_by_label("Words").fill("obama PUTIN")
    found = shown(page)
    assert "obama-and-putin-visit" in found and len(found) < 20
    assert page.get_by_role("status").inner_text() == f"{len(found)} of {len(ROWS)} shown."
    assert page.locator(".cb-topic:visible").count() <= len(found)
    page.get_by_role("button", name="Open all").click()
    assert page.locator(".cb-row[open]").count() == len(found)
    page.get_by_label("Words").fill("xylophone")
    assert shown(page) == [] and page.locator(".cb-topic:visible").count() == 0
    assert not complaints


@pytest.mark.parametrize("script", [True, False])
def test_an_address_opens_its_row(tab: Tab, plain: Tab, site: Path, script: bool) -> None:
    address = f"{(site / PAGE).as_uri()}#obama-and-putin-visit"
    page, _ = renew(tab if script else plain)
    page.goto(address)
    row = page.locator(".cb-row:has(#obama-and-putin-visit)")
    row.locator(".cb-lesson").wait_for()
    assert row.get_by_text("The record.").is_visible()
    near = "(e) => { const { y } = e.getBoundingClientRect(); return 0 < y && y < 700; }"
    page.wait_for_function(near, arg=row.element_handle())


def test_a_card_names_a_row_by_its_title(book: Book) -> None:
    links = {a.get("href"): a.text for a in book["seeds/pollmann2023.html"].all("a")}
    title = next(row["title"] for row in ROWS if row["conflict_id"] == "korsunsky-spelling")
    assert fold(links["../chapters/conflicts.html#korsunsky-spelling"]) == fold(title)


def test_shut_the_list_is_short_on_a_phone_and_paper_has_all_of_it(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto((site / PAGE).as_uri())
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < 25_000, f"{height} px"
    page.emulate_media(media="print")
    records = page.get_by_text("The record.", exact=True)
    assert records.count() == len(ROWS)
    assert all(record.bounding_box() for record in records.all()[::40])
    assert not page.locator(".cb-sieve").is_visible()


def test_each_topic_leads_to_how_its_records_are_known(book: Book) -> None:
    page, known = book[PAGE], [row for row in ROWS if row["record_basis"]]
    links = [a.get("href") for a in page.all("a") if "#read-for-" in a.get("href")]
    firsts = {row["topic"]: row["conflict_id"] for row in reversed(known)}
    assert sorted(links) == sorted(f"bibliography.html#read-for-{id}" for id in firsts.values())
    there = {node.get("id") for node in book["chapters/bibliography.html"].all("dt")}
    assert {f"read-for-{row['conflict_id']}" for row in known} <= there
    unread = {div.get("id") for div in page.all("div", cls="cb-unread")}
    assert unread == {row["conflict_id"] for row in ROWS if not row["record_basis"]}


def test_the_pages_read_for_a_row_are_one_link_away(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    page.goto(f"{(site / PAGE).as_uri()}#obama-and-putin-visit")
    page.locator("#obama-and-putin-visit").get_by_role("link", name="How we know").click()
    term = page.locator("#read-for-obama-and-putin-visit")
    term.wait_for()
    assert term.is_visible() and "bibliography.html" in page.url
    assert term.locator("+ dd").get_by_role("link").count() == 3
