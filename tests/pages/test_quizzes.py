"""Quizzes answered with the keys, kept through a reload; read without script and on paper."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import agree
from tests.pages.reading import Tab, look, open_page, press, reading, renew, walk
from tests.pages.site import CHAPTERS, Book, Node

CHOICE = ("single", "judgement", "mark", "falsified")


@dataclass
class Question:
    """A question as the page prints it: what each option is told, a wrong answer, the right one.

    An answer is a list of values: the options to choose, a number to write, or one for each select.
    """

    id: str
    kind: str
    reasons: dict[str, str]  # value of an option -> its reason
    values: list[str]  # of its controls, in order
    wrong: list[str]
    right: list[str]


def read_question(form: Node) -> Question:
    kind, printed = form.get("data-type"), next(form.all("details"))
    reasons = {
        node.get("data-value"): next(node.all("span", cls="cb-reason"), node).text
        for node in printed.all()
        if "data-value" in node.attrs
    }
    values = [control.get("value") for control in form.all("input", "select")]
    if kind == "criterion":  # no answer is wrong: the first choice of each control
        wrong = right = [held(form, select)[0] for select in form.all("select")]
        reasons = {}
    elif kind in ("order", "match"):
        wrong, right = order_or_match(form, kind, list(printed.all("li")))
    elif kind == "numeric":
        right = [next(printed.all("em")).text.split()[0]]
        wrong = [next((value for value in reasons if value != "right"), "987654321")]
    else:
        praised = [
            node.get("data-value")
            for node in printed.all("li")
            if any(strong.text == "Right." for strong in node.all("strong"))
        ]
        wrong, right = choice(kind, reasons, praised)
    return Question(form.get("id"), kind, reasons, values, wrong, right)


def choice(kind: str, reasons: dict, right: list[str]) -> tuple[list[str], list[str]]:
    if kind == "judgement":  # no answer is wrong: the first and the last
        return list(reasons)[:1], list(reasons)[-1:]
    wrong = [value for value in reasons if value not in right]
    return (wrong if kind == "multiple" else wrong[:1]) or right[1:], right


def order_or_match(form: Node, kind: str, printed: list[Node]) -> tuple[list[str], list[str]]:
    """Answers as "Answer and reasons" lists them; the wrong one errs in the first list."""
    told = {item.get("data-value"): item for item in printed}
    picks = form.all("label", cls="cb-pick")
    labels = [span.text for label in picks for span in label.all("span")]
    if kind == "order":
        right = [str([*told].index(label) + 1) for label in labels]
    else:
        right = [next(told[label].all("em")).text for label in labels]
    other = next(value for value in held(form, next(form.all("select"))) if value != right[0])
    return [other, *right[1:]], right


def held(form: Node, select: Node) -> list[str]:
    """What the script puts into a list: its own choices, those beneath the question, or places."""
    if select.get("data-choices"):
        return list(json.loads(select.get("data-choices")))
    choices = [item.text for box in form.all("div", cls="cb-choices") for item in box.all("li")]
    return choices or [str(n + 1) for n, _ in enumerate(form.all("select"))]


# -- with the keys ----------------------------------------------------------


def give(page: Page, question: Question, form: Node, answer: list[str]) -> None:
    """Answer with the keys of a reader, from the first control, or from any radio button."""
    state = look(page, "question", question.id)
    if question.kind in CHOICE:
        steps = question.values.index(answer[0]) - state["at"]
        press(page, "Space", *["ArrowDown"] * (steps % len(question.values)))
    elif question.kind == "multiple":
        for value, checked in zip(question.values, state["checked"]):
            press(page, *["Space"] * (checked != (value in answer)), "Tab")
        press(page, "Shift+Tab")
    elif question.kind == "numeric":
        press(page, "ControlOrMeta+a")
        page.keyboard.type(answer[0])
    else:
        for number, (select, value) in enumerate(zip(form.all("select"), answer)):
            at = held(form, select).index(value) + 1  # the first says what to do
            press(page, *["Tab"] * (number > 0), "Home", *["ArrowDown"] * at)


def judge(question: Question, answer: list[str], state: dict, where: str) -> None:
    """What is said of an answer is its verdict, and the reasons of what was chosen."""
    told, reasons = state["told"], question.reasons
    if question.kind == "judgement":
        assert told == [reasons[answer[0]]], f"{where}: the choice {answer} is told {told}"
        return
    right = answer == question.right
    if question.kind == "criterion":
        assert told and state["result"] == "seen", f"{where}: {answer} is told {told}"
        return
    praised = bool(told) and told[0].startswith("Right.")
    verdict = (praised, state["result"])
    assert verdict == (right, "right" if right else "wrong"), (
        f"{where}: the answer {answer} is told {told}, judged {state['result']}"
    )
    due = [reasons["right"]] if right and "right" in reasons else []
    due = due or [reasons[value] for value in answer if value in reasons]
    assert all(any(line.endswith(reason) for line in told) for reason in due), (
        f"{where}: {answer} is told {told}, not {due}"
    )


def answer_twice(page: Page, form: Node, where: str) -> list[str]:
    """Check without an answer, answer wrongly, then rightly; return the right answer.

    The Tab key leads to the button twice and back once; the right answer only takes the focus.
    """
    question = read_question(form)
    box = page.locator(f"form#{question.id}")
    group, button = box.locator("fieldset"), box.locator("button[type=submit]")
    first = group if question.kind in CHOICE else group.locator(":is(input, select)").first
    look(page, "before", question.id)
    walk(page, group)
    walk(page, button)
    press(page, "Enter")
    said = look(page, "question", question.id)["said"]
    assert said == "Please answer first.", f"{where}: an empty answer is judged: {said!r}"
    walk(page, first, "Shift+Tab")
    give(page, question, form, question.wrong)
    walk(page, button)
    press(page, "Space")
    judge(question, question.wrong, look(page, "question", question.id), where)
    look(page, "focus", question.id, "input:checked, input, select")
    give(page, question, form, question.right)
    look(page, "focus", question.id, "button[type=submit]")
    press(page, "Enter")
    judge(question, question.right, look(page, "question", question.id), where)
    return question.right


def answer_all(page: Page, tree: Node, name: str) -> list[list[str]]:
    forms = list(tree.all("form", cls="cb-question"))
    return [answer_twice(page, form, f"{name}, {form.get('id')}") for form in forms]


@pytest.mark.parametrize("name", CHAPTERS)
def test_quizzes_by_keyboard(unpainted: Browser, site: Path, book: Book, name: str) -> None:
    # Pages from disk may change their process, and a busy browser then loses what one has stored,
    # or brings it back late: each try has a profile of its own, and a second loss fails.
    for _ in range(2):
        with reading(unpainted) as (page, complaints):
            open_page(page, site / name)
            given = answer_all(page, book[name], name)
            open_page(page, site / name)
            kept = look(page, "answers")
        if kept == given:
            break
    assert kept == given, f"{name}: after a reload the answers are {kept}, they were {given}"
    agree(complaints)


# -- without JavaScript, and on paper ---------------------------------------


def lost(page: Page, part: str) -> Iterator[str]:
    return (question["id"] for question in look(page, "questions") if question[part])


@pytest.mark.parametrize("name", CHAPTERS)
def test_quizzes_can_be_read_without_javascript_and_on_paper(
    plain: Tab, site: Path, name: str
) -> None:
    page, _ = renew(plain)
    open_page(page, site / name)
    agree(f"{name}, {id}: cannot be read without JavaScript" for id in lost(page, "text"))
    for summary in page.locator("form.cb-question summary").all():
        summary.focus()
        press(page, "Enter")
    agree(f"{name}, {id}: Enter does not open its reasons" for id in lost(page, "reasons"))
    page.emulate_media(media="print")
    agree(f"{name}, {id}: is not printed" for id in lost(page, "text"))
    agree(f"{name}, {id}: its button is printed" for id in lost(page, "button"))
