"""Questions that give themselves away: a bank that somebody writes badly, and those of the book."""

import pytest
import yaml

from casebook.checks import giveaway
from casebook.checks.book import Book
from tests.conftest import ROOT, agree
from tests.promise import complaints, copied

OPTION = {"text": "Because Japan feared a cut", "feedback": "The record has it.", "correct": True}
OTHER = {"text": "Because the price rose", "feedback": "It fell."}
SINGLE = {"id": "q", "type": "single", "prompt": "Why?", "options": [OPTION, OTHER]}
ORDER = {"id": "q", "type": "order", "prompt": "?", "items": [{"text": "a", "feedback": "f"}] * 3}
NUMERIC = {"id": "q", "type": "numeric", "prompt": "?", "answer": 39, "unit": "days"}
MATCH = {"id": "q", "type": "match", "prompt": "?"}
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
    "a partner that repeats a word": (
        MATCH
        | {
            "pairs": [
                {"left": "In April ministers met", "right": "ministers of NATO", "feedback": "f"},
                {"left": "In March leaders met", "right": "leaders of the G7", "feedback": "f"},
                {"left": "In June leaders met", "right": "leaders of NATO", "feedback": "f"},
            ]
        },
        "",
        "“In April ministers met” shares “ministers” with its own partner only",
    ),
    "a step that prints its date": (
        ORDER | {"items": [*ORDER["items"], {"text": "The vote of 27 March", "feedback": "f"}]},
        "",
        "“The vote of 27 March” prints the date",
    ),
    "a question that prints its answer": (
        NUMERIC | {"prompt": "CFR has 38, and 39 on 4 May. How many days?"},
        "",
        "the question prints its own answer, 39",
    ),
}


@pytest.mark.parametrize(("question", "chapter", "said"), BAD.values(), ids=BAD)
def test_a_question_that_gives_itself_away_is_named(question, chapter, said):
    assert any(one.startswith(said) for one in giveaway.question_problems(question, chapter))


def test_a_good_question_is_not():
    numeric = NUMERIC | {
        "prompt": "How many days from 4 May, when CFR had 39 names?",
        "answer": 4,
        "mistakes": [{"answer": 1, "feedback": "f"}],
    }
    for question in (SINGLE, ORDER, numeric):
        assert not list(giveaway.question_problems(question, giveaway.plain("Nothing.")))


def test_a_bank_whose_longest_options_are_right_or_that_asks_for_recall_only_is_named():
    said = list(giveaway.bank_problems([SINGLE] * 4))
    assert said[0].startswith("the longest option is right in 4 of 4")
    assert said[1].startswith("0 of 4 ask more than recall")
    longer, shorter = OTHER | {"text": "x" * 40}, OTHER | {"text": "x"}
    weighed = SINGLE | {"asks": "weigh", "options": [OPTION, longer, shorter]}
    assert not list(giveaway.bank_problems([weighed] * 4))
    (said,) = giveaway.bank_problems([weighed | {"options": [OPTION, longer]}] * 4)
    assert said.startswith("the shortest option is right in 4 of 4")


def test_no_question_of_the_book_gives_itself_away():
    checks = list(giveaway.checks(Book(ROOT)))
    assert len(checks) > 120
    agree(f"{p.place.name}: {p.text}" for check in checks for p in check.problems(None))


def test_length_tells_nothing_in_the_book_as_a_whole():
    ends = [giveaway.right_ends(q) for bank in Book(ROOT).banks.values() for q in bank]
    for end in ("longest", "shortest"):
        right = [held[end] for held in ends if end in held]
        assert 0 < sum(right) <= len(right) / 3, f"the {end}: {sum(right)} of {len(right)}"


def test_the_check_tells_somebody_who_writes_a_bank_badly(tmp_path):
    path = copied(ROOT, tmp_path) / "chapters" / "quizzes" / "ch04.yml"
    bank = yaml.safe_load(path.read_text("utf8"))
    for question in bank:
        for option in question.get("options", []):
            option["text"] += " and so on" * 9 if option.get("correct") else ""
        for pair in question.get("pairs", []):
            del pair["feedback"]
        question.pop("mistakes", None)
    path.write_text(yaml.safe_dump(bank, allow_unicode=True), "utf8")
    said = "\n".join(complaints(tmp_path, "ch04"))
    assert "ch04, quiz: the longest option is right in 2 of 2" in said
    assert said.count("no feedback for who misplaces") == 4
    assert said.count("no mistake with its feedback") == 2
