"""One published chart or table beside the rows that its expectation gives instead."""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from casebook.checks.book import Book
from casebook.checks.expected import Entry
from casebook.checks.facts import Facts, FactsError, Value
from casebook.checks.figures.drawing import Drawing, fold

FIGURE = "application/vnd.casebook.figure+json"
TABLE = "application/vnd.casebook.table+json"
EXPLORER = "application/vnd.casebook.explorer+json"
SVG = "image/svg+xml"
# What a chapter publishes: the note says a caption in a live notebook, a quiz comes from its bank.
NOTE, QUIZ = "application/vnd.casebook.note+json", "application/vnd.casebook.quiz+json"
OURS = {FIGURE, TABLE, EXPLORER, NOTE, QUIZ}

Row = dict[str, Value]


@dataclass
class Output:
    """One chart or table of a chapter; a state of an explorer knows what was chosen."""

    chapter: str
    cell: dict
    data: dict
    explorer: dict | None = None
    choice: dict[str, str] = field(default_factory=dict)

    @cached_property
    def record(self) -> dict:
        return self.data.get(FIGURE) or self.data[TABLE]

    @property
    def name(self) -> str:
        """The name under which it is expected: its id, or its explorer's."""
        return self.explorer["id"] if self.explorer else self.record["id"]

    @property
    def parameters(self) -> dict[str, str]:
        """What its queries may ask: the choice of a state of an explorer, else nothing."""
        return self.choice if self.explorer and self.explorer["mode"] != "filter" else {}

    @property
    def kind(self) -> str:
        return "figure" if self.is_chart else "table"

    @property
    def is_chart(self) -> bool:
        return FIGURE in self.data

    @cached_property
    def svg(self) -> Drawing:
        """The picture of a chart."""
        return Drawing("".join(self.data[SVG]))


def outputs(book: Book) -> Iterator[Output]:
    """Every chart and table in the notebooks, each state of an explorer among them."""
    for chapter, cell, data in published(book):
        if EXPLORER in data:
            record = data[EXPLORER]
            for state in record["states"]:
                choice = chosen(record, state["choice"])
                yield Output(chapter, cell, state["data"], record, choice)
        elif FIGURE in data or TABLE in data:
            yield Output(chapter, cell, data)


def published(book: Book) -> Iterator[tuple[str, dict, dict]]:
    """(chapter, cell, MIME bundle) of every output."""
    for chapter, cell in book.cells():
        for output in cell.get("outputs", []):
            if "data" in output:
                yield chapter, cell, output["data"]


def chosen(record: dict, choice: list[int]) -> dict[str, str]:
    """What a state of an explorer has chosen: control -> option."""
    return {
        control["name"]: control["options"][number]
        for control, number in zip(record["controls"], choice)
    }


class Shown:
    """An output beside the rows that the facts give instead."""

    def __init__(self, facts: Facts, output: Output, entry: Entry) -> None:
        self.facts, self.output, self.entry = facts, output, entry
        self.record = output.record
        self.columns: list[str] = self.record["columns"]
        self.rows: dict[str, Row] = {
            fold(str(row[0])): dict(zip(self.columns, row)) for row in self.record["rows"]
        }
        self._layout()
        self.stated: list[str] = []  # the columns that the query gives, without the key
        self.wanted: dict[str, Row] = {}
        self.sources: dict[str, list[str]] = {}  # row key -> references of its rows
        self._expect()

    @cached_property
    def svg(self) -> Drawing:
        return self.output.svg

    def drawings(self) -> Iterator[tuple[str, "Shown"]]:
        """The chart by each of its drawings: for a column and, if there is one, for a phone."""
        yield "chart", self
        if "narrow" in self.record:
            other = copy(self)
            other.svg = Drawing(self.record["narrow"])
            yield "narrow chart", other

    def _layout(self) -> None:
        """Which columns are drawn, which names the series, which places a mark."""
        extra = self.record.get("extra", ())  # an explorer lists columns that are not drawn
        drawn = [column for column in self.columns if column not in extra]
        series = {mark["series"] for mark in self.record.get("marks", [])}
        self.by: str | None = None
        if series <= set(drawn[1:]):
            rest = [c for c in drawn[1:] if c not in series]
            self.values = [c for c in drawn[1:] if c in series or not series]
        else:
            rest, self.values, self.by = drawn[1:-2], drawn[-1:], drawn[-2]
        self.along = rest[0] if rest else self.columns[0]

    def _expect(self) -> None:
        choice = self.output.parameters
        answer = self.facts.ask(self.entry.queries[0], choice)
        # a column ":unit" is named by the option chosen
        columns = [choice.get(name[1:], name) for name in answer.columns[1:]]
        self.stated = [column for column in columns if column != "source"]
        for values in answer.rows:
            key, row = fold(str(values[0])), dict(zip(columns, values[1:]))
            if key in self.wanted:
                raise FactsError(f"the key {key!r} stands twice in {self.entry.at}")
            self.sources[key] = str(row.pop("source", None) or "").split("; ")
            self.wanted[key] = row

    def marks(self, said: dict[str, Row]) -> dict[tuple[str, str], tuple[Value, Value]]:
        """(row key, series) -> (value, place) of each mark that rows call for."""
        found = {}
        for key in (key for key in self.rows if key in said):
            row = {self.columns[0]: self.rows[key][self.columns[0]]} | said[key]
            for column in (c for c in self.values if row.get(c) is not None):
                series = str(row.get(self.by)) if self.by else column
                found[key, series] = (row[column], row.get(self.along))
        return found

    @cached_property
    def raw_marks(self) -> dict[tuple[str, str], tuple[Value, Value]]:
        """The marks that the facts call for."""
        return self.marks(self.wanted)


def is_day(value: Value) -> bool:
    """Whether a value is an ISO day."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) and date.fromisoformat(str(value)))
    except ValueError:
        return False
