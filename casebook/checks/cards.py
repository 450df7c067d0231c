"""Source cards, readings of conflicts, words that carry a quantity: figures of their paragraph."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from casebook.checks.book import Book, Check, Place, Problem, short
from casebook.checks.expected import Entry
from casebook.checks.facts import Facts, Value, iso
from casebook.checks.prose import (
    COUNTED,
    Reference,
    bare,
    mismeasured,
    missing,
    neighbours,
    orphaned,
    paragraph_rows,
    sections,
    spelt,
)
from casebook.checks.words import (
    DATES,
    MONTH,
    SCALE,
    contradicted,
    number,
    shown,
    spans,
    tokens,
    within,
)

# Words that stand for a value in the evidence of a quantity.
IN_WORDS = COUNTED | {"only": 1, "first": 1, "half": 50, "three-quarters": 75}
# Units whose sign or word stands in the evidence, whenever a quantity has them and only then.
UNITS = {"percent": r"percent|per cent|%|\bhalf\b", "USD": r"\$|dollar", "EUR": "€|euro"}
READING = ["_row", "conflict_id"] + [
    f"{part}_{side}" for side in "ab" for part in ("source", "paragraph", "reading")
]
ROW = re.compile(r"^\| \[[^\]]*\]\((\w+)\.md\)")  # of the table of cards
# A day that shares its month with the last of a list: 23, 25 and 27 February.
DAYS = re.compile(
    rf"\b(\d{{1,2}})(?=(?:,| and| or| to) (?:\d{{1,2}}(?:,| and| or| to) )*\d{{1,2}} ({MONTH})\b)"
)
LICENCE = re.compile(r"\bCC BY[A-Z-]* \d\.\d\b")
RANGE = re.compile(r"\b(?:19|20)\d\d to (?:19|20)\d\d\b")
ISO = re.compile(r"\d{4}(?:-\d\d){0,2}")
FIGURE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)(?:\s*({'|'.join(SCALE)}))?")


def checks(book: Book) -> Iterator[Check]:
    """The cards belong to no chapter, so they are checked with the whole book only."""
    if book.wanted("context"):
        yield from _series(book)
    if not book.chapter:
        yield from _cards(book)
        yield Check(Place("data/conflicts.csv", "readings"), _readings)
        yield Check(Place("data/quantities.csv", "evidence"), _evidence)
        yield Check(Place("data/polls.csv", "days"), _asked)


def _cards(book: Book) -> Iterator[Check]:
    for path in sorted((book.root / "seeds").glob("*.md")):
        told = False
        here: list[Reference] = []
        for count, line in enumerate(path.read_text("utf8").split("\n"), start=1):
            if line.startswith("## "):
                told, here = line.startswith(("## Paragraph by paragraph", "## Its figures")), []
            anchor = re.fullmatch(r"\{#p(\d+)\}", line)
            here = [(path.stem, anchor[1])] if anchor else here if line.strip() else []
            references = here + [(path.stem, other) for other in re.findall(r"¶(\d+)", line)]
            sentence = re.sub(r"¶\d+( to ¶\d+)?|\{#p\d+\}", "", line)
            name = f"{path.stem}, sentence “{short(line)}”"
            spot = Place(f"seeds/{path.name}", name, (count,))
            if told:
                yield Check(spot, partial(_loosely, sentence, references))
            elif tokens(bare(sentence)) or LICENCE.search(sentence):
                yield Check(spot, partial(_licensed, path.stem, sentence))
            if not told and tokens(bare(sentence)):
                dated = path.stem if line.startswith("| When?") else "".join(ROW.findall(line))
                yield Check(spot, partial(_published, dated, sentence))
                yield Check(spot, partial(_as_in_conflicts, sentence, references))


def _published(source: str, sentence: str, facts: Facts) -> Iterator[str]:
    """The first date of a line that says when a text was published."""
    query = "select published from sources where source_id = :source"
    said = [token[0] for token in tokens(bare(sentence)) if token.lastgroup in ("day", "month")]
    for (day,) in facts.ask(query, {"source": source}).rows:
        if not said or not str(iso(said[0])).startswith(str(day)):
            yield f"says {' and '.join(said[:1]) or 'no date'}, but data/sources.csv gives {day}"


def _licensed(source: str, sentence: str, facts: Facts) -> Iterator[str]:
    """The licence that a card gives its text."""
    for said in LICENCE.findall(sentence):
        if not any(said in str(cell) for cell in facts.cells(source)):
            yield f"says {said}, but data/sources.csv has another licence for {source}"


def _as_in_conflicts(sentence: str, references: list[Reference], facts: Facts) -> Iterator[str]:
    """The numbers of a line on conflicts are those of their rows, paragraphs or days of record."""
    names = set(re.findall(r"`([a-z0-9-]+)`", sentence))
    rows = [row for row in facts.rows("conflicts") if row["conflict_id"] in names]
    if not rows:
        return
    cells = [cell for row in rows for cell in row.values() if isinstance(cell, str)]
    cells += [cell for row in paragraph_rows(facts, references) for cell in row[2:4]]
    for table, column in (("events", "record_date"), ("sources", "published")):
        cells += [row[column] for row in facts.rows(table, column)]
    for token in tokens(DAYS.sub(r"\1 \2", bare(sentence))):
        if not any(_told(token, cell) for cell in cells):
            yield f"says {token[0]}, but no row of its conflicts does ({', '.join(sorted(names))})"


def _loosely(text: str, references: list[Reference], facts: Facts) -> Iterator[str]:
    """Numbers that agree with no row; of several rows of one unit, with none of which it speaks."""
    rows, sentence = paragraph_rows(facts, references), bare(text)
    said = tokens(sentence)
    for token, end in zip(said, [*(one.start() for one in said[1:]), len(sentence)]):
        yield from (p for p in orphaned(token, references, rows) if "say which" not in p)
        yield from mismeasured(token, sentence, rows)
        yield from _misplaced(token, sentence[token.end() : end], rows, facts)
    yield from spelt(sentence, rows)


def _misplaced(
    token: re.Match, told: str, rows: list[tuple[Value, ...]], facts: Facts
) -> Iterator[str]:
    """A number whose neighbour in the paragraph is told of by the words that follow it."""
    hits = [row for row in rows if token.lastgroup == "number" and row[2] == number(token[0])]
    if not hits or not (others := neighbours(hits[0], rows)):
        return
    mine = _subjects([hits[0][2]], rows, facts)
    theirs = _subjects(others, rows, facts)
    words = set(re.findall(r"[a-z]{3,}", told.lower()))
    if words & (theirs - mine) and not words & (mine - theirs):
        said = f"{token[0]}{told}".strip(" -()¶.,")
        yield f"says “{said}”, but {token[0]} is told of something else there"


def _subjects(values: list[Value], rows: list[tuple[Value, ...]], facts: Facts) -> set[str]:
    """The words of the keys of quantities that have one of these values in the paragraph."""
    numbers = {row[1] for row in rows if row[0] == "quantities" and row[2] in values}
    found = facts.rows("quantities", "_row", "quantity_id")
    keys = (str(row["quantity_id"]) for row in found if row["_row"] in numbers)
    return {word for key in keys for word in re.findall(r"[a-z]{3,}", key)}


def _series(book: Book) -> Iterator[Check]:
    """The sections on outside series: each line beneath the anchor of its source."""
    entries, source = book.expects("context").prose, ""
    book.used |= {("context", "prose", slug) for slug in entries}
    for slug, lines in sections(book.pages.get("context", "")).items():
        mine = list(entries.get(slug, {}).values())
        for line, leads in lines:
            anchor = re.fullmatch(r"\((\w+)\)=", line)
            source = anchor[1] if anchor else source
            if tokens(bare(line)) or LICENCE.search(line):
                spot = Place("chapters/context.md", f"context, sentence “{short(line)}”", leads)
                sources = [source, *re.findall(r"context\.md#(\w+)", line)]
                yield Check(spot, partial(_of_series, bare(line), sources, mine))
        for entry in mine:
            if not any(spans(entry.name, bare(line)) for line, _ in lines):
                yield missing(entry, "context")


def _of_series(
    sentence: str, sources: list[str], entries: list[Entry], facts: Facts
) -> Iterator[str]:
    """Numbers and dates that stand in no row of the sources, and in no expectation."""
    cells = [cell for source in sources for cell in facts.cells(source)]
    covered = [span for entry in entries for span in spans(entry.name, sentence)]
    for entry in entries:
        if spans(entry.name, sentence):
            yield from contradicted(entry, facts)
    for licence in LICENCE.findall(sentence):
        if not any(licence in cell for cell in map(str, cells)):
            yield f"says {licence}, but no row of {', '.join(dict.fromkeys(sources))} does"
    for years in RANGE.finditer(sentence):
        if not within(years, covered):
            yield f"the range {years[0]} is tied to no query: each year may be one of the series"
    for token in (one for one in tokens(sentence) if not within(one, covered)):
        if not any(_told(token, cell) for cell in cells):
            yield f"says {token[0]}, but no row of {', '.join(dict.fromkeys(sources))} does"


def _told(token: re.Match, cell: Value) -> bool:
    """Whether a cell has a number, or a date of which the token gives a part or more."""
    dated = token.lastgroup in DATES
    day = (iso(token[0]) or "") if dated else ""
    value = number(token[0]) if token.lastgroup in ("number", "year") else None
    if not isinstance(cell, str):
        return cell is not None and cell == value
    if dated and any(
        day.startswith(one) or one.startswith(day) or one.endswith(day) for one in ISO.findall(cell)
    ):
        return True
    plain = cell if dated else re.sub(r"\d{4}(-\d\d)+", " ", cell)  # in 2022-04-08 there is no 8
    said = [one for one in tokens(plain) if (one.lastgroup in DATES) <= dated]
    return any(day == iso(one[0]) if dated else value == number(one[0]) for one in said)


def _readings(facts: Facts) -> Iterator[Problem]:
    """What `conflicts.csv` has a paragraph say holds the figures of that paragraph's rows."""
    for row in facts.rows("conflicts", *READING):
        for side in "ab":
            reading, paragraph = row[f"reading_{side}"], row[f"paragraph_{side}"]
            if reading and paragraph is not None:
                where = f"{row['conflict_id']}, reading “{short(str(reading))}”"
                reference = (str(row[f"source_{side}"]), str(paragraph))
                for problem in _reading(str(reading), reference, facts):
                    yield Problem(_at("conflicts", row, where), problem)


