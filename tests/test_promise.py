"""The promise of the book: change one value in `data/`, and the checks name all that no longer agrees.

Each test spoils a copy of the book and reads what the checks say of it. (That they are silent of the book itself is tested elsewhere.)
"""

import csv
import json
import re
import shutil
from datetime import date, timedelta

import pytest

from tests.checks.figures import check_figures
from tests.checks.prose import (
    CHECK,
    TOKEN,
    _bare,
    check_cards,
    check_prose,
    check_readings,
    check_text,
)
from tests.checks.quizzes import check_quizzes
from tests.checks.raw import notebooks, raw, text_of


@pytest.fixture
def book(root, tmp_path):
    """A copy of what the checks read."""
    for part in ("data", "chapters", "seeds", "tests/figures"):
        shutil.copytree(root / part, tmp_path / part)
    return tmp_path


def change(book, table, column, value, **key):
    """Change one cell of the copy; its row is the only one with these keys."""
    path = book / "data" / f"{table}.csv"
    with open(path, encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = [r for r in rows if all(r[k] == v for k, v in key.items())]
    assert row[column] != value
    row[column] = value
    with open(path, "w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def complaints(book):
    raw.cache_clear()
    notebooks.cache_clear()
    return (
        check_prose(book)
        + check_cards(book)
        + check_readings(book)
        + check_quizzes(book)
        + check_figures(book)
    )


# What is changed, and what must be named: a sentence, a chart, an alternative text, a table, a quiz key.
CHANGES = {
    "a scramble count": (
        ("scrambles", "russian_aircraft", "493", {"fiscal_year": "2014"}),
        [
            "ch02_russia_gap, cell .*sentence .*473",
            "ch02_russia_gap, figure scrambles-by-nationality, chart, row 2014",
            "scrambles-by-nationality, alternative text",
            "ch02, quiz ",
        ],
    ),
    "the day on which one source lets Japan join": (
        (
            "event_sources",
            "date_as_given",
            "2022-02-27",
            {"event_source_id": "japan-joins-sanctions-2022--panda2022-2"},
        ),
        [
            "ch03_february_2022, cell .*sentence .*28 February",
            "ch03_february_2022, figure days-by-source, chart, row japan-joins",
            "table tellings-of-joining",
        ],
    ),
    "the visa list of 2014": (
        ("japan_sanctions_rounds", "individuals_added", "24", {"round_id": "jp-2014-04-29"}),
        [
            "ch01_crimea_2014, cell .*sentence .*23 persons",
            "ch01_crimea_2014, figure designations-2014, chart, row Visa ban",
            "ch01, quiz ch01-sum",
        ],
    ),
    "the day of the Cabinet's approval": (
        ("events", "record_date", "2022-03-02", {"event_id": "japan-cabinet-approves-2022"}),
        [
            "ch03_february_2022, cell .*1 March",
            "figure days-by-source, chart, row japan-cabinet",
            "days-by-source, alternative text",
            "ch03, quiz ch03-days: key 5",
        ],
    ),
    "a running total": (
        ("quantities", "value", "498", {"quantity_id": "cfr2022-sanctioned-individuals"}),
        [
            "ch04_sanctions, cell .*sentence .*499",
            "ch04_sanctions, figure rebuilding-the-total, chart",
            "rebuilding-the-total, alternative text",
            "table what-the-texts-count",
            "ch04, quiz ",
            "ch11_when_sources_disagree, cell title, sentence .*499",
            "seeds/cfr2022.md, sentence .*499 persons",
            "data/conflicts.csv row .* sanctions-38-or-47",
            "data/quantities.csv row .* its evidence says",
        ],
    ),
    "the words of a verdict": (
        ("claims", "claim", "The measures were severe.", {"claim_id": "tsuruoka-2014-nominal"}),
        ["ch01_crimea_2014, table judgements-2014"],
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_value_is_named_everywhere(book, case):
    (table, column, value, key), expected = CHANGES[case]
    change(book, table, column, value, **key)
    found = complaints(book)
    for pattern in expected:
        assert any(re.search(pattern, complaint) for complaint in found), (
            f"{pattern!r} is not among\n" + "\n".join(found)
        )


# columns in which a figure may stand inside words
TEXTS = {
    "record",
    "reading_a",
    "reading_b",
    "description",
    "note",
    "label",
    "scope_note",
    "title",
    "claim",
    "release",
    "verified_figure",
    "event",
}


def later(text):
    """The same date about a year later: day, month and year all differ."""
    ends = []
    for end in text.split("/"):
        parts = [int(part) for part in end.split("-")]
        moved = date(*(parts + [1, 1])[:3]) + timedelta(days=400)
        ends.append(moved.isoformat()[: len(end)])
    return "/".join(ends)


def test_no_sentence_survives_a_change_of_all_its_data(root, book):
    """Every number is moved by a third and more, every date by a year, every digit inside a text by one: each sentence with a number or a date must be named.

    Distances and counts of rows do not move when everything moves, so sentences that state nothing else are left out.
    """
    package = json.loads((book / "data" / "datapackage.json").read_text("utf8"))
    for resource in package["resources"]:
        path, keys = book / "data" / resource["path"], resource["schema"]["primaryKey"]
        with open(path, encoding="utf8", newline="") as file:
            rows = list(csv.DictReader(file))
        for number, row in enumerate(rows):
            for column, cell in row.items():
                if column in keys or column.startswith("paragraph") or not cell:
                    continue
                if column in TEXTS:
                    row[column] = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), cell)
                if re.fullmatch(
                    r"-?\d+(\.\d+)?", cell
                ):  # not all by the same factor: a share of two numbers must move too
                    row[column] = f"{float(cell) * (1.3 + 0.1 * (number % 7)) + 1:.10g}"
                if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?", cell):
                    row[column] = later(cell)
        with open(path, "w", encoding="utf8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    raw.cache_clear()
    seen, survivors = 0, []
    for name, notebook in notebooks(root).items():
        for cell in notebook["cells"]:
            for line in text_of(cell).split("\n") if cell["cell_type"] == "markdown" else []:
                tokens = [
                    t
                    for t in TOKEN.finditer(_bare(CHECK.sub("", line)))
                    if t.lastgroup not in ("name", "ordinal")
                ]
                expressions = [
                    part.partition(" = ")[2]
                    for found in CHECK.findall(line)
                    for part in found.split(";")
                ]
                if (
                    not tokens
                    or line.startswith("#")
                    or expressions
                    and all(re.match(r"days\(|count\(", e) for e in expressions)
                    and len(expressions) == len(tokens)
                ):
                    continue
                if re.search(r'cell\("\w+", "(fiscal_)?year", ', line) and len(tokens) == len(
                    re.findall(r'"(?:fiscal_)?year"', line)
                ):
                    continue  # states only which row it speaks of
                seen += 1
                if not check_text(book, line, name):
                    survivors.append(f"{name}, cell {cell['id']}: {line[:120]}")
    assert seen > 40 and not survivors, "\n".join(survivors)


def test_a_changed_quiz_key_is_named(book):
    path = book / "chapters" / "quizzes" / "ch01.yml"
    text = path.read_text("utf8")
    path.write_text(text.replace("  answer: 8\n", "  answer: 9\n", 1), "utf8")
    assert any(
        re.match(r"ch01, quiz ch01-announced: key 9, but .* is 8", complaint)
        for complaint in complaints(book)
    )


def test_an_orphan_number_is_named(book):
    path = book / "chapters" / "index.md"
    path.write_text(path.read_text("utf8") + "\nJapan listed 77 persons.\n", "utf8")
    assert any(
        complaint.startswith("index, sentence “Japan listed 77 persons.”: 77 has no source")
        for complaint in complaints(book)
    )
