"""The chapters as files: executed, fresh, the same bytes always. (nbval runs them and compares.)"""

import ast
import errno
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from casebook import cli
from casebook import notebooks as runner
from tests.conftest import ROOT, agree

CHAPTERS = {
    path.stem: json.loads(path.read_text("utf8")) for path in sorted(ROOT.glob("chapters/*.ipynb"))
}


def text_of(cell):
    """The source of a cell, which the file holds line by line."""
    return "".join(cell["source"])


def test_there_are_chapters():
    assert CHAPTERS, "chapters/ holds no notebook"


@pytest.mark.parametrize("name", CHAPTERS)
def test_outputs_are_fresh(root, name):
    """Outputs belong to this code, this data, these quizzes and this library."""
    if why := runner.stale(root / "chapters" / f"{name}.ipynb"):
        agree(
            [f"{name}: stale: {why} (first read what else no longer agrees, then `make notebooks`)"]
        )


def parsed(cell):
    """The code of a cell; a line of IPython's own does nothing here."""
    lines = text_of(cell).split("\n")
    plain = [x.split("%")[0] + "pass" if x.lstrip().startswith("%") else x for x in lines]
    return ast.parse("\n".join(plain))


def names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def is_changed(node):
    """Whether what a node names is changed in place: a column, an axes."""
    if isinstance(node, (ast.Subscript, ast.Attribute)):
        return isinstance(node.ctx, ast.Store)
    is_dropped = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_"
    return isinstance(node, ast.Expr) or is_dropped


def bound(tree):
    """The names that a cell binds or changes."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif is_changed(node):
            found |= names(node)
    return found


LEFT_OUT = {"raises-exception", "nbval-skip", "nbval-ignore-output"}


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_code_cell_has_an_effect(name):
    """A code cell shows something, or binds a name used later; none is left uncompared."""
    cells = [cell for cell in CHAPTERS[name]["cells"] if cell["cell_type"] == "code"]
    assert cells.pop(0)["id"] == "begin", "the first cell installs casebook where it is missing"
    trees = list(map(parsed, cells))
    for number, (cell, tree) in enumerate(zip(cells, trees), start=1):
        where, tags = f"{name}, cell {cell['id']}", cell["metadata"].get("tags", [])
        later = set().union(*map(names, trees[number:]))
        assert cell["outputs"] or bound(tree) & later, f"{where}: shows and binds nothing"
        skipped = LEFT_OUT.intersection(tags) or "NBVAL" in text_of(cell)
        assert not skipped, f"{where}: is left out of the comparison"


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


def test_a_chapter_depends_on_no_check_that_it_does_not_load():
    """A quiz asks the facts, not the checks: who mends a check need not run the chapters."""
    asked = "import sys; from casebook import quiz; quiz.load('ch01'); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT)
    loaded = {name.replace(".", "/") for name in said.stdout.split()}
    assert "casebook/checks/facts" in loaded and "casebook/checks/prose" not in loaded
    for name, notebook in CHAPTERS.items():
        reads = notebook["metadata"]["casebook"]["reads"]
        used = {file.removesuffix(".py").removesuffix("/__init__") for file in reads}
        assert {file for file in used if file.startswith("casebook/checks")} <= loaded, name


# -- the runner, with notebooks of one cell ------------------------------------

READS = """import warnings
from IPython.display import display
for word in ("twice", "twice"):
    warnings.warn(word)
display(open(r"FILE").read()[:4])"""
CELLS = {
    "broken": "raise ValueError('no such table')",
    "killed": "import os; os.kill(os.getpid(), 9)",
    "reads": READS.replace("FILE", str(ROOT / "data" / "scrambles.csv")),
    "slow": "import time; time.sleep(60)",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Where CELLS were run, beside a file that is no notebook; the words; the files before."""
    folder = tmp_path_factory.mktemp("chapters")
    for name, code in CELLS.items():
        cell = nbformat.v4.new_code_cell(code, id=name)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / f"{name}.ipynb")
    (folder / "damaged.ipynb").write_text("{")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.MonkeyPatch.context() as patch, pytest.MonkeyPatch.context() as printed:
        patch.setattr(runner, "TIMEOUT", 5)
        lines: list[str] = []
        printed.setattr("builtins.print", lambda *words, **_: lines.append(" ".join(words)))
        assert runner.main([str(path) for path in sorted(folder.glob("*.ipynb"))]) == 1
    return folder, "\n".join(lines), before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "cell broken: ValueError: no such table"),
        ("damaged", "cannot be read as a notebook: Expecting property name"),
        ("killed", "cell killed: its Python ended (killed, or out of memory)"),
        ("slow", "cell slow: took longer than 5 s"),
    ],
)
def test_what_fails_gets_one_line_and_stays_as_it_was(ran, name, said):
    folder, lines, before = ran
    assert f"{name}.ipynb: FAILED: {said}" in lines
    assert (folder / f"{name}.ipynb").read_bytes() == before[f"{name}.ipynb"]


def test_the_rest_goes_on_and_nothing_is_left_behind(ran):
    folder, lines, before = ran
    assert "reads.ipynb: `make notebooks` has not run it: ran in" in lines
    assert {path.name for path in folder.iterdir()} == before.keys()


def test_a_warning_says_no_path_and_no_process_number(ran):
    outputs = json.loads((ran[0] / "reads.ipynb").read_text("utf8"))["cells"][0]["outputs"]
    assert "".join(outputs[0]["text"]) == "UserWarning: twice\n"


def test_only_a_table_that_was_read_makes_a_notebook_stale(ran, tmp_path, monkeypatch):
    path = ran[0] / "reads.ipynb"
    reads = json.loads(path.read_text("utf8"))["metadata"]["casebook"]["reads"]
    assert list(reads) == ["data/scrambles.csv"]
    for table in (ROOT / "data").iterdir():
        (tmp_path / table.name).write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setenv("CASEBOOK_DATA", str(tmp_path))
    (tmp_path / "gdp.csv").write_text("another table")
    assert runner.stale(path) == ""
    (tmp_path / "scrambles.csv").write_text("another number")
    assert runner.stale(path) == "data/scrambles.csv changed since it was run"


CHANGES = {
    "its code changed": lambda cell: cell.update(source="1 + 1"),
    "it was saved without its outputs": lambda cell: cell.update(outputs=[]),
    "its outputs are partial": lambda cell: cell["outputs"].pop(),
    "or not those of the last": lambda cell: cell["outputs"][1]["data"].update({runner.WIDGET: {}}),
}


@pytest.mark.parametrize("said", CHANGES)
def test_a_notebook_saved_otherwise_is_stale(ran, tmp_path, said):
    notebook = json.loads((ran[0] / "reads.ipynb").read_text("utf8"))
    path = tmp_path / "saved.ipynb"
    path.write_text(json.dumps(notebook, indent=3))  # an editor's own layout means nothing
    assert runner.stale(path) == ""
    CHANGES[said](notebook["cells"][0])
    path.write_text(json.dumps(notebook))
    assert said in runner.stale(path)


def test_the_command_runs_what_is_named(tmp_path, capsys):
    assert cli.main(["notebooks", "--all", str(tmp_path / "gone.ipynb")]) == 1
    assert "gone.ipynb: FAILED: cannot be read as a notebook" in capsys.readouterr().out


def test_a_full_disk_keeps_the_old_notebook(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "chapter.ipynb"
    path.write_text("old")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(runner.RunError, match="cannot be written: No space left on device"):
        runner._write(path, "new")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]
