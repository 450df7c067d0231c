"""The command `casebook`: check the book, ask who relies on a number, begin something new.

Each subcommand imports only what it needs, so that `casebook check` answers in seconds.
"""

import argparse
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.checks.book import Problem
    from casebook.checks.facts import Facts
    from casebook.checks.who import Reliance

LOOK = 0.5  # seconds between two looks at the files that --watch follows


def root_of(here: Path) -> Path:
    """The folder of the book: the nearest one above `here` that has data/ and chapters/."""
    for folder in (here, *here.parents):
        if (folder / "data" / "datapackage.json").is_file() and (folder / "chapters").is_dir():
            return folder
    raise SystemExit(f"casebook: {here} is not inside a book (expected data/ and chapters/)")


# -- check ---------------------------------------------------------------------------------------


def check(options: argparse.Namespace) -> int:
    """Print one line for each thing that does not agree; 1 if there is any."""
    root = root_of(Path.cwd())
    if not options.watch:
        return _check(root, options)
    seen: dict[Path, int] = {}
    while True:
        if (now := _saved(root)) != seen:
            if seen:
                print(f"\n{time.strftime('%H:%M:%S')} saved: checking again", flush=True)
            seen = now
            _watched(root, options)
        time.sleep(LOOK)


def _watched(root: Path, options: argparse.Namespace) -> None:
    """Check once; a file that cannot be read now may be half saved, and is no end of watching."""
    from casebook.checks.facts import FactsError
    from casebook.notebooks import RunError

    try:
        _check(root, options)
    except (FactsError, RunError) as error:
        print(f"casebook: {error}", file=sys.stderr, flush=True)


def _check(root: Path, options: argparse.Namespace) -> int:
    from casebook.checks import cause
    from casebook.checks.book import Book
    from casebook.checks.facts import Facts
    from casebook.checks.rooms import failing

    start = time.monotonic()
    facts, book = Facts(root), Book(root, options.chapter)
    if not (book.notebooks or book.pages):
        raise SystemExit(f"casebook: no chapter or page has a name like {options.chapter}…")
    found = failing(book, facts)
    for cell, problems in cause.grouped(found, root, facts).items():
        if cell is not None:
            print(f"{cell.say()}: {len(problems)} no longer agree")
        for problem in problems:
            print(problem.say(root))
    if stale := _stale(root, options.chapter):
        print(stale)
    count = sum(len(problems) for _, problems in found)
    said = f"{count} do not agree" if count else "Everything agrees"
    print(f"{said} ({time.monotonic() - start:.1f} s).", file=sys.stderr, flush=True)
    return 1 if count or stale else 0


def _stale(root: Path, chapter: str) -> str:
    """One line that names the notebooks that are stale; empty if there is none."""
    from casebook.notebooks import stale

    paths = sorted((root / "chapters").glob(f"{chapter}*.ipynb"))
    late = {path.stem: why for path in paths if (why := stale(path))}
    if not late:
        return ""
    first, *others = late
    also = f"; so are {', '.join(others)}" if others else ""
    return f"chapters/{first}.ipynb:1: stale: {late[first]}{also} (casebook notebooks runs them)"


def _saved(root: Path) -> dict[Path, int]:
    """When each file that the checks read was saved."""
    folders = ("data", "chapters", "seeds", "tests/expected")
    paths = [path for folder in folders for path in (root / folder).rglob("*.*")]
    paths += [*root.glob("*.md"), root / "_toc.yml"]
    kinds = (".csv", ".json", ".ipynb", ".md", ".yml")
    found = {}
    for path in paths:
        with suppress(FileNotFoundError):  # what an editor wrote while it saved is gone again
            found[path] = path.stat().st_mtime_ns if path.suffix in kinds else 0
    return found


# -- who -----------------------------------------------------------------------------------------


