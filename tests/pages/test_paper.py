"""On paper: a worksheet first, its answers on the last page; as PDF tagged, with an outline."""

import re
import shutil
from pathlib import Path

from casebook.export import pdf
from tests.pages.conftest import find_browser
from tests.pages.reading import Tab, renew

CHAPTER = "chapters/ch01_crimea_2014.html"


def test_answers_stand_on_the_last_page_and_on_paper_only(tab: Tab, site: Path) -> None:
    page, complaints = renew(tab)
    page.goto((site / CHAPTER).as_uri())
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    questions = page.locator(".cb-question")
    assert questions.locator("details").first.is_hidden()
    answers = page.locator("main > .cb-answers")
    assert answers.locator("h3").count() == questions.count() > 0
    assert "Answers: Crimea, 2014" in answers.locator("h2").inner_text()
    assert answers.evaluate("e => getComputedStyle(e).breakBefore") == "page"
    assert answers.evaluate("e => e === document.getElementById('main').lastElementChild")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert answers.count() == 0
    assert not complaints


THEMED = "theme => document.documentElement.setAttribute('data-theme', theme)"
COLOURS = """() => [document.body, ...document.querySelectorAll("h1, h2, .cb-chart text")].map(
  e => (s => [s.backgroundColor, s.color, s.fill].join())(getComputedStyle(e)))"""


def test_paper_is_light_whatever_the_theme(tab: Tab, site: Path) -> None:
    page, _ = renew(tab)
    page.goto((site / CHAPTER).as_uri())
    page.emulate_media(media="print", color_scheme="light")
    page.evaluate(THEMED, "light")
    light = page.evaluate(COLOURS)
    page.evaluate(THEMED, "dark")
    assert page.evaluate(COLOURS) == light
    page.evaluate("document.documentElement.removeAttribute('data-theme')")  # follows the system
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(COLOURS) == light
    page.emulate_media(media="screen", color_scheme="dark")
    assert page.evaluate(COLOURS) != light


BASE = "https://example.org/"
SHOWN = """() => [...document.querySelectorAll("#main p a[href^=http]")].filter(
  e => !e.closest(".cb-note, .cb-end, .cb-take")).map(
  e => [e.href, getComputedStyle(e, "::after").content !== "none"])"""


def test_a_chapter_becomes_a_tagged_pdf_with_an_outline(
    tab: Tab, site: Path, tmp_path: Path
) -> None:
    own = shutil.copytree(site, tmp_path / "html")  # another worker reads the pages of `site`
    sheet = own / "take" / "x.print.html"
    sheet.parent.mkdir(exist_ok=True)
    sheet.write_text(pdf.bind(own, [CHAPTER], BASE), "utf8")
    page, _ = renew(tab)
    page.goto(sheet.as_uri())
    page.emulate_media(media="print")
    shown = {href.startswith(BASE): is_shown for href, is_shown in page.evaluate(SHOWN)}
    assert shown == {True: False, False: True}  # addresses of other hosts, not the book's own
    made = pdf.print_page(sheet, tmp_path / "x.pdf", find_browser()).read_bytes()
    assert b"/StructTreeRoot" in made and b"/Lang (en)" in made
    assert len(re.findall(rb"/Type /Page\b", made)) > 5
    assert re.search(rb"/Outlines \d+ 0 R", made)
