"""Banks of questions: what is refused and how it is said; what a form shows, and how it judges."""

import json

import pytest
import yaml

from casebook import quiz
from casebook.quiz import draws, form
from casebook.quiz.bank import shuffled
from tests.book.test_cells import FOLDED, HOSTILE, Read, is_harmless

COMMON = {"objective": 1, "prompt": "Which?", "sources": ["cfr2022#p4"]}
SINGLE = COMMON | {
    "id": "q-single",
    "type": "single",
    "options": [
        {"text": "One", "feedback": "Yes.", "correct": True},
        {"text": "Two", "feedback": "No."},
    ],
}
NUMERIC = COMMON | {
    "id": "q-numeric",
    "type": "numeric",
    "answer": 1000,
    "unit": "persons",
    "feedback": "Yes.",
    "mistakes": [{"answer": 40, "feedback": "No."}],
}
ORDER = COMMON | {
    "id": "q-order",
    "type": "order",
    "items": [{"text": "first"}, {"text": "second", "feedback": "After it."}, {"text": "third"}],
    "feedback": "So.",
}
MATCH = COMMON | {
    "id": "q-match",
    "type": "match",
    "pairs": [{"left": "A", "right": "x|y"}, {"left": "B", "right": "\"z'"}],
    "feedback": "So.",
}


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """Write a bank (questions, or YAML as text) and return its name."""
    monkeypatch.setenv("CASEBOOK_QUIZZES", str(tmp_path))

    def write(*questions):
        text = questions[0] if isinstance(questions[0], str) else yaml.safe_dump(list(questions))
        (tmp_path / "x.yml").write_text(text, "utf8")
        return "x"

    return write


def test_every_bank_of_the_book_can_be_shown(root):
    names = {path.stem for path in (root / "chapters" / "quizzes").glob("ch??.yml")}
    assert all(quiz.load(name) for name in names)


def changed(question, **values):
    return {key: value for key, value in (question | values).items() if value is not None}


OPTIONS = SINGLE["options"]
REFUSED = {
    "yes for text": (
        changed(SINGLE, options=[OPTIONS[0] | {"text": True}, OPTIONS[1]]),
        "question 1 (q-single), options 1, text: found True (expected text; quote it)",
    ),
    "year for text": (
        changed(MATCH, pairs=[{"left": "A", "right": 2014}, MATCH["pairs"][1]]),
        "pairs 1, right: found 2014 (expected text; quote it)",
    ),
    "sources as text": (
        changed(SINGLE, sources="cfr2022#p4"),
        "sources: found 'cfr2022#p4' (expected a list)",
    ),
    "unknown source": (changed(SINGLE, sources=["nobody"]), "found no source 'nobody'"),
    "unknown key": (changed(SINGLE, hint="x"), "'hint' is not known (expected id, objective"),
    "missing key": (changed(SINGLE, prompt=None), "'prompt' is missing"),
    "unknown type": (changed(SINGLE, type="guess"), "type: found 'guess' (expected one of single"),
    "no right option": (
        changed(SINGLE, options=[OPTIONS[1], OPTIONS[1] | {"text": "Three"}]),
        "0 options are correct (expected one)",
    ),
    "a key where there is none": (
        changed(SINGLE, type="judgement"),
        "1 options are correct (expected none)",
    ),
    "two items": (
        changed(ORDER, items=ORDER["items"][:2]),
        "items: found 2 (expected three or more)",
    ),
    "no such task": (changed(SINGLE, asks="guess"), "asks: found 'guess' (expected one of recall"),
    "a phrase that is not there": (
        changed(SINGLE, type="mark", sentence="One and One"),
        "'One' stands 2 times in the sentence",
    ),
    "a query that fails": (changed(NUMERIC, query="select x from y"), "query: no such table: y"),
    "a query without rows": (
        changed(NUMERIC, query="select 1 as x from sources where 0"),
        "query: found no row (expected one or more)",
    ),
    "a column that is not there": (
        changed(NUMERIC, query="select 1 as x", prompt="{y}?"),
        "found {y} (expected a column with a value: x)",
    ),
    "a word where a number belongs": (
        changed(NUMERIC, query="select 'many' as x", answer="{x}"),
        "answer: found 'many' (expected a number",
    ),
    "a variant with equal options": (
        changed(
            SINGLE, query="select 'Two' as x", options=[OPTIONS[0] | {"text": "{x}"}, OPTIONS[1]]
        ),
        "options: 'Two' stands 2 times",
    ),
    "one option": (changed(SINGLE, options=OPTIONS[:1]), "options: found 1 (expected two or more)"),
    "equal options": (
        changed(SINGLE, options=[OPTIONS[0], OPTIONS[1] | {"text": "One"}]),
        "options: 'One' stands 2 times",
    ),
    "text for a number": (
        changed(NUMERIC, answer="1000"),
        "answer: found '1000' (expected a number, unquoted)",
    ),
    "negative tolerance": (changed(NUMERIC, tolerance=-1), "tolerance -1 (expected zero or more)"),
    "a mistake that is right": (
        changed(NUMERIC, tolerance=960),
        "40 is a mistake, but would be judged right",
    ),
    "id for HTML": (changed(SINGLE, id='a"b'), "(expected lower-case words and hyphens)"),
    "no text": (changed(SINGLE, prompt=" "), "prompt: found no text (expected some)"),
}


