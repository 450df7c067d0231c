"""Sentences and quiz keys against the evidence, and proof that the checks can fail."""

import pytest

from tests.checks.expr import ExpressionError, evaluate
from tests.checks.prose import check_cards, check_prose, check_readings, check_text
from tests.checks.quizzes import check_quizzes
from tests.conftest import agree


def test_every_number_in_the_prose_has_its_row(root):
    agree(check_prose(root))


def test_every_number_on_a_card_has_its_row(root):
    agree(check_cards(root))


def test_every_number_of_a_reading_has_its_row(root):
    agree(check_readings(root))


def test_every_quiz_key_follows_from_the_data(root):
    agree(check_quizzes(root))


@pytest.mark.parametrize(
    "expression",
    ["__import__('os')", "q('x').real", "[x for x in 'ab']", "open('x')", "q(", "lambda: 1"],
)
def test_expressions_can_do_nothing_else(root, expression):
    with pytest.raises(ExpressionError):
        evaluate(expression, root)


SENTENCES = {
    "an orphan number": ("Japan listed 77 persons.", "77 has no source in its sentence"),
    "a number that its paragraph does not give": (
        "Japan listed 498 persons ([CFR 2022, ¶4](../seeds/cfr2022.md#p4)).",
        "498 agrees with no row of cfr2022 ¶4",
    ),
    "a date that its paragraph does not give": (
        "This stood on 13 April ([CFR 2022, ¶4](../seeds/cfr2022.md#p4)).",
        "13 April agrees with no row",
    ),
    "a datum hidden in a word": (
        "Its four islands are disputed ([Panda 2022, ¶4](../seeds/panda2022.md#p4)).",
        "write it in digits",
    ),
    "a false calculation": (
        'Together 720 ([CFR 2022, ¶4](../seeds/cfr2022.md#p4)). <!-- check: 720 = q("cfr2022-sanctioned-individuals") -->',
        "says 720, but",
    ),
    "a check of something else": (
        'Japan acted. <!-- check: 499 = q("cfr2022-sanctioned-individuals") -->',
        "does not stand in the sentence",
    ),
    "a comment that the page would print": (
        'It began. <!-- check: 1 = cell("event_sources", "paragraph", event_source_id="a--b") -->',
        "two hyphens",
    ),
    "a link that says another paragraph": (
        "Japan listed 499 persons ([CFR 2022, ¶5](../seeds/cfr2022.md#p4)).",
        "leads to ¶4 of cfr2022",
    ),
    "a year without source": ("In 2016 it went on.", "2016 has no source"),
    "a wrong day of record": (
        'It began on 25 February 2022. <!-- check: 25 February 2022 = date("invasion-2022") -->',
        "is 2022-02-24",
    ),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_a_wrong_sentence_is_named(root, case):
    sentence, problem = SENTENCES[case]
    assert any(problem in found for found in check_text(root, sentence, "ch00")), check_text(
        root, sentence, "ch00"
    )


def test_a_right_sentence_passes(root):
    sentence = 'By 12 April Japan had listed 499 individuals, 537 with the 38 organisations, says the G7 watcher in its 28th note ([CFR 2022, ¶4](../seeds/cfr2022.md#p4)). <!-- check: 537 = 499 + 38; 12 April = date("japan-sanctions-tally-2022", "cfr2022") -->'
    assert check_text(root, sentence, "ch00") == []
