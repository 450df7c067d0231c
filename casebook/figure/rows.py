"""What a figure or table shows: its rows, told apart as series, and the record of them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from casebook import evidence

Record = dict[str, Any]
REFERENCE = ("source_id", "paragraph")  # the columns that say where a row comes from


class FigureError(ValueError):
    """A figure that cannot be drawn, or differs from its data: figure, mark, found, expected."""


@contextmanager
def naming(part: str) -> Iterator[None]:
    """Put the name of a part (a figure, a series) before what is refused of it."""
    try:
        yield
    except (FigureError, evidence.EvidenceError) as error:
        raise FigureError(f"{part}: {error}") from None


@dataclass(frozen=True)
class Series:
    """One series: its values (numbers as floats, or days) and the place of each, by row key."""

    name: str
    values: pd.Series
    places: pd.Series

    @property
    def dated(self) -> bool:
        return bool(pd.api.types.is_datetime64_any_dtype(self.values))

    def end(self, which: int) -> tuple[Any, Any]:
        """Place and value of the first (0) or last (-1) datum that is there."""
        number = np.flatnonzero(self.values.notna())[which]
        return self.places.iloc[number], self.values.iloc[number]


@dataclass(frozen=True)
class Rows:
    """The data of a figure and how its columns are used, as `figure.show` describes them."""

    data: pd.DataFrame
    values: list[str]
    along: str | None = None
    by: str | None = None

    def series(self) -> list[Series]:
        """The series in the order of columns, or of first appearance in the column `by`."""
        parts = [(column, self.data, column) for column in self.values]
        if self.by:
            groups = self.data.groupby(self.by, sort=False)
            parts = [(name, rows, self.values[0]) for name, rows in groups]
        return [
            Series(
                str(name),
                _plain(rows[column]),
                rows[self.along] if self.along else rows.index.to_series(),
            )
            for name, rows, column in parts
        ]

    def references(self) -> dict[Any, str]:
        """{row key: reference such as ``cfr2022#p4``} where the rows name their source."""
        return references(self.data).to_dict() if "source_id" in self.data else {}


def references(frame: pd.DataFrame, side: str = "") -> pd.Series:
    """``panda2022#p4`` for each row with a source, by its key; `side` as in `charts.told_by`."""
    named = frame["source" + side if side else "source_id"]
    paragraphs = frame.get("paragraph" + side, pd.Series(pd.NA, frame.index))
    there = named.notna().to_numpy()
    pairs = zip(named[there], paragraphs[there], strict=True)
    return pd.Series([evidence.reference(*pair) for pair in pairs], frame.index[there], object)


def _plain(values: pd.Series) -> pd.Series:
    """Nullable numbers as floats, which Matplotlib draws with gaps."""
    return values.astype(float) if pd.api.types.is_numeric_dtype(values) else values


def plotted(
    data: pd.Series | pd.DataFrame,
    values: str | Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
) -> Rows:
    """The rows of a chart; by default every column of numbers or days is plotted."""
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    for key in frame.index:
        if not (key is None or isinstance(key, (str, Real, pd.Timestamp))):
            kind = type(key).__name__
            raise FigureError(f"row key {key} is a {kind} (expected text, a number or a day)")
    columns = [values] if isinstance(values, str) else list(values or drawable(frame, along, by))
    for column in [*columns, *filter(None, (along, by))]:
        if column not in frame:
            there = ", ".join(map(str, frame))
            raise FigureError(f"column {column!r}: found {there}, expected it among them")
    for column in columns:
        if frame[column].isna().all():
            raise FigureError(f"column {column!r}: found no value, expected at least one")
    if not columns:
        raise FigureError("found no column of numbers or days, expected at least one")
    if by and len(columns) != 1:
        raise FigureError(f"'by' goes with one column of values, found {', '.join(columns)}")
    return Rows(frame, columns, along, by)


def drawable(frame: pd.DataFrame, along: str | None, by: str | None) -> list[str]:
    """The columns of numbers or days that have no other use in the chart."""
    kinds = frame.select_dtypes(["number", "datetime"]).columns
    return [column for column in kinds if column not in (along, by, "paragraph")]


def record(rows: Rows, id: str, caption: str, sources: Sequence[str] | None) -> Record:
    """What is published of any exhibit: id, caption, columns, rows and sources."""
    _check(rows, id, caption)
    cited = list(sources or dict.fromkeys(rows.references().values()))
    if not cited:
        raise FigureError(
            "no source (expected 'sources', or the columns source_id and paragraph in the data)"
        )
    for reference in cited:
        evidence.cite(reference)  # an unknown source stops here, by name
    used = [*(column for column in (rows.along, rows.by) if column), *rows.values]
    cells = zip(rows.data.index, *(rows.data[column] for column in used))
    return {
        "id": id,
        "caption": caption.strip(),
        "columns": [rows.data.index.name or "row", *used],
        "rows": [[as_json(cell) for cell in row] for row in cells],
        "sources": cited,
    }


def _check(rows: Rows, id: str, caption: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id):
        raise FigureError(f"found id {id!r}, expected lower-case words joined by hyphens")
    if not caption.strip():
        raise FigureError("the caption is empty (expected the point it makes)")
    if not rows.values or rows.data.empty:
        raise FigureError("no data to show")
    if not rows.data.index.is_unique:
        twice = rows.data.index[rows.data.index.duplicated()][0]
        raise FigureError(f"row key {twice!r} stands twice in the index (expected once)")


def as_json(value: Any) -> str | int | float | bool | None:
    """A cell as the record holds it: whole numbers as integers, days as ISO text, missing None."""
    if value is None or value is pd.NA or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        number: float = round(float(value), 10)
        return int(number) if number.is_integer() else number
    return str(value)