def who(options: argparse.Namespace) -> int:
    """Print what would no longer agree if a cell changed; 1 if nothing would."""
    from casebook.checks.facts import Facts
    from casebook.checks.rooms import reliance_of
    from casebook.checks.words import shown

    root = root_of(Path.cwd())
    facts = Facts(root)
    if options.table is not None and options.table not in facts.keys:
        raise SystemExit(f"casebook: data/{options.table}.csv is no table of the data package")
    if options.unused:
        return _unused(root, facts, options.table)
    if options.table is None or options.key is None:
        wanted = "a table and the key of a row (see casebook who --help)"
        raise SystemExit(f"casebook: expected {wanted}")
    row = facts.row(options.table, options.key)
    columns = _columns(facts, options, row)
    reliance = reliance_of(root, facts)
    count = 0
    for column in columns:
        found = _relying(reliance, options, row, column)
        count += len(found)
        if found or options.column:
            where = f"data/{options.table}.csv:{row['_row']}"
            rely = "1 relies" if len(found) == 1 else f"{len(found)} rely"
            print(f"{where}: {column} {shown(row[column])}: {rely} on it")
        for problem in found:
            print(problem.say(root))
    return 0 if count else 1


def _relying(
    reliance: "Reliance", options: argparse.Namespace, row: dict, column: str
) -> "list[Problem]":
    """What names the cell if it said what the command line says, else if it said anything else."""
    cell = (options.table, int(row["_row"]), column)
    if options.value is None:
        return reliance.relying(*cell, row[column])
    value = reliance.facts.typed(options.table, column, options.value)
    return list(reliance.named(*cell, value))


def _columns(facts: "Facts", options: argparse.Namespace, row: dict) -> list[str]:
    """The columns asked for: the one named, `value`, else all that say something."""
    names = [field["name"] for field in facts.fields[options.table]]
    column = options.column or ("value" if options.value is not None else None)
    if column is None:
        return [n for n in names if row[n] is not None and n not in facts.keys[options.table]]
    if column not in names:
        known = f"expected --column to be one of {', '.join(names)}"
        raise SystemExit(f"casebook: {options.table} has no column {column!r}, {known}")
    return [column]


def _unused(root: Path, facts: "Facts", table: str | None) -> int:
    """Print the cells that nothing relies on, a line for each column."""
    from casebook.checks import who
    from casebook.checks.rooms import reliance_of

    for name, column, idle, said in who.unused(reliance_of(root, facts), table):
        some = ", ".join(idle[:4]) + (f" and {len(idle) - 4} more" if len(idle) > 4 else "")
        which = "all" if len(idle) == said else some
        print(f"data/{name}.csv: {column}: {len(idle)} of {said}: {which}", flush=True)
    return 0


# -- new, notebooks, wheel -----------------------------------------------------------------------


def new(options: argparse.Namespace) -> int:
    """Add the skeleton of a figure, question, event or chapter, and say what is next."""
    from casebook import skeletons

    root = root_of(Path.cwd())
    try:
        added = getattr(skeletons, options.what)(root, *options.words)
    except (skeletons.SkeletonError, TypeError) as error:
        raise SystemExit(f"casebook new {options.what}: {error}") from None
    for line in added:
        print(line)
    print("Write what stands as “…”; casebook check names each place.")
    return 0


def notebooks(options: argparse.Namespace) -> int:
    """Run the chapters that are stale, or those named."""
    from casebook.notebooks import main

    return main([*["--all"] * options.all, *options.words])


def wheel(options: argparse.Namespace) -> int:
    """Build the wheel that carries casebook, its data and its quizzes."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", options.folder]
    return subprocess.run(command, cwd=root_of(Path.cwd()), check=False).returncode


# -- the manual ----------------------------------------------------------------------------------

MANUAL = """
    Change one number in data/ and `casebook check` names every sentence, claim, chart, table,
    alternative text and quiz key that no longer agrees. Run it anywhere inside the book.
