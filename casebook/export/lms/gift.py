"""GIFT: all questions in one text, which Moodle and others read and a person can too.

Signs are escaped as Moodle's `question/format/gift` reads them. It has neither orders nor reasons
for a pair: an order is a match of items and places, and reasons stand in the general feedback.
"""

import re
from collections.abc import Iterable, Iterator

from markupsafe import escape

from casebook.export.lms.items import Answer, Item, Pool
from casebook.export.lms.markup import part
from casebook.quiz.bank import Match, Order


def write(categories: Iterable[tuple[str, Pool]]) -> str:
    """The file: pairs of a category's path and its items."""
    parts = []
    for path, items in categories:
        parts += [f"$CATEGORY: {path}", *map(_question, items)]
    return "\n\n".join(parts) + "\n"


def _question(item: Item) -> str:
    answers = "".join(f"\n{line}" for line in _answers(item))
    mark = "#" if item.shape == "numeric" else ""
    general = part("reasons", item)
    if isinstance(item.question, (Match, Order)):
        general = f"<p>{escape(item.question.feedback)}</p>{general}"
    text = _escaped(part("question", item))
    return f"::{item.id}::[html]{text}{{{mark}{answers}\n####{_escaped(general)}\n}}"


def _answers(item: Item) -> Iterator[str]:
    for answer in item.answers:
        match item.shape:
            case "single":
                yield ("=" if answer.right else "~") + _told(answer)
            case "multiple":
                yield f"~%{item.fraction(answer)}%{_told(answer)}"
            case "numeric":
                weight = "" if answer.right else "%0%"
                number = f"{answer.text}:{answer.tolerance:.10g}"
                yield f"={weight}{number}#{_text(answer.feedback)}"
            case "match" | "order":
                yield f"={_text(answer.text)} -> {_escaped(answer.partner)}"


def _told(answer: Answer) -> str:
    return f"{_text(answer.text)}#{_text(answer.feedback)}"


def _text(text: str) -> str:
    """A plain text as HTML in which no sign that begins a part can begin one."""
    return _escaped(str(escape(text)).replace("%", "&#37;").replace("[", "&#91;"))


def _escaped(text: str) -> str:
    """One line, with a backslash before each sign that the format uses."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", " ".join(text.split()))
