"""Quizzes against the evidence: every key follows from the facts, every number has its row.

A question with a `query` stands for as many as the query has rows: each row's key is asked for
again, by the expectation's own query, whose parameters are the columns of the row (`:donor`).
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise

from casebook.checks.book import Book, Check, Place, Problem, short, source_of
from casebook.checks.expected import Entry, Expected
from casebook.checks.facts import Facts, FactsError, Value
from casebook.checks.prose import bare, missing, sentence_problems
from casebook.checks.words import contradicted, shown, spans, tokens, told, unsaid, within

Question = dict
Row = dict[str, Value]
HOLE = re.compile(r"\{(\w+)\}")


def checks(book: Book) -> Iterator[Check]:
    """One check for each question, one for each bank as a whole."""
    chapters = {name[:4] for name in book.notebooks if re.match(r"ch\d\d_", name)}
    for bank in sorted(chapters ^ book.banks.keys()):
        place = Place(f"chapters/quizzes/{bank}.yml", bank)
        yield Check.known(place, ["a chapter without quiz, or a quiz without chapter"])
    ids = [question["id"] for questions in book.banks.values() for question in questions]
    for bank, questions in book.banks.items():
        chapter = book.chapter_of(bank)
        for question in questions:
            id, name = question["id"], expected_in(book, bank, question)
            expected = book.expects(name)
            book.used |= {(name, part, id) for part in ("prose", "quiz", "unsettled")}
            place = Place(question["_path"], f"{bank}, quiz {id}", (f"id: {id}",))
            yield Check(place, partial(question_problems, question, expected))
            yield Check(place, partial(_unsourced, question, book))
            if ids.count(id) > 1:
                yield Check.known(place, [f"{ids.count(id)} questions have this id"])
        if chapter in book.notebooks:
            place = Place(f"chapters/{chapter}.ipynb", f"{bank}, quiz")
            text = "\n".join(source_of(cell) for cell in book.notebooks[chapter]["cells"])
            yield Check.known(place, _bank(text, bank, questions))


def expected_in(book: Book, bank: str, question: Question) -> str:
    """Where its expectations stand: with its chapter, or (`ch06_more.yml`) in `quizzes.yml`."""
    return "quizzes" if question["_path"].endswith("_more.yml") else book.chapter_of(bank)


def _bank(text: str, bank: str, questions: list[Question]) -> Iterator[str]:
    """What is wrong with a bank beside its chapter."""
    if not 5 <= len(questions) <= 12:
        yield f"{len(questions)} questions (expected 5 to 12)"
    if f'quiz.show("{bank}")' not in text:
        yield f'the chapter does not show it (expected quiz.show("{bank}"))'
    part = re.search(r"^## Objectives\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    stated = set(map(int, re.findall(r"^(\d+)\. ", part[1], re.M))) if part else set()
    tested = {question["objective"] for question in questions}
    if stated != tested:
        yield f"objectives stated {sorted(stated)}, tested {sorted(tested)}"


def _unsourced(question: Question, book: Book, facts: Facts) -> Iterator[str]:
    """Sources that are not there, and paragraphs that their card does not have."""
    if not question["sources"]:
        yield "it names no source"
    for source in question["sources"]:
        name, _, paragraph = str(source).partition("#")
        card = book.root / f"seeds/{name}.md"
        if not facts.short(name):
            yield f"its source {source}: data/sources.csv has no such source"
        elif paragraph and f"{{#{paragraph}}}" not in card.read_text("utf8"):
            yield f"its source {source}: the card has no such paragraph"


def question_problems(
    question: Question, expected: Expected, facts: Facts
) -> Iterator[str | Problem]:
    """All that does not agree in one question."""
    key = expected.quiz.get(question["id"])
    entries = list(expected.prose.get(question["id"], {}).values())
    try:
        for variant, row in variants(question, facts):
            yield from KEYS.get(question["type"], _unkeyed)(variant, key, facts, row)
    except FactsError as error:  # of one key: what else the question says is asked all the same
        yield str(error)
    yield from _options_without_key(question, key, entries)
    yield from _untold(question, key, expected.unsettled.get(question["id"], {}))
    yield from _words(question, entries, facts)


def variants(question: Question, facts: Facts) -> Iterator[tuple[Question, Row]]:
    """The question for each row of its query, with the row; the question alone if it has none."""
    if "query" not in question:
        yield question, {}
        return
    answer = facts.ask(question["query"])
    if not answer.rows:
        raise FactsError("its query gives no row")
    for row in answer.rows:
        values = dict(zip(answer.columns, row))
        yield _filled(question, values), values


def _filled(part: Value, row: Row) -> Value:
    """A part of a template as one row makes it."""
    if isinstance(part, dict):
        return {key: held if key == "query" else _filled(held, row) for key, held in part.items()}
    if isinstance(part, list):
        return [_filled(held, row) for held in part]
    if not isinstance(part, str):
        return part
    alone = HOLE.fullmatch(part)
    return row[alone[1]] if alone else HOLE.sub(lambda hole: said(row[hole[1]]), part)


def said(value: Value) -> str:
    """A value as a variant says it."""
    return value if isinstance(value, str) else f"{value:,.10g}"


def _asked(entry: Entry, facts: Facts, row: Row) -> Value:
    """What a key's query gives; an error says where the query stands."""
    try:
        return facts.value(entry.queries[0], row)
    except FactsError as error:
        raise FactsError(f"its key cannot be checked: {error} ({entry.at})") from None