"""
CHECK = """
    Ask every sentence, card, chart, table, explorer and quiz whether it agrees with data/, by the
    queries in tests/expected/, and every question whether it gives itself away. Each line begins
    path:line: so that an editor jumps there.
    Where a cell of data/ differs from the last commit and explains a problem, the problem stands
    beneath the line of that cell.

    examples:
      casebook check
      casebook check --chapter ch06
      casebook check --watch            again on each save; stop with Ctrl+C

    exit status: 0 if everything agrees and no chapter is stale, else 1.
"""
WHO = """
    Change a cell, ask the checks again, and print what would no longer agree: sentences,
    captions, marks, alternative texts, table cells, cards and quiz keys. The files stay as they
    are. Without VALUE several changes are tried: more, far more, zero, nothing.

    examples:
      casebook who quantities cfr2022-sanctioned-individuals
      casebook who quantities cfr2022-sanctioned-individuals 498
      casebook who scrambles 2014 --column russian_aircraft
      casebook who --unused             the cells that nothing relies on: two minutes
      casebook who polls --unused       those of one table

    exit status: 0 if something relies on the cell, 1 if nothing does.
"""
NEW = """
    Add a skeleton that is right but for what a person decides: that stands as “…”, and
    `casebook check` names it.

    examples:
      casebook new figure ch02 scrambles-total scrambles total     a chart of a column of a table
      casebook new question ch02 ch02-total single    or multiple, numeric, order, match, judgement
      casebook new event kyiv-summit-2023 2023-07-11 panda2022 9   date, source and paragraph
      casebook new chapter ch13_after_vilnius "After Vilnius"      notebook, quiz, expectations

    exit status: 0, or 1 where there is such a thing already.
"""
NOTEBOOKS = "Run the chapters that are stale and write their outputs: python -m casebook.notebooks."
WHEEL = "Build the wheel that carries casebook, its data and its quizzes."


def parser() -> argparse.ArgumentParser:
    """The command line, whose help reads like a page of a manual."""
    top = argparse.ArgumentParser(prog="casebook", **_manual(MANUAL))
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(run: Callable[..., int], help: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(run.__name__, help=help, **_manual(text))
        sub.set_defaults(run=run)
        return sub

    sub = command(check, "name everything that no longer agrees", CHECK)
    sub.add_argument("--chapter", default="", help="only this chapter or page, for instance ch06")
    sub.add_argument("--watch", action="store_true", help="check again on each save")
    sub = command(who, "name what relies on a cell of data/", WHO)
    sub.add_argument("table", nargs="?", help="table of data/, for instance quantities")
    sub.add_argument("key", nargs="?", help="key of the row")
    sub.add_argument("value", nargs="?", help="what the cell would say")
    sub.add_argument("--column", help="only this column")
    sub.add_argument("--unused", action="store_true", help="list cells that nothing relies on")
    sub = command(new, "begin a figure, question, event or chapter", NEW)
    sub.add_argument("what", choices=["figure", "question", "event", "chapter"])
    sub.add_argument("words", nargs="+", help="see the examples")
    sub = command(notebooks, "run the chapters that are stale", NOTEBOOKS)
    sub.add_argument("--all", action="store_true", help="run every one, stale or not")
    sub.add_argument("words", nargs="*", metavar="notebook", help="only these")
    sub = command(wheel, "build the wheel", WHEEL)
    sub.add_argument("folder", nargs="?", default="_build/dist", help="where to (_build/dist)")
    return top


def _manual(text: str) -> dict[str, Any]:
    form = argparse.RawDescriptionHelpFormatter
    return {"description": textwrap.dedent(text).strip("\n"), "formatter_class": form}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status."""
    from casebook.checks.facts import FactsError

    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except FactsError as error:
        raise SystemExit(f"casebook: {error}") from None
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `casebook check | head`
        return 1


if __name__ == "__main__":
    sys.exit(main())
