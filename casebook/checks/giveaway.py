"""Questions that give themselves away, or leave a wrong answer without a reason.

Read with `casebook check --questions`. That options are mixed and an order is shown neither rightly
nor reversed is the form's work; this is about words, which only their author can mend.
"""

import re
from collections import Counter
from collections.abc import Iterator

from casebook.checks.book import Book, Check, Place, source_of
from casebook.checks.words import shown

Question = dict
# What a type asks of the reader, unless the question says another (`asks`).
BEYOND = ("numeric", "order", "judgement", "criterion", "mark", "falsified")
VERDICT = re.compile(r"((yes|no|right|wrong|correct)[,.:;!]|it tempts\b)", re.I)
ENOUGH = 4  # words: shorter answers stand in every chapter


def checks(book: Book) -> Iterator[Check]:
    """One check for each question, one for each bank."""
    for bank, questions in book.banks.items():
        text = plain(_chapter(book, bank))
        for question in questions:
            place = Place(question["_path"], f"{bank}, quiz {question['id']}", (question["id"],))
            yield Check.known(place, question_problems(question, text))
        place = Place(f"chapters/quizzes/{bank}.yml", f"{bank}, quiz")
        yield Check.known(place, bank_problems(questions))


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
    longest = [
        right for question in questions if (right := _longest_is_right(question)) is not None
    ]
    if sum(longest) > max(1, len(longest) / 3):
        yield f"the longest option is right in {sum(longest)} of {len(longest)} (expected a third)"
    more = [q for q in questions if q.get("asks", q["type"] in BEYOND) not in ("recall", False)]
    if 2 * len(more) < len(questions):
        yield f"{len(more)} of {len(questions)} ask more than recall (expected half; see `asks`)"


def _longest_is_right(question: Question) -> bool | None:
    """None where no option is longer than the others."""
    if question["type"] != "single" or "query" in question:
        return None
    options = sorted(question["options"], key=lambda option: len(str(option["text"])))
    if len(str(options[-1]["text"])) == len(str(options[-2]["text"])):
        return None
    return bool(options[-1].get("correct"))


def question_problems(question: Question, chapter: str) -> Iterator[str]:
    """What gives one question away, and which wrong answers are told no reason."""
    for answer in _answers(question):
        if plain(answer) in chapter:
            yield f"the chapter prints the answer: “{answer}”"
    if question["type"] == "single" and "query" not in question:
        for word in sorted(_shared(question)):
            yield f"only the right option repeats “{word}” of the question"
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


def _shared(question: Question) -> set[str]:
    """Longer words that the question and its right option have, and no other option."""
    right = " ".join(str(o["text"]) for o in question["options"] if o.get("correct"))
    wrong = " ".join(str(o["text"]) for o in question["options"] if not o.get("correct"))
    words = [
        set(re.findall(r"[a-z]{6,}", text.lower())) for text in (question["prompt"], right, wrong)
    ]
    return words[0] & words[1] - words[2]


def _reasons(question: Question) -> Iterator[str]:
    yield str(question.get("feedback", ""))
    for name in ("options", "mistakes", "items", "pairs"):
        yield from (str(part.get("feedback", "")) for part in question.get(name, ()))
