"""The evidence: every table of `data/`, checked against its schema and typed.

A chapter asks for a table by name and gets a pandas DataFrame that it can trust::

    scrambles = evidence.load("scrambles")

What a table holds (columns, units, keys) is declared in `data/datapackage.json`,
a Frictionless Data Package. This module reads that declaration; it knows no chapter.
"""

import calendar
import csv
import io
import json
import os
import re
from datetime import date
from math import isfinite
from pathlib import Path

import pandas as pd

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF-level0"


class EvidenceError(ValueError):
    """A table that breaks its schema; the message names file, row, column, what was found and what was expected."""


def folder() -> Path:
    """The folder that holds the evidence: `CASEBOOK_DATA` if set, else the checkout's `data/`, else the wheel's copy."""
    if os.environ.get("CASEBOOK_DATA"):
        return Path(os.environ["CASEBOOK_DATA"])
    here = Path(__file__).resolve().parent
    inside = here / "_data"
    return inside if inside.is_dir() else here.parent / "data"


def load(name: str) -> pd.DataFrame:
    """Return the table `name` as a typed DataFrame, one row for each row of the file, in file order.

    Integers become `Int64`, numbers `float64`, days and years `datetime64` and `Int64`; an empty cell is missing
    ("the source does not say"), never zero. A column of reduced-precision dates (EDTF level 0: ``2022``, ``2022-02``,
    ``2022-02-21/2022-02-28``) stays text and gains two columns, `<column>_start` and `<column>_end`, its first and last day.
    `frame.attrs["units"]` maps each numeric column to its unit.

    Raises
    ------
    EvidenceError
        The table is unknown, unreadable or breaks its schema: file, row, column, what was found, what was expected.

    >>> load("sources")["source_id"].is_unique
    True
    """
    package = _package()
    schema = _resource(package, name)["schema"]
    rows = _rows(name, schema)
    for field in schema["fields"]:
        _check_column(name, field, rows)
    _check_keys(name, schema, rows)
    _check_references(name, schema, rows, package)

    frame = pd.DataFrame(index=range(len(rows)))
    for field in schema["fields"]:
        column = field["name"]
        frame[column] = _typed([row[column] for _, row in rows], field)
        if field.get("rdfType") == EDTF:
            spans = [edtf(row[column]) if row[column] else (None, None) for _, row in rows]
            frame[f"{column}_start"] = pd.to_datetime([first for first, _ in spans])
            frame[f"{column}_end"] = pd.to_datetime([last for _, last in spans])
    frame.attrs = {
        "table": name,
        "units": {f["name"]: f["unit"] for f in schema["fields"] if f.get("unit")},
    }
    return frame


def source(source_id: str) -> dict[str, str]:
    """Return the row of `sources.csv` for one source, as text; raises EvidenceError if there is none."""
    sources = _rows("sources", _resource(_package(), "sources")["schema"])
    for _, row in sources:
        if row["source_id"] == source_id:
            return row
    known = ", ".join(row["source_id"] for _, row in sources)
    raise EvidenceError(f"data/sources.csv: found no source {source_id!r}, expected one of {known}")


