"""Questions with a query: one template, as many questions as the query has rows.

In an entry with `query` each `{column}` of prompt, options, key and feedback stands for the value
of a row. The bars of a chart (`rows`), what follows from a criterion (`outcomes`) and the page that
is falsified (`facts`) come from queries too. All read the evidence by the SQL of `checks.facts`;
the checks ask for each key once more, by another query.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from casebook import evidence, figure
from casebook.checks import spoil
from casebook.checks.expected import Entry
from casebook.checks.facts import Facts, FactsError
from casebook.checks.words import contradicted
from casebook.quiz.bank import Question, QuizError, question

HOLE = re.compile(r"\{(\w+)\}")
DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")  # not in a key: jp-2014-08-05
Row = dict[str, Any]


def expand(entry: Any, where: str) -> tuple[Question, ...]:
    """The questions that one entry of a bank makes; QuizError where its query cannot be used."""
    if not isinstance(entry, dict):
        return (question(entry, where),)
    named = f"{where} ({entry.get('id', 'no id')})"
    if entry.get("type") == "falsified":
        made = list(falsified(entry, named))
    elif "query" in entry:
        template = {key: value for key, value in entry.items() if key != "query"}
        given = rows(entry["query"], f"{named}, query")
        made = [evaluated(filled(template, row, named), named) for row in given]
    else:
        return (question(evaluated(entry, named), where),)
    return tuple(question(one, f"{where}, variant {n}") for n, one in enumerate(made, start=1))


def rows(query: Any, where: str) -> list[Row]:
    """What a query gives, by column; at least one row."""
    if not isinstance(query, str):
        raise QuizError(f"{where}: found {query!r} (expected a query)")
    try:
        answer = facts_of(query).ask(query)
    except FactsError as error:
        raise QuizError(f"{where}: {error}") from None
    if not answer.rows:
        raise QuizError(f"{where}: found no row (expected one or more)")
    return [dict(zip(answer.columns, row)) for row in answer.rows]


def facts_of(query: str) -> Facts:
    """The evidence as SQL sees it; only the tables that the query names are read."""
    folder = evidence.folder()
    state = sum(path.stat().st_mtime_ns for path in folder.iterdir())
    words = set(re.findall(r"\w+", query))
    words |= {"quantities"} if "q" in words else set()
    words |= {"events"} if "record" in words else set()
    tables = words & {path.stem for path in folder.glob("*.csv")}
    return _facts(folder, frozenset(tables), state)


@lru_cache(maxsize=64)
def _facts(folder: Path, tables: frozenset[str], state: int) -> Facts:
    return Facts(folder.parent, folder, tables)


def filled(part: Any, row: Row, where: str, key: str = "") -> Any:
    """A part of an entry with the values of a row in its holes.

    Where a number or a truth is due, a hole alone keeps its own.
    """
    if isinstance(part, dict):
        return {key: filled(held, row, where, key) for key, held in part.items()}
    if isinstance(part, list):
        return [filled(held, row, where) for held in part]
    if not isinstance(part, str):
        return part
    for name in HOLE.findall(part):
        if row.get(name) is None:
            known = ", ".join(column for column, value in row.items() if value is not None)
            raise QuizError(f"{where}: found {{{name}}} (expected a column with a value: {known})")
    alone = HOLE.fullmatch(part)
    if alone and key in ("answer", "tolerance", "correct"):
        return bool(row[alone[1]]) if key == "correct" else row[alone[1]]
    return HOLE.sub(lambda hole: shown(row[hole[1]]), part)


def shown(value: Any) -> str:
    """A value as a sentence says it: 1,200; 24 February 2022."""
    return figure.written(value) if isinstance(value, str) else f"{value:,.10g}"


def evaluated(part: Any, where: str) -> Any:
    """A part of an entry with what its queries give in their place."""
    if isinstance(part, list):
        return [evaluated(held, where) for held in part]
    if not isinstance(part, dict):
        return part
    made = {key: evaluated(held, where) for key, held in part.items()}
    for name, columns in (("rows", ("label", "value")), ("outcomes", ("first", "second", "said"))):
        if isinstance(made.get(name), str):
            found = rows(made[name], f"{where}, {name}")
            if len(found[0]) != len(columns):
                count = f"{len(found[0])} columns (expected {', '.join(columns)})"
                raise QuizError(f"{where}, {name}: found {count}")
            made[name] = [dict(zip(columns, row.values())) for row in found]
    return made


# -- the falsified page --------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A sentence or a bar of a page: a template, its values, and the query that gives them."""

    text: str
    values: Row
    query: str
    is_bar: bool = False

    def option(self, where: str, hole: str = "", number: int = 0) -> Row:
        """The part as something to choose: true, or with one hole falsified."""
        wrong = {hole: falsify(self.values[hole], number % 3, f"{where}, {hole}")} if hole else {}
        values = self.values | wrong
        return {
            "text": filled(self.text, values, where),
            "feedback": self.caught(hole, shown(wrong[hole])) if hole else AGREES,
            "correct": bool(hole),
            "bar": values["value"] if self.is_bar else None,
        }

    def caught(self, hole: str, said: str) -> str:
        """What the checks say of a value that the query does not give."""
        query = f'select "{hole}" from ({self.query})'
        (problem,) = contradicted(Entry("bank", 1, said, (query,)), facts_of(query))
        if "cannot be checked" in problem:
            raise QuizError(f"{self.text}: {problem}")
        check = problem.removesuffix(" (bank:1)").replace("; ", ", ")
        check = DAY.sub(lambda day: shown(day[0]), check)
        return f"Falsified. The book's check would have caught it: it {check}."


