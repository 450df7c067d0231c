"""The chapters as files: executed, fresh, deterministic, and no cell without effect. (nbval runs them and compares.)"""

import ast
import json
import subprocess
import sys

import nbformat
import pytest

from casebook.notebooks import digest
from tests.checks.raw import notebooks, text_of
from tests.conftest import ROOT, agree

CHAPTERS = notebooks(ROOT)


def test_there_are_chapters():
    assert CHAPTERS, "chapters/ holds no notebook"


@pytest.mark.parametrize("name", CHAPTERS)
def test_outputs_are_fresh(root, name):
    """Outputs belong to this code, this data, these quizzes and this library."""
    notebook = nbformat.read(root / "chapters" / f"{name}.ipynb", as_version=4)
    if notebook.metadata.get("casebook", {}).get("inputs") != digest(notebook):
        agree(
            [
                f"{name}: its code, the data, the quizzes or the library changed since it was run (`make notebooks` runs it again; first read what else no longer agrees)"
            ]
        )


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_code_cell_has_an_effect(name):
    """A code cell shows something, or binds a name that a later cell uses; none is left out of the comparison."""
    cells = [cell for cell in CHAPTERS[name]["cells"] if cell["cell_type"] == "code"]
    assert cells, "no code cell"
    trees = [
        ast.parse(
            "\n".join(
                line if not line.lstrip().startswith("%") else line.split("%")[0] + "pass"
                for line in text_of(cell).split("\n")
            )
        )
        for cell in cells
    ]
    for number, (cell, tree) in enumerate(zip(cells, trees)):
        bound = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        bound |= {
            (alias.asname or alias.name).split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        later = {
            node.id
            for other in trees[number + 1 :]
            for node in ast.walk(other)
            if isinstance(node, ast.Name)
        }
        assert cell["outputs"] or bound & later, (
            f"{name}, cell {cell['id']}: shows nothing and binds nothing that is used later"
        )
        assert "NBVAL" not in text_of(cell), (
            f"{name}, cell {cell['id']}: is left out of the comparison"
        )
        assert not {"raises-exception", "nbval-skip", "nbval-ignore-output"} & set(
            cell["metadata"].get("tags", [])
        ), f"{name}, cell {cell['id']}: is left out of the comparison"
        assert len(text_of(cell).splitlines()) <= 20, (
            f"{name}, cell {cell['id']}: {len(text_of(cell).splitlines())} lines (plumbing belongs in casebook)"
        )


@pytest.mark.parametrize("name", CHAPTERS)
def test_file_is_deterministic(root, name):
    """Nothing in the file depends on who ran it, when or where."""
    notebook = CHAPTERS[name]
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "casebook"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    for number, cell in enumerate(
        (c for c in notebook["cells"] if c["cell_type"] == "code"), start=1
    ):
        assert cell["execution_count"] == number and set(cell["metadata"]) <= {"tags"}, (
            f"{name}, cell {cell['id']}"
        )
        assert all(output["output_type"] == "display_data" for output in cell["outputs"]), (
            f"{name}, cell {cell['id']}: prints outside figure, table and quiz"
        )
    text = json.dumps(notebook)
    assert str(root) not in text and "widget-state" not in text


def test_an_interrupted_or_failing_run_loses_nothing(tmp_path):
    """A chapter that stops with an error stays as it was, and the message says why."""
    path = tmp_path / "broken.ipynb"
    cell = nbformat.v4.new_code_cell(
        'from casebook import evidence\nevidence.load("no_such_table")', id="broken"
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    before = path.read_bytes()
    ran = subprocess.run(
        [sys.executable, "-m", "casebook.notebooks", path], capture_output=True, text=True
    )
    assert (
        ran.returncode == 1 and "EvidenceError: data/: found no table 'no_such_table'" in ran.stdout
    )
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["broken.ipynb"]
