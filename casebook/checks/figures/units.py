"""The unit that an axis or a table's head names is that of the columns behind it."""

import re
from collections.abc import Iterator

from casebook.checks.expected import Entry
from casebook.checks.figures.shown import Shown
from casebook.checks.figures.spoken import axis_units
from casebook.checks.units import units_of, words_of

SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
KINDS = {"percent", "dollars", "euros", "yen", "persons", "bodies", "scrambles", "states", "days"}


def unit_problems(shown: Shown, entry: Entry | None) -> Iterator[str]:
    """An axis label that shares no word with the units of its data; a head that names others."""
    units = units_of(shown.entry.queries[0], shown.facts)
    known = set().union(*map(words_of, units))
    label = "; ".join(dict.fromkeys(axis_units(shown))) if shown.output.is_chart else ""
    if entry is not None:
        if label != entry.queries[0]:
            yield f"its axis is labelled {label!r}, expected {entry.queries[0]!r} ({entry.at})"
    elif label and known and not known & words_of(label):
        yield f"its axis is labelled {label!r}, but its columns are in {', '.join(sorted(units))}"
    elif label:
        yield from _measure(label, units, shown)
    for column in shown.columns[1:] if known and not shown.output.is_chart else ():
        strange = (words_of(column) & KINDS) - known
        if strange:
            kinds = ", ".join(sorted(units))
            named = ", ".join(sorted(strange))
            yield f"its column {column!r} names {named}, but the data are in {kinds}"


def _measure(label: str, units: set[str], shown: Shown) -> Iterator[str]:
    """A label whose millions, or whose months, are not those of its data."""
    query = shown.entry.queries[0]
    divided = {float(n) for n in re.findall(r"/ *(1e\d|10+)\b", query)} or {1.0}
    wanted = {_scale(unit) * by for unit in units for by in divided}
    if (
        wanted
        and _scale(label) not in wanted
        and (words_of(label) & SCALES.keys() or min(wanted) > 1)
    ):
        yield f"its axis is labelled {label!r}, but its columns are in {', '.join(sorted(units))}"
    told = " ".join([query, *units, *shown.columns]).lower()
    for period in re.findall(r"\bper (?:\w+ )?(year|month|week|day)\b", label):
        if period not in told:
            yield f"its axis is labelled {label!r}, but its data know no {period}"


def _scale(unit: str) -> float:
    return next((SCALES[word] for word in words_of(unit) if word in SCALES), 1)
