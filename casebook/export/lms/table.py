"""All questions as a table for a spreadsheet: a row for each question and variant."""

import csv
import io
from collections.abc import Iterable

from casebook.export.lms.items import Item, Pool
from casebook.quiz.bank import Match, Order

COLUMNS = ("id", "chapter", "objective", "type", "prompt", "options", "key", "feedback", "sources")


def write(pools: Iterable[Pool]) -> str:
    """The table as CSV; the values of one cell stand on lines of their own."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(row(item) for pool in pools for item in pool)
    return text.getvalue()


def row(item: Item) -> list[str]:
    """One question, by COLUMNS."""
    question = item.question
    prompt = "\n".join((question.prompt, *item.lines))
    options = [answer.text for answer in item.mixed] if item.shape != "numeric" else []
    reasons = (f"{each.text}: {each.feedback}" for each in item.answers if each.feedback)
    whole = [question.feedback] if isinstance(question, (Match, Order)) else []
    sources = "\n".join(label for label, _ in item.sources)
    lists = ("\n".join(part) for part in (options, key(item), [*whole, *reasons]))
    head = [item.id, item.chapter, str(question.objective), question.type, prompt]
    return [*head, *lists, sources]


def key(item: Item) -> list[str]:
    """The right answers as one writes them down; none for a question without a key."""
    right = [answer for answer in item.answers if answer.right]
    if item.shape == "match":
        return [f"{answer.text} → {answer.partner}" for answer in right]
    if item.shape == "order":
        return [f"{answer.partner}. {answer.text}" for answer in right]
    near = f" ± {right[0].tolerance:.10g}" if right and right[0].tolerance else ""
    return [answer.text + near for answer in right]
