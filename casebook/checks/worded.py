"""Data that hide in words: a month, season or weekday alone, a span, a fraction, a Roman numeral.

A digit is always a datum; these are data too, and no digit gives them away. Each of them stands
within words that `tests/expected/` ties to a query (a key alone asks for the month, season or
weekday of its day), or is listed there under `unsettled` with a reason.

| what | needs no entry |
| --- | --- |
| a month without day or year | where the linked paragraph, or a full date of the place, is in it |
| a season | as a month |
| a weekday | beside a full date, of which it must be the weekday |
| a span: three weeks, nine months | after a word that points back: these two weeks |
| a fraction: two thirds, more than half | where it parts a sentence or a chart, not an amount |
| a part, a large number, a length: two of the seven, a hundred, nine minutes | never |
| a qualified number: about 550, over 600 | where the linked paragraph has it so |
| a number in words, in a chart's or table's title or caption | after a word that points back |
| a Roman numeral | never: it is written in digits |
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from casebook.checks.book import Book, Check, Place, short
from casebook.checks.expected import Entry, Expected
from casebook.checks.facts import Facts, iso
from casebook.checks.figures.caption import long
from casebook.checks.figures.shown import outputs
from casebook.checks.prose import (
    COUNTED,
    HERE,
    LINK,
    SEED,
    WORDS,
    Reference,
    bare,
    paragraph_rows,
    passages,
    sections,
)
from casebook.checks.quizzes import choices, expected_in, texts_of
from casebook.checks.words import (
    MONTH,
    MONTHS,
    SEASONS,
    WEEKDAY,
    contradicted,
    number,
    season_of,
    spans,
    tokens,
    within,
)

INLINE = re.compile(r"(?<![}`])`([^`]+)`(?!`)")
CARD = "card"  # the place of all that a source card says
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = "|".join([*WORDS, "fifteen", "eighteen", *TENS])
# May is a month only after a word that can stand before one.
BEFORE = ("In", "in", "Of", "of", "that", "this", "the", "to", "for", "from", "by", "until")
MAY = "|".join(rf"(?<=\b{word} )" for word in (*BEFORE, "Since", "since", "early", "late"))
ALONE = re.compile(rf"(?<!\d )\b(?:{MONTH.replace('|May|', '|')}|(?:{MAY})May)\b(?! \d)")
DAY = re.compile(
    rf"\b(?P<name>{WEEKDAY})s?\b(?P<day>,? (?:the )?\d{{1,2}} (?:{MONTH}) \d{{4}})?", re.I
)
SPAN = re.compile(
    rf"(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\bboth )(?<!\bwhich )\b(?:{NUMBERS})(?: \w+)?"
    r" (?:days|nights|weeks|fortnights|months|years|decades)\b",
    re.I,
)
LENGTH = re.compile(rf"(?<!About )(?<!-)\b(?:{NUMBERS}) (?:minutes|hours)\b", re.I)
INSTRUCTORS = re.compile("^chapters/instructors/")
FRACTION = re.compile(
    r"\b(?:two|three|four)[- ](?:thirds|quarters|fifths)\b"
    r"|\b(?:a|one|last|unsure) (?:third|quarter|fifth|tenth)(?= (?:of|more|less|as)\b|$)"
    r"|\b(?:than|nearly|almost|about|(?<!half )by) half\b(?! past)"
    r"|(?<!\beach )(?<!\bone )(?<!\bother )(?<!\blost )(?<!\bwhich )\bhalf (?:of|its|as|a year)\b",
    re.I,
)
# A part of a whole that is counted too, and large numbers.
PART = re.compile(rf"\b(?:only one|{NUMBERS}) of (?:the |our |these )?(?:{NUMBERS})\b", re.I)
LARGE = re.compile(
    rf"\b(?:a|several|{NUMBERS}) (?:dozen|hundred|thousand|million)s?\b(?! and)", re.I
)
# How near a number in digits is: about 550, over 600.
HEDGE = re.compile(
    r"(?<!\badds )(?<!\badd )\b(?P<word>about|around|over|under|almost|nearly|more than|fewer than"
    r"|less than|at least|at most|up to|some) (?:USD |EUR )?(?P<number>\d[\d,.]*\d|\d)"
    rf"(?!\w| (?:{MONTH})\b)",
    re.I,
)
QUALIFIERS = {"over": "over", "more than": "over", "under": "under", "less than": "under"}
QUALIFIERS |= dict.fromkeys(("about", "around", "some"), "around")
ANY_SEASON = re.compile(rf"(?<!\bhot[ -])\b(?:{'|'.join(SEASONS)})\b")
# As the names of licences and of a capital are written.
ROMAN = re.compile(
    r"\b(?!(?:CC|DC|CD|CV|MD)\b)(?=[IVXLCDM]{2,}\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})"
    r"(?:IX|IV|V?I{0,3})(?<=[IVXLCDM])\b"
)
COUNT = re.compile(rf"(?<!\b[Tt]he )(?<!\bthese )(?<!\bthose )(?<!\bno )\b(?:{NUMBERS})\b", re.I)


class Text(NamedTuple):
    """Words of the book, where they stand, and what is known of the place."""

    expected: Expected
    slug: str
    words: str
    place: Place
    references: tuple[Reference, ...]
    around: frozenset[str]  # months of the full dates that the place names
    covered: tuple[str, ...] = ()  # words that a key or an option of its own settles
    counted: bool = False  # whether its number words are data too
    alone: bool = False  # whether no other check asks what its entries say


def checks(book: Book) -> Iterator[Check]:
    """One check for each text that holds such words."""
    for text in texts(book):
        found = [*_found(text)]
        entries = text.expected.prose.get(text.slug, {}).values() if text.alone else ()
        mine = [entry for entry in entries if spans(entry.name, text.words)]
        if found or mine or ROMAN.search(text.words):
            yield Check(text.place, partial(_problems, text, found, mine))


def texts(book: Book) -> Iterator[Text]:
    """Sentences of chapters, pages and cards; questions; titles and captions."""
    yield from _prose(book)
    yield from _cards(book)
    yield from _questions(book)
    yield from _figures(book)


def _prose(book: Book) -> Iterator[Text]:
    for passage in passages(book):
        if passage.name == "plans":  # `house` holds its words against its own sessions
            continue
        around = months(bare(line) for line, _ in passage.lines)
        for line, leads in passage.lines:
            spot = passage.spot(line, leads)
            expected = book.expects(passage.name)
            for words in (bare(line), *INLINE.findall(line)):
                yield Text(expected, passage.slug, words, spot, _linked(line), around)
    for slug, lines in sections(book.pages.get("context", "")).items():
        around = months(bare(line) for line, _ in lines)
        for line, leads in lines:
            spot = Place("chapters/context.md", f"context, sentence “{short(line)}”", leads)
            words, expected = bare(line), book.expects("context")
            alone = not tokens(words)  # else the check of the series asks
            yield Text(expected, slug, words, spot, _linked(line), around, alone=alone)


def _cards(book: Book) -> Iterator[Text]:
    for path in sorted((book.root / "seeds").glob("*.md")) if not book.chapter else ():
        lines, expected = path.read_text("utf8").split("\n"), book.expects(path.stem)
        book.used |= {(path.stem, "prose", CARD), (path.stem, "unsettled", CARD)}
        around, here = months(map(bare, lines)), ""
        for count, line in enumerate(lines, start=1):
            if anchor := re.fullmatch(r"\{#p(\d+)\}", line):
                here = anchor[1]
            here = "" if line.startswith("## ") else here
            told = [here] if here else re.findall(r"¶(\d+)", line)
            spot = Place(f"seeds/{path.name}", f"{path.stem}, sentence “{short(line)}”", (count,))
            references = (*((path.stem, paragraph) for paragraph in told), *_linked(line))
            yield Text(expected, CARD, bare(line), spot, references, around, alone=True)


def _questions(book: Book) -> Iterator[Text]:
    for bank, questions in book.banks.items():
        for question in questions:
            id, expected = question["id"], book.expects(expected_in(book, bank, question))
            said = [*texts_of(question), *(text for _, text in choices(question))]
            lines = [bare(line) for part in said for line in part.split("\n")]
            sources = (str(one).partition("#p") for one in question["sources"])
            references = tuple((one[0], one[2]) for one in sources if one[2])
            key = expected.quiz.get(id)
            keyed = tuple(key) if isinstance(key, dict) else ()
            for part, text in choices(question):  # of an order or a match: each has its own query
                mine = part == "item" or (part == "pair" and text.startswith(keyed))
                keyed += (bare(text),) if key and mine else ()
            around = months(lines)
            place = Place(question["_path"], f"{bank}, quiz {id}", (f"id: {id}",))
            for line in lines:
                yield Text(expected, id, line, place, references, around, keyed)


def _figures(book: Book) -> Iterator[Text]:
    seen = set()
    for output in outputs(book):
        chosen = tuple(map(long, output.choice.values()))
        place = Place(
            f"chapters/{output.chapter}.ipynb",
            f"{output.chapter}, {output.kind} {output.name}",
            (f'"id": "{output.cell["id"]}"',),
        )
        for text in dict.fromkeys([output.record["title"], output.record["caption"]]):
            if (output.name, text) not in seen:
                seen.add((output.name, text))
                expected, words = book.expects(output.chapter), long(text)
                yield Text(expected, output.name, words, place, (), months([words]), chosen, True)


def _linked(line: str) -> tuple[Reference, ...]:
    found = (SEED.search(target) or HERE.search(target) for _, target in LINK.findall(line))
    return tuple((match[1], match[2]) for match in found if match)


def months(lines: Iterable[str]) -> frozenset[str]:
    """The months of the full dates in some lines, by name."""
    dated = (t[0] for line in lines for t in tokens(line) if t.lastgroup in ("day", "month"))
    return frozenset(name for said in dated for name in MONTHS if name in said)


def _found(text: Text) -> Iterator[tuple[str, re.Match]]:
    """(what it is, where) of the words of a text that are data."""
    kinds = {"month": ALONE, "weekday": DAY, "season": ANY_SEASON, "span of time": SPAN}
    kinds |= {"fraction": FRACTION, "part": PART, "number": LARGE, "qualified number": HEDGE}
    if not INSTRUCTORS.search(text.place.path):  # who plan their own minutes
        kinds["length"] = LENGTH
    if text.counted:
        kinds["number"] = COUNT
    for kind, pattern in kinds.items():
        yield from ((kind, found) for found in pattern.finditer(text.words))


def _qualifiers(value: float, references: tuple[Reference, ...], facts: Facts) -> set[str]:
    """How the linked paragraphs qualify a number: over, around, exactly …"""
    rows = facts.rows("quantities", "source_id", "paragraph", "value", "qualifier")
    mine = (row for row in rows if (row["source_id"], str(row["paragraph"])) in references)
    return {str(row["qualifier"]) for row in mine if row["value"] == value}


def _measured(match: re.Match, rows: list) -> bool:
    """Whether a span of time is a row of the linked paragraph: three weeks of gas."""
    value = COUNTED.get(match[0].split()[0].lower())
    return any(row[2] == value and str(row[4]).split()[0] in match[0] for row in rows if row[4])


def _problems(
    text: Text, found: list[tuple[str, re.Match]], entries: list[Entry], facts: Facts
) -> Iterator[str]:
    expected, words = text.expected, text.words
    for entry in entries:
        yield from contradicted(entry, facts)
    tied = [expected.prose.get(text.slug, ()), expected.unsettled.get(text.slug, ()), text.covered]
    covered = [span for names in tied for one in names for span in spans(long(one), long(words))]
    for kind, match in found:
        if kind == "weekday" and match["day"]:
            yield from _weekday(match)
        elif not within(match, covered) and not _known(kind, match, text, facts):
            at = f"{expected.file}, {text.slug}"
            yield f"the {kind} “{match[0]}” in “{words[:70].strip()}” is tied to no query ({at})"
    for numeral in ROMAN.finditer(words):
        yield f"{numeral[0]} is a number in Roman numerals: write it in digits"


def _weekday(match: re.Match) -> Iterator[str]:
    said = re.sub(r"^,? (the )?", "", match["day"])
    right = date.fromisoformat(str(iso(said))).strftime("%A")
    if match["name"].lower() != right.lower():
        yield f"says {match['name']}, but {said} was a {right}"


def _known(kind: str, match: re.Match, text: Text, facts: Facts) -> bool:
    """Whether the place, or a paragraph that the sentence links, has this month or span."""
    rows = paragraph_rows(facts, text.references)
    if kind == "span of time":
        return _measured(match, rows)
    if kind == "qualified number":
        said = QUALIFIERS.get(match["word"].lower(), "")
        return said in _qualifiers(number(match["number"]), text.references, facts)
    ends = [end for row in rows if row[3] for end in str(row[3]).split("/")]
    given = {MONTHS[int(end[5:7]) - 1] for end in ends if len(end) > 4}
    known = text.around | given
    if kind == "season":
        return any(SEASONS.get(match[0]) == season_of(month) for month in known)
    return kind == "month" and match[0] in known