def cite(reference: str) -> tuple[str, str]:
    """Return label and address of a reference such as ``cfr2022#p4`` or ``sipri2025``.

    The address starts at the book's root: a seed's card and paragraph, or an outside series' section.

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


def edtf(text: str) -> tuple[date, date]:
    """Return the first and last day of a date of EDTF level 0 (Library of Congress, 2019): a day, month, year or interval.

    >>> edtf("2022-02")
    (datetime.date(2022, 2, 1), datetime.date(2022, 2, 28))
    """
    first, _, last = text.partition("/")
    start, end = _span(first), _span(last or first)
    if end[1] < start[0]:
        raise ValueError("the interval ends before it begins")
    return start[0], end[1]


def _span(text: str) -> tuple[date, date]:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        raise ValueError(f"{text!r} is not a date")
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    last_month = month or 12
    return date(year, month or 1, 1), date(
        year, last_month, calendar.monthrange(year, last_month)[1]
    )


def _package() -> dict:
    path = folder() / "datapackage.json"
    try:
        package = json.loads(path.read_text("utf-8-sig"))
    except OSError:
        raise EvidenceError(
            f"{path}: not found (expected the data package that declares every table)"
        ) from None
    except ValueError as error:
        raise EvidenceError(f"data/datapackage.json: not valid JSON: {error}") from None
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise EvidenceError(
            "data/datapackage.json: found no 'resources', expected the list of the tables"
        )
    return package


def _resource(package: dict, name: str) -> dict:
    for resource in package["resources"]:
        if resource["name"] == name:
            return resource
    known = ", ".join(sorted(resource["name"] for resource in package["resources"]))
    raise EvidenceError(f"data/: found no table {name!r}, expected one of {known}")


def _rows(name: str, schema: dict) -> list[tuple[int, dict[str, str]]]:
    """Read the file: (row number as a spreadsheet shows it, cells by column). Byte-order mark and Windows line ends are harmless."""
    file = f"data/{name}.csv"
    try:
        raw = (folder() / f"{name}.csv").read_bytes()
    except OSError:
        raise EvidenceError(
            f"{file}: file not found, expected since datapackage.json declares it"
        ) from None
    if raw.startswith(b"PK\x03\x04"):
        raise EvidenceError(
            f"{file}, row 1: found a spreadsheet's own format, expected text (save the sheet as 'CSV UTF-8')"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise EvidenceError(
            f"{file}, row {row}: found byte {raw[error.start]:#04x}, expected UTF-8 (save the file as 'CSV UTF-8')"
        ) from None
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise EvidenceError(
            f"{file}, row {len(records) + 1}: not readable as CSV: found {error}, expected commas between cells and double quotes round a cell that holds one"
        ) from None

    expected = [field["name"] for field in schema["fields"]]
    header = records[0] if records else []
    for separator, word in (("\t", "tabs"), (";", "semicolons")):
        if len(header) == 1 and separator in header[0]:
            raise EvidenceError(
                f"{file}, row 1: found {word} between the columns, expected commas: {', '.join(expected)}"
            )
    for column in expected:
        if column not in header:
            raise EvidenceError(
                f"{file}, row 1: column {column!r} is missing: found {', '.join(header) or 'nothing'}, expected {', '.join(expected)}"
            )
    for column in header:
        if column not in expected or header.count(column) > 1:
            raise EvidenceError(
                f"{file}, row 1: found column {column!r}, expected once each: {', '.join(expected)}"
            )
    rows = []
    for number, cells in enumerate(records[1:], start=2):
        if not cells:  # an empty line at the end is harmless
            continue
        if len(cells) != len(header):
            raise EvidenceError(
                f"{file}, row {number}: found {len(cells)} cell{'s' * (len(cells) > 1)}, expected {len(header)}, one for each column"
            )
        rows.append((number, {column: cell.strip() for column, cell in zip(header, cells)}))
    if not rows:
        raise EvidenceError(f"{file}, row 2: found no row below the header, expected at least one")
    return rows


def _check_column(name: str, field: dict, rows: list) -> None:
    rule, column = field.get("constraints", {}), field["name"]
    for number, row in rows:
        cell = row[column]
        where = f"data/{name}.csv, row {number}, column {column}"
        if cell == "":
            if rule.get("required"):
                raise EvidenceError(f"{where}: found an empty cell, expected {_expected(field)}")
            continue
        if not _fits(cell, field):
            raise EvidenceError(f"{where}: found {cell!r}, expected {_expected(field)}")


def _fits(cell: str, field: dict) -> bool:
    rule, kind = field.get("constraints", {}), field["type"]
    if kind in ("integer", "year") and not re.fullmatch(
        r"-?[0-9]{1,18}", cell
    ):  # 64 bits hold any 18 digits
        return False
    if kind == "number" and not (
        re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", cell) and isfinite(float(cell))
    ):
        return False
    if kind == "date" and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        return False
    if kind == "date" or field.get("rdfType") == EDTF:
        try:
            edtf(cell)
        except ValueError:
            return False
    if kind in ("integer", "number", "year"):
        if (
            not rule.get("minimum", float("-inf"))
            <= float(cell)
            <= rule.get("maximum", float("inf"))
        ):
            return False
    if "enum" in rule and cell not in map(str, rule["enum"]):
        return False
    return re.fullmatch(rule.get("pattern", ".*"), cell, re.DOTALL) is not None


def _expected(field: dict) -> str:
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


def _check_keys(name: str, schema: dict, rows: list) -> None:
    key = schema.get("primaryKey", [])
    keys = [[key] if isinstance(key, str) else key] if key else []
    keys += [[f["name"]] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    for columns in keys:
        seen: dict[tuple, int] = {}
        for number, row in rows:
            value = tuple(row[column] for column in columns)
            if any(value) and value in seen:
                raise EvidenceError(
                    f"data/{name}.csv, row {number}, column {', '.join(columns)}: found {', '.join(value)!r} again, expected once (it stands in row {seen[value]})"
                )
            seen[value] = number


def _check_references(name: str, schema: dict, rows: list, package: dict) -> None:
    for link in schema.get("foreignKeys", []):
        columns, target = (
            [x] if isinstance(x, str) else x for x in (link["fields"], link["reference"]["fields"])
        )
        other = link["reference"]["resource"] or name
        there = rows if other == name else _rows(other, _resource(package, other)["schema"])
        known = {tuple(row[column] for column in target) for _, row in there}
        for number, row in rows:
            value = tuple(row[column] for column in columns)
            if any(value) and value not in known:
                raise EvidenceError(
                    f"data/{name}.csv, row {number}, column {', '.join(columns)}: found {', '.join(value)!r}, expected one from data/{other}.csv, column {', '.join(target)}"
                )


def _typed(cells: list[str], field: dict) -> pd.Series:
    values = [cell if cell != "" else None for cell in cells]
    if field["type"] in ("integer", "year"):
        return pd.Series([None if v is None else int(v) for v in values], dtype="Int64")
    if field["type"] == "number":
        return pd.Series([None if v is None else float(v) for v in values], dtype="float64")
    if field["type"] == "date":
        return pd.Series(pd.to_datetime(values))
    return pd.Series(values, dtype="str")
