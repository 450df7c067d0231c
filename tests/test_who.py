"""Who relies on a cell, which changed cell explains a problem; checking on each save."""

import re
import subprocess

import pytest

from casebook import cli
from casebook.checks.facts import Facts
from casebook.checks.rooms import reliance_of
from tests.promise import change, copied

KEY = ("quantities", "cfr2022-sanctioned-individuals")


@pytest.fixture(scope="module")
def facts(root):
    return Facts(root)


@pytest.fixture(scope="module")
def reliance(root, facts):
    return reliance_of(root, facts)


def relying(reliance, table, key, column):
    row = reliance.facts.row(table, key)
    return [
        f"{problem.place.name}: {problem.text}"
        for problem in reliance.relying(table, row["_row"], column, row[column])
    ]


def test_sentences_marks_alternative_texts_cards_and_keys_rely_on_499(reliance):
    found = relying(reliance, *KEY, "value")
    for what in (
        "sentence “",
        "chart, row",
        "alternative text",
        "table, row",
        "cfr2022, sentence",
        "quiz ",
    ):
        assert any(what in one for one in found), (what, found)


def test_asking_leaves_the_facts_as_they_are(reliance, facts):
    before = facts.rows("quantities")
    relying(reliance, *KEY, "value")
    assert facts.rows("quantities") == before


def test_a_claim_relies_on_the_rows_that_it_compares(reliance):
    """“Fewer” moves with a far larger number only: several changes are tried."""
    assert relying(reliance, "scrambles", "2014", "russian_aircraft")


def test_nothing_relies_on_an_address(reliance):
    assert relying(reliance, "scrambles", "2014", "address") == []


def test_problems_stand_beneath_the_cell_that_explains_them(root, tmp_path, capsys, monkeypatch):
    book = copied(root, tmp_path)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "book"]):
        subprocess.run([*git, *command], cwd=book, check=True)
    change(book, "quantities", "value", "498", quantity_id=KEY[1])
    monkeypatch.chdir(book / "chapters")
    assert cli.main(["check", "--chapter", "ch04"]) == 1
    first, second, *_ = capsys.readouterr().out.split("\n")
    assert first.startswith("data/quantities.csv:3: value was 499, is 498: ")
    assert re.match(r"chapters/ch04_sanctions\.ipynb:\d+: ch04_sanctions, cell title", second)


def test_watching_goes_on_where_a_file_is_half_saved(root, tmp_path, capsys, monkeypatch):
    book = copied(root, tmp_path)
    monkeypatch.chdir(book)
    package = book / "data" / "datapackage.json"
    whole = package.read_text("utf8")
    saves = iter([lambda: package.write_text("{"), lambda: package.write_text(whole)])

    def save(_: float) -> None:
        if (change := next(saves, None)) is None:
            raise KeyboardInterrupt
        change()

    monkeypatch.setattr(cli.time, "sleep", save)
    assert cli.main(["check", "--watch", "--chapter", "ch02"]) == 130
    said = capsys.readouterr()
    assert said.out.count("saved: checking again") == 2
    assert "casebook: data/datapackage.json:1: cannot be read" in said.err
    assert said.err.count("Everything agrees") == 2


def test_nothing_in_place_of_a_number_is_no_accident(reliance):
    """A paragraph whose other shares are compared with a cell that now says nothing."""
    found = relying(reliance, "quantities", "cfr2022-coal-share-from-russia", "value")
    assert found and not any("cannot be checked" in one for one in found)
