"""Questions that give themselves away, or leave a wrong answer without a reason.

That options are mixed, an order is shown neither rightly nor reversed, and sources come out with
the answer, is the form's work; this is about words, which only their author can mend. Whether a
wrong option is one that a real student would choose, no machine can tell: somebody has to read it.
"""

import re
from collections import Counter
from collections.abc import Iterator

from casebook.checks.book import Book, Check, Place, source_of
from casebook.checks.words import DATES, number, shown, tokens, unsaid

Question = dict
# What a type asks of the reader, unless the question says another (`asks`).
BEYOND = ("numeric", "order", "judgement", "criterion", "mark", "falsified")
VERDICT = re.compile(r"((yes|no|right|wrong|correct)[,.:;!]|it tempts\b)", re.I)
ENOUGH = 4  # words: shorter answers stand in every chapter


def checks(book: Book) -> Iterator[Check]:
    """One check for each question that is written, one for each bank."""
    for bank, questions in book.banks.items():
        text, written = (
            plain(_chapter(book, bank)),
            [q for q in questions if not unsaid(q["prompt"])],
        )
        for question in written:
            place = Place(question["_path"], f"{bank}, quiz {question['id']}", (question["id"],))
            yield Check.known(place, question_problems(question, text))
        place = Place(f"chapters/quizzes/{bank}.yml", f"{bank}, quiz")
        yield Check.known(place, bank_problems(written))


def _chapter(book: Book, bank: str) -> str:
    notebook = book.notebooks.get(book.chapter_of(bank), {"cells": []})
    return "\n".join(source_of(c) for c in notebook["cells"] if c["cell_type"] == "markdown")


def plain(text: str) -> str:
    """Words only, in lower case, so that a mark or a link hides nothing."""
    text = re.sub(r"\]\([^)]*\)", " ", text)
    words = re.findall(r"[\w.]*\w", text.lower())
    return f" {' '.join(words)} "


def bank_problems(questions: list[Question]) -> Iterator[str]:
    """What is wrong with a bank as a whole."""
    for end in ("longest", "shortest"):
        asked = [ends[end] for question in questions if end in (ends := right_ends(question))]
        if sum(asked) > max(1, len(asked) / 3):
            yield f"the {end} option is right in {sum(asked)} of {len(asked)} (expected a third)"
    more = [q for q in questions if q.get("asks", q["type"] in BEYOND) not in ("recall", False)]
    if 2 * len(more) < len(questions):
        yield f"{len(more)} of {len(questions)} ask more than recall (expected half; see `asks`)"


def right_ends(question: Question) -> dict[str, bool]:
    """Whether the longest option is right, and the shortest, where there is one."""
    if question["type"] != "single" or "query" in question:
        return {}
    options = sorted(
        (len(str(one["text"])), bool(one.get("correct"))) for one in question["options"]
    )
    ends = {"longest": options[:-3:-1], "shortest": options[:2]}
    return {end: first[1] for end, (first, second) in ends.items() if first[0] != second[0]}


def question_problems(question: Question, chapter: str) -> Iterator[str]:
    """What gives one question away, and which wrong answers are told no reason."""
    for answer in _answers(question):
        if plain(answer) in chapter:
            yield f"the chapter prints the answer: “{answer}”"
    if tells := TOLD.get(question["type"]):
        yield from tells(question)
    for feedback in _reasons(question):
        if VERDICT.match(feedback):
            yield f"feedback begins with a verdict: “{feedback[:40]}”"
    told = Counter(str(option["feedback"]) for option in question.get("options", ()))
    for feedback, count in told.items():
        if count > 1:
            yield f"{count} options share the feedback “{feedback[:40]}”"
    if question["type"] in ("order", "match"):
        for part in question.get("items", question.get("pairs", ())):
            if not part.get("feedback"):
                yield f"no feedback for who misplaces “{part.get('text', part.get('left'))}”"
    if question["type"] == "numeric" and not question.get("mistakes"):
        yield "no mistake with its feedback"


def _answers(question: Question) -> Iterator[str]:
    """The right answers that are long enough to give themselves away."""
    texts = [str(o["text"]) for o in question.get("options", ()) if o.get("correct") is True]
    if question["type"] in ("single", "multiple"):
        yield from (text for text in texts if len(text.split()) >= ENOUGH)
    if question["type"] == "numeric" and "query" not in question:
        yield f"{shown(question['answer'])} {question['unit']}"


def _single(question: Question) -> Iterator[str]:
    if "query" in question:
        return
    words = {
        side: _longer(
            " ".join(str(o["text"]) for o in question["options"] if bool(o.get("correct")) is side)
        )
        for side in (True, False)
    }
    for word in sorted(_longer(question["prompt"]) & words[True] - words[False]):
        yield f"only the right option repeats “{word}” of the question"


def _match(question: Question) -> Iterator[str]:
    for pair in question["pairs"]:
        others = {one["right"] for one in question["pairs"]} - {pair["right"]}
        for word in sorted(
            _longer(pair["left"]) & _longer(pair["right"]) - _longer(" ".join(others))
        ):
            yield f"“{pair['left']}” shares “{word}” with its own partner only"


def _order(question: Question) -> Iterator[str]:
    for item in question["items"]:
        if any(token.lastgroup in DATES for token in tokens(item["text"])):
            yield f"“{item['text']}” prints the date by which it is put in order"


def _numeric(question: Question) -> Iterator[str]:
    said = [number(t[0]) for t in tokens(question["prompt"]) if t.lastgroup == "number"]
    if question["answer"] in said:
        yield f"the question prints its own answer, {shown(question['answer'])}"


# What the words of a question itself tell of its answer, type by type.
TOLD = {"single": _single, "match": _match, "order": _order, "numeric": _numeric}


def _longer(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{6,}", text.lower()))


def _reasons(question: Question) -> Iterator[str]:
    yield str(question.get("feedback", ""))
    for name in ("options", "mistakes", "items", "pairs"):
        yield from (str(part.get("feedback", "")) for part in question.get(name, ()))
