"""The small language of check expressions: evaluated over the raw CSV files, never through casebook.

`q("id")`, `cell("table", "column", key=value)`, `count("table", ...)`, `total("table", "column", ...)`,
`dollars("table", "column", ...)`, `listed("table", "{column} ({other})", key=value)`,
`date("event")`, `date("event", "source")`, `days(d1, d2)`, `year(d)`, numbers, text, comparisons and arithmetic. A value that begins with `../` is an open interval:
`month="../2022-09"` takes the rows up to that month.
"""

import ast
import re
from datetime import date as day
from pathlib import Path

from tests.checks.raw import raw

ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.List, ast.Tuple,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.Not, ast.And, ast.Or, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip


class ExpressionError(ValueError):
    """An expression that cannot be evaluated; the message says why."""


def typed(cell: str):
    """A cell as number where it is one, else as text."""
    if re.fullmatch(r"-?\d+", cell):
        return int(cell)
    return float(cell) if re.fullmatch(r"-?\d+\.\d+", cell) else cell


def evaluate(expression: str, root: Path):
    """The value of `expression` over `root/data`: a number, a text (dates are ISO text) or a truth value."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"{expression!r} is not an expression: {error.msg}") from None
    functions = _functions(root)
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED) or (
            isinstance(node, ast.Name) and node.id not in functions
        ):
            raise ExpressionError(
                f"{expression!r}: {getattr(node, 'id', type(node).__name__)!r} is not part of the language of checks"
            )
    return eval(compile(tree, "<check>", "eval"), {"__builtins__": {}}, functions)  # noqa: S307 - names and node types are listed above


def _functions(root):
    def rows(table, **where):
        try:
            found = raw(root, table)
        except FileNotFoundError:
            raise ExpressionError(f"there is no data/{table}.csv") from None
        for column in where:
            if found and column not in found[0]:
                raise ExpressionError(f"data/{table}.csv has no column {column!r}")
        return [row for row in found if all(matches(row[c], v) for c, v in where.items())]

    def matches(text, wanted):
        if isinstance(wanted, str) and wanted.startswith("../"):
            return text != "" and text <= wanted[3:]
        return typed(text) == wanted or text == str(wanted)

    def cell(table, column, **where):
        found = rows(table, **where)
        if len(found) != 1:
            raise ExpressionError(
                f"data/{table}.csv has {len(found)} rows with {where} (expected one)"
            )
        if column not in found[0]:
            raise ExpressionError(f"data/{table}.csv has no column {column!r}")
        if found[0][column] == "":
            raise ExpressionError(
                f"data/{table}.csv row {found[0]['_row']} says nothing in column {column!r}"
            )
        return typed(found[0][column])

    def date(event_id, source_id=None, **where):
        if source_id is None:
            return str(cell("events", "record_date", event_id=event_id))
        told = {
            row["date_as_given"]
            for row in rows("event_sources", event_id=event_id, source_id=source_id, **where)
        }
        if len(told) != 1 or "" in told:
            raise ExpressionError(
                f"data/event_sources.csv: {source_id} gives {event_id!r} the dates {sorted(told)} (expected one)"
            )
        return told.pop()

    def total(table, column, **where):
        return sum(typed(row[column]) for row in rows(table, **where) if row[column] != "")

    def listed(table, template, **where):
        return "; ".join(
            template.format(**{c: text or "not given" for c, text in row.items() if c != "_row"})
            for row in rows(table, **where)
        )

    def dollars(table, column, **where):
        """Euros of a table with months, each converted at the average rate of its month."""
        return sum(
            typed(row[column]) / cell("exchange_rates", "eur_per_usd", period=row["month"])
            for row in rows(table, **where)
            if row[column] != ""
        )

    return {
        "q": lambda quantity_id: cell("quantities", "value", quantity_id=quantity_id),
        "cell": cell,
        "count": lambda table, **where: len(rows(table, **where)),
        "total": total,
        "dollars": dollars,
        "listed": listed,
        "date": date,
        "days": lambda first, last: (day.fromisoformat(last) - day.fromisoformat(first)).days,
        "year": lambda text: int(str(text)[:4]),
        "round": round, "min": min, "max": max, "abs": abs, "sum": sum, "len": len,
    }  # fmt: skip
