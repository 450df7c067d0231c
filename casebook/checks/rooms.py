"""All checks of the book, room by room, and what they find."""

import re
from collections.abc import Iterator
from pathlib import Path

from casebook.checks import (
    cards,
    claims,
    figures,
    giveaway,
    house,
    outside,
    prose,
    quizzes,
    retold,
    schema,
    who,
    worded,
)
from casebook.checks.book import Book, Check, Place, Problem, source_of
from casebook.checks.facts import Facts


def checks(book: Book) -> Iterator[Check]:
    """All checks of a book, or of the chapter to which it is narrowed down."""
    for room in (
        schema,
        outside,
        prose,
        worded,
        retold,
        house,
        cards,
        figures,
        quizzes,
        claims,
        giveaway,
    ):
        yield from room.checks(book)
    yield from _unreadable(book)
    yield from _unlisted(book)


def failing(book: Book, facts: Facts) -> list[tuple[Check, list[Problem]]]:
    """The checks that find something, and what."""
    found = [(check, check.problems(facts)) for check in checks(book)]
    return [(check, problems) for check, problems in found if problems]


def problems(root: Path, chapter: str = "") -> list[Problem]:
    """Everything in the book that does not agree, one problem each."""
    found = failing(Book(Path(root), chapter), Facts(Path(root)))
    return [problem for _, problems in found for problem in problems]


def reliance_of(root: Path, facts: Facts) -> who.Reliance:
    """What each check of the book asks of the facts, so that one can ask who relies on a cell."""
    book = Book(Path(root))
    rooms = (prose, worded, cards, figures, quizzes)
    return who.Reliance(facts, [check for room in rooms for check in room.checks(book)])


def _unreadable(book: Book) -> Iterator[Check]:
    """Expectations that break their form, and those of a place that does not exist."""
    folders = (book.root / "chapters", book.root / "seeds")
    names = {path.stem for folder in folders for path in folder.iterdir()} | {*book.page_paths}
    names |= {*house.DOCUMENTS}
    for name, expected in book.expected.items():
        if not book.wanted(name):
            continue
        found = [(1, f"there is no chapter or page {name}")] if name not in names else []
        for line, text in found + expected.errors:
            place = Place(expected.file, "expectation", (line,))
            yield Check.known(place, [text])
        cells = book.notebooks.get(name, {}).get("cells", [])
        code = "".join(source_of(cell) for cell in cells if cell["cell_type"] == "code")
        for part in ("figures", "presets", "prose", "guides", "units", "quiz"):
            for where in getattr(expected, part):
                if (name, part, where) not in book.used:
                    place = Place(expected.file, f"{part}, {where}", (f"{where}:",))
                    yield Check.known(place, [_unfound(name, f'"{where}"' in code)])


def _unfound(name: str, in_code: bool) -> str:
    if in_code:
        return "the notebook has not shown it yet (casebook notebooks runs it)"
    return f"{name} has no such place, figure or question"


def _unlisted(book: Book) -> Iterator[Check]:
    """Chapters and pages that the table of contents lacks: Jupyter Book passes over them."""
    listed = set(re.findall(r"(?:root|file): (\S+)", (book.root / "_toc.yml").read_text("utf8")))
    paths = {name: f"chapters/{name}.ipynb" for name in book.notebooks}
    for name, path in (paths | {name: book.page_paths[name] for name in book.pages}).items():
        if not listed & {path, path.rpartition(".")[0]}:
            yield Check.known(Place(path, name), ["it is not in _toc.yml, so it is not built"])
