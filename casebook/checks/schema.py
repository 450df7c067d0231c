"""The tables against the data package: types, required cells, values allowed, keys, references."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from casebook.checks.book import Book, Check, Place, Problem
from casebook.checks.facts import UNSAID, Facts, Value, span

Fault = tuple[int, str]  # row, what is wrong with it

BESIDE = ("README.md", "datapackage.json")  # what data/ holds beside its tables
# Spaces round a cell, hard spaces, line breaks and other control characters, and those that turn
# the direction of what follows.
UNSEEN = re.compile("^ | $|  |[\x00-\x1f\x7f-\xa0\u200b\u2028-\u202f\u2066-\u2069]")
# Constraint of the package -> whether a cell (typed) keeps it.
RULES: dict[str, Callable] = {
    "enum": lambda value, allowed: value in allowed,
    "pattern": lambda value, pattern: re.fullmatch(pattern, str(value)) is not None,
    "minimum": lambda value, least: value >= least,
    "maximum": lambda value, most: value <= most,
    "minLength": lambda value, least: len(str(value)) >= least,
    "maxLength": lambda value, most: len(str(value)) <= most,
}


def checks(book: Book) -> Iterator[Check]:
    """One check for each file of data/, of no chapter and so only with the whole book."""
    for path in sorted((book.root / "data").iterdir()) if not book.chapter else ():
        if path.name not in BESIDE and not path.name.startswith("."):
            yield Check(Place(f"data/{path.name}", "table"), partial(_table, path))


def _table(path: Path, facts: Facts) -> Iterator[str | Problem]:
    """What breaks the schema of one table, each with its row."""
    table = path.stem
    if path.name != f"{table}.csv" or table not in facts.fields:
        yield f"data/{path.name} is not described in datapackage.json (expected tables only)"
        return
    with open(facts.folder / f"{table}.csv", encoding="utf-8-sig", newline="") as file:
        head, *lines = [*csv.reader(file)] or [[]]
    names = [field["name"] for field in facts.fields[table]]
    if head != names:
        yield f"its columns are {', '.join(head)}, expected {', '.join(names)}"
        return
    for row, cells in enumerate(filter(None, lines), start=2):
        if len(cells) != len(names):
            text = f"{len(cells)} cells, expected {len(names)}"
            yield Problem(Place(f"data/{table}.csv", f"row {row}", (row,)), text)
    for row, text in (*_cells(table, facts), *_keys(table, facts), *_references(table, facts)):
        yield Problem(Place(f"data/{table}.csv", f"row {row}", (row,)), text)


def _cells(table: str, facts: Facts) -> Iterator[Fault]:
    for name, row, column, cell in facts.mistyped:
        if name == table:
            yield row, f"{column}: {cell!r} does not fit its type"
    for line in facts.rows(table):
        for field in facts.fields[table]:
            for problem in _cell(field, line[field["name"]]):
                yield int(line["_row"] or 0), f"{field['name']}: {problem}"


def _cell(field: dict, value: Value) -> Iterator[str]:
    rules = field.get("constraints", {})
    if value is None:
        if rules.get("required"):
            yield "says nothing, but must"
        return
    if value == UNSAID:
        yield "still to be written"
        return
    for name, rule in RULES.items():
        if name in rules and not rule(value, rules[name]):
            yield f"{value!r} breaks {name} {rules[name]!r}"
    if isinstance(value, str) and (sign := UNSEEN.search(value)):
        yield f"holds a space, a line break or another sign that cannot be seen ({sign[0]!r})"
    if "edtf" in field.get("rdfType", "") or field["type"] == "date":
        try:
            first, last = map(date.fromisoformat, span(str(value)))
        except ValueError:
            yield f"{value!r} is no date"
        else:
            if last < first:
                yield f"{value!r} ends before it begins"


def _keys(table: str, facts: Facts) -> Iterator[Fault]:
    """Keys and unique cells that stand twice."""
    unique = [[f["name"]] for f in facts.fields[table] if f.get("constraints", {}).get("unique")]
    for columns in [facts.keys[table], *unique]:
        named = ", ".join(f'"{column}"' for column in columns)
        twice = f'select {named}, max(_row) from "{table}" group by {named} having count(*) > 1'
        for *key, row in facts.ask(twice).rows:
            if None not in key:
                yield (
                    int(row or 0),
                    f"{', '.join(columns)}: {', '.join(map(str, key))} stands twice",
                )


def _references(table: str, facts: Facts) -> Iterator[Fault]:
    """Cells that lead to no row of another table."""
    schema = next(r["schema"] for r in facts.package["resources"] if r["name"] == table)
    for reference in schema.get("foreignKeys", []):
        (column,), target = reference["fields"], reference["reference"]
        known = f'select "{target["fields"][0]}" from "{target["resource"]}"'
        asked = facts.ask(
            f'select _row, "{column}" from "{table}" where "{column}" not in ({known})'
        )
        for row, value in asked.rows:
            yield int(row or 0), f"{column}: data/{target['resource']}.csv has no {value!r}"
