"""Quizzes against the evidence: every key follows from the facts, every number has its row."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from casebook.checks.book import Book, Check, Place, Problem, short, source_of
from casebook.checks.expected import Entry, Expected
from casebook.checks.facts import Facts, FactsError, Value
from casebook.checks.prose import bare, missing, sentence_problems
from casebook.checks.words import contradicted, shown, spans, tokens, told, unsaid

Question = dict


def checks(book: Book) -> Iterator[Check]:
    """One check for each question, one for each bank as a whole."""
    chapters = {name[:4] for name in book.notebooks if re.match(r"ch\d\d_", name)}
    for bank in sorted(chapters ^ book.banks.keys()):
        place = Place(f"chapters/quizzes/{bank}.yml", bank)
        yield Check.known(place, ["a chapter without quiz, or a quiz without chapter"])
    for bank, questions in book.banks.items():
        chapter = book.chapter_of(bank)
        expected, path = book.expects(chapter), f"chapters/quizzes/{bank}.yml"
        for question in questions:
            id = question["id"]
            book.used |= {(chapter, part, id) for part in ("prose", "quiz", "unsettled")}
            place = Place(path, f"{bank}, quiz {id}", (f"id: {id}",))
            yield Check(place, partial(question_problems, question, expected))
        if chapter in book.notebooks:
            place = Place(f"chapters/{chapter}.ipynb", f"{bank}, quiz")
            text = "\n".join(source_of(cell) for cell in book.notebooks[chapter]["cells"])
            yield Check.known(place, _bank(text, bank, questions))


def _bank(text: str, bank: str, questions: list[Question]) -> Iterator[str]:
    """What is wrong with a bank beside its chapter."""
    if not 5 <= len(questions) <= 8:
        yield f"{len(questions)} questions (expected 5 to 8)"
    if f'quiz.show("{bank}")' not in text:
        yield f'the chapter does not show it (expected quiz.show("{bank}"))'
    part = re.search(r"^## Objectives\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    stated = set(map(int, re.findall(r"^(\d+)\. ", part[1], re.M))) if part else set()
    tested = {question["objective"] for question in questions}
    if stated != tested:
        yield f"objectives stated {sorted(stated)}, tested {sorted(tested)}"


def question_problems(
    question: Question, expected: Expected, facts: Facts
) -> Iterator[str | Problem]:
    """All that does not agree in one question."""
    key = expected.quiz.get(question["id"])
    if not question["sources"]:
        yield "it names no source"
    entries = list(expected.prose.get(question["id"], {}).values())
    try:
        yield from KEYS.get(question["type"], _unkeyed)(question, key, facts)
    except FactsError as error:  # of one key: what else the question says is asked all the same
        yield str(error)
    yield from _options_without_key(question, key, entries)
    yield from _words(question, entries, facts)


def _asked(entry: Entry, facts: Facts) -> Value:
    """What a key's query gives; an error says where the query stands."""
    try:
        return facts.value(entry.queries[0])
    except FactsError as error:
        raise FactsError(f"its key cannot be checked: {error} ({entry.at})") from None


def _unkeyed(question: Question, key: object, facts: Facts) -> Iterator[str]:
    if key is not None:
        yield f"a question of the type {question['type']} has no key to check"


def _numeric(question: Question, key: object, facts: Facts) -> Iterator[str]:
    if not isinstance(key, Entry):
        yield "no expectation says what its number must be (part quiz)"
        return
    value, loose = _asked(key, facts), question.get("tolerance", 0) + 1e-9
    if not isinstance(value, (int, float)) or abs(value - question["answer"]) > loose:
        gives = f"{told(key.queries[0], facts)} gives {shown(value)} ({key.at})"
        yield f"key {question['answer']}, but {gives}"
        return
    for mistake in question.get("mistakes", []):
        if abs(mistake["answer"] - value) <= loose:
            yield f"{mistake['answer']} is listed as a mistake, but it is the answer"


def _choice(question: Question, key: object, facts: Facts) -> Iterator[str | Problem]:
    """Single and multiple: the options that a query speaks of are marked as it says."""
    for text, entry in key.items() if isinstance(key, dict) else ():
        options = [o for o in question["options"] if str(o["text"]).startswith(text)]
        exact = [o for o in options if str(o["text"]) == text]
        if len(exact or options) != 1:
            yield Problem(
                Place(entry.file, f"quiz {question['id']}", (entry.line,)),
                f"{len(options)} options begin with “{text}” (expected one)",
            )
            continue
        right, value = bool((exact or options)[0].get("correct")), _asked(entry, facts)
        if value not in (0, 1):
            yield f"option “{text}”: {entry.at} gives {shown(value)} (expected 1 or 0)"
        elif value != right:
            marked = "right" if right else "wrong"
            says = f"{told(entry.queries[0], facts)} says otherwise ({entry.at})"
            yield f"option “{text}” is marked {marked}, but {says}"


def _order(question: Question, key: object, facts: Facts) -> Iterator[str]:
    if not isinstance(key, list) or len(key) != len(question["items"]):
        yield "no expectation gives a value for each item, in order (part quiz)"
        return
    values = [_asked(entry, facts) for entry in key]
    if None in values or any(a >= b for a, b in pairwise(values)):
        said = ", ".join(map(shown, values))
        yield f"the order does not follow: {said} does not rise ({key[0].at})"


def _match(question: Question, key: object, facts: Facts) -> Iterator[str]:
    pairs = {str(pair["left"]): str(pair["right"]) for pair in question["pairs"]}
    for left, entry in key.items() if isinstance(key, dict) else ():
        if left not in pairs:
            yield f"no pair has “{left}” on the left ({entry.at})"
            continue
        value = _asked(entry, facts)
        if value != pairs[left]:
            gives = f"{told(entry.queries[0], facts)} gives {shown(value)} ({entry.at})"
            yield f"pair “{left}” – “{pairs[left]}”: {gives}"


KEYS = {
    "numeric": _numeric,
    "single": _choice,
    "multiple": _choice,
    "order": _order,
    "match": _match,
}


def _options_without_key(question: Question, key: object, entries: list[Entry]) -> Iterator[str]:
    """An option that holds a number or date is tied to a query, as a key or as words."""
    for option in question.get("options", []):
        text = str(option["text"])
        if unsaid(text):
            yield "an option is still to be written"
        if question["type"] == "judgement":
            continue
        keyed = isinstance(key, dict) and any(text.startswith(name) for name in key)
        tied = keyed or any(spans(entry.name, bare(text)) for entry in entries)
        if tokens(text) and not tied:
            yield f"option “{text}” holds a number or date but no expectation"


def texts_of(question: Question) -> list[str]:
    """What a question states as true: its prompt and its feedback."""
    parts = [question["prompt"], question.get("feedback", "")]
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
