"""Pages elsewhere: does `data/pages.csv` have a row for each that the book cites, and no other.

And does no date in it contradict the one that its address carries.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from casebook.checks.book import Book, Check, Place, Problem, cell_leads, source_of
from casebook.checks.facts import Facts

TABLE = "pages"
ADDRESS = re.compile(r"https?://[^\s;,()]+(?:\([^\s;,()]*\)[^\s;,()]*)*")  # in a cell of a table
LINKED = re.compile(r"\]\((https?://(?:[^\s()]|\([^\s()]*\))+)\)")  # in Markdown
OURS = re.compile(r"^\s*(?:base)?url: (https?://\S+)", re.M)  # the book's own, in _config.yml
# Days and months as addresses write them: 2022-03-10, 20220310 (a time or count may follow),
# 2022/3/10, 202203; not the day on which an archive took its copy (20041016062723/http…).
DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"(?:\d{5,11})?(?!\d)(?!/http)"
)
SHORT_DAY = re.compile(r"/((?:19|20)\d\d)/(1[0-2]|[1-9])/([12]\d|3[01]|[1-9])[/_]")
MONTH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])/")
# 1995/0213; of Reuters, idINL3N0N10Y920140409; 140319/exd1403190942, where a time of day follows,
# so that the year is first.
OTHER_DAYS = (
    re.compile(r"/((?:19|20)\d\d)/(\d\d)(\d\d)/"),
    re.compile(r"-id[A-Z][A-Z\d]*?(20\d\d)(\d\d)(\d\d)$"),
    re.compile(r"/(\d\d)(\d\d)(\d\d)/[a-z]+\1\2\3(?:[01]\d|2[0-3])[0-5]\d"),
)
# Three numbers whose order is to be found: news-02-28-22, h092719, s060504d; 25022022162000, where
# a time follows; and the years of folders, of which one of the three must then be.
NUMBERS = re.compile(
    r"-(\d\d)-(\d\d)-(\d\d)(?![\d-])|/[a-z]+(\d\d)(\d\d)(\d\d)[a-z]?(?:_\d)?[./]"
    r"|(?<!\d)(\d\d)(\d\d)((?:19|20)\d\d)(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d)"
)
FOLDER = re.compile(r"/((?:19|20)\d\d)/")
FIRST_YEAR = 1991  # of pages: 99 is 1999, 06 is 2006


def checks(book: Book) -> Iterator[Check]:
    """One check for each address cited without a row, one for the table; only of a whole book."""
    if not book.chapter:
        cited = dict(_cited_in_prose(book))
        yield Check(Place(f"data/{TABLE}.csv", TABLE), partial(_table, cited, _ours(book)))


def dates_in(address: str) -> list[str]:
    """The days that an address carries, or its months where it carries no day, as ISO text.

    >>> dates_in("https://example.org/news/2022/3/9/a"), dates_in("https://example.org/2022/03/a")
    (['2022-03-09'], ['2022-03'])
    """
    days = [f"{day[1]}-{day[3]}-{day[4]}" for day in DAY.finditer(address)]
    days += [f"{y}-{int(m):02}-{int(d):02}" for y, m, d in SHORT_DAY.findall(address)]
    for form in OTHER_DAYS:
        days += [day for found in form.findall(address) if (day := _day(*found))]
    days += [day for found in NUMBERS.finditer(address) if (day := _only(found, address))]
    return days or [f"{year}-{month}" for year, month in MONTH.findall(address)]


def _day(year: str, month: str, day: str) -> str:
    """A day as ISO text, whose year may have two figures; or "" if there is no such day."""
    full = int(year) if len(year) == 4 else 1900 + int(year)
    full += 100 * (full < FIRST_YEAR and len(year) == 2)
    try:
        return date(full, int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _only(numbers: re.Match[str], address: str) -> str:
    """The day that three numbers of an address mean, if only one of their orders gives any."""
    a, b, c = filter(None, numbers.groups())
    orders = [(c, a, b), (c, b, a)] + [(a, b, c)] * (len(c) == 2)
    years = FOLDER.findall(address)
    days = {day for order in orders if (day := _day(*order)) and (not years or day[:4] in years)}
    return days.pop() if len(days) == 1 else ""


def _ours(book: Book) -> tuple[str, ...]:
    config = book.root / "_config.yml"
    return tuple(OURS.findall(config.read_text("utf8"))) if config.is_file() else ()


def _cited_in_prose(book: Book) -> Iterator[tuple[str, Place]]:
    """Each address that a chapter or page links, and where."""
    for name, cell in book.cells():
        if cell["cell_type"] == "markdown":
            for address in LINKED.findall(source_of(cell)):
                yield address, Place(f"chapters/{name}.ipynb", name, cell_leads(cell, address))
    for name, text in book.pages.items():
        for address in LINKED.findall(text):
            yield address, Place(book.page_paths[name], name, (address,))


def _cited_in_tables(facts: Facts) -> Iterator[tuple[str, Place]]:
    """Each address that a cell of another table names, and where."""
    for table in facts.fields:
        for row in facts.rows(table) if table != TABLE else ():
            place = Place(f"data/{table}.csv", f"{table}, row {row['_row']}", (row["_row"],))
            for cell in row.values():
                for address in ADDRESS.findall(cell) if isinstance(cell, str) else ():
                    yield address, place


def _table(prose: dict[str, Place], ours: tuple[str, ...], facts: Facts) -> Iterator[str | Problem]:
    """What the table lacks, what nobody cites, what contradicts its own address."""
    cited = {**dict(_cited_in_tables(facts)), **prose}
    rows = {row["address"]: row for row in facts.rows(TABLE)}
    for address, place in cited.items():
        if address not in rows and not address.startswith(ours):
            yield Problem(place, f"{address} has no row in data/{TABLE}.csv")
    for address, row in rows.items():
        place = Place(f"data/{TABLE}.csv", f"row {row['_row']}", (row["_row"],))
        if address not in cited:
            yield Problem(place, f"nothing cites {address}")
        if said := _contradicts(row["published"] or "", row["date_basis"], dates_in(address)):
            yield Problem(place, said)


def _contradicts(published: str, basis: str, carried: list[str]) -> str:
    """What is wrong with a date of publication, its basis and the dates in its address; or ""."""
    if bool(published) == (basis == "not found"):
        return f"published: {published or 'empty'}, although date_basis says {basis!r}"
    if basis == "in the address" and not any(day.startswith(published) for day in carried):
        return f"published: {published} does not stand in the address ({', '.join(carried)})"
    agrees = any(day.startswith(published) or published.startswith(day) for day in carried)
    if carried and not agrees:
        return f"published: {published or 'empty'}, but the address says {', '.join(carried)}"
    return ""
