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
    """A figure that does not equal its data; the message names figure, mark and row."""


@contextmanager
def naming(part: str) -> Iterator[None]:
    """Put the name of a part (a figure, a series) before what is refused of it."""
    try:
        yield
    except (FigureError, evidence.EvidenceError) as error:
        raise FigureError(f"{part}: {error}") from None


@dataclass(frozen=True)
class Series:
    """One series: its values and the place of each, both by row key."""

    name: str
    values: pd.Series
    places: pd.Series

    @property
    def dated(self) -> bool:
        return is_dated(self.values)


@dataclass(frozen=True)
class Rows:
    """The data of a figure and how its columns are used, as `figure.show` describes them."""

    data: pd.DataFrame
    values: list[str]
    along: str | None = None
    by: str | None = None

    def series(self) -> list[Series]:
        """The series in the order of columns, or of first appearance in the column `by`."""
        places = self.data[self.along] if self.along else self.data.index.to_series()
        if self.by:
            groups = self.data.groupby(self.by, sort=False)
            found = [(str(name), rows[self.values[0]]) for name, rows in groups]
        else:
            found = [(column, self.data[column]) for column in self.values]
        return [Series(name, values, places.loc[values.index]) for name, values in found]

    def references(self) -> dict[Any, str]:
        """{row key: reference such as ``cfr2022#p4``} where the rows name their source."""
        if "source_id" not in self.data:
            return {}
        paragraphs = self.data.get("paragraph", pd.Series(pd.NA, self.data.index))
        told = zip(self.data.index, self.data["source_id"], paragraphs)
        return {
            key: source + ("" if pd.isna(paragraph) else f"#p{int(paragraph)}")
            for key, source, paragraph in told
            if isinstance(source, str)
        }


def plotted(
    data: pd.Series | pd.DataFrame,
    values: Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
) -> Rows:
    """The rows of a chart; by default every column of numbers or days is plotted."""
    frame = data.to_frame() if isinstance(data, pd.Series) else data.copy()
    for key in frame.index:
        if not (key is None or isinstance(key, (str, Real, pd.Timestamp))):
            kind = type(key).__name__
            raise FigureError(f"row key {key} is a {kind} (expected text, a number or a day)")
    columns = list(values or _value_columns(frame, along, by))
    if by and len(columns) != 1:
        raise FigureError(f"'by' goes with one plotted column (found {', '.join(columns)})")
    return Rows(frame, columns, along, by)


def _value_columns(data: pd.DataFrame, along: str | None, by: str | None) -> list[str]:
    return [
        column
        for column in data.columns
        if column not in (along, by, "paragraph")
        and (pd.api.types.is_numeric_dtype(data[column]) or is_dated(data[column]))
    ]


def is_dated(values: pd.Series) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(values))


def record(rows: Rows, id: str, caption: str, sources: Sequence[str] | None) -> Record:
    """What is published of any exhibit: id, caption, columns, rows and sources."""
    _check(rows, id, caption)
    references = list(sources or dict.fromkeys(rows.references().values()))
    if not references:
        raise FigureError(
            "no source (expected 'sources', or the columns source_id and paragraph in the data)"
        )
    for reference in references:
        evidence.cite(reference)  # an unknown source stops here, by name
    used = [*(column for column in (rows.along, rows.by) if column), *rows.values]
    cells = zip(rows.data.index, *(rows.data[column] for column in used))
    return {
        "id": id,
        "caption": caption.strip(),
        "columns": [rows.data.index.name or "row", *used],
        "rows": [[as_json(cell) for cell in row] for row in cells],
        "sources": references,
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
