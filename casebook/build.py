"""What the Makefile's commands do, on any system: build, serve, open and test the book.

    python -m casebook.build book | pdf | slides | offline | export | course | serve | lab | trust
    python -m casebook.build test | check-code

They need the environment that `casebook/install.py` makes. README gives them to who has no make.
"""

import argparse
import http.server
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import yaml

from casebook import export, notebooks
from casebook.export import offline as archive
from casebook.export import pdf as paper
from casebook.install import ROOT, alone

HTML = ROOT / "_build" / "html"
# What a page can show. One change rebuilds all: Sphinx knows neither data/ nor casebook/, nor the
# titles in other pages' side bars.
SOURCES = ["_config.yml", "_toc.yml", "casebook", "chapters", "data", "seeds", ".venv/.ready"]
# What holds the code: rules that it keeps, its form, its types.
CODE = {
    "rules": ["ruff", "check", "--quiet", "--output-format=concise", "."],
    "form": ["ruff", "format", "--quiet", "--check", "."],
    "types": ["mypy", "--no-error-summary"],
}
BROWSERS = [
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
]


class BuildError(RuntimeError):
    """A command that cannot begin; the message says what to do."""


def book() -> None:
    """Run the chapters that are stale, and build the pages if anything changed that they show."""
    with alone(ROOT / "_build"):
        if notebooks.main([]):
            sys.exit(1)
        stamp = ROOT / "_build" / ".built"
        if stamp.exists() and stamp.stat().st_mtime >= max(_changed()):
            print("No page has changed.")
        else:
            _pages(stamp)
    print("Open", (HTML / "index.html").as_uri())


def _changed() -> Iterator[float]:
    """When each file that a page can show was saved."""
    for path in [*(ROOT / name for name in SOURCES), *ROOT.glob("*.bib")]:
        for file in path.rglob("*") if path.is_dir() else [path]:
            if "__pycache__" not in file.parts:
                yield file.stat().st_mtime


def _pages(stamp: Path) -> None:
    # The stamp is dated before the build: what is saved meanwhile is built next time. After a
    # failed build there is none, so that its warnings come again (Sphinx gives each but once).
    start = time.time()
    stamp.unlink(missing_ok=True)
    for made in (export.FOLDER, export.SLIDES):  # from the pages of before
        shutil.rmtree(HTML / made, ignore_errors=True)
    print("Building the pages: about half a minute.", flush=True)
    program = str(Path(sys.executable).with_name("jupyter-book"))
    if failed := _run(program, "build", str(ROOT), "--all", "-q", "-W", "-n", "--keep-going"):
        sys.exit(failed)
    print(f"Built in {time.time() - start:.0f} s.")
    stamp.touch()
    os.utime(stamp, (start, start))


def _run(*command: str, quiet: bool = False) -> int:
    """The exit status of `command`, run in the project's folder."""
    said = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, stdout=said, check=False).returncode


def pdf() -> None:
    """Print the book and each chapter, and link them from the pages."""
    book()
    base = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["html"]["baseurl"]
    with alone(ROOT / "_build"):
        for file in paper.write(HTML, browser(), base):
            _weigh(file)
        export.offer(HTML)


def offline() -> None:
    """Pack the pages into one archive, and link it from them."""
    book()
    with alone(ROOT / "_build"):
        _weigh(archive.write(HTML))
        export.offer(HTML)


def _weigh(file: Path) -> None:
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.1f} MB", flush=True)


@contextmanager
def _in_one_line() -> Iterator[None]:
    """What is wrong with a bank, a plan or a course is said as any command that cannot begin.

    Their modules, and those that draw pages, take seconds to load: only who needs them waits.
    """
    from casebook.quiz import QuizError
    from casebook.teach.chapters import TeachError

    try:
        yield
    except (QuizError, TeachError) as error:
        raise BuildError(str(error)) from None


def slides() -> None:
    """Make a deck of slides for each chapter, and link them from the page for instructors."""
    book()
    from casebook.export import slides as decks

    with alone(ROOT / "_build"), _in_one_line():
        made = decks.write(HTML, ROOT / "chapters")
        decks.offer(HTML)
    print(f"{len(made)} decks; open {made[0].as_uri()}")


def course() -> None:
    """Say what the fork's own course needs, or print its schedule."""
    from casebook.teach import course as term

    with _in_one_line():
        print("\n".join(term.run(ROOT / "chapters")))


