"""The evidence: every table of `data/`, checked against its schema and typed.

A chapter asks for a table by name and gets a pandas DataFrame that it can trust::

    scrambles = evidence.load("scrambles")

What a table holds (columns, units, keys) is declared in `data/datapackage.json`,
a Frictionless Data Package. This module reads that declaration; it knows no chapter.
"""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"
# Line breaks, other control characters, and those that turn the direction of what follows.
BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
TEXT = pd.Series(["text"]).dtype  # what pandas itself, 2 or 3, takes text to be

Row = dict[str, str]
Rows = list[tuple[int, Row]]  # with the row's number as a spreadsheet shows it

_read: dict[Path, tuple[tuple[int, int, int], Any]] = {}  # file -> (its state, what it held)


class EvidenceError(ValueError):
    """A table that breaks its schema: the message names file, row, column, found and expected."""


def folder() -> Path:
    """The evidence: `CASEBOOK_DATA` if set, else the checkout's `data/`, else the wheel's copy."""
    if os.environ.get("CASEBOOK_DATA"):
        return Path(os.environ["CASEBOOK_DATA"])
    here = Path(__file__).resolve().parent
    inside = here / "_data"
    return inside if inside.is_dir() else here.parent / "data"


def load(name: str) -> pd.DataFrame:
    """Return the table `name` as a typed DataFrame, one row for each row of the file, in order.

    Integers become `Int64`, numbers `float64`, days and years `datetime64` and `Int64`; an empty
    cell is missing ("the source does not say"), never zero. A column of reduced-precision dates
    (EDTF level 0: ``2022``, ``2022-02``, ``2022-02-21/2022-02-28``) stays text and gains two
    columns, `<column>_start` and `<column>_end`, its first and last day.
    `frame.attrs["units"]` maps each numeric column to its unit.

    Raises
    ------
    EvidenceError
        The table is unknown, unreadable or breaks its schema: file, row, column, what was found,
        what was expected.

    >>> load("sources")["source_id"].is_unique
    True
    """
    schema = _schema(name)
    rows = _rows(name)
    for field in schema["fields"]:
        _check_column(name, field, rows)
    _check_keys(name, schema, rows)
    _check_references(name, schema, rows)

    columns: dict[str, Any] = {}
    for field in schema["fields"]:
        column, cells = field["name"], [row[field["name"]] for _, row in rows]
        columns[column] = _typed(cells, field)
        if field.get("rdfType") == EDTF:
            spans = [edtf(cell) if cell else (None, None) for cell in cells]
            columns[f"{column}_start"] = pd.to_datetime([first for first, _ in spans])
            columns[f"{column}_end"] = pd.to_datetime([last for _, last in spans])
    frame = pd.DataFrame(columns)
    units = {field["name"]: field["unit"] for field in schema["fields"] if field.get("unit")}
    frame.attrs = {"table": name, "units": units}
    return frame


def source(source_id: str) -> Row:
    """Return the row of `sources.csv` for one source, as text; EvidenceError if there is none."""
    sources = _rows("sources")
    for _, row in sources:
        if row["source_id"] == source_id:
            return dict(row)
    known = ", ".join(row["source_id"] for _, row in sources)
    raise EvidenceError(f"data/sources.csv: found no source {source_id!r}, expected one of {known}")


def reference(source_id: str, paragraph: Any = None) -> str:
    """Return the reference of a source, or of one of its paragraphs: ``cfr2022#p4``."""
    return source_id if pd.isna(paragraph) else f"{source_id}#p{int(paragraph)}"


def cite(reference: str) -> tuple[str, str]:
    """Return label and address of a reference such as ``cfr2022#p4`` or ``sipri2025``.

    The address starts at the book's root: a seed's card and paragraph, or the section of an
    outside series.

    >>> cite("cfr2022#p4")
    ('CFR 2022, ¶4', 'seeds/cfr2022.md#p4')
    """
    source_id, _, paragraph = reference.partition("#")
    row = source(source_id)
    if not paragraph:
        return row["short"], row["card"] + (f"#{source_id}" if row["kind"] == "context" else "")
    if row["kind"] != "seed" or not re.fullmatch(r"p[1-9]\d*", paragraph):
        raise EvidenceError(
            f"reference {reference!r}: only a seed has paragraphs, written like 'cfr2022#p4'"
        )
    return f"{row['short']}, ¶{paragraph[1:]}", f"{row['card']}#{paragraph}"


def references(cell: str | None) -> list[tuple[str, str]]:
    """Return the references that a cell lists, each with the word that stands behind it.

    >>> references("cfr2022#p2 (2022-04); panda2022#p2")
    [('cfr2022#p2', '(2022-04)'), ('panda2022#p2', '')]
    """
    parts = (part.partition(" ") for part in (cell or "").split("; ") if part)
    return [(first, word) for first, _, word in parts]


