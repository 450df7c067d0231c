"""Numbers and dates in words, and whether they say what a query gives."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from casebook.checks.expected import Entry
from casebook.checks.facts import UNSAID, Facts, FactsError, Value, iso
from casebook.checks.units import MONEY, measured, said_of, units_of, words_of

MONTHS = list(calendar.month_name)[1:]
MONTH = "|".join(MONTHS)
WEEKDAY = "|".join(calendar.day_name)
SEASONS = {"winter": 0, "spring": 1, "summer": 2, "autumn": 3}
SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
TOKEN = re.compile(
    rf"(?P<day>\b\d{{1,2}} (?:{MONTH})(?: \d{{4}})?)"
    rf"|(?P<month>\b(?:{MONTH}) \d{{4}})"
    rf"|(?P<name>(?:(?<=resolution )|A/RES/)(?:ES-)?\d+/\d+|CC BY \d\.\d)"
    rf"|(?P<ordinal>(?<![\w.,])\d+(?:st|nd|rd|th)\b)"
    rf"|(?P<decade>\b(?:1[89]|20)\d0s\b)"
    r"|(?P<year>(?:(?<![\w.,/-])|(?<=FY)|(?<=\d{4}[-–]))(?:1[89]|20)\d\d(?![\w,.]*\d)"
    rf"(?!\s?(?:percent|%|{'|'.join(SCALE)})))"
    rf"|(?P<number>(?<![\w.,/])\d+(?:,\d{{3}})*(?:\.\d+)?(?!\w)(?: (?:{'|'.join(SCALE)})\b)?)"
)
DATES = ("day", "month", "year", "decade")
FREE = ("name", "ordinal")  # digits that are no data: resolution 68/262, 28th
# Digits within a name (G7, MH17) or a place that a query fills ({year}).
NAMED = re.compile(r"\{\w+\}|\b(?!EUR|USD|JPY)[A-Za-z]+-?\d+\b")
DIGITS = re.compile(r"[\d²³¹¼-¾⁰-₟⅐-↋①-⓿]+")


def unsaid(text: str) -> bool:
    """Whether a text is still to be written."""
    return text.strip(" -*#>.0123456789") == UNSAID


@cache
def tokens(text: str) -> tuple[re.Match, ...]:
    """The numbers and dates of a text that are data."""
    if not DIGITS.search(text):
        return ()
    return tuple(token for token in TOKEN.finditer(text) if token.lastgroup not in FREE)


@cache
def unread(text: str) -> list[str]:
    """Digits that are part of no number: a decimal comma, another sign between thousands, ½."""
    digits = list(DIGITS.finditer(text))
    forms = (TOKEN, NAMED) if digits else ()
    known = [found.span() for form in forms for found in form.finditer(text)]
    return [found[0] for found in digits if not within(found, known)]


def spans(words: str, text: str) -> list[tuple[int, int]]:
    """Where `words` stand in `text`, as words: no letter or digit goes on at either end."""
    found, at = [], text.find(words)
    while at >= 0:
        end = at + len(words)
        before, after = text[at - 1 : at] if at else "", text[end : end + 1]
        if not (before.isalnum() or before in tuple("_.,") or after.isalnum() or after == "_"):
            found.append((at, end))
        at = text.find(words, at + 1)
    return found


def within(token: re.Match, covered: list[tuple[int, int]]) -> bool:
    return any(first <= token.start() and token.end() <= last for first, last in covered)


def number(text: str) -> float:
    """1,200 or 3.5 million as a number."""
    figure, _, scale = text.replace(",", "").partition(" ")
    return float(figure) * SCALE.get(scale, 1)


def same_date(said: str, given: str) -> bool:
    """A day equals that day, a month or year a date in it; an interval counts by both ends."""
    if said.startswith("-"):
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", given) is not None and given.endswith(said)
    ends = given.split("/")
    return given == said or (len(said) < 10 and all(end.startswith(said) for end in ends))


def says(token: re.Match, value: Value) -> bool:
    """Whether a number or date, at the precision in which it is printed, is `value`."""
    if value is None:
        return False
    if isinstance(value, str) or token.lastgroup in ("day", "month", "decade"):
        return token.lastgroup in DATES and same_date(iso(token[0]) or "", str(value))
    digits = len(token[0].split()[0].partition(".")[2])
    scale = SCALE.get(token[0].partition(" ")[2], 1)
    loose = 0.5 * scale * 10**-digits if digits or scale > 1 else 0
    return abs(number(token[0]) - value) <= loose + 1e-9


def contradicted(entry: Entry, facts: Facts, parameters: dict[str, str] | None = None) -> list[str]:
    """What an entry's queries give against its words, one sentence each."""
    found = (_against(entry, query, facts, parameters) for query in entry.queries)
    return [problem for problem in found if problem]