def _unkeyed(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str]:
    if key is not None:
        yield f"a question of the type {question['type']} has no key to check"


def _numeric(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str]:
    if not isinstance(key, Entry):
        yield "no expectation says what its number must be (part quiz)"
        return
    value, loose = _asked(key, facts, row), question.get("tolerance", 0) + 1e-9
    if not isinstance(value, (int, float)) or abs(value - question["answer"]) > loose:
        gives = f"{told(key.queries[0], facts)} gives {shown(value)} ({key.at})"
        yield f"key {question['answer']}, but {gives}"
        return
    for mistake in question.get("mistakes", []):
        if abs(mistake["answer"] - value) <= loose:
            yield f"{mistake['answer']} is listed as a mistake, but it is the answer"


def _choice(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str | Problem]:
    """Single and multiple: the options that a query speaks of are marked as it says.

    In a template each option has its query, so that no row makes two of them right.
    """
    if (
        row
        and question["type"] != "mark"
        and (not isinstance(key, dict) or len(key) != len(question["options"]))
    ):
        yield "no expectation says of each option whether it is right (part quiz)"
    for name, entry in key.items() if isinstance(key, dict) else ():
        text = str(_filled(name, row))
        options = [o for o in question["options"] if str(o["text"]).startswith(text)]
        exact = [o for o in options if str(o["text"]) == text]
        if len(exact or options) != 1:
            yield Problem(
                Place(entry.file, f"quiz {question['id']}", (entry.line,)),
                f"{len(options)} options begin with “{text}” (expected one)",
            )
            continue
        right, value = bool((exact or options)[0].get("correct")), _asked(entry, facts, row)
        if value not in (0, 1):
            yield f"option “{text}”: {entry.at} gives {shown(value)} (expected 1 or 0)"
        elif value != right:
            marked = "right" if right else "wrong"
            says = f"{told(entry.queries[0], facts)} says otherwise ({entry.at})"
            yield f"option “{text}” is marked {marked}, but {says}"


def _order(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str]:
    if isinstance(key, Entry):  # one query for each item of a template: `:item`
        key = [key] * len(question["items"])
    if not isinstance(key, list) or len(key) != len(question["items"]):
        yield "no expectation gives a value for each item, in order (part quiz)"
        return
    items = [str(item["text"]) for item in question["items"]]
    values = [_asked(entry, facts, row | {"item": item}) for entry, item in zip(key, items)]
    if None in values or any(a >= b for a, b in pairwise(values)):
        said = ", ".join(map(shown, values))
        yield f"the order does not follow: {said} does not rise ({key[0].at})"


def _match(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str]:
    pairs = {str(pair["left"]): str(pair["right"]) for pair in question["pairs"]}
    for name, entry in key.items() if isinstance(key, dict) else ():
        begin = str(_filled(name, row))
        lefts = [begin] if begin in pairs else [one for one in pairs if one.startswith(begin)]
        if len(lefts) != 1:
            yield f"{len(lefts)} pairs begin with “{begin}” on the left, expected one ({entry.at})"
            continue
        (left,), value = lefts, _asked(entry, facts, row)
        if value != pairs[left]:
            gives = f"{told(entry.queries[0], facts)} gives {shown(value)} ({entry.at})"
            yield f"pair “{left}” – “{pairs[left]}”: {gives}"


