"""Every published chart, table and explorer against the facts, by no code that drew it.

| step | holds |
| --- | --- |
| `rows` | the record of a chart or table against its query |
| `picture` | the geometry of its SVG, read through its tick labels, against the record; guides |
| `seen` | nothing in it is hidden, faint or strange |
| `spoken` | the titles of its marks and its alternative text |
| `caption` | words written by hand |
| `plain` | the same rows as text and HTML |
| `units` | the unit that its axis or head names against the data package |
| `explorers` | every state is such a chart, and none is missing |
"""

from collections.abc import Iterator
from functools import partial

from casebook.checks.book import Book, Check, Place, place_in
from casebook.checks.expected import Entry, Expected
from casebook.checks.facts import Facts
from casebook.checks.figures.caption import caption_problems, long, texts
from casebook.checks.figures.drawing import fold
from casebook.checks.figures.explorers import explorer_problems, own_words
from casebook.checks.figures.picture import (
    colour_problems,
    geometry_problems,
    guide_problems,
    label_problems,
)
from casebook.checks.figures.plain import plain_problems
from casebook.checks.figures.rows import row_problems, source_problems
from casebook.checks.figures.seen import seen_problems
from casebook.checks.figures.shown import (
    EXPLORER,
    FIGURE,
    NOTE,
    OURS,
    SVG,
    TABLE,
    Output,
    Shown,
    outputs,
    published,
)
from casebook.checks.figures.spoken import alternative_problems, title_problems
from casebook.checks.figures.units import unit_problems
from casebook.checks.prose import missing
from casebook.checks.words import spans


def checks(book: Book) -> Iterator[Check]:
    """One check for each chart and table, and one for each explorer as a whole."""
    found = list(outputs(book))
    for output in found:
        expected = book.expects(output.chapter)
        parts = ("figures", "prose", "units", "guides", *(["presets"] if output.explorer else []))
        book.used |= {(output.chapter, part, output.name) for part in parts}
        yield Check(place_of(output), partial(output_problems, output, expected))
        ids = [other.record["id"] for other in found]
        if ids.count(output.record["id"]) > 1:
            count = ids.count(output.record["id"])
            yield Check.known(place_of(output), [f"{count} figures have this id"])
    for chapter, cell, data in published(book):
        if EXPLORER in data:
            yield _explorer(book, chapter, cell, data)
    yield from _unplaced_words(book, found)
    yield from _findings(book, found)
    yield from _printed(book)
    yield from noted(book)


def _printed(book: Book) -> Iterator[Check]:
    """What a cell shows beside figures, tables and quizzes.

    That is what it prints, a picture without data, the value of its last line; an address in memory
    is another on each run.
    """
    for chapter, cell in book.cells():
        place = place_in(chapter, cell, f"cell {cell['id']}")
        if cell["cell_type"] == "raw":
            yield Check.known(place, ["it is a raw cell, which no check reads"])
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if output["output_type"] == "display_data" and data.keys() & OURS:
                continue
            said = "".join(output.get("text") or data.get("text/plain") or output.get("evalue", ""))
            problem = f"it prints {said[:40]!r}, no figure, table or quiz"
            problem += " (begin its last line with `_ = `)"
            if data.keys() & {"image/png", SVG}:
                problem = "it shows a picture without data, as pyplot does (expected"
                problem += " a matplotlib.figure.Figure, which figure.show shows)"
            yield Check.known(place, [problem])


def noted(book: Book) -> Iterator[Check]:
    """The notes round a figure in a live notebook, which give its finding and its caption."""
    for chapter, cell in book.cells():
        shown = [output["data"] for output in cell.get("outputs", []) if "data" in output]
        records = [data[kind] for data in shown for kind in data.keys() & {FIGURE, TABLE, EXPLORER}]
        for data in (data for data in shown if NOTE in data):
            text = fold("".join(data["text/plain"]))
            mine = [one for one in records if one["id"] == data[NOTE]["id"]]
            words = [fold(one.get(part, "")) for one in mine for part in ("title", "caption")]
            if not any(word and word in text for word in words):
                place = place_in(chapter, cell, f"note on {data[NOTE]['id']}")
                yield Check.known(place, [f"it says {text[:60]!r}, which is not said there"])


