"""`casebook new` adds what lacks only a person's words, and the checks name just those."""

import json

import pytest

from casebook import cli, skeletons
from tests.promise import complaints, copied

LEFT = ("still to be written", "it names no source", "questions (expected 5 to 12)")


@pytest.fixture
def book(root, tmp_path, monkeypatch):
    copied(root, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new_complaints(book, chapter, *words):
    before = set(complaints(book, chapter))
    assert cli.main(["new", *words]) == 0
    return [one for one in complaints(book, chapter) if one not in before]


@pytest.mark.parametrize("type", skeletons.PARTS)
def test_a_new_question_lacks_only_its_words(book, type):
    found = new_complaints(book, "ch02", "question", "ch02", "ch02-new", type)
    assert found and all(one.endswith(LEFT) or "still to be written" in one for one in found)


def test_a_new_chapter_lacks_only_its_words(book):
    found = new_complaints(book, "ch13", "chapter", "ch13_after_vilnius", "After Vilnius")
    assert found and all("still to be written" in one or one.endswith(LEFT) for one in found)
    assert "chapters/ch13_after_vilnius\n" in (book / "_toc.yml").read_text("utf8")


def test_a_new_figure_waits_for_its_run(book):
    words = ("figure", "ch02", "scrambles-total", "scrambles", "total")
    (found,) = new_complaints(book, "ch02", *words)
    assert found == (
        "figures, scrambles-total: the notebook has not shown it yet (casebook notebooks runs it)"
    )
    cells = json.loads((book / "chapters/ch02_russia_gap.ipynb").read_text("utf8"))["cells"]
    ids = [cell["id"] for cell in cells]
    assert ids.index("scrambles-total") + 1 == ids.index("summary")


def test_a_new_event_lacks_only_its_words(book):
    words = ("event", "kyiv-summit-2023", "2023-07-11", "panda2022", "9")
    before = set(complaints(book))
    assert cli.main(["new", *words]) == 0
    tables = [one for one in complaints(book) if one not in before and one.startswith("row 1")]
    assert tables and all("still to be written" in one for one in tables)


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