def _falsified(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str]:
    """What is falsified was true before: bars and values, by a query of (name, value)."""
    if not isinstance(key, Entry):
        yield "no expectation gives the name and value of each bar and number (part quiz)"
        return
    facts_of_page = facts.ask(question["facts"])
    stated = dict(zip(facts_of_page.columns, facts_of_page.rows[0]))
    stated |= dict(facts.ask(question["chart"]["rows"]).rows)
    yield from _same(stated, dict(facts.ask(key.queries[0]).rows), key)


def _criterion(question: Question, key: object, facts: Facts, row: Row) -> Iterator[str]:
    """What follows from each choice, by a query of (what is set, what is said)."""
    if not isinstance(key, Entry):
        yield "no expectation gives what follows from each choice (part quiz)"
        return
    rows = facts.ask(question["outcomes"]).rows
    stated = {f"{first}, {second}": said for first, second, said in rows}
    yield from _same(stated, dict(facts.ask(key.queries[0]).rows), key)


def _same(stated: Row, given: Row, key: Entry) -> Iterator[str]:
    for name in dict.fromkeys([*stated, *given]):
        if stated.get(name) != given.get(name):
            says = f"says {shown(stated.get(name))}, but {key.at} gives {shown(given.get(name))}"
            yield f"“{name}” {says}"


KEYS = {
    "falsified": _falsified,
    "criterion": _criterion,
    "mark": _choice,
    "numeric": _numeric,
    "single": _choice,
    "multiple": _choice,
    "order": _order,
    "match": _match,
}


def _options_without_key(question: Question, key: object, entries: list[Entry]) -> Iterator[str]:
    """Each number and date of what is chosen, ordered or matched stands in words that are tied.

    They may be tied as a key, by how it begins, or as words.
    """
    for part, text in choices(question):
        if unsaid(text):
            yield f"an {part} is still to be written"
        names = [name for name in key if text.startswith(name)] if isinstance(key, dict) else []
        names += [entry.name for entry in entries]
        tied = [span for name in names for span in spans(bare(name), bare(text))]
        if not all(within(token, tied) for token in tokens(bare(text))):
            yield f"{part} “{text}” holds a number or date but no expectation"


def choices(question: Question) -> Iterator[tuple[str, str]]:
    """(what it is, its words) of all that a reader chooses from."""
    for part, words in (("option", "text"), ("item", "text"), ("pair", "left")):
        for one in question.get(f"{part}s", []):
            yield part, str(one[words])


def _untold(question: Question, key: object, unsettled: Mapping[str, Entry]) -> Iterator[str]:
    """An option marked right without a query that says so, and without a reason why none can."""
    names = [*key, *unsettled] if isinstance(key, dict) else []
    for option in question.get("options", []) if names else []:
        text = str(option["text"])
        told = "key" in unsettled or any(text.startswith(name) for name in names)
        if option.get("correct") and not told:
            yield f"option “{text}” is marked right, but no expectation says so"


def texts_of(question: Question) -> list[str]:
    """What a question states as true: its prompt and its feedback."""
    parts = [question["prompt"], question.get("feedback", ""), question.get("sentence", "")]
    parts += [*question.get("passage", []), question.get("chart", {}).get("title")]
    parts += [
        part.get("feedback") for name in ("items", "pairs") for part in question.get(name, [])
    ]
    parts += [option["feedback"] for option in question.get("options", [])]
    parts += [mistake["feedback"] for mistake in question.get("mistakes", [])]
    return [part for part in parts if part]


def _words(question: Question, entries: list[Entry], facts: Facts) -> Iterator[str | Problem]:
    """Numbers in what a question states are prose like any other."""
    sources = [source.partition("#p") for source in question["sources"]]
    references = [(source, paragraph) for source, _, paragraph in sources if paragraph]
    options = [bare(str(option["text"])) for option in question.get("options", [])]
    texts = [line for part in texts_of(question) for line in part.split("\n")]
    for text in texts:
        mine = [entry for entry in entries if spans(entry.name, bare(text))]
        for problem in sentence_problems(text, references, mine, facts):
            yield f"“{short(text)}”: {problem}" if isinstance(problem, str) else problem
    for entry in entries:
        stated = any(spans(entry.name, bare(text)) for text in texts)
        if not stated and any(spans(entry.name, option) for option in options):
            yield from contradicted(entry, facts)
        elif not stated:
            yield from missing(entry, f"quiz {question['id']}").problems(facts)