AGREES = "The evidence gives just this. Set the page beside the chapter, number by number."


def falsified(entry: Row, where: str) -> Iterator[Row]:
    """The pages that an entry makes: in each, one other number, date or bar is falsified.

    The values are moved as the tests move them, and the check that names the change is asked.
    """
    for key in ("chart", "passage", "facts"):
        if key not in entry:
            raise QuizError(f"{where}: {key!r} is missing")
    rest = {key: held for key, held in entry.items() if key not in ("passage", "facts")}
    rest["chart"] = evaluated(entry["chart"], f"{where}, chart")
    parts = [*sentences(entry, where), *bars(entry["chart"], rest["chart"])]
    holes = [
        (part, hole)
        for part in parts
        for hole in (["value"] if part.is_bar else HOLE.findall(part.text))
    ]
    for number, (spoilt, hole) in enumerate(holes):
        told = [
            part.option(where, hole, number) if part is spoilt else part.option(where)
            for part in parts
        ]
        yield rest | {"options": scaled(told)}


def sentences(entry: Row, where: str) -> list[Part]:
    """The passage of a page, sentence by sentence."""
    (values, *_) = rows(entry["facts"], f"{where}, facts")
    return [Part(text, values, entry["facts"]) for text in entry["passage"]]


def bars(chart: Row, drawn: Row) -> list[Part]:
    """The bars of a page: of the chart as its entry asks for it, and as its query answers."""
    query = f"with bar(label, value) as ({chart['rows']}) select value from bar where label = "
    labels = [row["label"].replace("'", "''") for row in drawn["rows"]]  # as SQL writes them
    return [
        Part(f"{{label}}: {{value}} {chart['unit']}", row, f"{query}'{label}'", True)
        for row, label in zip(drawn["rows"], labels, strict=True)
    ]


def falsify(value: Any, number: int, where: str) -> Any:
    """Another number or date, moved as the tests move one; QuizError for what is neither."""
    try:
        return spoil.moved(value, number)
    except (TypeError, ValueError):
        raise QuizError(f"{where}: found {value!r} (expected a number or a date)") from None


def scaled(options: list[Row]) -> list[Row]:
    """Options whose bars are told in percent of the longest."""
    top = max((option["bar"] for option in options if option["bar"]), default=1)
    for option in options:
        option["bar"] = None if option["bar"] is None else round(100 * option["bar"] / top, 1)
    return [{key: held for key, held in each.items() if held is not None} for each in options]
