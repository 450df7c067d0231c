"""The command `casebook`: what an instructor or editor types. Each subcommand imports only what it needs."""

import argparse
import sys
from pathlib import Path


def root_of(here: Path) -> Path:
    """The folder of the book: the nearest one above `here` that has data/ and chapters/."""
    for folder in (here, *here.parents):
        if (folder / "data" / "datapackage.json").is_file() and (folder / "chapters").is_dir():
            return folder
    raise SystemExit(f"casebook: {here} is not inside a book (expected data/ and chapters/)")


def check(options: argparse.Namespace) -> int:
    """Print one line for each thing that does not agree; 1 if there is any."""
    from casebook.checks import problems

    root = root_of(Path.cwd())
    found = problems(root, options.chapter, options.claims)
    for problem in found:
        print(problem.say(root))
    print(f"{len(found)} problems" if found else "Everything agrees.", file=sys.stderr)
    return 1 if found else 0


def parser() -> argparse.ArgumentParser:
    """The command line, with its manual."""
    main = argparse.ArgumentParser(prog="casebook", description=__doc__)
    commands = main.add_subparsers(required=True, metavar="COMMAND")
    sub = commands.add_parser("check", help="name everything that no longer agrees")
    sub.add_argument("--chapter", default="", help="only this chapter or page, for instance ch06")
    sub.add_argument("--claims", action="store_true", help="name claims and keys that no query settles")
    sub.set_defaults(run=check)
    return main


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
