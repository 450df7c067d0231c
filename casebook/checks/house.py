"""The book's own things, wherever it speaks of them: chapters, texts, objectives, sessions, counts.

| where | agrees with |
| --- | --- |
| a title in `_toc.yml`, a chapter named on the front page or in a guide | the page's own heading |
| "the seventh chapter", "chapter two" in a link | the chapter that it leads to |
| "the five texts", "seven rich democracies" | `data/`, as `COUNTED_THINGS` asks |
| "Objectives one and four", the numbers of a guide's discussion | those of its chapter |
| "Four weeks", "ninety minutes" in the title of a plan | its sessions, its minutes |
| numbers in README, CONTRIBUTING, `data/README.md` | their file in `tests/expected/`, or `OWN` |
| ids, dates, quoted strings and numbers in inline code | a table, code of the chapters, a file |
| `data/chapters.csv` | the order of the days, and what each chapter tells |
| `founded` in `data/institutions.csv` | the paragraph that the note names |
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import yaml

from casebook.checks.book import Book, Check, Place, Problem, short, source_of
from casebook.checks.expected import LOADER, Expected
from casebook.checks.facts import Facts
from casebook.checks.prose import LINK, WORDS, bare, paragraph_rows, passages, sections
from casebook.checks.worded import INLINE, TENS
from casebook.checks.words import MONTHS, contradicted, same_date, shown, spans, tokens, within

NUMBERS = {word: number for number, word in enumerate(["one", *WORDS], start=1)}
NUMBERS |= {word: 10 * number for number, word in enumerate(TENS, start=2)}
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
RANKS = {word: number for number, word in enumerate(ORDINALS.split(), start=1)}
COUNT = "|".join(NUMBERS)
CHAPTER = re.compile(r"\bch(\d\d)_\w+(?=\.ipynb)")
NAMED = re.compile(rf"(?:the )?({'|'.join(RANKS)})(?: chapter)?|(?:.* )?chapter ({COUNT})", re.I)
OURS = r"(?:^|\b(?:the|our|all|by|get|these) )"
COUNTED_THINGS = {  # words round a number -> what it must be
    rf"{OURS}({'|'.join(WORDS[1:])}) (?:published |source )?texts\b": (
        "select count(*) from sources where kind = 'seed'"
    ),
    rf"\b({COUNT}) (?:rich |large )?democracies\b": "q('tsuruoka2023-group-of-seven-members')",
    rf"\b({COUNT}) Indo-Pacific partners\b": "q('tsuruoka2023-indo-pacific-four-countries')",
    rf"\b(?:into|one of) ({COUNT}) kinds\b": "select count(distinct kind) from conflicts",
    rf"\bplan of ({COUNT}) points\b": (
        "select iif(said('eight-point-plan-2016', 'eight points'), 8, null)"
    ),
}
KEY = re.compile(r"[a-z]\w*(?:-\w+)*-\d\w*(?:-\w+)*|\d{4}-\d\d(?:-\d\d)?|\w*\d{4}\w*#p\d+")
PROGRAM = re.compile(r"[\[\](=]|^\w+\.\w")  # inline code that is to be typed
TITLE = re.compile(r"^# (.+)$", re.M)
NOTE = re.compile(r"(\w+), paragraph (\d+)")
# Pages that lie outside the book and speak of it, by the name of their expectations.
DOCUMENTS = {
    "readme": "README.md",
    "contributing": "CONTRIBUTING.md",
    "data": "data/README.md",
    "seeds": "seeds/README.md",
}
COUNTS = re.compile(rf"(?<!\bor )\b(?:{'|'.join(WORDS)})\b(?! (?:licences|sources|words)\b)", re.I)
NAMES = re.compile("UTF-8|level 0")
# What a document says of the project, and where that is settled: in which file, by which words.
OWN = [
    (r"Python (3\.\d+) or newer", "pyproject.toml", r'requires-python = ">=([\d.]+)"'),
    (r"\(version ([\d.]+)\)", "CITATION.cff", r"(?m)^version: (\S+)$"),
    (r"From Crimea to Vilnius \((\d{4})\)", "CITATION.cff", r"(?m)^date-released: (\d{4})"),
    (r"Vilnius: (.+?) \(version", "CITATION.cff", r'(?m)^title: "From Crimea to Vilnius: (.+)"'),
    (r"port (\d+)", "casebook/build.py", r'def serve\(named: str = "(\d+)"'),
    (r"at most (\d+) lines", "tests/test_charts.py", r"len\(code\(s\)\) > (\d+)"),
    (r"(\w+ to \w+) for each chapter", "casebook/checks/quizzes.py", r"expected (\d+ to \d+)\)"),
]


class Line(NamedTuple):
    """A line of a document, and where it stands."""

    place: Place
    slug: str
    text: str


def checks(book: Book) -> Iterator[Check]:
    """One check for each thing of its own that the book speaks of."""
    yield from _lines(book)
    yield from _guides(book)
    if not book.chapter:
        yield from _contents(book)
        yield from _plans(book)
        yield from _documents(book)
        yield Check(Place("data/chapters.csv", "chapters"), partial(_turns, book))
        yield Check(Place("data/institutions.csv", "institutions"), _founded)


def plain(text: str) -> str:
    """A title without marks, in lower case, its numbers in digits."""
    words = re.findall(r"\w+", text.lower())
    return " ".join(str(NUMBERS.get(word, word)) for word in words)


def heading(book: Book, chapter: str) -> str:
    """The title of a chapter; '' where there is none."""
    return next(iter(book.headings(chapter)), "").removeprefix("# ")


def _lines(book: Book) -> Iterator[Check]:
    """Each sentence that names a chapter, counts the texts or holds inline code."""
    held = _Held(book)
    for passage in passages(book):
        for line, leads in passage.lines:
            spot = passage.spot(line, leads)
            if found := [*_misnamed(book, passage.name, line)]:
                yield Check.known(spot, found)
            if any(re.search(words, bare(line), re.I) for words in COUNTED_THINGS):
                yield Check(spot, partial(_miscounted, bare(line)))
            if codes := [code for code in INLINE.findall(line) if re.search(r"\d", code)]:
                expected = book.expects(passage.name)
                yield Check(spot, partial(_code, codes, held, expected, passage.slug))


def _misnamed(book: Book, page: str, line: str) -> Iterator[str]:
    """Links to a chapter that give it another number, on the front page another title."""
    for label, target in LINK.findall(line):
        if not (chapter := CHAPTER.search(target)):
            continue
        if named := NAMED.fullmatch(label):
            words = (named[1] or named[2]).lower()
            if RANKS.get(words, NUMBERS.get(words)) != int(chapter[1]):
                yield f"the link “{label}” leads to chapter {int(chapter[1])}"
        elif page == "index" and line.startswith(f"| [{label}]"):
            title = heading(book, chapter[0])
            if plain(label) != plain(title):
                yield f"the link “{label}” leads to the chapter “{title}”"


def _miscounted(sentence: str, facts: Facts) -> Iterator[str]:
    for words, query in COUNTED_THINGS.items():
        for said in re.finditer(words, sentence, re.I):
            if NUMBERS[said[1].lower()] != facts.value(query):
                yield f"says “{said[0]}”, but the data give {shown(facts.value(query))}"


class _Held:
    """What inline code may name: the cells of the tables, the code of the chapters, the files."""

    def __init__(self, book: Book) -> None:
        self.book = Book(book.root) if book.chapter else book  # a chapter may name another's code
        self.words = ""

    def has(self, text: str, facts: Facts) -> bool:
        """Whether some table, some chapter's code or the name of a file has these words."""
        self.words = self.words or self._gathered(facts)
        path = self.book.root / text.partition("#")[0]
        return text in self.words or path.is_file()

    def _gathered(self, facts: Facts) -> str:
        words = [source_of(cell) for _, cell in self.book.cells() if cell["cell_type"] == "code"]
        for table, fields in facts.fields.items():
            words += [table, *(field["name"] for field in fields)]
            words += [cell for row in facts.rows(table) for cell in map(str, row.values())]
        return "\n".join(words)


