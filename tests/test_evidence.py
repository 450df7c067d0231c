"""What one sees who changed a table at midnight: file, row, column, found, expected, in a line."""

import shutil

import pytest

from casebook import evidence


@pytest.fixture
def data(tmp_path, monkeypatch, root):
    """A copy of data/ that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(root / "data", copy)
    monkeypatch.setenv("CASEBOOK_DATA", str(copy))
    return copy


def edit(path, change, encoding="utf8"):
    text = path.read_text("utf8")
    changed = change(text)
    assert changed != text, "the test changed nothing"
    path.write_bytes(changed.encode(encoding))


def cell(row, column, value):
    """A change of one cell; `row` counts as a spreadsheet does, `column` from 1."""

    def change(text):
        lines = text.split("\n")
        cells = lines[row - 1].split(",")
        cells[column - 1] = value
        return "\n".join([*lines[: row - 1], ",".join(cells), *lines[row:]])

    return change


BAD = {
    "missing column": (
        "scrambles",
        lambda t: t.replace("total", "sum", 1),
        "data/scrambles.csv, row 1: column 'total' is missing",
    ),
    "text in a number": (
        "scrambles",
        cell(3, 2, "abc"),
        "data/scrambles.csv, row 3, column total: found 'abc', expected a whole number",
    ),
    "thousands comma": (
        "scrambles",
        lambda t: t.replace("1168,", '"1,168",'),
        "data/scrambles.csv, row 7, column total: found '1,168', expected a whole number",
    ),
    "negative count": (
        "scrambles",
        cell(2, 2, "-4"),
        "data/scrambles.csv, row 2, column total: found '-4', expected a whole number, at least 0",
    ),
    "bad day": (
        "abe_putin_meetings",
        cell(2, 2, "2013-09-31"),
        (
            "data/abe_putin_meetings.csv, row 2, column date: found '2013-09-31', expected a day"
            " written YYYY-MM-DD"
        ),
    ),
    "bad reduced date": (
        "events",
        lambda t: t.replace("2022-02-24", "24.2.2022", 1),
        (
            "column record_date: found '24.2.2022', expected a date written YYYY, YYYY-MM,"
            " YYYY-MM-DD or start/end"
        ),
    ),
    "unknown source": (
        "scrambles",
        lambda t: t.replace("jmod_scrambles", "nobody1999", 1),
        (
            "column source_id: found 'nobody1999', expected one from data/sources.csv, column"
            " source_id"
        ),
    ),
    "duplicate id": (
        "scrambles",
        cell(3, 1, "2011"),
        (
            "data/scrambles.csv, row 3, column fiscal_year: found '2011' again, expected once (it"
            " stands in row 2)"
        ),
    ),
    "empty where required": (
        "scrambles",
        cell(2, 1, ""),
        "data/scrambles.csv, row 2, column fiscal_year: found an empty cell, expected",
    ),
    "a cell too many": (
        "scrambles",
        lambda t: t.replace("2011,", "2011,7,", 1),
        "data/scrambles.csv, row 2: found 8 cells, expected 7",
    ),
    "a number beyond 64 bits": (
        "scrambles",
        cell(2, 2, "9" * 30),
        "data/scrambles.csv, row 2, column total: found '999",
    ),
    "an infinite number": (
        "energy_imports",
        lambda t: t.replace(",11.491,", ",1e999,", 1),
        "found '1e999', expected a number",
    ),
    "digits of another script": (
        "scrambles",
        cell(2, 2, "٣"),
        "data/scrambles.csv, row 2, column total: found '٣', expected a whole number",
    ),
    "open quotation mark": (
        "scrambles",
        lambda t: t.replace("2011,", '"2011,', 1),
        "data/scrambles.csv, row 2: not readable as CSV",
    ),
    "tabs for commas": (
        "scrambles",
        lambda t: t.replace(",", "\t"),
        "data/scrambles.csv, row 1: found tabs between the columns, expected commas",
    ),
    "semicolons for commas": (
        "scrambles",
        lambda t: t.replace(",", ";"),
        "data/scrambles.csv, row 1: found semicolons between the columns, expected commas",
    ),
    "a line break in a cell": (
        "people",
        lambda t: t.replace(",Abe,", ',"Abe\n\n# Shinzo",', 1),
        r"found 'Abe\n\n# Shinzo', expected text in one line",
    ),
    "a sign that turns what follows": (
        "people",
        lambda t: t.replace(",Abe,", ",Abe\u202e,", 1),
        "expected text in one line",
    ),
    "no rows": (
        "scrambles",
        lambda t: t.split("\n")[0],
        "data/scrambles.csv, row 2: found no row below the header, expected at least one",
    ),
    "a spreadsheet renamed": (
        "scrambles",
        lambda t: "PK\x03\x04" + t,
        "data/scrambles.csv, row 1: found a spreadsheet's own format, expected text",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_data_is_named(data, case):
    table, change, message = BAD[case]
    edit(data / f"{table}.csv", change)
    with pytest.raises(evidence.EvidenceError) as error:
        evidence.load(table)
    assert message in str(error.value)
    assert (
        "found" in str(error.value)
        and "expected" in str(error.value)
        and "\n" not in str(error.value)
    )


def test_wrong_encoding_is_named(data):
    edit(data / "people.csv", lambda t: t.replace("person_id", "pérson_id", 1), encoding="utf-16")
    with pytest.raises(
        evidence.EvidenceError, match=r"data/people.csv, row 1: found byte 0x\w\w, expected UTF-8"
    ):
        evidence.load("people")


def test_missing_table_and_file_are_named(data):
    with pytest.raises(
        evidence.EvidenceError,
        match=r"data/: found no table 'aids', expected one of abe_putin_meetings",
    ):
        evidence.load("aids")
    (data / "scrambles.csv").unlink()
    with pytest.raises(evidence.EvidenceError, match=r"data/scrambles.csv: file not found"):
        evidence.load("scrambles")


@pytest.mark.parametrize(
    "harmless",
    [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t + "\n"],
    ids=["byte-order mark", "Windows line ends", "empty last line"],
)
def test_harmless_is_accepted(data, harmless):
    before = evidence.load("scrambles")
    edit(data / "scrambles.csv", harmless)
    assert evidence.load("scrambles").equals(before)


def test_types_and_missing_cells(root):
    scrambles = evidence.load("scrambles").set_index("fiscal_year")
    assert evidence.load("energy_imports")["imports_total"].isna().any(), (
        "an empty cell is missing, never zero"
    )
    assert scrambles.attrs["units"]["total"]
    events = evidence.load("events").set_index("event_id")
    assert str(events["record_date_start"].dtype).startswith("datetime64")
    assert str(events.loc["invasion-2022", "record_date_start"].date()) == "2022-02-24"


def test_a_file_is_read_once_and_again_when_it_changed(data, monkeypatch):
    opened = []
    read = evidence.Path.read_bytes
    monkeypatch.setattr(
        evidence.Path, "read_bytes", lambda path: opened.append(path.name) or read(path)
    )
    for _ in range(3):
        evidence.load("scrambles")
        evidence.cite("cfr2022#p4")
    assert sorted(opened) == ["scrambles.csv", "sources.csv"]
    edit(data / "scrambles.csv", lambda t: t.replace("1168,", "1169,"))
    assert 1169 in set(evidence.load("scrambles")["total"])
    assert opened.count("scrambles.csv") == 2


def test_unknown_source_and_paragraph():
    with pytest.raises(evidence.EvidenceError, match="found no source 'nobody1999'"):
        evidence.cite("nobody1999#p1")
    with pytest.raises(evidence.EvidenceError, match="only a seed has paragraphs"):
        evidence.cite("jmod_scrambles#p4")
