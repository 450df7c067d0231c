"""Run the chapters and write their outputs, the same bytes every time: what `make notebooks` does.

    python -m casebook.notebooks          # those that are stale
    python -m casebook.notebooks --all    # every one
    python -m casebook.notebooks chapters/ch01_crimea_2014.ipynb

A notebook is *stale* when its outputs are not those of a run on what it depends on. The run finds
that out: the metadata keeps a digest of the notebook's code, of its outputs, and of each file of
`data/`, of the quizzes and of this library that was read. So a fresh clone runs nothing, and a
changed table runs the chapters that read it.
"""

import argparse
import ast
import asyncio
import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "data/datapackage.json"
WIDGET = "application/vnd.jupyter.widget-view+json"
AT_ONCE = 2  # chapters: what two cores and a laptop's memory bear
TIMEOUT = 120  # seconds for one cell
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
# Runs in the kernel before the first cell. A warning says no path and no process number, which
# would differ from run to run.
BEFORE = """
import os as _os, sys as _sys, warnings as _warnings
_read = set()
def _note(event, given):
    if event == "open" and type(given[0]) is str:
        _read.add(_os.path.realpath(given[0]))
_sys.addaudithook(_note)
_warnings.formatwarning = lambda message, kind, *_: f"{kind.__name__}: {message}\\n"
"""
# Asked after the last cell: the files that were opened, and the modules of the library, of which
# Python may have opened but a cache.
AFTER = """"\\n".join(sorted(name for name in _read | {
    _os.path.realpath(module.__file__) for name, module in _sys.modules.items()
    if name.partition(".")[0] == "casebook" and module.__file__
} if name.startswith(FOLDERS) and "__pycache__" not in name))"""

Notebook = dict[str, Any]


class RunError(RuntimeError):
    """A notebook that cannot be read, run or written; the message is one line."""


# -- stale or not -----------------------------------------------------------


def stale(path: Path) -> str:
    """Why the outputs of the notebook at `path` cannot be trusted, in one line; empty if they can.

    Raises RunError for a file that is no notebook.

    >>> stale(Path("chapters/ch02_russia_gap.ipynb"))
    'data/scrambles.csv changed since it was run'
    """
    notebook = _load(path)
    record = notebook["metadata"].get("casebook", {})
    if not {"code", "outputs", "reads"} <= record.keys():
        return "`make notebooks` has not run it"
    if record["code"] != _code(notebook):
        return "its code changed since it was run"
    if record["outputs"] != _outputs(notebook):
        if any(cell.get("outputs") for cell in notebook["cells"]):
            return "its outputs are partial, or not those of the last `make notebooks`"
        return "it was saved without its outputs"
    now = _digests(record["reads"])
    changed = [name for name, digest in record["reads"].items() if now[name] != digest]
    # one word for the library: its files mean little to who changed a table
    said = dict.fromkeys("casebook" if n.startswith("casebook/") else n for n in changed)
    return f"{', '.join(said)} changed since it was run" if said else ""


def _load(path: Path) -> Notebook:
    try:
        notebook: Notebook = json.loads(path.read_text("utf8"))
        _ = notebook["cells"], notebook["metadata"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"cannot be read as a notebook: {_line(error)}") from None
    return notebook


def _cells(notebook: Notebook) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _code(notebook: Notebook) -> str:
    return _digest(*("".join(cell["source"]) for cell in _cells(notebook)))


def _outputs(notebook: Notebook) -> str:
    """A digest of what the cells show, however an editor breaks its lines or writes 2.0 as 2."""
    shown = [[_shown(output) for output in cell["outputs"]] for cell in _cells(notebook)]
    plain = json.loads(json.dumps(shown), parse_int=float)
    return _digest(json.dumps(plain, sort_keys=True))


def _shown(output: dict[str, Any]) -> list[Any]:
    data = {
        mime: value if mime.endswith("json") else "".join(value)
        for mime, value in output.get("data", {}).items()
    }
    return [output["output_type"], "".join(output.get("text", "")), data]


def _digests(names: Iterable[str]) -> dict[str, str]:
    """The digest of each file, by the name that the project gives it.

    Of the data package only the schemas of the tables read count: a cell sees nothing else of it.
    """
    names = sorted(names)
    digests = {name: _digest(_text(name)) for name in names}
    if PACKAGE in digests:
        with suppress(ValueError, KeyError, TypeError):
            resources = json.loads(_text(PACKAGE))["resources"]
            read = [one["schema"] for one in resources if f"data/{one['name']}.csv" in names]
            digests[PACKAGE] = _digest(json.dumps(read))
    return digests


def _text(name: str) -> str:
    """A file of the project, with the line ends of any system; nothing if it is gone."""
    for folder, path in _folders().items():
        if name.startswith(f"{folder}/"):
            file = path / name.removeprefix(f"{folder}/")
            return file.read_text("utf8", errors="replace") if file.is_file() else ""
    return ""


