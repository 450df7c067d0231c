"""A quiz's form by itself: numbers as people write them, what is kept, what paper shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page

from casebook import quiz
from casebook.quiz import form
from tests.test_quiz import MATCH, NUMERIC

SHARE = NUMERIC | {"id": "q-share", "unit": "percent", "answer": -40, "mistakes": []}
MATCHED = [pair["right"] for pair in MATCH["pairs"]]  # with a bar and with quotation marks


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser) -> Iterator[Page]:
    """A page with a quiz of three questions, opened from disk."""
    monkeypatch.setenv("CASEBOOK_QUIZZES", str(tmp_path))
    (tmp_path / "x.yml").write_text(yaml.safe_dump([NUMERIC, MATCH, SHARE]), "utf8")
    style, script = ((form.STATIC / f"quiz.{kind}").read_text("utf8") for kind in ("css", "js"))
    file = tmp_path / "quiz.html"
    file.write_text(quiz.as_html("x", form.in_notebook, style, script), "utf8")
    opened = browser.new_page()
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def judged(page: Page, id: str, text: str) -> str | None:
    page.fill(f"#{id} input", text)
    page.click(f"#{id} button")
    return page.get_attribute(f"#{id}", "data-result")


RIGHT = {
    "q-numeric": "1000|１０００|1'000|1’000|1 000|1\u202f000|1,000|1000 persons|1,000 Person",
    "q-share": "−40|-40 %|– 40 percent|－４０％|-40,0|-40.0 per cent",
}
WRONG = {"q-numeric": "10,00|1.000|5 thousand|1,0,0,0||one|1000 %", "q-share": "40|- -40|40 -"}


@pytest.mark.parametrize("id", RIGHT)
def test_a_number_is_understood_as_people_write_it(page: Page, id: str) -> None:
    for texts, is_right in ((RIGHT[id], True), (WRONG[id], False)):
        for text in texts.split("|"):
            assert (judged(page, id, text) == "right") == is_right, text


def test_verdicts_come_back_with_the_answers(page: Page) -> None:
    judged(page, "q-numeric", "40")
    for number, value in enumerate(MATCHED):
        page.select_option(f"#q-match select >> nth={number}", value)
    page.click("#q-match button")
    page.reload()
    assert page.inner_text("#q-numeric [role=status]") == "Not this. No."
    assert page.inner_text("#q-match [role=status]") == "Right. So."
    assert page.inner_text("#q-share [role=status]") == ""


def test_paper_shows_the_choices_in_place_of_the_lists(page: Page) -> None:
    choices, lists = page.locator(".cb-choices li"), page.locator("select")
    assert not choices.first.is_visible() and lists.first.is_visible()
    page.emulate_media(media="print")
    assert choices.first.is_visible() and not lists.first.is_visible()