def edtf(text: str) -> tuple[date, date]:
    """Return the first and last day of a date of EDTF level 0: a day, month, year or interval.

    >>> edtf("2022-02")
    (datetime.date(2022, 2, 1), datetime.date(2022, 2, 28))
    """
    first, _, last = text.partition("/")
    start, end = _span(first), _span(last or first)
    if end[1] < start[0]:
        raise ValueError("the interval ends before it begins")
    return start[0], end[1]


@cache
def _span(text: str) -> tuple[date, date]:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        raise ValueError(f"{text!r} is not a date")
    period = pd.Period(text, {4: "Y", 7: "M", 10: "D"}[len(text)])
    return period.start_time.date(), period.end_time.date()


# -- files ------------------------------------------------------------------


def _once(path: Path, read: Callable[[Path], Any]) -> Any:
    """What `read` makes of a file; it is read once, and again when it has changed."""
    found = path.stat()
    state = (found.st_mtime_ns, found.st_size, found.st_ino)
    if path not in _read or _read[path][0] != state:
        _read[path] = state, read(path)
    return _read[path][1]


def package() -> dict[str, Any]:
    """Return what `datapackage.json` declares: `resources`, each with its `schema`."""
    path = folder() / "datapackage.json"
    try:
        held = _once(path, lambda path: json.loads(path.read_text("utf-8-sig")))
    except OSError:
        raise EvidenceError(
            f"{path}: not found (expected the data package that declares every table)"
        ) from None
    except ValueError as error:
        raise EvidenceError(f"data/datapackage.json: not valid JSON: {error}") from None
    if not isinstance(held, dict) or not isinstance(held.get("resources"), list):
        raise EvidenceError(
            "data/datapackage.json: found no 'resources', expected the list of the tables"
        )
    return held


def _schema(name: str) -> dict[str, Any]:
    """The declaration of a table: fields, keys, links to other tables."""
    resources = {resource["name"]: resource for resource in package()["resources"]}
    if name not in resources:
        known = ", ".join(sorted(resources))
        raise EvidenceError(f"data/: found no table {name!r}, expected one of {known}")
    schema: dict[str, Any] = resources[name]["schema"]
    return schema


def _rows(name: str) -> Rows:
    """The rows of a table as text, under the columns that its schema declares."""
    file, expected = f"data/{name}.csv", [field["name"] for field in _schema(name)["fields"]]
    try:
        records = _once(folder() / f"{name}.csv", partial(_records, file=file))
    except OSError:
        raise EvidenceError(
            f"{file}: file not found, expected since datapackage.json declares it"
        ) from None
    header = records[0] if records else []
    _check_header(file, header, expected)
    rows = [
        (number, dict(zip(header, cells)))
        for number, cells in enumerate(records[1:], start=2)
        if cells  # an empty line at the end is harmless
    ]
    if not rows:
        raise EvidenceError(f"{file}, row 2: found no row below the header, expected at least one")
    return rows


def _records(path: Path, file: str) -> list[list[str]]:
    """The cells of a file, line by line. Byte-order mark and Windows line ends are harmless."""
    records: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(_text(path, file), newline=""), strict=True):
            records.append([cell.strip() for cell in cells])
    except csv.Error as error:
        raise EvidenceError(
            f"{file}, row {len(records) + 1}: not readable as CSV: found {error}, expected commas"
            " between cells and double quotes round a cell that holds one"
        ) from None
    for number, cells in enumerate(records[1:], start=2):
        if cells and len(cells) != len(records[0]):
            raise EvidenceError(
                f"{file}, row {number}: found {len(cells)} cell{'s' * (len(cells) > 1)}, "
                f"expected {len(records[0])}, one for each column"
            )
    return records


