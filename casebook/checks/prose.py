"""Prose against the evidence: a digit in this book is always a datum.

Each number or date of a sentence agrees with exactly one row of the paragraph that the sentence
links, or stands within words that `tests/expected/` ties to a query. Words without a number may be
tied too: then they are a claim.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import NamedTuple

from casebook.checks.book import Book, Check, Place, Problem, cell_leads, short, source_of
from casebook.checks.expected import Entry
from casebook.checks.facts import Facts, Value, iso
from casebook.checks.units import said_of, words_of
from casebook.checks.words import (
    contradicted,
    miscounted,
    number,
    same_date,
    shown,
    spans,
    tokens,
    unread,
    unsaid,
    within,
)

WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
COUNTED = dict(zip(WORDS, range(2, 13)))
# Larger numbers in words: the book writes these in digits wherever they are data.
LARGE = re.compile(
    r"\b(?<!\d )(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:hundred|thousand|dozen|million|billion)s?)\b",
    re.I,
)
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]*)\)")
SEED = re.compile(r"seeds/(\w+)\.md#p(\d+)$")
HERE = re.compile(r"^(\w+)\.md#p(\d+)$")
SERIES = re.compile(r"context\.md#(\w+)$")
CHAPTER = re.compile(r"\bch\d\d_\w+(?=\.ipynb)")
# Links that name a source, a chapter or a page: their labels are no part of the sentence.
LABEL = re.compile(r"seeds/|context\.md|^\w+\.md#p\d|ch\d\d_|^https?:")
FENCE = re.compile(r"[\s>*-]*(?P<sign>`{3,}|~{3,}|:{3,}) *(\{(?P<name>[\w:-]+)\})? *(?P<rest>.*)$")
CODE = re.compile(r"code(-\w+)?|literalinclude|sourcecode")  # directives that hold no text
SILENT = re.compile(rf"{CODE.pattern}|figure|image|from-data|desk")  # what follows is no title
OPTION = re.compile(r"\s*:([\w-]+): +(.+)$")
TAG = re.compile(r"<[^>]+>")
PLANS = "chapters/instructors/plans.yml"
PLANNED = re.compile(r'\b(?:title|about|what): "?([^"}]+)')  # its words, of which pages are made
PARAGRAPH = """
select 'quantities', _row, value, null, unit || ' ' || coalesce(currency, '') from quantities
where source_id = :source and paragraph = :paragraph
union all select 'quantities', _row, null, as_of_start, null from quantities
where source_id = :source and paragraph = :paragraph and as_of_start is not null
union all select 'quantities', _row, null, as_of_end, null from quantities
where source_id = :source and paragraph = :paragraph and as_of_end is not null
union all select 'event_sources', _row, null, date_as_given, null from event_sources
where source_id = :source and paragraph = :paragraph and date_as_given is not null
"""

PAGE = """
select distinct record_date from events
where instr('; ' || record_address || ';', '; ' || :page || ';')
"""

Reference = tuple[str, str]


class Passage(NamedTuple):
    """The lines of one cell, or of a page beneath one heading, with what leads to each."""

    name: str  # of the chapter or page
    slug: str  # of the place, as expectations call it
    path: str
    where: str
    lines: list[tuple[str, tuple]]

    def spot(self, line: str, leads: tuple) -> Place:
        """Where one of its lines stands."""
        return Place(self.path, f"{self.where}, sentence “{short(line)}”", leads)


def passages(book: Book) -> Iterator[Passage]:
    """All text of chapters and pages, but not of the page that is itself a list of sources."""
    for name, cell in book.cells():
        if cell["cell_type"] == "markdown":
            lines = [(line, cell_leads(cell, line)) for line in read_lines(source_of(cell))]
            where = f"{name}, cell {cell['id']}"
            yield Passage(name, cell["id"], f"chapters/{name}.ipynb", where, lines)
    for name, text in book.pages.items():
        for slug, lines in sections(text).items() if name != "context" else ():
            yield Passage(name, slug, book.page_paths[name], name, lines)
    plans = book.root / PLANS
    if book.wanted(plans.stem) and plans.is_file():
        rows = enumerate(plans.read_text("utf8").split("\n"), start=1)
        texts: list[tuple[str, tuple]] = [
            (found[1], (number,)) for number, row in rows for found in PLANNED.finditer(row)
        ]
        yield Passage("plans", "plans", PLANS, "plans", texts)


def checks(book: Book) -> Iterator[Check]:
    """One check for each sentence, and for each entry whose words stand nowhere."""
    for passage in passages(book):
        entries = book.expects(passage.name).prose.get(passage.slug, {})
        book.used.add((passage.name, "prose", passage.slug))
        sentences = [bare(line) for line, _ in passage.lines]
        for entry in entries.values():
            if not any(spans(entry.name, sentence) for sentence in sentences):
                yield missing(entry, passage.where)
        for (line, leads), sentence in zip(passage.lines, sentences):
            if line.strip():
                mine = [entry for entry in entries.values() if spans(entry.name, sentence)]
                spot = passage.spot(line, leads)
                yield Check(spot, partial(sentence_problems, line, [], mine))
                if found := list(renamed(book, line)):
                    yield Check.known(spot, found)


def missing(entry: Entry, where: str) -> Check:
    """The words of an entry that stand nowhere."""
    place = Place(entry.file, where, (entry.line,))
    return Check.known(place, [f"“{entry.name}” stands nowhere there"])


def read_lines(text: str) -> list[str]:
    """The lines of Markdown that a reader sees as text, the others empty: no code, no comments.

    Of a directive its title and its text are read, of its options those that are words.
    """
    lines, code = [], ""
    for line in text.split("\n"):
        fence = FENCE.match(line)
        if code:  # until a fence of the same sign, no shorter and with nothing behind it
            closes = (
                fence and fence["sign"].startswith(code) and not (fence["name"] or fence["rest"])
            )
            code, line = "" if closes else code, ""
        elif fence and not fence["name"] and fence["sign"][0] != ":":
            code, line = fence["sign"], ""
        elif fence:
            line = "" if SILENT.fullmatch(fence["name"] or "") else fence["rest"]
            code = fence["sign"] if CODE.fullmatch(fence["name"] or "") else ""
        elif option := OPTION.match(line):
            line = option[2] if option[1] in ("alt", "caption", "title") else ""
        lines.append(line)
    text = "\n".join(lines)
    return re.sub(r"<!--.*?-->", lambda m: "\n" * m[0].count("\n"), text, flags=re.S).split("\n")


def sections(text: str) -> dict[str, list[tuple[str, tuple]]]:
    """Slug of a heading -> the lines beneath it, with their numbers."""
    found: dict[str, list] = {}
    slug = "top"
    for count, line in enumerate(read_lines(text), start=1):
        if re.match(r"#+ ", line):
            slug = re.sub(r"[^\w]+", "-", line.strip("# ").lower()).strip("-")
        found.setdefault(slug, []).append((line, (count,)))
    return found


def sentence_problems(
    line: str, references: Iterable[Reference], entries: Iterable[Entry], facts: Facts
) -> Iterator[str | Problem]:
    """What does not agree in one line; `references` are added to those that it links."""
    if unsaid(line):
        yield "still to be written"
    links = [target for _, target in LINK.findall(line)]
    linked = [(m[1], m[2]) for m in map(_paragraph, links) if m]
    yield from mislabelled(line, facts)
    sentence, covered = bare(line), []
    for entry in entries:
        covered += spans(entry.name, sentence)
        yield from contradicted(entry, facts)
        yield from miscounted(entry, sentence, facts)
    rows = paragraph_rows(facts, [*references, *linked])
    days = days_of_pages(facts, links)
    for token in tokens(sentence):
        if not within(token, covered) and not _of_page(token, sentence, days):
            yield from orphaned(token, [*references, *linked], rows)
            yield from mismeasured(token, sentence, rows)
    for digits in unread(sentence):
        form = "a decimal point, commas between thousands, no sign of its own"
        yield f"{digits} cannot be read as a number: expected {form}"
    yield from hidden(sentence, rows)
    yield from spelt(sentence, paragraph_rows(facts, linked))


def _paragraph(target: str) -> re.Match | None:
    return SEED.search(target) or HERE.search(target)


def mislabelled(line: str, facts: Facts) -> Iterator[str]:
    """Links whose words name another source, series or paragraph than the one they lead to."""
    for label, target in LINK.findall(line):
        found, series = _paragraph(target), SERIES.search(target)
        numbers = [token for token in tokens(label) if token.lastgroup == "number"]
        if series and re.search(r"\d", label) and label != facts.short(series[1]):
            yield f"the link “{label}” leads to the series “{facts.short(series[1])}”"
        elif numbers and LABEL.search(target) and not found and not series:
            yield f"the link “{label}” hides a number in its name: put it into the sentence"
        if found:
            name = facts.short(found[1])
            if label not in (f"{name}, ¶{found[2]}", f"¶{found[2]}"):
                right = f"(expected “{name}, ¶{found[2]}” or “¶{found[2]}”)"
                yield f"the link “{label}” leads to ¶{found[2]} of {found[1]} {right}"


def renamed(book: Book, line: str) -> Iterator[str]:
    """Links to a chapter that give it a year which none of its headings has."""
    for label, target in LINK.findall(line):
        if (chapter := CHAPTER.search(target)) and re.search(r"\d", label):
            headings = " ".join(book.headings(chapter[0]))
            for year in set(re.findall(r"\d+", label)) - set(re.findall(r"\d+", headings)):
                yield f"the link “{label}” says {year}, which no heading of {chapter[0]} does"


def paragraph_rows(facts: Facts, references: Iterable[Reference]) -> list[tuple[Value, ...]]:
    """(table, row, number, date, unit) of every datum that the paragraphs carry."""
    return [
        row
        for source, paragraph in dict.fromkeys(references)
        for row in facts.ask(PARAGRAPH, {"source": source, "paragraph": paragraph}).rows
    ]


def days_of_pages(facts: Facts, links: Iterable[str]) -> list[str]:
    """The days of record of the events whose page a sentence links."""
    pages = [target for target in links if target.startswith("http")]
    return [str(day) for page in pages for (day,) in facts.ask(PAGE, {"page": page}).rows]


def _of_page(token: re.Match, sentence: str, days: list[str]) -> bool:
    """Whether a date is that of one event on the pages linked, and the sentence has all of them.

    Had it not, a slip could put the day of the one event in place of the other's.
    """
    if token.lastgroup not in ("day", "month", "year"):
        return False
    said = [iso(one[0]) or "" for one in tokens(sentence) if one.lastgroup != "number"]
    mine = iso(token[0]) or ""
    alone = sum(same_date(mine, day) for day in days) == 1 and said.count(mine) == 1
    return alone and all(any(same_date(one, day) for one in said) for day in days)


def orphaned(
    token: re.Match, references: list[Reference], rows: list[tuple[Value, ...]]
) -> Iterator[str]:
    """What is wrong with a number or date that no entry covers."""
    said = token[0]
    if not references:
        yield f"{said} has no source in its sentence and no expectation (a digit is always a datum)"
        return
    if token.lastgroup == "number":
        known = {row[2] for row in rows if row[2] is not None}
        hits = [row for row in rows if row[2] == number(said)]
    else:
        known = {row[3] for row in rows if row[3] is not None}
        same = {row[:2]: row for row in rows if row[3] and same_date(iso(said) or "", row[3])}
        hits = list(same.values())
    places = ", ".join(f"{source} ¶{paragraph}" for source, paragraph in references)
    if not hits:
        there = ", ".join(map(shown, sorted(known))) or "none"
        yield f"says {said}, but {places} gives {there}"
    elif len(hits) > 1 and token.lastgroup != "year":
        yield f"{said} agrees with {len(hits)} rows of {places}: say which in tests/expected"
    elif token.lastgroup == "number" and neighbours(hits[0], rows):
        others = ", ".join(map(shown, neighbours(hits[0], rows)))
        near = f"neighbours of its unit in {places} ({others})"
        yield f"{said} has {near}: say which in tests/expected"


def mismeasured(token: re.Match, sentence: str, rows: list[tuple[Value, ...]]) -> Iterator[str]:
    """A number with another unit than the row that it agrees with."""
    units = [row[4] for row in rows if token.lastgroup == "number" and row[2] == number(token[0])]
    said = said_of(token, sentence)
    if units and not any(said <= words_of(unit) for unit in units):
        yield f"says {token[0]} {' '.join(said)}, but its unit is {units[0].strip()}"
    elif units and all("percent" in words_of(unit) - words_of(sentence) for unit in units):
        yield f"says {token[0]}, but not that its unit is percent"


def neighbours(hit: tuple[Value, ...], rows: list[tuple[Value, ...]]) -> list[Value]:
    """Other values of the same unit in the paragraph, which a slip could put in its place."""
    alike = {row[2] for row in rows if row[4] and row[4] == hit[4]}
    return sorted(alike - {None, hit[2]})


def hidden(sentence: str, rows: list[tuple[Value, ...]]) -> Iterator[str]:
    """A datum that is written as a word, and so would escape the check."""
    values = {row[2] for row in rows if row[2] is not None}
    for word, value in COUNTED.items():
        if value in values and re.search(rf"\b{word}\b", sentence, re.I):
            yield f"“{word}” is a datum of the linked paragraph: write it in digits"


def spelt(sentence: str, rows: list[tuple[Value, ...]]) -> Iterator[str]:
    """A number in words that is none of the paragraph which the sentence links."""
    for unit in {str(row[4]).split()[0] for row in rows if row[4]}:
        known = {row[2] for row in rows if row[4] and row[4].split()[0] == unit}
        for said in re.findall(rf"\b({'|'.join(COUNTED)}) (?:\w+ )?{unit}\b", sentence, re.I):
            if COUNTED[said.lower()] not in known:
                yield f"says {said} {unit}, but its paragraph gives {', '.join(map(shown, known))}"
    for said in LARGE.findall(sentence) if rows else ():
        yield f"“{said}” beside a paragraph that gives numbers: write it in digits"


@cache
def bare(line: str) -> str:
    """The sentence as it is read: no link targets, no labels of sources or chapters, no code."""
    line = LINK.sub(lambda m: " " if LABEL.search(m[2]) else m[1], line)
    line = re.sub(r"\{[\w:-]+\}`([^`]*)`", r"\1", line)
    line = TAG.sub(
        lambda m: " ".join(re.findall(r'(?:alt|title|aria-label)="(.*?)"', m[0])) or " ", line
    )
    line = re.sub(r"`[^`]*`|https?://\S+|\{#[^}]*\}", " ", line)
    line = re.sub(r"^\s*\d{1,2}\.\s", "", line).replace("*", "")
    return line.replace("\u00a0", " ").replace("–", "-")
