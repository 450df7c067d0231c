"""Words written by hand: each number in a caption or picture is of its rows, or expected."""

import calendar
import re
from collections.abc import Iterable, Iterator

from casebook.checks.expected import Entry
from casebook.checks.facts import iso
from casebook.checks.figures.drawing import label_number
from casebook.checks.figures.shown import Output, Shown
from casebook.checks.spoil import DATE
from casebook.checks.units import units_of
from casebook.checks.words import contradicted, number, same_date, spans, tokens, unsaid, within

MONTHS = list(calendar.month_abbr)
FULL = list(calendar.month_name)
ABBREVIATED = re.compile(rf"(?<=\d )({'|'.join(MONTHS[1:])})\b\.?")


def texts(output: Output) -> list[tuple[str, str]]:
    """(what it is, text) of the caption, the title and each text in the picture."""
    record = output.record
    found = [("caption", record["caption"])]
    if record["title"] != record["caption"]:
        found.append(("title", record["title"]))
    if output.is_chart:
        found += [("text in the chart", text) for text in output.svg.words]
    return [(name, long(text)) for name, text in found]


def caption_problems(shown: Shown, entries: Iterable[Entry]) -> Iterator[str]:
    """Numbers that are in no row, entries that are contradicted, ranks that are wrong."""
    dates, numbers = _known(shown)
    for place, text in texts(shown.output):
        if unsaid(text):
            yield f"{place}: still to be written"
        mine = [entry for entry in entries if spans(long(entry.name), text)]
        covered = [span for entry in mine for span in spans(long(entry.name), text)]
        covered += [
            span for option in shown.output.choice.values() for span in spans(long(option), text)
        ]
        for entry in mine:
            for problem in contradicted(entry, shown.facts, shown.output.parameters):
                yield f"{place} “{text}”: {problem}"
        for token in tokens(text):
            if not within(token, covered) and not _in_data(token, dates, numbers):
                yield f"{place} “{text}”: {token[0]} is not in its data"
        for problem in _ranks(shown, text):
            yield f"{place} “{text}”: {problem}"


def _known(shown: Shown) -> tuple[set[str], set[float | None]]:
    """The dates and numbers of the rows, also those inside text cells."""
    values = [value for row in shown.wanted.values() for value in row.values()]
    cells = [*shown.wanted, *(str(value) for value in values if value is not None)]
    cells += units_of(shown.entry.queries[0], shown.facts)  # dollars of 2023
    dates = {cell for cell in cells if DATE.fullmatch(cell)}
    numbers = {label_number(cell) for cell in cells}
    for token in (t for cell in cells if cell not in dates for t in tokens(long(cell))):
        if token.lastgroup in ("number", "year"):
            numbers.add(number(token[0]))
        elif token.lastgroup in ("day", "month"):
            dates.add(iso(token[0]) or "")
    return dates, numbers


def _in_data(token: re.Match, dates: set[str], numbers: set[float | None]) -> bool:
    if token.lastgroup in ("number", "year"):
        value = number(token[0])
        if any(known is not None and abs(value - known) < 1e-9 for known in numbers):
            return True
    said = iso(token[0]) or ""
    return token.lastgroup in ("day", "month", "year") and any(
        said == given or same_date(said, given) for given in dates
    )


def _ranks(shown: Shown, text: str) -> Iterator[str]:
    """“Japan stands 4th” is counted from the highest value of the rows."""
    for key, said in re.findall(r"([A-Z][\w ]*?) stands (\d+)(?:st|nd|rd|th)\b", text):
        column = shown.values[0]
        values = {k: row[column] for k, row in shown.wanted.items() if row.get(column) is not None}
        higher = sum(value > values[key] for value in values.values()) if key in values else None
        if higher is None or higher + 1 != int(said):
            stands = "nowhere" if higher is None else higher + 1
            yield f"{key} stands {stands} in its data, counted from the highest"


def long(text: str) -> str:
    """Text as prose writes it: months in full, plain hyphens and spaces."""
    text = ABBREVIATED.sub(lambda m: FULL[MONTHS.index(m[1])], text)
    return re.sub("[–\u2212]", "-", text).replace("\u00a0", " ")