def _text(path: Path, file: str) -> str:
    raw = path.read_bytes()
    if raw.startswith(b"PK\x03\x04"):
        raise EvidenceError(
            f"{file}, row 1: found a spreadsheet's own format, expected text"
            " (save the sheet as 'CSV UTF-8')"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise EvidenceError(
            f"{file}, row {row}: found byte {raw[error.start]:#04x}, expected UTF-8"
            " (save the file as 'CSV UTF-8')"
        ) from None


def _check_header(file: str, header: list[str], expected: list[str]) -> None:
    wanted = ", ".join(expected)
    for separator, word in (("\t", "tabs"), (";", "semicolons")):
        if len(header) == 1 and separator in header[0]:
            raise EvidenceError(
                f"{file}, row 1: found {word} between the columns, expected commas: {wanted}"
            )
    for column in expected:
        if column not in header:
            raise EvidenceError(
                f"{file}, row 1: column {column!r} is missing:"
                f" found {', '.join(header) or 'nothing'}, expected {wanted}"
            )
    for column in header:
        if column not in expected or header.count(column) > 1:
            raise EvidenceError(
                f"{file}, row 1: found column {column!r}, expected once each: {wanted}"
            )


# -- the schema -------------------------------------------------------------


def _check_column(name: str, field: dict[str, Any], rows: Rows) -> None:
    for number, row in rows:
        cell = row[field["name"]]
        where = f"data/{name}.csv, row {number}, column {field['name']}"
        if cell == "":
            if field.get("constraints", {}).get("required"):
                raise EvidenceError(f"{where}: found an empty cell, expected {_expected(field)}")
        elif BREAK.search(cell):
            raise EvidenceError(f"{where}: found {cell!r}, expected text in one line")
        elif not _fits(cell, field):
            raise EvidenceError(f"{where}: found {cell!r}, expected {_expected(field)}")


def _fits(cell: str, field: dict[str, Any]) -> bool:
    rule, kind = field.get("constraints", {}), field["type"]
    if field.get("rdfType") == EDTF:
        kind = "reduced date"
    if kind in FORMS and not FORMS[kind](cell):
        return False
    if kind in ("integer", "number", "year"):
        low, high = rule.get("minimum", float("-inf")), rule.get("maximum", float("inf"))
        if not low <= float(cell) <= high:
            return False
    if "enum" in rule and cell not in map(str, rule["enum"]):
        return False
    return re.fullmatch(rule.get("pattern", ".*"), cell) is not None


def _is_whole(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", cell) is not None  # 64 bits hold any 18 digits


def _is_number(cell: str) -> bool:
    form = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
    return re.fullmatch(form, cell) is not None and isfinite(float(cell))


def _is_date(cell: str) -> bool:
    try:
        edtf(cell)
    except ValueError:
        return False
    return True


def _is_day(cell: str) -> bool:
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) is not None and _is_date(cell)


FORMS = {
    "integer": _is_whole,
    "year": _is_whole,
    "number": _is_number,
    "date": _is_day,
    "reduced date": _is_date,
}


def _expected(field: dict[str, Any]) -> str:
    rule, kind = field.get("constraints", {}), field["type"]
    words = {
        "integer": "a whole number",
        "number": "a number",
        "year": "a year",
        "date": "a day written YYYY-MM-DD",
        "string": "text",
    }[kind]
    if field.get("rdfType") == EDTF:
        words = "a date written YYYY, YYYY-MM, YYYY-MM-DD or start/end"
    elif "enum" in rule:
        words = "one of " + ", ".join(map(str, rule["enum"]))
    elif "pattern" in rule:
        words += f" of the form {rule['pattern']}"
    if "minimum" in rule:
        words += f", at least {rule['minimum']}"
    if "maximum" in rule:
        words += f", at most {rule['maximum']}"
    return words + (f" ({field['unit']})" if field.get("unit") else "")


def _check_keys(name: str, schema: dict[str, Any], rows: Rows) -> None:
    fields = schema["fields"]
    unique = [[f["name"]] for f in fields if f.get("constraints", {}).get("unique")]
    for columns in [_listed(schema.get("primaryKey", [])), *unique]:
        seen: dict[tuple[str, ...], int] = {}
        for number, value in _values(rows, columns):
            if value in seen:
                raise EvidenceError(
                    f"data/{name}.csv, row {number}, column {', '.join(columns)}:"
                    f" found {', '.join(value)!r} again, expected once"
                    f" (it stands in row {seen[value]})"
                )
            seen[value] = number


def _check_references(name: str, schema: dict[str, Any], rows: Rows) -> None:
    for link in schema.get("foreignKeys", []):
        columns, target = _listed(link["fields"]), _listed(link["reference"]["fields"])
        other = link["reference"]["resource"] or name
        known = {value for _, value in _values(_rows(other), target)}
        for number, value in _values(rows, columns):
            if value not in known:
                raise EvidenceError(
                    f"data/{name}.csv, row {number}, column {', '.join(columns)}:"
                    f" found {', '.join(value)!r}, expected one from data/{other}.csv,"
                    f" column {', '.join(target)}"
                )


def _listed(columns: str | list[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else columns


def _values(rows: Rows, columns: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(row number, cells of `columns`) of every row that says anything there."""
    for number, row in rows:
        value = tuple(row[column] for column in columns)
        if any(value):
            yield number, value


def _typed(cells: list[str], field: dict[str, Any]) -> pd.Series:
    values = [cell if cell != "" else None for cell in cells]
    if field["type"] in ("integer", "year"):
        return pd.Series([None if v is None else int(v) for v in values], dtype="Int64")
    if field["type"] == "number":
        return pd.Series([None if v is None else float(v) for v in values], dtype="float64")
    if field["type"] == "date":
        return pd.Series(pd.to_datetime(values))
    return pd.Series(values, dtype=TEXT)
