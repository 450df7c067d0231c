"""What tests of the promise share: a copy of the book to spoil, and what the checks say of it."""

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from casebook.checks.book import Book, Check
from casebook.checks.expected import Entry
from casebook.checks.facts import Facts
from casebook.checks.rooms import problems


def complaints(root: Path, chapter: str = "") -> list[str]:
    """What does not agree: place and problem, without the line."""
    return [f"{problem.place.name}: {problem.text}" for problem in problems(root, chapter)]


def copied(root: Path, folder: Path) -> Path:
    """A copy of what the checks read."""
    for part in ("data", "chapters", "seeds", "tests/expected"):
        shutil.copytree(root / part, folder / part, dirs_exist_ok=True)
    names = ("_toc.yml", "_config.yml", "README.md", "CONTRIBUTING.md", "CITATION.cff")
    for name in (*names, "pyproject.toml"):
        shutil.copy(root / name, folder)
    return folder


def said_of_spoilt(
    root: Path,
    folder: Path,
    cases: Iterable[tuple[str, tuple[str, str], str]],
    checks: Callable[[Book], Iterator[Check]],
) -> list[tuple[str, str]]:
    """What a room says of a copy in which all cases (path, words, …) are spoilt: path, problem."""
    book = copied(root, folder)
    for path, words, _ in cases:
        edit(book / path, words)
    facts = Facts(book)
    return [(p.place.path, p.text) for check in checks(Book(book)) for p in check.problems(facts)]


def entry(words: str, *queries: str) -> Entry:
    """An expectation that stands in no file."""
    return Entry("tests/expected/ch00.yml", 1, words, queries)


def change(book: Path, table: str, column: str, value: str, **key: str) -> None:
    """Change one cell of a copy; its row is the only one with these keys."""
    path = book / "data" / f"{table}.csv"
    rows = read(path)
    (row,) = [row for row in rows if all(row[name] == cell for name, cell in key.items())]
    assert row[column] != value
    row[column] = value
    write(path, rows)


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Put other words into a file of a copy, each in place of words that stand there."""
    text = path.read_text("utf8")
    for old, new in changes:
        assert old in text, f"{path}: {old!r} does not stand there"
        text = text.replace(old, new)
    path.write_text(text, "utf8")


def named(found: Iterable[str], *said: str) -> None:
    """Each of these beginnings, or a part of it, is said of a spoilt copy."""
    found = list(found)
    for one in said:
        assert any(one in text for text in found), f"{one!r} is not among\n" + "\n".join(found)


def read(path: Path) -> list[dict]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict]) -> None:
    with open(path, "w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def package(root: Path) -> dict:
    return json.loads((root / "data" / "datapackage.json").read_text("utf8"))


def raw(root: Path, table: str) -> list[dict]:
    """The rows of `data/<table>.csv` as text; `_row` is the row number that a spreadsheet shows."""
    rows = enumerate(read(root / "data" / f"{table}.csv"), start=2)
    return [row | {"_row": number} for number, row in rows]