def _code(
    codes: list[str], held: _Held, expected: Expected, slug: str, facts: Facts
) -> Iterator[str]:
    """Ids, dates and quoted strings that nothing has; numbers that are no part of a program."""
    tied = [*expected.prose.get(slug, ()), *expected.unsettled.get(slug, ())]
    for code in codes:
        quoted = [
            part for part in re.findall(r"[\"']([^\"']*)[\"']", code) if re.search(r"\d", part)
        ]
        wanted = [*quoted, *KEY.findall(code)] if PROGRAM.search(code) else [code.strip("\"'")]
        for part in dict.fromkeys(wanted):
            if not held.has(part, facts) and not any(spans(name, code) for name in tied):
                at = f"{expected.file}, {slug}"
                yield f"`{part}` stands in no table and in no code, and nothing ties it ({at})"


def _guides(book: Book) -> Iterator[Check]:
    """A guide's title, the objectives that it shares out, the prompts that it comments on."""
    for name, text in book.pages.items():
        if found := re.fullmatch(r"guide_ch(\d\d)", name):
            chapter = book.chapter_of(f"ch{found[1]}")
            place = Place(book.page_paths[name], name, ("# ",))
            yield Check.known(place, _guide(book, text, chapter, int(found[1])))


def _guide(book: Book, text: str, chapter: str, number: int) -> Iterator[str]:
    title, wanted = TITLE.search(text), f"guide to chapter {number} {plain(heading(book, chapter))}"
    said = plain(title[1]) if title else ""
    # a guide may leave out the years of its chapter
    if not wanted.startswith(said) or said in ("", f"guide to chapter {number}"):
        yield f"its title is “{title and title[1]}”, that of its chapter “{heading(book, chapter)}”"
    notebook = book.notebooks.get(chapter)
    if notebook is None:
        return
    source = "\n".join(source_of(cell) for cell in notebook["cells"])
    shared = [
        NUMBERS[word]
        for words in re.findall(r"^- Objectives? (.+?):", text, re.M)
        for word in re.findall(rf"\b(?:{COUNT})\b", words)
    ]
    if sorted(shared) != (stated := _numbers(source, "Objectives")):
        yield f"shares out the objectives {sorted(shared)}, its chapter states {stated}"
    told = _numbers(text, "Discussion, and what to listen for")
    if told != (asked := _numbers(source, "Discussion")):
        yield f"comments on the prompts {told}, its chapter asks {asked}"


