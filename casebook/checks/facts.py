"""The evidence as SQL sees it: each `data/*.csv` a typed table, read only.

    facts = Facts(root)
    facts.ask("select sum(value_usd) from aid_pledges_japan where date <= '2022-11-30'").rows

Every table is STRICT and typed by `data/datapackage.json` (an empty cell is NULL, a date ISO text)
and has `_row`, the row number that a spreadsheet shows. A date of reduced precision, column `c`,
has `c_start` and `c_end`, its first and last day. Which columns a query reads is remembered.

| function | gives |
| --- | --- |
| `share_pct('fnn-2023-01-defence-against')` | one cell: each column is a function of a row's key |
| `q('cfr2022-sanctioned-individuals')` | the number of one row: value, share, persons, dollars |
| `record('invasion-2022')` | the day of one row: of record, of a vote, of publication … |
| `days(a, b)` | whole days from one day to another; each is ISO text or the key of a row |
| `before(a, b, …)` | whether these rows, told by their keys, follow one another in time |
| `said('coal-cause', 'both grounds', …)` | 1 if the words of one row have all these words |
| `cite('cfr2022', 4)` | a paragraph as the book cites it: CFR 2022, ¶4 |
| `iso('3 October 2022')` | a day, month or year in words as ISO text |
| `round(x, digits)` | as Python and pandas round, whose halves SQLite's own may miss |

A key is looked for in every table, then in the views that several queries share: those of
`tests/expected/views.sql` whose first column is `id` or `year`. A query may be written without its
first `select`.
"""

import calendar
import csv
import json
import re
import sqlite3
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

# How a cell writes a number: Python alone would read 1_000, ４, nan and a space too.
PLAIN = {"INTEGER": r"-?[0-9]+", "REAL": r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?"}
TYPES = {"integer": ("INTEGER", int), "year": ("INTEGER", int), "number": ("REAL", float)}
MAY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33}  # 33: recursion
# The columns in which a row has its number, its day, and what it tells in words.
NUMBER = ("value", "share_pct", "persons", "value_usd")
DAY = ("record_date", "date", "vote_date", "published")
TELLING = (
    *("title", "description", "record", "reading_a", "reading_b", "claim", "evidence", "note"),
    *("scope_note", "label", "event", "pitfall", "record_basis", "date_basis"),
)
UNSAID = "…"  # what `casebook new` leaves to a person
MONTHS = list(calendar.month_name)

Value = Any  # text, a number or None: what SQLite hands over


class FactsError(ValueError):
    """A query that cannot be answered, or a file that cannot be read; the message says why."""


@contextmanager
def readable(path: str) -> Iterator[None]:
    """Turn what reading the file `path` raises into FactsError: `path:line: why`."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, csv.Error, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = getattr(error, "lineno", mark.line + 1 if mark else 1)
        why = getattr(error, "strerror", None) or getattr(error, "problem", None) or str(error)
        raise FactsError(f"{path}:{line}: cannot be read: {why}") from None


@dataclass(frozen=True)
class Answer:
    """What a query gives: the names of its columns, its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


