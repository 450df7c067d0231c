"""Which changed cell explains a problem: cells that differ from the last commit are put back."""

import csv
import io
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casebook.checks.book import Check, Problem
from casebook.checks.facts import TYPES, Facts, Value
from casebook.checks.words import shown

# Changed cells that are tried: a new edition of a table changes more, and no cell explains it.
MOST = 40


@dataclass(frozen=True)
class Changed:
    """A cell that differs from the last commit."""

    table: str
    row: int
    column: str
    old: Value
    new: Value

    def say(self) -> str:
        """`data/quantities.csv:12: value was 499, is 498`."""
        change = f"{self.column} was {shown(self.old)}, is {shown(self.new)}"
        return f"data/{self.table}.csv:{self.row}: {change}"


def changed_cells(root: Path, facts: Facts) -> list[Changed]:
    """The cells that differ from git's HEAD, in rows that are in both; none outside a checkout."""
    found = []
    for name in _git(root, "diff", "--name-only", "--relative", "HEAD", "--", "data").splitlines():
        table = Path(name).stem
        if name.endswith(".csv") and table in facts.fields:
            old = list(csv.DictReader(io.StringIO(_git(root, "show", f"HEAD:./{name}"))))
            found += _between(table, old, facts)
    return found[:MOST] if len(found) <= MOST else []


def _between(table: str, old: list[dict], facts: Facts) -> list[Changed]:
    (key, *_), fields = facts.keys[table], facts.fields[table]
    before = {row[key]: row for row in old}
    found = []
    for row in facts.rows(table):
        was = before.get(str(row[key]), {})
        for field in fields:
            column = field["name"]
            if was and column in was:
                cell = TYPES.get(field["type"], ("", str))[1](was[column]) if was[column] else None
                if cell != row[column]:
                    found.append(Changed(table, int(row["_row"] or 0), column, cell, row[column]))
    return found


def grouped(
    failing: Iterable[tuple[Check, list[Problem]]], root: Path, facts: Facts
) -> dict[Changed | None, list[Problem]]:
    """Problems by the changed cell that explains them: put back, it makes them vanish.

    Under None stand those that no cell explains.
    """
    rest = [(check, problem) for check, problems in failing for problem in problems]
    groups: dict[Changed | None, list[Problem]] = {}
    for cell in changed_cells(root, facts) if rest else ():
        with facts.change(cell.table, cell.row, cell.column, cell.old):
            still = {check: check.problems(facts) for check, _ in rest}
        gone = [problem for check, problem in rest if problem not in still[check]]
        if gone:
            groups[cell] = gone
            rest = [(check, problem) for check, problem in rest if problem not in gone]
    if rest:
        groups[None] = [problem for _, problem in rest]
    return groups


def _git(root: Path, *words: str) -> str:
    """What git prints; nothing where there is no git or no checkout."""
    try:
        ran = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return ran.stdout
