"""Questions that give themselves away: a bank that somebody writes badly, and those of the book."""

import pytest

from casebook.checks import Book, giveaway
from tests.conftest import ROOT, agree

OPTION = {"text": "Because Japan feared a cut", "feedback": "The record has it.", "correct": True}
OTHER = {"text": "Because the price rose", "feedback": "It fell."}
SINGLE = {"id": "q", "type": "single", "prompt": "Why?", "options": [OPTION, OTHER]}
ORDER = {"id": "q", "type": "order", "prompt": "?", "items": [{"text": "a", "feedback": "f"}] * 3}
NUMERIC = {"id": "q", "type": "numeric", "prompt": "?", "answer": 39, "unit": "days"}
CHAPTER = giveaway.plain("It waited [39 days](x), **because Japan feared** a cut.")

BAD = {
    "the chapter prints the answer": (SINGLE, CHAPTER, "the chapter prints the answer: “Because"),
    "it prints the number": (NUMERIC, CHAPTER, "the chapter prints the answer: “39 days”"),
    "a number without mistakes": (NUMERIC, "", "no mistake with its feedback"),
    "shared words": (
        SINGLE | {"prompt": "What was feared?"},
        "",
        "only the right option repeats “feared”",
    ),
    "a verdict in the feedback": (
        SINGLE | {"options": [OPTION | {"feedback": "Yes, it did."}, OTHER]},
        "",
        "feedback begins with a verdict: “Yes, it did.”",
    ),
    "one feedback for two": (
        SINGLE | {"options": [OPTION, OTHER, OTHER | {"text": "No"}]},
        "",
        "2 options share the feedback “It fell.”",
    ),
    "an item without feedback": (
        ORDER | {"items": [*ORDER["items"], {"text": "b"}]},
        "",
        "no feedback for who misplaces “b”",
    ),
}


@pytest.mark.parametrize(("question", "chapter", "said"), BAD.values(), ids=BAD)
def test_a_question_that_gives_itself_away_is_named(question, chapter, said):
    assert any(one.startswith(said) for one in giveaway.question_problems(question, chapter))


def test_a_good_question_is_not():
    numeric = NUMERIC | {"mistakes": [{"answer": 1, "feedback": "f"}]}
    for question in (SINGLE, ORDER, numeric):
        assert not list(giveaway.question_problems(question, giveaway.plain("Nothing.")))


def test_a_bank_whose_longest_options_are_right_or_that_asks_for_recall_only_is_named():
    said = list(giveaway.bank_problems([SINGLE] * 4))
    assert said[0].startswith("the longest option is right in 4 of 4")
    assert said[1].startswith("0 of 4 ask more than recall")
    weighed = SINGLE | {"asks": "weigh", "options": [OPTION, OTHER | {"text": "x" * 40}]}
    assert not list(giveaway.bank_problems([weighed] * 4))


def test_no_question_made_from_the_evidence_gives_itself_away():
    checks = [c for c in giveaway.checks(Book(ROOT)) if c.place.path.endswith("_more.yml")]
    assert len(checks) > 30
    agree(f"{p.place.name}: {p.text}" for check in checks for p in check.problems(None))