def _against(
    entry: Entry, query: str, facts: Facts, parameters: dict[str, str] | None
) -> str | None:
    try:
        rows = facts.ask(query, parameters).rows
    except FactsError as error:
        return f"“{entry.name}” cannot be checked: {error} ({entry.at})"
    if not facts.reads.get(query):
        return (
            f"“{entry.name}”: its query reads no table, so nothing could contradict it ({entry.at})"
        )
    said = tokens(entry.name)
    given = len(rows[0]) if len(rows) == 1 else 0
    if given not in (len(said), len(said) + 1) or not given:
        found = f"{len(rows)} rows of {len(rows[0]) if rows else 0} columns"
        return f"“{entry.name}”: {found}, expected 1 of {max(1, len(said))} ({entry.at})"
    if given > len(said) and not _holds(entry.name, rows[0][-1], said):
        return f"says “{entry.name}”, but {told(query, facts)} says otherwise ({entry.at})"
    wrong = [
        f"says {token[0]}, but {told(query, facts)} gives {shown(value)} ({entry.at})"
        for token, value in zip(said, rows[0])
        if not says(token, value)
    ]
    return "; ".join(wrong) or None


def _holds(words: str, value: Value, said: tuple[re.Match, ...]) -> bool:
    """Whether a claim is true; a day has the month or the weekday that the words give it."""
    if said or not isinstance(value, str):
        return bool(value == 1)
    names = re.findall(rf"\b(?:{MONTH}|{WEEKDAY}|{'|'.join(SEASONS)})(?=s?\b)", words)
    return bool(names) and set(names) <= set(names_of(value))


def names_of(day: str) -> list[str]:
    """The names that a day goes by: month, season, and its weekday where it is a full date."""
    if not re.match(r"\d{4}-\d\d", day):
        return []
    full = re.match(r"\d{4}-\d\d-\d\d$", day)
    weekday = [f"{date.fromisoformat(day):%A}"] if full else []
    month = MONTHS[int(day[5:7]) - 1]
    return [month, next(s for s in SEASONS if SEASONS[s] == season_of(month)), *weekday]


def season_of(month: str) -> int:
    """The season of a month, as `SEASONS` numbers them: winter begins in December."""
    return (MONTHS.index(month) + 1) % 12 // 3


def shown(value: Value) -> str:
    """A value as a message quotes it."""
    if value is None:
        return "nothing"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def miscounted(entry: Entry, sentence: str, facts: Facts) -> list[str]:
    """Numbers in an entry's words that a sentence gives a unit which its queries do not read."""
    found: list[str] = []
    inside = [token for token in tokens(sentence) if within(token, spans(entry.name, sentence))]
    for query in entry.queries if any(said_of(token, sentence) for token in inside) else ():
        known = units_of(query, facts)
        words = set().union(*map(words_of, known), {"percent"} if len(known) > 1 else ())  # a share
        for token in inside:
            if said_of(token, sentence) & MONEY and (not known or words >= MONEY):
                found += _untold(token, entry, sentence)
            elif known and said_of(token, sentence) - words:
                units = f"the data are in {', '.join(sorted(known))} ({entry.at})"
                found.append(f"says {token[0]} {' '.join(said_of(token, sentence))}, but {units}")
    return found


def _untold(token: re.Match, entry: Entry, sentence: str) -> Iterator[str]:
    """A currency that the query cannot tell, since it may be any: the words tied must hold it."""
    first, last = measured(token, sentence)
    if not any(start <= first and last <= end for start, end in spans(entry.name, sentence)):
        yield f"its words leave out the currency of {sentence[first:last]} ({entry.at})"


def told(query: str, facts: Facts) -> str:
    """Who tells: the rows that a query names by their key, else the tables that it reads."""
    tables = sorted({table for table, _ in facts.reads.get(query, ()) if table in facts.keys})
    named = []
    for text in dict.fromkeys(re.findall(r"'([\w-]+)'", query)):
        for table in tables:
            key = facts.keys[table][0]
            if facts.ask(f'select 1 from "{table}" where "{key}" = \'{text}\'').rows:
                named.append(f"{table} {text}")
    return ", ".join(named if 0 < len(named) < 4 else tables) or "the query"
