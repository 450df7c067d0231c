"""Who relies on a cell: found by changing it and asking the checks again, not by reading names."""

import re
from collections.abc import Generator, Iterable, Iterator

from casebook.checks.book import Check, Problem
from casebook.checks.facts import TYPES, Facts, FactsError, Value
from casebook.checks.spoil import DATE, later

# Where a problem begins to tell what the facts say instead, which differs for each value tried.
SAID = re.compile(
    r", but |; it says|, the data say| has \d+ marks|its value is|: tests/expected| gives "
)
Question = tuple  # (query, parameters), as `Facts.watch` gathers them


class Reliance:
    """The checks of a book, each with the questions that it asks of the facts."""

    def __init__(self, facts: Facts, checks: Iterable[Check]) -> None:
        self.facts = facts
        self.before: set[Problem] = set()
        self._by_column: dict[tuple[str, str], list[tuple[Check, set[Question]]]] = {}
        for check in checks:
            with facts.watch() as questions:
                self.before |= set(check.problems(facts))
            for read in {read for query, _ in questions for read in facts.reads[query]}:
                self._by_column.setdefault(read, []).append((check, questions))

    def named(self, table: str, row: int, column: str, value: Value) -> Generator[Problem]:
        """What no longer agrees when one cell says `value`: checks whose answers move are asked."""
        before: dict[Question, list | str] = {}
        asked = self._by_column.get((table, column), [])
        for question in {q for _, questions in asked for q in questions}:
            if (table, column) in self.facts.reads[question[0]]:
                before[question] = self._outcome(question)
        with self.facts.change(table, row, column, value):
            for check, questions in asked:
                if any(self._outcome(q) != before[q] for q in questions if q in before):
                    found = check.each(self.facts)
                    yield from (problem for problem in found if problem not in self.before)

    def relying(self, table: str, row: int, column: str, cell: Value) -> list[Problem]:
        """What names a cell under any change: one problem for each thing said."""
        found: dict[tuple, Problem] = {}
        for value in others(cell, self.kind(table, column)):
            for problem in self.named(table, row, column, value):
                found.setdefault((problem.place, SAID.split(problem.text)[0]), problem)
        return list(found.values())

    def is_used(self, table: str, row: int, column: str, cell: Value) -> bool:
        """Whether anything names a cell when it changes."""
        values = others(cell, self.kind(table, column))
        for value in values:
            found = self.named(table, row, column, value)
            if next(found, None):
                found.close()  # puts the cell back
                return True
        return False

    def kind(self, table: str, column: str) -> str:
        """The type of a column in SQL."""
        declared = next(f["type"] for f in self.facts.fields[table] if f["name"] == column)
        return TYPES.get(declared, ("TEXT",))[0]

    def _outcome(self, question: Question) -> "list | str":
        try:
            return self.facts.ask(question[0], dict(question[1])).rows
        except FactsError as error:
            return str(error)


def others(cell: Value, kind: str) -> list[Value]:
    """Values to put in place of a cell: more, far more, nothing; another date; other words."""
    if kind == "INTEGER":
        return [int(cell or 0) + 1, int(cell or 0) * 3 + 7, 0, None]
    if kind == "REAL":
        return [float(cell or 0) * 1.1 + 1, float(cell or 0) * 3 + 7, 0.0, None]
    if cell is None:
        return ["2001-02-03", "something else"]
    if DATE.fullmatch(str(cell)):
        return [later(str(cell)), later(str(cell), -400), None]
    return [f"not {cell}", None]


def unused(
    reliance: Reliance, only: str | None = None
) -> Iterator[tuple[str, str, list[str], int]]:
    """(table, column, keys of the rows whose cell nothing relies on, cells that say something)."""
    facts = reliance.facts
    for table, keys in facts.keys.items():
        if only not in (None, table):
            continue
        rows = facts.rows(table)
        for field in facts.fields[table]:
            column = field["name"]
            said = [row for row in rows if row[column] is not None]
            if column not in keys and said:
                idle = [
                    str(row[keys[0]])
                    for row in said
                    if not reliance.is_used(table, int(row["_row"] or 0), column, row[column])
                ]
                if idle:
                    yield table, column, idle, len(said)