def _numbers(text: str, section: str) -> list[int]:
    """The numbers of the list beneath a heading."""
    part = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    return [int(found) for found in re.findall(r"^(\d+)\. ", part[1], re.M)] if part else []


def _contents(book: Book) -> Iterator[Check]:
    """Titles in the table of contents that are not how the page's own heading begins."""
    text = (book.root / "_toc.yml").read_text("utf8")
    for file, title in re.findall(r"file: (\S+)\n\s+title: (.+)", text):
        path = book.root / f"{file.removesuffix('.md')}.md"
        found = TITLE.search(path.read_text("utf8")) if path.is_file() else None
        own = found[1] if found else heading(book, file.rpartition("/")[2])
        if not plain(own).startswith(plain(title)):
            place = Place("_toc.yml", title, (f"title: {title}",))
            yield Check.known(place, [f"the heading of {file} is “{own}”"])


def _plans(book: Book) -> Iterator[Check]:
    """Titles of plans that give another number of weeks or minutes."""
    path = book.root / "chapters/instructors/plans.yml"
    plans = yaml.load(path.read_text("utf8"), LOADER)["plans"] if path.is_file() else []
    for plan in plans:
        title = str(plan["title"])
        place = Place("chapters/instructors/plans.yml", f"plan {plan['id']}", (f"title: {title}",))
        counts = {"weeks": len(plan["sessions"]), "minutes": plan["minutes"]}
        for said, thing in re.findall(rf"\b({COUNT}) (weeks|minutes)\b", title, re.I):
            if NUMBERS[said.lower()] != counts[thing]:
                yield Check.known(place, [f"says {said} {thing}, but it has {counts[thing]}"])


