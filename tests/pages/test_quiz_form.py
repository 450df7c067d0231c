"""A quiz's form by itself: numbers as people write them, what is kept, what paper shows."""

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from casebook import quiz
from casebook.quiz import form
from tests.pages.reading import Tab, renew
from tests.test_quiz import MATCH, NUMERIC, ORDER

SHARE = NUMERIC | {"id": "q-share", "unit": "percent", "answer": -40, "mistakes": []}
MATCHED = [pair["right"] for pair in MATCH["pairs"]]  # with a bar and with quotation marks


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a quiz of four questions."""
    folder = tmp_path_factory.mktemp("quiz")
    (folder / "x.yml").write_text(yaml.safe_dump([NUMERIC, MATCH, SHARE, ORDER]), "utf8")
    style, script = ((form.STATIC / f"quiz.{kind}").read_text("utf8") for kind in ("css", "js"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEBOOK_QUIZZES", str(folder))
        written = quiz.as_html("x", form.in_notebook, style, script)
    (folder / "quiz.html").write_text(written, "utf8")
    return folder / "quiz.html"


@pytest.fixture
def page(file: Path, keys: Tab) -> Page:
    """The quiz opened from disk, without an answer."""
    page, _ = renew(keys)
    page.goto(file.as_uri())
    return page


def judged(page: Page, id: str, text: str) -> str | None:
    page.fill(f"#{id} input", text)
    page.press(f"#{id} input", "Enter")
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


def said(page: Page, id: str) -> str:
    return page.inner_text(f"#{id} [role=status]")


@pytest.mark.parametrize("text", ["40", "40.2", "39.6"])
def test_a_number_close_to_a_known_mistake_meets_its_reason(page: Page, text: str) -> None:
    judged(page, "q-numeric", text)
    assert said(page, "q-numeric") == "Not yet. No."


def match(page: Page, values: list[str]) -> None:
    for number, value in enumerate(values):
        page.select_option(f"#q-match select >> nth={number}", value)
    page.click("#q-match button")


def test_verdicts_come_back_with_the_answers(page: Page) -> None:
    judged(page, "q-numeric", "40")
    match(page, MATCHED)
    page.reload()
    assert said(page, "q-numeric") == "Not yet. No."
    assert said(page, "q-match") == "Right. So."
    assert said(page, "q-share") == ""
    assert page.inner_text(".cb-score span") == "2 of 4 answered, 1 right"


def test_an_answer_comes_back_whose_marks_were_typed_otherwise(page: Page) -> None:
    match(page, MATCHED)
    kept = "localStorage['casebook:q-match']"
    changed = page.evaluate(f"{kept} !== ({kept} = {kept}.replaceAll(\"'\", '\u2019'))")
    page.reload()
    assert changed and said(page, "q-match") == "Right. So."


def test_a_wrong_match_and_order_learn_which_and_why(page: Page) -> None:
    match(page, MATCHED[::-1])
    assert said(page, "q-match").split("\n") == [
        "Not yet. “A” does not go with “\"z'”.",
        "",
        "“B” does not go with “x|y”.",
    ]
    for number, label in enumerate(page.locator("#q-order .cb-pick span").all_inner_texts()):
        place = {"first": "1", "second": "3", "third": "2"}[label]
        page.select_option(f"#q-order select >> nth={number}", place)
    page.click("#q-order button")
    told = said(page, "q-order")
    assert "“second” comes earlier. After it." in told and "“third” comes later." in told


def test_the_source_is_shown_when_an_answer_was_given(page: Page) -> None:
    source = page.locator("#q-numeric .cb-from")
    assert not source.is_visible()
    judged(page, "q-numeric", "40")
    assert source.is_visible()


def test_an_answer_to_a_question_that_has_changed_is_forgotten(page: Page) -> None:
    judged(page, "q-numeric", "1000")
    page.evaluate(
        "localStorage['casebook:q-numeric'] = localStorage['casebook:q-numeric']"
        '.replace(/"hash":"\\w+"/, \'"hash":"0"\')'
    )
    page.reload()
    assert said(page, "q-numeric") == ""


def test_a_store_that_refuses_does_no_harm(page: Page) -> None:
    page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('full') })")
    assert judged(page, "q-numeric", "1000") == "right"


def test_paper_shows_the_choices_in_place_of_the_lists(page: Page) -> None:
    choices, lists = page.locator(".cb-choices li"), page.locator("select")
    assert not choices.first.is_visible() and lists.first.is_visible()
    page.emulate_media(media="print")
    assert choices.first.is_visible() and not lists.first.is_visible()