def _folders() -> dict[str, Path]:
    """Where the project's files are that a chapter reads, by the names that they have here."""
    data = os.environ.get("CASEBOOK_DATA") or ROOT / "data"
    quizzes = os.environ.get("CASEBOOK_QUIZZES") or ROOT / "chapters" / "quizzes"
    folders = {"data": data, "chapters/quizzes": quizzes, "casebook": ROOT / "casebook"}
    return {name: Path(folder).resolve() for name, folder in folders.items()}


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


# -- running ----------------------------------------------------------------


async def _run(path: Path) -> None:
    """Run the notebook at `path` and replace it whole, or leave it as it is and raise RunError."""
    import nbformat
    from nbclient import NotebookClient

    _load(path)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        async with client.async_setup_kernel():
            # nbclient's own handler would end one kernel and let the rest go on
            with suppress(RuntimeError):
                asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
            reads = await _execute(client)
    except (OSError, RuntimeError) as error:
        raise RunError(_line(error)) from None
    _tidy(notebook)
    record = {"code": _code(notebook), "outputs": _outputs(notebook), "reads": reads}
    notebook.metadata = nbformat.from_dict(METADATA | {"casebook": record})
    _write(path, nbformat.writes(notebook, version=4).rstrip("\n") + "\n")


async def _execute(client: Any) -> dict[str, str]:
    """Run the cells; the digests of the project's files that they read. RunError names the cell."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    await client.kc.execute(BEFORE, silent=True, reply=True, timeout=TIMEOUT)
    for number, cell in enumerate(client.nb.cells):
        try:
            await client.async_execute_cell(cell, number)
        except CellExecutionError as error:
            # the chapter's own traceback would bury the one line that helps
            raise RunError(f"cell {cell.id}: {error.ename}: {error.evalue}") from None
        except CellTimeoutError:
            raise RunError(f"cell {cell.id}: took longer than {TIMEOUT} s") from None
        except DeadKernelError:
            raise RunError(f"cell {cell.id}: its Python ended (killed, or out of memory)") from None
    folders = tuple(f"{folder}{os.sep}" for folder in _folders().values())
    asked = {"read": AFTER.replace("FOLDERS", repr(folders))}
    reply = await client.kc.execute(
        "", silent=True, user_expressions=asked, reply=True, timeout=TIMEOUT
    )
    said = reply["content"]["user_expressions"]["read"]["data"]["text/plain"]
    return _digests(_name(Path(line)) for line in ast.literal_eval(said).splitlines())


def _name(path: Path) -> str:
    """The name that the project gives a file: `data/gdp.csv`, wherever the evidence may lie."""
    name, folder = next((n, f) for n, f in _folders().items() if path.is_relative_to(f))
    return f"{name}/{path.relative_to(folder).as_posix()}"


def _tidy(notebook: Any) -> None:
    """Take out what differs from run to run, or means nothing without this run's kernel."""
    for count, cell in enumerate(_cells(notebook), start=1):
        cell.metadata.pop("execution", None)
        cell.execution_count = count
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET, None)  # without its kernel it shows but an error
            if output.output_type == "execute_result":
                output.execution_count = count


def _write(path: Path, text: str) -> None:
    """Replace a file whole: an interrupted run or a full disk leaves the old one."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf8", newline="\n") as file:
            file.write(text)
        part.replace(path)
    except OSError as error:
        raise RunError(f"cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _line(error: BaseException) -> str:
    """The first line of what an error says, for one line of a report."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


async def _run_all(todo: dict[Path, str]) -> int:
    """Run the notebooks, each with the reason that is printed; return how many could not be."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(path: Path, why: str) -> bool:
        async with free:
            start = time.monotonic()
            try:
                await _run(path)
            except RunError as error:
                print(f"{path.as_posix()}: FAILED: {error}", flush=True)
                return True
            print(f"{path.as_posix()}: {why}: ran in {time.monotonic() - start:.0f} s", flush=True)
            return False

    return sum(await asyncio.gather(*(one(path, why) for path, why in todo.items())))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stale notebooks, say for each why, and return 1 if one could not be run."""
    parser = argparse.ArgumentParser(
        prog="python -m casebook.notebooks", description="Run the chapters that are stale."
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="by default chapters/*.ipynb")
    parser.add_argument("--all", action="store_true", help="run every one, stale or not")
    options = parser.parse_args(arguments)
    paths = options.notebooks or sorted(Path("chapters").glob("*.ipynb"))
    todo = dict.fromkeys(paths, "asked for")
    if not options.all:
        todo = {path: why for path in paths if (why := _why(path))}
    if fresh := len(paths) - len(todo):
        print(f"{fresh} notebook{'s' * (fresh > 1)} unchanged.", flush=True)
    if not todo:
        return 0
    print(f"Running {len(todo)}, {AT_ONCE} at a time, some seconds each.", flush=True)
    return 1 if asyncio.run(_run_all(todo)) else 0


def _why(path: Path) -> str:
    try:
        return stale(path)
    except RunError as error:
        return str(error)  # running it says so


if __name__ == "__main__":
    sys.exit(main())
