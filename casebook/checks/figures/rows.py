"""The record of a chart or table against the rows that its query gives."""

from collections.abc import Iterator

from casebook.checks.facts import Value
from casebook.checks.figures.drawing import label_number
from casebook.checks.figures.shown import Shown
from casebook.checks.words import shown as say
from casebook.checks.words import told


def row_problems(shown: Shown) -> Iterator[str]:
    """Rows and columns that are missing or too many, and every cell that differs."""
    if len(shown.rows) != len(shown.record["rows"]):
        yield "two rows have the same key"
    for column in set(shown.columns[1:]) - set(shown.stated):
        yield f"column {column!r} is not given by the query ({shown.entry.at})"
    for column in sorted(set(shown.stated) - set(shown.columns)):
        yield f"column {column!r} is given by the query but not shown ({shown.entry.at})"
    who = told(shown.entry.queries[0], shown.facts)
    for key in shown.rows:
        if key not in shown.wanted:
            yield f"row {key} is shown, but {who} gives no such row ({shown.entry.at})"
    for key, row in shown.wanted.items():
        if key not in shown.rows:
            yield f"row {key} is missing, but {who} has it ({shown.entry.at})"
            continue
        for column in (c for c in shown.columns[1:] if c in row):
            seen = shown.rows[key][column]
            if not same(seen, row[column]):
                says, gives = apart(say(seen), say(row[column]))
                yield f"row {key}, {column}: says {says}, but {who} gives {gives}"


def apart(seen: str, said: str) -> tuple[str, str]:
    """Two texts from shortly before they part, where they are long."""
    if max(len(seen), len(said)) < 80:
        return seen, said
    part = next(
        (n for n, (a, b) in enumerate(zip(seen, said)) if a != b), min(len(seen), len(said))
    )
    start = max(0, part - 20)
    head = "…" if start else ""
    return f"“{head}{seen[start : part + 40]}…”", f"“{head}{said[start : part + 40]}…”"


def same(seen: Value, said: Value) -> bool:
    """Whether a cell is the one that the facts give: numbers to nine digits, text in one line."""
    if seen is None or said is None or isinstance(seen, str):
        together = None not in (seen, said)
        return seen == said or (together and str(seen).split() == str(said).split())
    number = said if isinstance(said, (int, float)) else label_number(said)
    if number is None:
        return False
    return abs(seen - number) <= 1e-9 * max(1, abs(seen)) or round(number, 10) == seen


def source_problems(shown: Shown) -> Iterator[str]:
    """Rows whose source is not named, and tables of which no source is named."""
    named = shown.record["sources"]
    bare = {name.partition("#")[0] for name in named}
    for name in named:
        if not shown.facts.short(name.partition("#")[0]):
            yield f"source {name}: data/sources.csv has no such source"
    for key, references in shown.sources.items():
        for one in filter(None, references):
            if key in shown.rows and not {one, one.partition("#")[0]} & set(named):
                yield f"row {key}: its source {one} is not among those named ({', '.join(named)})"
    if shown.output.explorer:
        return  # its query holds the tables of all states
    for table in sorted({table for table, _ in shown.facts.reads[shown.entry.queries[0]]}):
        sources = shown.facts.sources(table)
        if sources and table != "sources" and not bare & sources:
            none = f"of which it names no source ({', '.join(named)})"
            yield f"it is drawn from data/{table}.csv, {none}"