# What YAML reads otherwise than it looks.
REFUSED |= {
    "date": (
        "- {id: q, type: order, objective: 1, prompt: a, sources: [cfr2022], feedback: f,\n"
        "   items: [{text: 2022-02-24}, {text: b}]}",
        "items 1, text: found 2022-02-24 (expected text; quote it)",
    ),
    "comma": (
        "- {id: q, type: numeric, objective: 1, prompt: a, sources: [cfr2022], feedback: f,\n"
        "   unit: u, answer: 1, mistakes: [{answer: 2, feedback: a count, not a share}]}",
        "'not a share' is not known (expected answer, feedback; inside {} a text with a comma",
    ),
    "key twice": ("- {id: q, id: r}", "has the key 'id' twice"),
    "id twice": (yaml.safe_dump([SINGLE, SINGLE]), "id: 'q-single' stands 2 times"),
    "no number": (
        "- {id: q, type: numeric, objective: 1, prompt: a, sources: [cfr2022], feedback: f,\n"
        "   unit: u, answer: .nan}",
        "answer: found nan (expected a number, unquoted)",
    ),
    "a space more": (
        "- {id: q, type: match, objective: 1, prompt: a, sources: [cfr2022], feedback: f,\n"
        "   pairs: [{left: a, right: x}, {left: b, right: 'x '}]}",
        "partners: 'x' stands 2 times",
    ),
    "no list": ("id: q", "found dict (expected a list of questions)"),
    "no YAML": ("- [", "x.yml, line 1: not readable as YAML: "),
}


@pytest.mark.parametrize(("written", "said"), REFUSED.values(), ids=REFUSED)
def test_a_bank_is_refused_in_one_line_that_says_where(written, said, bank):
    with pytest.raises(quiz.QuizError) as error:
        quiz.load(bank(written))
    where = "chapters/quizzes/x.yml" + ", question 1" * isinstance(written, dict)
    assert str(error.value).startswith(where)
    assert said in str(error.value) and "\n" not in str(error.value)


def spoil(value):
    """A question in which every text ends with what must not run."""
    if isinstance(value, dict):
        kept = ("id", "type", "sources")
        return {key: held if key in kept else spoil(held) for key, held in value.items()}
    if isinstance(value, list):
        return [spoil(held) for held in value]
    return value + HOSTILE if isinstance(value, str) else value


def test_every_text_of_a_bank_is_shown_as_text(bank):
    name = bank(*(spoil(question) for question in (SINGLE, NUMERIC, ORDER, MATCH)))
    read = Read(quiz.as_html(name, form.in_notebook))
    assert is_harmless(read)
    for question in quiz.load(name):
        assert " ".join(question.prompt.split()) in read.text
    assert read.text.count(FOLDED) >= 20


def test_keys_may_hold_any_character(bank):
    read = Read(quiz.as_html(bank(MATCH), form.in_notebook))
    key = next(a.removeprefix("data-key=") for a in read.attributes if a.startswith("data-key="))
    assert json.loads(key) == ["x|y", "\"z'"]


def test_plain_text_tells_the_sentence_and_the_bars(bank):
    chart = {
        "unit": "states",
        "rows": [{"label": "Yes", "value": 100}, {"label": "No", "value": 11}],
    }
    figure = changed(SINGLE, options=[OPTIONS[0] | {"chart": chart}, OPTIONS[1]])
    mark = changed(SINGLE, id="q-mark", type="mark", sentence="One, then Two.")
    shown = [form.as_text(question, 1) for question in quiz.load(bank(figure, mark))]
    assert "[ ] One (states): Yes 100, No 11" in shown[0]
    assert "One, then Two." in shown[1] and "[ ] Two" in shown[1]


