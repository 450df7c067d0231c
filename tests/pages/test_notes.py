"""Citations leave the sentence, none is lost: links of notebooks against those of pages."""

import csv
import json
import re
from calendar import month_name
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import ROOT, agree
from tests.pages.reading import PHONE, Tab, press, renew
from tests.pages.site import CHAPTERS, THEME, attributes

LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(((?:[^()\s]|\([^()]*\))+)\)")
# Parts of a page that are not the chapter's own prose.
NOT_PROSE = re.compile(
    r'<section class="notes".*?</section>|<figure.*?</figure>'
    r'|<div class="cb-(?:quiz|paper)".*?(?=<section|</section)'
    r'|<a class="(?:headerlink|cb-ref|next|prev)".*?</a>|<details class="cb-code">.*?</details>',
    re.S,
)
# A link to a source, alone in parentheses.
ALONE = re.compile(
    r'\((<a href="(?:http|\.\./seeds|context\.html)[^"]*">'
    r"(?:<span[^>]*>)?[^<]*(?:</span>)?</a>)\)"
)
NOTE = re.compile(
    r'<span class="cb-note" role="note" id="note-(\d+)">.*?</span>(?:\n|[^<]|<)', re.S
)


def said_in(chapter: str) -> Counter[str]:
    """The addresses that the chapter's own text links, as the page writes them."""
    notebook = (ROOT / chapter).with_suffix(".ipynb")
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return Counter(map(as_page, LINK.findall(text)))


def as_page(address: str) -> str:
    if address.startswith("http"):
        return unescape(address)
    file, _, anchor = address.partition("#")
    page = re.sub(r"\.(md|ipynb)$", ".html", file)
    return f"{page}#{anchor.replace('_', '-')}" if anchor else page


def main_text(site: Path, chapter: str) -> str:
    text = (site / chapter).read_text("utf8")
    return text[text.index(THEME.begin) : text.index(THEME.end)]


def linked(text: str) -> Counter[str]:
    tags = map(attributes, re.findall(r"<a\b[^>]*>", text))
    return Counter(tag["href"] for tag in tags if "href" in tag)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_citation_is_lost(site: Path, chapter: str) -> None:
    wanted, found = said_in(chapter), linked(NOT_PROSE.sub("", main_text(site, chapter)))
    agree(
        f"{chapter}: {address} is linked {count} times in the notebook,"
        f" {found[address]} times on the page"
        for address, count in wanted.items()
        if found[address] != count
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_citation_stands_in_parentheses(site: Path, chapter: str) -> None:
    prose = NOT_PROSE.sub("", main_text(site, chapter))
    alone = [unescape(re.sub("<[^>]+>", "", link)) for link in ALONE.findall(prose)]
    agree(f"{chapter}: ({words})" for words in alone)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_note_is_listed_at_the_end(site: Path, chapter: str) -> None:
    text = main_text(site, chapter)
    ends = re.findall(r'<p[^>]*class="cb-end"><a [^>]*href="#note-(\d+)">\1</a> ', text)
    assert ends and list(map(int, ends)) == list(range(1, len(ends) + 1))
    agree(f"{chapter}: note {n} is not listed" for n in NOTE.findall(text) if n not in ends)
    agree(f"{chapter}: nothing refers to {n}" for n in ends if f'id="note-{n}"' not in text)


# Of each link of a note to a page elsewhere: its address as it leads, and as paper shows it.
LISTED = """() => [...document.querySelectorAll(".cb-end")].map((end) => [
  end.querySelector(".cb-back").textContent,
  [...end.querySelectorAll("a[href^=http]")].map((a) => [a.getAttribute("href"),
    a.nextElementSibling?.matches(".cb-address") ? a.nextElementSibling.textContent : ""])])"""
PRINTED = """() => [...document.querySelectorAll(".cb-note")].map((note) => [
  note.id.slice(5), [...note.querySelectorAll("a[href^=http]")].map((a) => [a.getAttribute("href"),
    note.checkVisibility() ? getComputedStyle(a, "::after").content.slice(3, -2) : ""])])"""


@pytest.mark.parametrize("script", [True, False])
def test_paper_shows_the_address_of_every_note(
    tab: Tab, plain: Tab, site: Path, script: bool
) -> None:
    """In the list at the end or, without a script, in the place of the note."""
    for chapter in (CHAPTERS[0], CHAPTERS[-1]):
        page, _ = renew(tab if script else plain)
        page.goto((site / chapter).as_uri())
        page.emulate_media(media="print")
        shown = dict(page.evaluate(LISTED if script else PRINTED))
        noted = dict(page.evaluate(PRINTED))
        assert sum(map(len, noted.values())) > 10
        for number, links in noted.items():
            assert [to for to, _ in shown[number]] == [to for to, _ in links], (chapter, number)
            agree(
                f"{chapter}: note {number} shows {said!r}, not {to}"
                for to, said in shown[number]
                if unquote(said) != unquote(to)
            )
        page.emulate_media(media="screen")


def written(day: str) -> str:
    year, month, day = day.split("-")
    return f"{int(day)} {month_name[int(month)]} {year}"


@pytest.mark.parametrize("chapter", ["ch04", "ch09", "ch10"])
def test_a_note_to_a_page_elsewhere_says_publisher_and_day_as_its_row_does(
    site: Path, chapter: str
) -> None:
    """Of three pages that the chapter links first and whose day is known."""
    name = next(each for each in CHAPTERS if chapter in each)
    text = main_text(site, name)
    listed = re.findall(r'<a class="cb-back" href="#note-(\d+)">\1</a>(.*?)</p>', text, re.S)
    said_of = {number: unescape(re.sub("<[^>]+>", "", said)) for number, said in listed}
    told: dict[str, str] = {}  # address -> what the list says of the first note to it
    for number, to in re.findall(r'id="note-(\d+)"><b>\1</b> <a href="(http[^"]+)"', text):
        told.setdefault(unescape(to), said_of[number])
    with open(ROOT / "data" / "pages.csv", encoding="utf8", newline="") as file:
        rows = [
            r for r in csv.DictReader(file) if r["address"] in told and len(r["published"]) == 10
        ]
    assert len(rows) >= 3
    for row in rows[:3]:
        said = told[row["address"]]
        assert written(row["published"]) in said, row
        assert {*row["publisher"].split()} & {*re.findall(r"\w+", said)}, row
        assert not row["read"] or f"Read: {row['read']}" in said, row


def test_a_note_stands_beside_the_text_and_opens_in_place_on_a_phone_without_a_script(
    plain: Tab, site: Path
) -> None:
    page, _ = renew(plain)
    page.goto((site / CHAPTERS[0]).as_uri())
    note, box = page.locator("#note-2"), page.get_by_role("checkbox", name="Note 2", exact=True)
    page.set_viewport_size({"width": 1366, "height": 800})
    text = page.locator("p:has(#note-2)").bounding_box()
    beside = note.bounding_box()
    assert text and beside and beside["x"] >= text["x"] + text["width"]
    page.set_viewport_size({"width": PHONE, "height": 800})
    assert not note.is_visible()
    box.focus()
    press(page, "Space")
    assert note.is_visible() and note.inner_text().startswith("2 ")
