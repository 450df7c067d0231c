"""Citations leave the sentence, and none is lost: links of the notebooks against notes and links of
the pages.
"""

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import ROOT, agree
from tests.pages.reading import reading
from tests.pages.site import attributes

CHAPTERS = sorted(p.stem for p in (ROOT / "chapters").glob("ch*.ipynb"))
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(((?:[^()\s]|\([^()]*\))+)\)")
# Parts of a page that are not the chapter's own prose.
NOT_PROSE = re.compile(
    r'<section class="notes".*?</section>|<figure.*?</figure>'
    r'|<div class="cb-(?:quiz|paper)".*?(?=<section|</section)'
    r'|<a class="(?:headerlink|cb-ref|next|prev)".*?</a>|<details class="cb-code">.*?</details>',
    re.S,
)


def said_in(chapter: str) -> Counter:
    """The addresses that the chapter's own text links, as the page writes them."""
    cells = json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text("utf8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return Counter(map(as_page, LINK.findall(text)))


def as_page(address: str) -> str:
    if address.startswith("http"):
        return unescape(address)
    file, _, anchor = address.partition("#")
    page = re.sub(r"\.(md|ipynb)$", ".html", file)
    return f"{page}#{anchor.replace('_', '-')}" if anchor else page


def main_text(site: Path, chapter: str) -> str:
    text = (site / "chapters" / f"{chapter}.html").read_text("utf8")
    return text[text.index('<main id="main">') : text.index("</main>")]


def linked(text: str) -> Counter:
    tags = map(attributes, re.findall(r"<a\b[^>]*>", text))
    return Counter(tag["href"] for tag in tags if "href" in tag)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_citation_is_lost(site, chapter):
    wanted, found = said_in(chapter), linked(NOT_PROSE.sub("", main_text(site, chapter)))
    agree(
        f"{chapter}: {address}: {count} links in the notebook, {found[address]} on the page"
        for address, count in wanted.items()
        if found[address] != count
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_citation_stands_in_parentheses(site, chapter):
    prose = NOT_PROSE.sub("", main_text(site, chapter))
    source = r'<a (?:class="reference [^"]*" )?href="(?:http|\.\./seeds|context\.html)[^"]*">'
    alone = rf"\(({source}(?:<span[^>]*>)?[^<]*(?:</span>)?</a>)\)"
    agree(
        f"{chapter}: ({unescape(re.sub('<[^>]+>', '', link))})" for link in re.findall(alone, prose)
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_note_is_listed_at_the_end_with_its_address(site, chapter):
    text = main_text(site, chapter)
    notes = re.findall(
        r'<span class="cb-note" role="note" id="note-(\d+)">(.*?)</span>(?:\n|[^<]|<)', text, re.S
    )
    ends = dict(re.findall(r'<p id="end-(\d+)"[^>]*>(.*?)</p>', text, re.S))
    assert ends and list(ends) == [str(i) for i in range(1, len(ends) + 1)]
    problems = [f"{chapter}: note {n} is not listed" for n, _ in notes if n not in ends]
    for number, end in ends.items():
        if f'id="note-{number}"' not in text:
            problems.append(f"{chapter}: nothing refers to note {number}")
        if 'class="reference external"' in end and "cb-address" not in end:
            problems.append(f"{chapter}: note {number} has no address for paper")
    agree(problems)


def test_a_note_opens_in_place_on_a_phone_without_a_script_and_stands_beside_the_text_on_a_laptop(
    site, browser
):
    with reading(browser, java_script_enabled=False) as (plain, _):
        plain.goto((site / "chapters" / "ch01_crimea_2014.html").as_uri())
        note, box = (
            plain.locator("#note-2"),
            plain.get_by_role("checkbox", name="Note 2", exact=True),
        )
        plain.set_viewport_size({"width": 1366, "height": 800})
        text = plain.locator("#islands-with-two-names p").first.bounding_box()
        assert note.bounding_box()["x"] >= text["x"] + text["width"]
        plain.set_viewport_size({"width": 360, "height": 800})
        assert not note.is_visible()
        box.focus()
        plain.keyboard.press("Space")
        assert note.is_visible() and "Tsuruoka 2023" in note.inner_text()