class Facts:
    """The tables of `root/data`, or of another `folder`, in memory: all, or those named."""

    def __init__(
        self, root: Path, folder: Path | None = None, tables: Container[str] | None = None
    ) -> None:
        self.folder = folder or Path(root) / "data"
        with readable("data/datapackage.json"):
            self.package = json.loads((self.folder / "datapackage.json").read_text("utf-8-sig"))
            self.fields = {r["name"]: r["schema"]["fields"] for r in self.package["resources"]}
            self.keys = {r["name"]: r["schema"]["primaryKey"] for r in self.package["resources"]}
            for number, resource in enumerate(self.package["resources"]):
                if resource["path"] != f"{resource['name']}.csv":
                    raise ValueError(f"{resource['name']} has the path {resource['path']!r}")
                if number >= len(self.fields):
                    raise ValueError("a table stands twice in it")
        self.reads: dict[str, set[tuple[str, str]]] = {}
        self.mistyped: list[tuple[str, int, str, str]] = []  # (table, row, column, cell)
        self._derived: dict[tuple[str, str], str] = {}
        self._columns: dict[str, set[str]] = {}
        self._answers: dict[tuple, Answer] = {}
        self._questions: dict[str, set[tuple]] = {}  # query -> its keys in _answers
        self._readers: dict[tuple[str, str], set[str]] = {}  # column -> queries that read it
        self._asked: list[set[tuple]] = []
        self._tables: dict[str, list[str]] = {}  # key -> tables that have such a row
        self._views: dict[str, list[str]] = {}  # the same of views
        self._told_by: dict[str, str] = {}  # view -> the column that tells its rows apart
        self._why = ""
        self._db = sqlite3.connect(":memory:", cached_statements=0)
        for name, arity, function in self._functions():
            self._db.create_function(name, arity, function, deterministic=True)
        for resource in self.package["resources"]:
            if tables is None or resource["name"] in tables:
                self._load(resource["name"], self.folder / resource["path"])
        self._view(Path(root) / "tests/expected/views.sql", keyed=tables is None)
        known = {name for (name,) in self._db.execute("select name from pragma_function_list")}
        for column in set().union(*self._columns.values()) - known:
            self._db.create_function(column, 1, partial(self._first, (column,)), deterministic=True)
        self._db.set_authorizer(self._allow)

    def ask(self, query: str, parameters: dict[str, Any] | None = None) -> Answer:
        """Answer `query`; raises FactsError (one line) if it cannot be answered."""
        key = (query, tuple(sorted((parameters or {}).items())))
        for asked in self._asked:
            asked.add(key)
        if key not in self._answers:
            self._answers[key] = self._ask(query, parameters or {})
            self._questions.setdefault(query, set()).add(key)
            for read in self.reads[query]:
                self._readers.setdefault(read, set()).add(query)
        return self._answers[key]

    def value(self, query: str, parameters: dict[str, Any] | None = None) -> Value:
        """The one value that `query` gives."""
        rows = self.ask(query, parameters).rows
        if len(rows) != 1 or len(rows[0]) != 1:
            raise FactsError(f"gives {len(rows)} rows (expected one, of one column)")
        return rows[0][0]

    @contextmanager
    def watch(self) -> Iterator[set[tuple]]:
        """Gather the questions that are asked inside the block: {(query, parameters)}."""
        asked: set[tuple] = set()
        self._asked.append(asked)
        try:
            yield asked
        finally:
            self._asked.remove(asked)

    @contextmanager
    def change(self, table: str, row: int, column: str, value: Value) -> Iterator[None]:
        """Have `column` of the row `row` (its `_row`) say `value` inside the block."""
        (old,) = self.ask(f'select "{column}" from "{table}" where _row = {row}').rows[0]
        before = self._forget(table, column)
        try:
            self._put(table, row, column, value)
            yield
        finally:
            self._put(table, row, column, old)
            self._forget(table, column)
            self._answers |= before

    def move(self, table: str, row: int, column: str, value: Value) -> None:
        """Have one cell say `value` from now on."""
        self._put(table, row, column, value)
        self._forget(table, column)

    def _forget(self, table: str, column: str) -> dict[tuple, Answer]:
        """Take the answers that read a column out of the memory, and return them."""
        stale = [
            key
            for query in self._readers.get((table, column), ())
            for key in self._questions[query]
            if key in self._answers
        ]
        return {key: self._answers.pop(key) for key in stale}

    def _put(self, table: str, row: int, column: str, value: Value) -> None:
        self._db.set_authorizer(None)
        try:
            self._db.execute(f'update "{table}" set "{column}" = ? where _row = ?', (value, row))
        except sqlite3.Error as error:
            raise FactsError(f"data/{table}.csv, column {column}: {error}") from None
        finally:
            self._db.set_authorizer(self._allow)

    def rows(self, table: str, *columns: str) -> list[dict[str, Value]]:
        """All rows of a table, by column: by those named, else by all."""
        wanted = ", ".join(f'"{column}"' for column in columns) or "*"
        answer = self.ask(f'select {wanted} from "{table}"')
        return [dict(zip(answer.columns, row)) for row in answer.rows]

    def row(self, table: str, key: str) -> dict[str, Value]:
        """The row of a table with this key."""
        column = self.keys[table][0]
        found = [row for row in self.rows(table) if str(row[column]) == key]
        if not found:
            raise FactsError(f"data/{table}.csv has no {column} {key!r}")
        return found[0]

    def typed(self, table: str, column: str, text: str) -> Value:
        """What a cell of this column would say, from text as a CSV file has it."""
        declared = next(f["type"] for f in self.fields[table] if f["name"] == column)
        if not text or declared not in TYPES:
            return text or None
        kind, read = TYPES[declared]
        if not re.fullmatch(PLAIN[kind], text):
            raise FactsError(f"data/{table}.csv, column {column}: {text!r} is no number")
        return read(text)

    def short(self, source: str) -> str:
        """The short name of a source; '' where there is no such source."""
        asked = self.ask("select short from sources where source_id = :source", {"source": source})
        return str(asked.rows[0][0]) if asked.rows else ""

    def sources(self, table: str) -> set[Value]:
        """The sources that the rows of a table name."""
        asked = (self.ask(f'select "{column}" from "{table}"') for column in self._naming(table))
        return {one for answer in asked for (one,) in answer.rows} - {None}

    def cells(self, source: str) -> set[Value]:
        """Every cell of the rows that name a source, its own row among them."""
        tables = {table: self._naming(table) for table in self.fields} | {"sources": ["source_id"]}
        rows = [
            (row, columns)
            for table, columns in tables.items()
            if columns
            for row in self.rows(table)
        ]
        mine = [row for row, columns in rows if source in [row[column] for column in columns]]
        return {cell for row in mine for name, cell in row.items() if name != "_row"} - {None}

    def _naming(self, table: str) -> list[str]:
        """The columns of a table that name a source."""
        schemas = [r["schema"] for r in self.package["resources"] if r["name"] == table]
        keys = [key for schema in schemas for key in schema.get("foreignKeys", [])]
        return [k["fields"][0] for k in keys if k["reference"]["resource"] == "sources"]

    def _ask(self, query: str, parameters: dict[str, Any]) -> Answer:
        text = query if re.match(r"\s*(select|with|values)\b", query, re.I) else f"select {query}"
        if query.strip() == UNSAID:
            raise FactsError("still to be written")
        self._reading, self._why = self.reads.setdefault(query, set()), ""
        try:
            cursor = self._db.execute(text, parameters)
            rows = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise FactsError(self._why or f"{error}") from None
        return Answer(tuple(column[0] for column in cursor.description), rows)

    def _allow(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            table, column = str(first), str(second)
            self._reading.add((table, self._derived.get((table, column), column)))
        return sqlite3.SQLITE_OK if action in MAY else sqlite3.SQLITE_DENY

    def _load(self, table: str, path: Path) -> None:
        columns = ['"_row" INTEGER PRIMARY KEY']
        for field in self.fields[table]:
            name = field["name"]
            columns.append(f'"{name}" {TYPES.get(field["type"], ("TEXT",))[0]}')
            if "edtf" in field.get("rdfType", ""):
                for end in ("start", "end"):
                    self._derived[table, f"{name}_{end}"] = name
                    columns.append(f'"{name}_{end}" TEXT AS ({end}_of("{name}")) VIRTUAL')
        self._columns[table] = {column.split('"')[1] for column in columns}
        self._db.execute(f'create table "{table}" ({", ".join(columns)}) strict')
        names = [field["name"] for field in self.fields[table]]
        with readable(f"data/{path.name}"), open(path, encoding="utf-8-sig", newline="") as file:
            rows = [
                (number, *(self._read(table, number, field, line) for field in self.fields[table]))
                for number, line in enumerate(csv.DictReader(file), start=2)
            ]
        marks = ", ".join("?" * (len(names) + 1))
        head = ", ".join(f'"{name}"' for name in ["_row", *names])
        self._db.executemany(f'insert into "{table}" ({head}) values ({marks})', rows)
        at = 1 + names.index(self.keys[table][0])
        for row in rows:
            self._tables.setdefault(str(row[at]), []).append(table)

    def _view(self, path: Path, keyed: bool) -> None:
        """Make the views that the expectations share; `keyed`: find their rows by key, too."""
        if path.is_file():
            try:
                self._db.executescript(path.read_text("utf8"))
                if keyed:
                    self._keyed()
            except sqlite3.Error as error:
                raise FactsError(f"tests/expected/{path.name}:1: cannot be read: {error}") from None

    def _keyed(self) -> None:
        """Have the rows of a view be found by their key, where its first is `id` or `year`."""
        views = self._db.execute("select name from sqlite_master where type = 'view'").fetchall()
        for (view,) in views:
            first, *others = (row[1] for row in self._db.execute(f'pragma table_info("{view}")'))
            if first in ("id", "year"):
                self._columns[view], self._told_by[view] = {first, *others}, first
                for (key,) in self._db.execute(f'select "{first}" from "{view}"').fetchall():
                    self._views.setdefault(str(key), []).append(view)

    def _read(self, table: str, row: int, field: dict, line: dict[str, str]) -> Value:
        """A cell in the type of its column; one that does not fit is noted and left empty."""
        cell = line.get(field["name"]) or ""
        try:
            return self.typed(table, field["name"], cell)
        except FactsError:
            self.mistyped.append((table, row, field["name"], cell))
            return None

    def _functions(self) -> list[tuple]:
        return [
            ("q", 1, partial(self._first, NUMBER)),
            ("record", 1, partial(self._first, DAY)),
            ("days", 2, lambda first, last: days(self._when(first), self._when(last))),
            ("before", -1, self._before),
            ("said", -1, self._said),
            ("cite", 2, self._cite),
            ("iso", 1, iso),
            ("round", 1, lambda x: x and float(round(x))),
            ("round", 2, lambda x, digits: x and round(x, digits)),
            ("start_of", 1, lambda text: _end(text, 0)),
            ("end_of", 1, lambda text: _end(text, 1)),
        ]

    def _first(self, columns: tuple[str, ...], key: Value) -> Value:
        """The first cell of a row in one of `columns`; nothing where there is no key."""
        return None if key is None else self._cells(columns, key)[0]

    def _when(self, day: str | None) -> Value:
        """A day as ISO text, from itself or from the key of its row."""
        return self._first(DAY, day) if day and not re.fullmatch(r"\d{4}-\d\d-\d\d", day) else day

    def _before(self, *keys: str) -> bool | None:
        found = [self._first(DAY, key) for key in keys]
        return None if None in found else all(a < b for a, b in pairwise(found))

    def _said(self, key: str, *words: str) -> bool:
        told = [str(cell) for cell in self._cells(TELLING, key)]
        return all(any(part in text for text in told) for part in words)

    def _cite(self, source: str, paragraph: Value) -> str:
        return f"{self._cells(('short',), source)[0]}, ¶{paragraph}"

    def _cells(self, columns: tuple[str, ...], key: Value) -> list[Value]:
        """The cells that the one row with this key has in some of `columns`, in their order.

        Raises ValueError where no row, or where more than one, has the key and such a column.
        """
        there: list[tuple[str, list[str]]] = []
        for known in (self._tables, self._views):
            named = {
                t: [c for c in columns if c in self._columns[t]] for t in known.get(str(key), ())
            }
            there = there or [(table, mine) for table, mine in named.items() if mine]
        if len(there) == 1:
            ((table, mine),) = there
            head = ", ".join(f'"{column}"' for column in mine)
            own = self._told_by.get(table) or self.keys[table][0]
            query = f'select {head} from "{table}" where "{own}" = ?'
            if row := self._db.execute(query, (key,)).fetchone():
                return list(row)
        rows = f"{len(there) or 'no'} row{'s' * (len(there) > 1)}"
        self._why = f"data/ has {rows} {key!r} with a column {' or '.join(columns[:4])}"
        raise ValueError(self._why)


def days(first: str | None, last: str | None) -> int | None:
    """Whole days from one ISO day to another; None where one is missing."""
    if first is None or last is None:
        return None
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def span(text: str) -> tuple[str, str]:
    """First and last day of a date of EDTF level 0: a day, a month, a year or an interval."""
    first, _, last = text.partition("/")
    last = last or first
    if len(last) == 4:
        last += "-12"
    if len(last) == 7:
        last += f"-{calendar.monthrange(int(last[:4]), int(last[5:]))[1]}"
    return first + "-01-01"[len(first) - 4 :] if len(first) < 10 else first, last


def _end(text: str | None, which: int) -> str | None:
    """One end of a date; nothing for what is no date, such as 2022-13, which `schema` names."""
    try:
        return span(text)[which] if text else None
    except ValueError:
        return None


@cache
def iso(text: str | None) -> str | None:
    """A date in words as ISO text.

    '24 February 2022' -> 2022-02-24; '24 February' -> -02-24; 'February 2022' -> 2022-02;
    '2022' -> 2022; '1990s' -> 1990/1999.
    """
    if not text:
        return None
    if text.endswith("0s"):
        return f"{text[:4]}/{text[:3]}9"
    words = text.split()
    out = words.pop() if re.fullmatch(r"\d{4}", words[-1]) else ""
    if words and words[-1] in MONTHS:
        out += f"-{MONTHS.index(words[-1]):02}"
        out += f"-{int(words[0]):02}" if len(words) == 2 else ""
    return out