def place_of(output: Output) -> Place:
    """Where a chart or table stands: its cell in the notebook."""
    return place_in(output.chapter, output.cell, f"{output.kind} {output.record['id']}")


def output_problems(output: Output, expected: Expected, facts: Facts) -> Iterator[str]:
    """All that does not agree in one chart or table."""
    entry = expected.figures.get(output.name)
    if entry is None:
        yield f"{expected.file} does not say what it must show (part figures, {output.name})"
        return
    shown, kind = Shown(facts, output, entry), "chart" if output.is_chart else "table"
    for problem in (*row_problems(shown), *source_problems(shown)):
        yield f"{kind}, {problem}"
    if output.is_chart:
        yield from _picture(shown, expected)
    words = expected.prose.get(output.name, {}).values()
    yield from caption_problems(shown, words)
    yield from unit_problems(shown, expected.units.get(output.name))
    for problem in plain_problems(shown):
        yield f"{kind} as text, {problem}"


DRAWN = (geometry_problems, colour_problems, label_problems, seen_problems, title_problems)


def _picture(shown: Shown, expected: Expected) -> Iterator[str]:
    guides = expected.guides.get(shown.output.name, {})
    for name, drawn in shown.drawings():
        for check in DRAWN:
            yield from (f"{name}, {problem}" for problem in check(drawn))
        yield from (f"{name}, {problem}" for problem in guide_problems(drawn, guides))
        if not _as_many_words(drawn, shown):
            yield f"{name}: its words are {drawn.svg.words}, those of the other {shown.svg.words}"
    yield from (f"alternative text: {problem}" for problem in alternative_problems(shown))


def _as_many_words(drawn: Shown, shown: Shown) -> bool:
    """Whether two drawings say the same; on a map names of lands and seas may give way."""
    mine, all_words = sorted(drawn.svg.words), sorted(shown.svg.words)
    if shown.record["kind"] == "map":
        return set(shown.rows) <= set(mine) <= set(all_words)
    return mine == all_words


def _explorer(book: Book, chapter: str, cell: dict, data: dict) -> Check:
    record, expected = data[EXPLORER], book.expects(chapter)
    place = place_in(chapter, cell, f"explorer {record['id']}")
    entry = expected.figures.get(record["id"])
    words = [
        one
        for one in expected.prose.get(record["id"], {}).values()
        if not any(f":{control['name']}" in one.queries[0] for control in record["controls"])
    ]
    presets = expected.presets.get(record["id"])
    return Check(place, partial(explorer_problems, data, record, entry, presets, words))


def _unplaced_words(book: Book, found: list[Output]) -> Iterator[Check]:
    """Entries whose words stand in no caption or picture of their figure."""
    for name in dict.fromkeys((output.chapter, output.name) for output in found):
        entries: dict[str, Entry] = book.expects(name[0]).prose.get(name[1], {})
        mine = [output for output in found if entries and (output.chapter, output.name) == name]
        said = [text for output in mine for _, text in texts_of(output)]
        for entry in entries.values():
            if not any(spans(long(entry.name), text) for text in said):
                yield missing(entry, f"{name[0]}, figure {name[1]}")


def _findings(book: Book, found: list[Output]) -> Iterator[Check]:
    """A chart's title that is a finding, and not the name of what is measured, is a claim."""
    for output in found:
        title, expected = long(output.record["title"]), book.expects(output.chapter)
        tied = [
            *expected.prose.get(output.name, ()),
            *expected.unsettled.get(output.name, ()),
        ]
        finding = "measured" in output.record and not output.explorer
        if finding and not any(spans(long(words), title) for words in tied):
            problem = f"its finding “{title}” is tied to no query ({expected.file}, {output.name})"
            yield Check.known(place_of(output), [problem])


def texts_of(output: Output) -> list[tuple[str, str]]:
    """The words of an output; those of its explorer too."""
    found = texts(output)
    if output.explorer:
        found += [("explorer", text) for text in own_words(output.explorer)]
    return found
