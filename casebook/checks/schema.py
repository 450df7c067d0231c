"""The tables against the data package: types, required cells, values allowed, keys, references to other tables."""

import csv
import re
from collections.abc import Callable, Iterator

from casebook.checks.book import Book, Check, Place
from casebook.checks.facts import Facts, Value, span

# Constraint of the package -> whether a cell (typed) keeps it.
RULES: dict[str, Callable[[Value, object], bool]] = {
    "enum": lambda value, allowed: value in allowed,
    "pattern": lambda value, pattern: re.fullmatch(pattern, str(value)) is not None,
    "minimum": lambda value, least: value >= least,
    "maximum": lambda value, most: value <= most,
    "minLength": lambda value, least: len(str(value)) >= least,
    "maxLength": lambda value, most: len(str(value)) <= most,
}


def checks(book: Book) -> Iterator[Check]:
    """One check for all tables: they belong to no chapter, so they are checked with the whole book only."""
    if not book.chapter:
        yield Check(Place("data/datapackage.json", "tables"), _undeclared)
        for path in sorted((book.root / "data").glob("*.csv")):
            yield Check(
                Place(f"data/{path.name}", "table"), lambda facts, t=path.stem: problems(t, facts)
            )


def _undeclared(facts: Facts) -> Iterator[str]:
    for path in sorted(facts.folder.glob("*.csv")):
        if path.stem not in facts.fields:
            yield f"data/{path.name} is not described in datapackage.json"


def problems(table: str, facts: Facts) -> Iterator[str]:
    """What breaks the schema of one table, each with its row."""
    if table not in facts.fields:
        return
    for _, row, column, cell in (found for found in facts.mistyped if found[0] == table):
        yield f"row {row}, {column}: {cell!r} does not fit its type"
    fields, rows = facts.fields[table], facts.rows(table)
    with open(facts.folder / f"{table}.csv", encoding="utf-8-sig", newline="") as file:
        head = next(csv.reader(file), [])
    if head != [field["name"] for field in fields]:
        yield f"its columns are {', '.join(head)}, expected {', '.join(f['name'] for f in fields)}"
        return
    for field in fields:
        for row in rows:
            for problem in _cell(field, row[field["name"]]):
                yield f"row {row['_row']}, {field['name']}: {problem}"
    yield from _keys(table, facts)


def _cell(field: dict, value: Value) -> Iterator[str]:
    rules = field.get("constraints", {})
    if value is None:
        if rules.get("required"):
            yield "says nothing, but must"
        return
    for name, rule in RULES.items():
        if name in rules and not rule(value, rules[name]):
            yield f"{value!r} breaks {name} {rules[name]!r}"
    if isinstance(value, str) and re.search(r"[\n\r]", value):
        yield "holds a line break"
    if "edtf" in field.get("rdfType", "") or field["type"] == "date":
        try:
            span(str(value))
        except ValueError:
            yield f"{value!r} is no date"


def _keys(table: str, facts: Facts) -> Iterator[str]:
    schema = next(r["schema"] for r in facts.package["resources"] if r["name"] == table)
    for columns in [schema["primaryKey"], *_unique(facts.fields[table])]:
        named = ", ".join(f'"{column}"' for column in columns)
        twice = f'select {named}, max(_row) from "{table}" group by {named} having count(*) > 1'
        for *key, row in facts.ask(twice).rows:
            if None not in key:
                yield f"row {row}, {', '.join(columns)}: {', '.join(map(str, key))} stands twice"
    for reference in schema.get("foreignKeys", []):
        (column,), other = reference["fields"], reference["reference"]
        lost = (
            f'select _row, "{column}" from "{table}" where "{column}" is not null and "{column}" not in '
            f'(select "{other["fields"][0]}" from "{other["resource"]}")'
        )
        for row, value in facts.ask(lost).rows:
            yield f"row {row}, {column}: data/{other['resource']}.csv has no {value!r}"


def _unique(fields: list[dict]) -> list[list[str]]:
    return [[f["name"]] for f in fields if f.get("constraints", {}).get("unique")]
