"""Data that hide in words: another month, weekday, span, fraction or numeral is named."""

import pytest

from casebook.checks import worded
from casebook.checks.facts import Facts
from casebook.checks.rooms import problems
from casebook.checks.words import contradicted
from tests.conftest import ROOT
from tests.promise import change, copied, entry, named, said_of_spoilt

FACTS = Facts(ROOT)
# what stands there, what is put in its place, what must be named
SPOILT = {
    "a month of a cell": (
        "chapters/ch01_crimea_2014.ipynb",
        ("In July the minister also", "In May the minister also"),
        "the month “May” in “In May the minister",
    ),
    "a month of a list": (
        "chapters/ch04_sanctions.ipynb",
        ("The list of March had 57", "The list of May had 57"),
        "the month “May” in “The list of May",
    ),
    "a month of a linked paragraph": (
        "chapters/ch10_road_to_vilnius.ipynb",
        ("in April, and Hayashi to a summit", "in May, and Hayashi to a summit"),
        "the month “May”",
    ),
    "a month that an entry ties": (
        "chapters/ch07_people.ipynb",
        ("In December NHK asked", "In November NHK asked"),
        "the month “November”",
    ),
    "a month of a question": (
        "chapters/quizzes/ch01.yml",
        ("It came in April", "It came in June"),
        "the month “June”",
    ),
    "a month of a card": (
        "seeds/cfr2022.md",
        ("leaders' talks in June", "leaders' talks in August"),
        "the month “August”",
    ),
    "a season": (
        "chapters/ch08_defence.ipynb",
        ("in the autumn *before* the invasion", "in the summer *before* the invasion"),
        "the season “summer”",
    ),
    "a season of a question": (
        "chapters/quizzes/ch04.yml",
        ("122 in a later winter", "122 in a later summer"),
        "the season “summer”",
    ),
    "a part of a whole": (
        "chapters/ch11_when_sources_disagree.ipynb",
        ("Only one of the five texts states", "Two of the five texts state"),
        "the part “Two of the five”",
    ),
    "a large number": (
        "chapters/quizzes/ch03.yml",
        ("more than a hundred days", "more than two hundred days"),
        "the number “two hundred”",
    ),
    "a length": (
        "chapters/ch09_europe.ipynb",
        ("twenty minutes with Ursula", "thirty minutes with Ursula"),
        "the length “thirty minutes”",
    ),
    "how near a number is": (
        "chapters/ch04_sanctions.ipynb",
        ("8 April that about 550", "8 April that over 550"),
        "the qualified number “over 550”",
    ),
    "how near a paragraph has a number": (
        "chapters/ch07_people.ipynb",
        ("Over 600 to date, writes", "About 600 to date, writes"),
        "the qualified number “About 600”",
    ),
    "a weekday of a date": (
        "chapters/ch03_february_2022.ipynb",
        ("Sunday 27 February 2022, in", "Monday 27 February 2022, in"),
        "says Monday, but 27 February 2022 was a Sunday",
    ),
    "a weekday alone": (
        "chapters/instructors/role_play.md",
        ("on the Sunday before the", "on the Monday before the"),
        "the weekday “Monday”",
    ),
    "a span": (
        "chapters/ch08_defence.ipynb",
        ("two months before the brief", "three months before the brief"),
        "the span of time “three months”",
    ),
    "a fraction": (
        "chapters/ch06_aid.ipynb",
        ("a third of Lviv has", "a quarter of Lviv has"),
        "the fraction “a quarter”",
    ),
    "a fraction on a page of series": (
        "chapters/context.md",
        ("more than half of them", "almost two thirds of them"),
        "the fraction “two thirds”",
    ),
    "a Roman numeral": (
        "chapters/ch02_russia_gap.ipynb",
        ("a plan of eight points", "a plan of VIII points"),
        "VIII is a number in Roman numerals",
    ),
    "a number of a title": (
        "chapters/ch09_europe.ipynb",
        ("Two documents were signed on one day", "Three documents were signed on one day"),
        "the number “Three” in “Three documents",
    ),
    "a number of a caption": (
        "chapters/ch04_sanctions.ipynb",
        ("on each of the four days", "on each of five days"),
        "the number “five”",
    ),
}


@pytest.fixture(scope="module")
def spoilt(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("worded")
    return said_of_spoilt(root, folder, SPOILT.values(), worded.checks)


@pytest.mark.parametrize("case", SPOILT)
def test_what_no_longer_agrees_is_named(spoilt, case):
    path, _, said = SPOILT[case]
    named((text for place, text in spoilt if place == path), said)


def test_a_month_or_weekday_is_that_of_its_key():
    for words, key, right in (
        ("In July", "record('mh17-2014')", True),
        ("In June", "record('mh17-2014')", False),
        ("on a Thursday of July", "record('mh17-2014')", True),
        ("on a Friday of July", "record('mh17-2014')", False),
        ("In summer", "record('mh17-2014')", True),
        ("In spring", "record('mh17-2014')", False),
        ("In winter", "record('japan-nss-2022')", True),
        ("In April", "record('japan-financial-aid-2022')", True),  # of which no day is known
        ("the next day", "record('mh17-2014')", False),
    ):
        assert bool(contradicted(entry(words, key), FACTS)) is not right, words


def test_a_changed_day_names_the_month_and_the_card_that_rest_on_it(root, tmp_path):
    book = copied(root, tmp_path)
    change(book, "events", "record_date", "2022-05-14", event_id="asylum-figures-2022")
    change(book, "polls", "date", "2023-03-12", poll_id="nhk-2023-02-tax-in-favour")
    poll = {"poll_id": "nhk-2022-12-tax-against"}
    change(book, "polls", "field_dates", "9-12 Dec", **poll)
    named(
        (f"{p.place.name}: {p.text}" for p in problems(book)),
        "asked 9-12 Dec, but dated 2022-12-11",
        "says “two days after the brief”, but ",
        "says “In February it asked”, but polls nhk-2023-02-tax-in-favour says otherwise",
    )