def platforms() -> None:
    """Write the questions for learning platforms, and worksheets; PDF where there is a browser."""
    folder = ROOT / "_build" / "export"
    try:
        to_pdf = partial(paper.print_page, browser=browser())
    except BuildError as error:
        print(f"Worksheets as HTML only: {error}.", file=sys.stderr)
        to_pdf = None
    from casebook.export import lms

    with alone(ROOT / "_build"), _in_one_line():
        print(*lms.report(lms.write(ROOT, folder, to_pdf)), sep="\n")
    print("Open", folder)


def serve(named: str = "8000") -> None:
    """Show the built book on this machine only, at the port named."""
    if not named.isdecimal() or (port := int(named)) > 65535:
        raise BuildError(f"found port {named!r} (expected a number, at most 65535)")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=HTML)
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        other = f"take another: make serve PORT={port + 1}"
        raise BuildError(f"port {port} is not free ({error.strerror}); {other}") from None
    print(f"http://127.0.0.1:{port}/ (Ctrl-C ends it)", flush=True)
    with server:
        server.serve_forever()


def lab(arguments: Sequence[str]) -> int:
    """Open the chapters in JupyterLab, trusted, so that it shows their charts at once."""
    if _is_root() and "--allow-root" not in arguments:
        raise BuildError(
            "JupyterLab does not run as root: take another user, or, in a container of your own, "
            "make lab ARGS=--allow-root"
        )
    trust()
    start = [f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/chapters/index.md"]
    return _run(sys.executable, "-m", "jupyterlab", *start, *arguments)


def trust() -> int:
    """Sign the notebooks for this user, so that JupyterLab shows their outputs as they are."""
    paths = (ROOT / "chapters").glob("*.ipynb")
    return _run(sys.executable, "-m", "nbformat.sign", *map(str, paths), quiet=True)


def test(arguments: Sequence[str]) -> int:
    """Run every test (options: those of pytest). A missing browser shows now, not in minutes."""
    os.environ["CHROME_PATH"] = browser()
    # Where compiled modules may not be kept, each of some sixty processes compiles pandas anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # One file stays with one worker (loadfile), so each notebook has one kernel; two workers are
    # what small machines bear. nbval takes the kernel of this environment, whatever others exist.
    # An explorer takes ten seconds, and a busy machine many times that: only what hangs is ended.
    nbval = ["-p", "tests.lean", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=400"]
    workers = ["-n", "2", "--dist", "loadfile"]
    return _run(sys.executable, "-m", "pytest", *nbval, *workers, *arguments)


def browser() -> str:
    """The path of Chromium or Chrome, or what `CHROME_PATH` names; root on Debian gets it."""
    if named := os.environ.get("CHROME_PATH"):
        if found := shutil.which(named):
            return found
        raise BuildError(f"CHROME_PATH names {named!r}, which is no program that can be run")
    if not _known_browser() and _is_root() and shutil.which("apt-get"):
        print("No browser found: installing the package chromium.", flush=True)
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        _run("apt-get", "update", "-qq", quiet=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        _run(*install, "chromium", "fonts-dejavu-core", quiet=True)
    if found := _known_browser():
        return found
    raise BuildError(
        "the pages are tested and printed in a real browser, and none was found: "
        "install Chromium or Chrome (Debian: apt-get install chromium; "
        "macOS: brew install --cask google-chrome), "
        "or name one that you have: make test CHROME_PATH=/path/to/chrome"
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _known_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def check_code() -> int:
    """Rules, form and types of the code; 0 if all are kept."""
    return max([_run(sys.executable, "-m", *command) for command in CODE.values()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 1, with one line, where it cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m casebook.build", allow_abbrev=False)
    more: list[str] = []
    commands: dict[str, Callable[[], int | None]] = {
        "book": book,
        "pdf": pdf,
        "slides": slides,
        "offline": offline,
        "export": platforms,
        "course": course,
        "serve": lambda: serve(*more[:1]),
        "lab": lambda: lab(more),
        "test": lambda: test(more),
        "trust": trust,
        "check-code": check_code,
    }
    parser.add_argument("what", choices=commands)
    options, more = parser.parse_known_args(arguments)
    try:
        return commands[options.what]() or 0
    except (BuildError, paper.PrintError) as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