def _reading(text: str, reference: Reference, facts: Facts) -> Iterator[str]:
    rows = paragraph_rows(facts, [reference])
    for token in tokens(bare(text)):
        if token.lastgroup != "year":
            yield from (p for p in orphaned(token, [reference], rows) if "say which" not in p)


def _at(table: str, row: dict[str, Value], where: str) -> Place:
    return Place(f"data/{table}.csv", f"row {row['_row']}, {where}", (int(row["_row"] or 0),))


def _evidence(facts: Facts) -> Iterator[Problem]:
    """A quantity's value is a figure of the words that carry it, and its unit is theirs."""
    for row in facts.rows("quantities"):
        words, unit = str(row["evidence"]), row["currency"] or row["unit"]
        for name, pattern in UNITS.items():
            if (unit == name) != bool(re.search(pattern, words, re.I)):
                said = f"its unit is {unit}, its evidence says “{words}”"
                yield Problem(_at("quantities", row, str(row["quantity_id"])), said)
        figures: list[Value] = [
            number(f"{found[1]} {found[2] or ''}".strip()) for found in FIGURE.finditer(words)
        ]
        counted = [v for word, v in IN_WORDS.items() if re.search(rf"\b{word}\b", words)]
        if figures and row["value"] not in figures + counted:
            said = f"its value is {shown(row['value'])}, its evidence says “{words}”"
            yield Problem(_at("quantities", row, str(row["quantity_id"])), said)


def _asked(facts: Facts) -> Iterator[Problem]:
    """The date of a poll is the last day on which it was asked, where both are known."""
    for row in facts.rows("polls"):
        days = re.findall(r"\b(\d{1,2}) ([A-Z][a-z]{2})\b", str(row["field_dates"]).split("(")[0])
        if row["date_precision"] == "day" and days:
            last = f"{int(days[-1][0])} {days[-1][1]}"
            day = date.fromisoformat(str(row["date"]))
            if last != f"{day.day} {day:%b}":
                said = f"asked {row['field_dates']}, but dated {row['date']}"
                yield Problem(_at("polls", row, str(row["poll_id"])), said)