def _documents(book: Book) -> Iterator[Check]:
    """Each number of the pages outside the book is tied, or said once elsewhere (`OWN`)."""
    for name, path in DOCUMENTS.items():
        expected, said = book.expects(name), []
        for line in _document(book, path):
            book.used.add((name, "prose", line.slug))
            entries = list(expected.prose.get(line.slug, {}).values())
            said += [(line.slug, entry.name) for entry in entries if spans(entry.name, line.text)]
            yield Check(line.place, partial(_document_line, book, line, expected))
        for slug, entries_of in expected.prose.items():
            for entry in entries_of.values():
                if (slug, entry.name) not in said:
                    place = Place(expected.file, path, (entry.line,))
                    yield Check.known(place, [f"“{entry.name}” stands nowhere there"])


def _document(book: Book, path: str) -> Iterator[Line]:
    if (book.root / path).is_file():
        for slug, lines in sections((book.root / path).read_text("utf8")).items():
            for line, leads in lines:
                if line.strip():
                    place = Place(path, f"{path}, sentence “{short(line)}”", leads)
                    yield Line(place, slug, bare(line))


def _document_line(book: Book, line: Line, expected: Expected, facts: Facts) -> Iterator[str]:
    covered = [found.span() for found in NAMES.finditer(line.text)]
    for entry in expected.prose.get(line.slug, {}).values():
        if here := spans(entry.name, line.text):
            covered += here
            yield from contradicted(entry, facts)
    for words, file, settled in OWN:
        for said in re.finditer(words, line.text):
            covered.append(said.span())
            path = book.root / file
            right = re.search(settled, path.read_text("utf8")) if path.is_file() else None
            if right and plain(said[1]) != plain(right[1]):
                yield f"says {said[1]}, but {file} has {right[1]}"
    counts = () if line.place.path == "CONTRIBUTING.md" else COUNTS.finditer(line.text)
    digits = () if line.place.path.startswith("seeds/") else tokens(line.text)  # `cards` asks
    for token in (*digits, *counts):
        if not within(token, covered):
            yield f"{token[0]} is tied to no query ({expected.file}, {line.slug})"


def _turns(book: Book, facts: Facts) -> Iterator[Problem]:
    """A chapter begins, turns and ends in the order of days, with events that it tells."""
    for row in facts.rows("chapters"):
        place = Place("data/chapters.csv", f"row {row['_row']}", (int(row["_row"] or 0),))
        keys = [str(row[part]) for part in ("begins", "turns_on", "ends")]
        days = [facts.value(f"record_date_start('{key}')") for key in keys]
        if None in days or days != sorted(days):
            said = ", ".join(f"{key} ({day})" for key, day in zip(keys, days))
            yield Problem(place, f"begins, turns and ends in another order than the days: {said}")
        notebook = book.notebooks.get(str(row["chapter"]), {"cells": []})
        text = "\n".join(source_of(cell) for cell in notebook["cells"])
        words = _in_words(str(days[1]))
        asked = (book.root / book.expects(str(row["chapter"])).file).read_text("utf8")
        if keys[1] not in text + asked and words not in text:
            yield Problem(place, f"turns on {keys[1]}, but the chapter tells nothing of {words}")


def _in_words(day: str) -> str:
    """The month of a day as prose writes it: 2022-02-24 -> February 2022."""
    return f"{MONTHS[int(day[5:7]) - 1]} {day[:4]}"


def _founded(facts: Facts) -> Iterator[Problem]:
    """When an institution was founded, its note says who tells: that paragraph gives this date."""
    for row in facts.rows("institutions"):
        if row["founded"] is None:
            continue
        told = NOTE.search(str(row["note"]))
        rows = paragraph_rows(facts, [(told[1], told[2])]) if told else []
        given = [str(one[3]) for one in rows if one[3]]
        if not any(same_date(str(row["founded"]), day) for day in given):
            place = Place("data/institutions.csv", f"row {row['_row']}", (int(row["_row"] or 0),))
            where = f"{told[1]} ¶{told[2]}" if told else "the note, which names no paragraph,"
            yield Problem(place, f"founded: {row['founded']}, but {where} gives {', '.join(given)}")
