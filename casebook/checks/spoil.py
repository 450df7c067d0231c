"""Falsifications: another value in place of a true one, near enough to be believed.

The tests spoil the evidence with them, and the quizzes a page that the reader has to see through.
"""

import re
from datetime import date, timedelta

from casebook.checks.facts import MONTHS, Value, iso

DATE = re.compile(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?")


def later(text: str, days: int = 400) -> str:
    """The same date, as ISO text or in words, as precise as it was and some days later.

    By default day, month and year all differ.

    >>> later("2022-02"), later("3 October 2022")
    ('2023-03', '7 November 2023')
    """
    if not DATE.fullmatch(text):
        year, month, day = (int(part) for part in str(iso(text)).split("-"))
        moved = date(year, month, day) + timedelta(days)
        return f"{moved.day} {MONTHS[moved.month]} {moved.year}"
    ends = []
    for end in text.split("/"):
        parts = [int(part) for part in end.split("-")]
        moved = date(*[*parts, 1, 1][:3]) + timedelta(days)
        ends.append(moved.isoformat()[: len(end)])
    return "/".join(ends)


def moved(value: Value, number: int) -> Value:
    """Another value: a number by a factor of its own, no more exact than it was; a date by a year.

    Raises ValueError for a text that is no date.
    """
    if isinstance(value, str):
        return later(value)
    if isinstance(value, int):
        return int(value * (1.3 + 0.1 * (number % 7)) + 1)
    digits = len(f"{value:.10g}".partition(".")[2])
    more = round(value * (1.3 + 0.1 * (number % 7)), digits)
    return more if more != value else value + 10**-digits
