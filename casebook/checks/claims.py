"""Claims that nothing ties: words that compare over a series, keys and guides without a query.

Each is tied to a query in `tests/expected/`, or listed there under `unsettled` with the reason why
no evidence can settle it.
"""

import re
from collections.abc import Iterable, Iterator

from casebook.checks import worded
from casebook.checks.book import Book, Check, Place
from casebook.checks.expected import Entry, Expected
from casebook.checks.facts import Facts
from casebook.checks.figures import place_of
from casebook.checks.figures.caption import long
from casebook.checks.figures.explorers import own_words
from casebook.checks.figures.shown import Output, outputs
from casebook.checks.prose import LINK, bare, passages
from casebook.checks.quizzes import expected_in
from casebook.checks.words import spans, tokens, within

COMPARES = re.compile(
    r"\b(more|most|fewer|fewest|less|least|larger|largest|smaller|smallest|higher|highest|lower"
    r"|lowest|longer|longest|shorter|shortest|earlier|earliest|later|latest|fell|fallen|rose|risen"
    r"|grew|grown|shrank|doubled|halved|twice|half|every|only|never|always|first|last|before|after"
    r"|ahead|behind|biggest|smallest|greatest|worst|exceed\w*|increased|decreased|declined|tripled"
    r"|overt(?:ook|aken)|surpass\w*|majority|minority|nearly)\b",
    re.I,
)
# What lies under the marks of a map: the table of coasts, which is too coarse to claim anything.
GROUND = [f"guide-{kind}" for kind in ("coast", "lake", "contested", "border", "line-in-dispute")]
EVIDENCE = re.compile(r"seeds/\w+\.md#p\d|context\.md#|^\w+\.md#p\d")


Said = dict[tuple[str, str], list[str]]  # (file of expectations, place) -> texts that stand there


def checks(book: Book) -> Iterator[Check]:
    """One check for each sentence, chart, table and question that may claim something."""
    said: Said = {}
    for passage in passages(book):
        expected = book.expects(passage.name)
        for line, leads in passage.lines:
            said.setdefault((expected.file, passage.slug), []).append(bare(line))
            linked = any(EVIDENCE.search(target) for _, target in LINK.findall(line))
            if linked and not line.startswith("#"):
                yield _tied(expected, passage.slug, bare(line), passage.spot(line, leads), {})
    yield from _figures(book, said)
    yield from _questions(book, said)
    for text in worded.texts(book):
        said.setdefault((text.expected.file, text.slug), []).append(text.words)
    yield from _needless(book, said)


def _figures(book: Book, said: Said) -> Iterator[Check]:
    """The words of charts, tables and explorers; the guides of charts."""
    for output in outputs(book):
        expected = book.expects(output.chapter)
        there = said.setdefault((expected.file, output.name), [])
        texts = [long(output.record["caption"]), long(output.record["title"])]
        for text in texts + (own_words(output.explorer) if output.explorer else []):
            if text not in there:
                there.append(text)
                yield _tied(expected, output.name, text, place_of(output), output.parameters)
        if output.is_chart:
            there += output.svg.guides
            yield Check.known(place_of(output), _untied_guides(output, expected))


def _questions(book: Book, said: Said) -> Iterator[Check]:
    for bank, questions in book.banks.items():
        for question in questions:
            expected = book.expects(expected_in(book, bank, question))
            said[expected.file, question["id"]] = ["key", *_parts(question)]
            leads = (f"id: {question['id']}",)
            place = Place(question["_path"], f"{bank}, quiz {question['id']}", leads)
            yield Check.known(place, untied_keys(question, expected))


def _needless(book: Book, said: Said) -> Iterator[Check]:
    """Reasons for words that stand nowhere, and reasons that say nothing."""
    for name, expected in book.expected.items():
        for slug, reasons in expected.unsettled.items() if book.wanted(name) else ():
            texts = said.get((expected.file, slug), [])
            for words, entry in reasons.items():
                place = Place(expected.file, f"unsettled, {slug}", (entry.line,))
                if not any(spans(words, text) or text.startswith(words) for text in texts):
                    yield Check.known(place, [f"“{words}” stands nowhere there"])
                if len(" ".join(entry.queries).split()) < 3:
                    yield Check.known(place, [f"“{words}”: expected a reason of a sentence"])


def _tied(expected: Expected, slug: str, text: str, place: Place, chosen: dict[str, str]) -> Check:
    """Asks that each comparing word stands within words that are claimed, or unsettled."""
    entries = [e for e in expected.prose.get(slug, {}).values() if spans(e.name, text)]
    open_words = [span for words in expected.unsettled.get(slug, {}) for span in spans(words, text)]

    def ask(facts: Facts) -> Iterator[str]:
        claimed = [s for e in entries if claims(e, facts, chosen) for s in spans(e.name, text)]
        for word in COMPARES.finditer(text):
            if not within(word, claimed + open_words):
                yield f"“{word[0]}” in “{text[:70]}” is tied to no query ({expected.file}, {slug})"

    return Check(place, ask)


def claims(entry: Entry, facts: Facts, chosen: dict[str, str]) -> bool:
    """Whether an entry's queries give more than the numbers in its words: that they are true."""
    numbers = len(tokens(entry.name))
    return not numbers or all(len(facts.ask(q, chosen).columns) > numbers for q in entry.queries)


def untied_keys(question: dict, expected: Expected) -> Iterator[str]:
    """The parts of a question's key that no query settles and no reason excuses."""
    key = expected.quiz.get(question["id"])
    reasons = expected.unsettled.get(question["id"], {})
    if "key" in reasons or question["type"] == "judgement":
        return
    for text in _parts(question):
        tied = _begins(text, key) if isinstance(key, dict) else key is not None
        if not tied and not _begins(text, reasons):
            yield f"“{text}” is tied to no query ({expected.file}, quiz)"


def _parts(question: dict) -> list[str]:
    """What must be tied so that a wrong key is named.

    The right option where one is right, else every option; every pair; the number or the order.
    """
    if question["type"] in ("single", "mark"):
        return [str(o["text"]) for o in question["options"] if o.get("correct")]
    if question["type"] == "multiple":
        return [str(option["text"]) for option in question["options"]]
    if question["type"] == "match":
        return [str(pair["left"]) for pair in question["pairs"]]
    return ["its key"]


def _begins(text: str, names: Iterable[str]) -> bool:
    return any(text.startswith(name) for name in names)


def _untied_guides(output: Output, expected: Expected) -> Iterator[str]:
    known = [*expected.guides.get(output.name, ()), *expected.unsettled.get(output.name, ())]
    if output.record["kind"] == "map":
        known += GROUND
    for name in output.svg.guides if output.is_chart else ():
        if name not in known and re.sub(r"-\d+$", "", name) not in known:
            yield f"the guide {name} is tied to no query ({expected.file}, guides)"
