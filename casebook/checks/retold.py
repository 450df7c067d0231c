"""A sentence that links a paragraph says something of it: ¶5 in the place of ¶6 is named.

Where a number or date settles the link, `prose` has asked already. Any other sentence shares a
telling word with the paragraph: one of its card's retelling or of its rows in `data/`, which fewer
than a third of the text's paragraphs have. Words count by their first letters, so that Russia and
Russian are one. A sentence that cannot ("CFR writes") is listed under `unsettled`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, partial

from casebook.checks.book import Book, Check
from casebook.checks.facts import Facts, iso
from casebook.checks.prose import HERE, LINK, SEED, Reference, bare, paragraph_rows, passages
from casebook.checks.words import number, same_date, spans, tokens

SHORTEST, BEGINNING = 5, 5  # letters of a word that counts, and those by which it counts
COMMON = 0.3  # of the paragraphs of a text: what more of them have tells nothing
NAMING = (("source_id", "paragraph"), ("source_a", "paragraph_a"), ("source_b", "paragraph_b"))

Words = set[str]


def checks(book: Book) -> Iterator[Check]:
    """One check for each sentence that links a paragraph."""
    told = _Told(_cards(book))
    for passage in passages(book):
        unsettled = book.expects(passage.name).unsettled.get(passage.slug, {})
        for line, leads in passage.lines:
            linked, words = references(line), bare(line)
            if linked and not any(spans(name, words) for name in unsettled):
                yield Check(passage.spot(line, leads), partial(_problems, words, linked, told))


def references(line: str) -> list[Reference]:
    """The paragraphs that a line links."""
    found = (SEED.search(target) or HERE.search(target) for _, target in LINK.findall(line))
    return [(match[1], match[2]) for match in found if match]


def _cards(book: Book) -> dict[Reference, str]:
    """What the card of each text says of each paragraph."""
    told: dict[Reference, str] = defaultdict(str)
    for path in sorted((book.root / "seeds").glob("*.md")):
        here = ""
        for line in path.read_text("utf8").split("\n"):
            if anchor := re.fullmatch(r"\{#p(\d+)\}", line):
                here = anchor[1]
            elif line.startswith("## "):
                here = ""
            elif here:
                told[path.stem, here] += f" {line}"
    return dict(told)


@cache
def words_of(text: str) -> frozenset[str]:
    """The beginnings of the longer words of a text."""
    words = re.findall(rf"[^\W\d_]{{{SHORTEST},}}", text.lower())
    return frozenset(word[:BEGINNING] for word in words)


class _Told:
    """What each paragraph tells, by its card and by the rows of the evidence."""

    def __init__(self, cards: dict[Reference, str]) -> None:
        self.cards = cards
        self._words: dict[Reference, Words] = {}
        self._of: Facts | None = None

    def words(self, place: Reference, facts: Facts) -> Words:
        """The words by which a paragraph is known from most others of its text."""
        if self._of is not facts:
            self._words, self._of = telling(self.cards, facts), facts
        return self._words.get(place, set())


def telling(cards: dict[Reference, str], facts: Facts) -> dict[Reference, Words]:
    """Paragraph -> the words by which it is known from most others of its text."""
    told = defaultdict(set, {place: set(words_of(text)) for place, text in cards.items()})
    for table, fields in facts.fields.items():
        names = {field["name"] for field in fields}
        for source, paragraph in NAMING:
            if {source, paragraph} <= names:
                for row in facts.rows(table):
                    if row[paragraph] is not None:
                        cells = " ".join(str(cell) for cell in row.values())
                        told[str(row[source]), str(row[paragraph])] |= words_of(cells)
    texts = Counter(source for source, _ in told)
    shared = Counter((place[0], word) for place, words in told.items() for word in words)
    return {
        (source, paragraph): {
            word for word in words if shared[source, word] <= max(1, COMMON * texts[source])
        }
        for (source, paragraph), words in told.items()
    }


def _problems(words: str, linked: list[Reference], told: _Told, facts: Facts) -> Iterator[str]:
    said = words_of(words)
    for place in linked:
        if not said & told.words(place, facts) and not _settled(words, place, facts):
            yield f"it shares no telling word with {place[0]} ¶{place[1]}, which it names"


def _settled(words: str, place: Reference, facts: Facts) -> bool:
    """Whether a number or date of the sentence is one of the paragraph."""
    rows = paragraph_rows(facts, [place])
    for token in tokens(words):
        said = iso(token[0]) if token.lastgroup != "number" else None
        for row in rows:
            if said and row[3] and same_date(said, str(row[3])):
                return True
            if token.lastgroup == "number" and row[2] == number(token[0]):
                return True
    return False
