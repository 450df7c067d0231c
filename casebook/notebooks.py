"""Run the chapters and write their outputs, the same bytes every time: what `make notebooks` does.

    python -m casebook.notebooks          # those whose inputs changed
    python -m casebook.notebooks --all    # every one
    python -m casebook.notebooks chapters/ch01_crimea_2014.ipynb

A notebook's metadata keeps a digest of what its outputs depend on: its code, the evidence, the quiz banks and this library.
So a fresh clone runs nothing, and a changed number in `data/` runs every chapter again.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from casebook import evidence, quiz

HERE = Path(__file__).resolve().parent
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def digest(notebook) -> str:
    """A digest (16 hex digits) of all that the outputs of `notebook` depend on, independent of line ends and folders."""
    sha = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            sha.update(cell.source.encode() + b"\0")
    inputs = [
        *evidence.folder().glob("*.csv"),
        evidence.folder() / "datapackage.json",
        *quiz.folder().glob("*.yml"),
    ]
    library = [HERE / f"{name}.py" for name in ("evidence", "explorer", "figure", "style")]
    library += sorted(p for p in (HERE / "quiz").rglob("*.*") if p.suffix != ".pyc")
    for path in sorted(inputs, key=lambda p: p.name) + library:
        sha.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return sha.hexdigest()[:16]


def run(path: Path) -> None:
    """Execute the notebook at `path` and replace it whole, or leave it untouched and raise CellExecutionError."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    count = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                output.get("data", {}).pop(
                    WIDGET, None
                )  # a saved view of a widget without its kernel shows nothing but an error
                output.pop(
                    "execution_count", None
                ) if output.output_type != "execute_result" else output.update(
                    execution_count=count
                )
    notebook.metadata = nbformat.from_dict(METADATA | {"casebook": {"inputs": digest(notebook)}})
    # written beside it first: an interrupted run leaves the old notebook, never half a new one
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf8", newline="\n") as file:
        file.write(nbformat.writes(notebook, version=4).rstrip("\n") + "\n")
    os.chmod(name, 0o644)
    os.replace(name, path)


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m casebook.notebooks", description="Run chapters whose inputs changed."
    )
    parser.add_argument(
        "notebooks",
        nargs="*",
        type=Path,
        default=sorted(Path("chapters").glob("*.ipynb")),
        help="by default chapters/*.ipynb",
    )
    parser.add_argument("--all", action="store_true", help="run every one, changed or not")
    options = parser.parse_args(arguments)
    failed = 0
    for path in options.notebooks:
        notebook = nbformat.read(path, as_version=4)
        if not options.all and notebook.metadata.get("casebook", {}).get("inputs") == digest(
            notebook
        ):
            print(f"{path}: unchanged", flush=True)
            continue
        print(f"{path}: running ...", end=" ", flush=True)
        start = time.monotonic()
        try:
            run(path)
        except CellExecutionError as error:
            failed += 1
            # the chapter's own traceback would bury the one line that helps
            print(f"failed\n  {error.ename}: {error.evalue}", flush=True)
        else:
            print(f"{time.monotonic() - start:.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
