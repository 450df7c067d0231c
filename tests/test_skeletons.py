"""`casebook new` adds what lacks only a person's words, and the checks name just those."""

import json
import shutil

import pytest
import yaml

from casebook import cli, evidence, skeletons
from tests.promise import complaints, copied, read

LEFT = ("still to be written", "it names no source", "questions (expected 5 to 12)")


@pytest.fixture
def book(root, tmp_path, monkeypatch):
    copied(root, tmp_path)
    shutil.copy(root / "_config.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cells_of(notebook):
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def new_complaints(book, chapter, *words):
    before = set(complaints(book, chapter))
    assert cli.main(["new", *words]) == 0
    return [one for one in complaints(book, chapter) if one not in before]


def lacks_only_words(found):
    return found and all(any(left in one for left in LEFT) for one in found)


@pytest.mark.parametrize("type", skeletons.PARTS)
def test_a_new_question_lacks_only_its_words(book, type):
    assert lacks_only_words(new_complaints(book, "ch02", "question", "ch02", "ch02-new", type))


def test_a_new_event_lacks_only_its_words(book):
    words = ("event", "kyiv-summit-2023", "2023-07-11", "panda2022", "9")
    found = new_complaints(book, "", *words)
    assert lacks_only_words([one for one in found if one.startswith("row 1")])


def test_a_new_chapter_lacks_only_its_words(book):
    found = new_complaints(book, "ch13", "chapter", "ch13_after_vilnius", "After Vilnius")
    assert lacks_only_words(found)
    assert "chapters/ch13_after_vilnius\n" in (book / "_toc.yml").read_text("utf8")
    home = yaml.safe_load((book / "_config.yml").read_text("utf8"))["repository"]["url"]
    names = ("ch13_after_vilnius", "ch12_east_asia_tomorrow")
    first, like = (cells_of(book / f"chapters/{name}.ipynb")["begin"] for name in names)
    assert f"git+{home}" in first and first == like


def test_a_new_figure_waits_for_its_run(book):
    words = ("figure", "ch02", "scrambles-total", "scrambles", "total")
    said = "the notebook has not shown it yet (casebook notebooks runs it)"
    assert new_complaints(book, "ch02", *words) == [f"figures, scrambles-total: {said}"]
    ids = [*cells_of(book / "chapters/ch02_russia_gap.ipynb")]
    assert ids.index("scrambles-total") + 1 == ids.index("summary")


@pytest.mark.parametrize(
    "table, column, chosen",
    [
        ("scrambles", "total", {}),
        ("asylum_japan", "recognised", {}),
        ("military_expenditure", "pct_gdp_vintage_2026", {"country": "Japan"}),
        ("energy_imports", "russia_share_pct", {"importer": "Japan", "fuel": "LNG"}),
    ],
)
def test_a_new_figure_is_a_line_where_there_are_years(book, table, column, chosen):
    assert cli.main(["new", "figure", "ch02", "new-line", table, column]) == 0
    code = cells_of(book / "chapters/ch02_russia_gap.ipynb")["new-line"]
    assert "charts.lines(" in code
    exec(code.partition("\n\n")[0], drawn := {"evidence": evidence})
    rows = [row for row in read(book / f"data/{table}.csv") if chosen.items() <= row.items()]
    year = "fiscal_year" if table == "scrambles" else "year"
    raw = {int(row[year]): float(row[column]) for row in rows if row[column]}
    assert drawn[column].to_dict() == raw
    where = "".join(f" and {name} = '{value}'" for name, value in chosen.items())
    query = f"select {year}, {column} from {table} where {column} is not null{where}"
    expected = (book / "tests/expected/ch02_russia_gap.yml").read_text("utf8")
    assert f"new-line: {query}\n" in expected


@pytest.mark.parametrize(
    "words, why",
    [
        (["figure", "ch02", "energy-shares", "scrambles", "total"], "energy-shares is new"),
        (["question", "ch02", "ch02-x", "essay"], "type 'essay', expected one of single"),
        (["event", "invasion-2022", "2022-02-24", "panda2022"], "has invasion-2022 already"),
        (["chapter", "13", "After Vilnius"], "expected a new name"),
    ],
)
def test_what_cannot_be_added_is_refused_in_one_line(book, words, why):
    with pytest.raises(SystemExit, match=why):
        cli.main(["new", *words])