def test_a_reader_without_form_controls_sees_options_and_choices_as_lists(bank):
    """GitHub takes forms, scripts and style sheets away and leaves the rest."""
    shown = quiz.as_html(bank(SINGLE, MATCH), form.in_notebook)
    assert "<ul" in shown and "<option" not in shown
    assert [shown.count(f"<li>{choice}</li>") for choice in ("x|y", "&#34;z&#39;")] == [1, 1]
    assert "- x|y" in form.as_text(quiz.load("x")[1], 2)


def test_options_are_mixed_and_the_right_one_stands_everywhere(bank):
    four = [{"text": text, "feedback": "f"} for text in "abcd"]
    four[0]["correct"] = True
    name = bank(*(changed(SINGLE, id=f"q-{n}", options=four) for n in range(8)))
    places = [[o.correct for o in question.options].index(True) for question in quiz.load(name)]
    assert sorted(places[:4]) == sorted(places[4:]) == [0, 1, 2, 3]


def test_a_source_that_prints_the_key_comes_out_with_the_answer(bank):
    for each in quiz.as_html(bank(SINGLE, NUMERIC, ORDER, MATCH), form.in_notebook).split("<form")[
        1:
    ]:
        shown, _, answer = each.partition("<details")
        assert "CFR 2022" in answer and "CFR 2022" not in shown


@pytest.mark.parametrize("seed", range(30))
def test_an_order_is_shown_neither_rightly_nor_reversed(seed):
    shown = shuffled(f"q-{seed}", "abc")
    assert shown not in (["a", "b", "c"], ["c", "b", "a"]) and sorted(shown) == ["a", "b", "c"]


def test_a_digest_changes_with_the_question_and_not_with_its_neighbours(bank):
    alone, second = quiz.load(bank(SINGLE))[0], SINGLE | {"id": "q-2"}
    beside = quiz.load(bank(second, SINGLE))[1]
    assert alone.digest == beside.digest
    assert quiz.load(bank(changed(SINGLE, prompt="What?")))[0].digest != alone.digest


FALSIFIED = COMMON | {
    "id": "q-false",
    "type": "falsified",
    "facts": "select min(5, length(title)) as few, '3 October 2022' as day from sources limit 1",
    "passage": ["By {day} there were {few}.", "No more."],
    "chart": {"title": "T", "unit": "EUR", "rows": "values ('A', 0.6), ('B''s', 52.3)"},
}


def test_each_number_date_and_bar_of_a_page_is_falsified_once(bank):
    (pool,) = quiz.pools(bank(FALSIFIED))
    wrong = [next(o.text for o in page.options if o.correct) for page in pool]
    assert wrong == [
        "By 7 November 2023 there were 5.",
        "By 3 October 2022 there were 8.",
        "A: 0.9 EUR",
        "B's: 68 EUR",
    ]
    told = [next(o.feedback for o in page.options if o.correct) for page in pool]
    assert "it says 8, but sources gives 5." in told[1]
    assert all("cannot be checked" not in one for one in told)  # a label's mark ends no SQL text


def test_a_question_comes_again_in_another_variant(bank, tmp_path):
    template = changed(
        SINGLE,
        query="values (1), (2), (3)",
        options=[OPTIONS[0] | {"text": "{column1}"}, OPTIONS[1]],
    )
    for name in ("ch01", "ch02"):
        entry = [template | {"id": f"{name}-a"}, template | {"id": f"{name}-b"}]
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(entry), "utf8")
    assert draws.repeated("ch01") == []
    again = draws.repeated("ch02")
    assert len({question.id for _, question in again}) == 2
    assert all(question != pool[0] and question.id.startswith("ch01") for pool, question in again)


def test_ten_draws_are_ten_different_questions():
    for name in (f"ch{n:02}" for n in range(1, 13)):
        drawn = zip(*(quiz.load(name, draw) for draw in range(10)))
        for pool, asked in zip(quiz.pools(name), drawn):
            seen = {form.as_text(each, 1) for each in asked}
            assert len(seen) == min(10, len(pool)), pool[0].id


def test_the_book_has_variants_enough_and_a_falsified_page_in_each_chapter():
    pools = [pool for n in range(1, 13) for pool in quiz.pools(f"ch{n:02}")]
    many = [pool for pool in pools if len(pool) > 1]
    assert len(many) >= 20 and sum(map(len, many)) >= 300
    assert {pool[0].id[:4] for pool in many} == {f"ch{n:02}" for n in range(1, 13)}
    falsified = {pool[0].id[:4] for pool in pools if pool[0].type == "falsified"}
    assert falsified == {f"ch{n:02}" for n in range(2, 13)}
