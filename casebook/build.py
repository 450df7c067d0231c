"""What the Makefile's commands do, on any system: build the book, serve it, open it in JupyterLab, test it.

    python -m casebook.build book | serve | lab | trust | test | check-code

They need the environment that `casebook/install.py` makes; README has them for a machine without make.
"""

import argparse
import http.server
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from casebook import notebooks
from casebook.install import ROOT, alone

HTML = ROOT / "_build" / "html"
# What a page can show. One change rebuilds all: Sphinx knows neither data/ nor casebook/, nor the titles in other side bars.
SOURCES = ["_config.yml", "_toc.yml", "casebook", "chapters", "data", "seeds", ".venv/.ready"]
# What holds the code: rules that it keeps, its form, its types.
CODE = {
    "rules": ["ruff", "check", "--quiet", "--output-format=concise", "."],
    "form": ["ruff", "format", "--quiet", "--check", "."],
    "types": ["mypy", "--no-error-summary", "casebook"],
}
BROWSERS = [
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
]


class BuildError(RuntimeError):
    """A command that cannot begin; the message says what to do."""


def book() -> int:
    """Run the chapters whose inputs changed and build the pages if anything changed that they show."""
    with alone(ROOT / "_build"):
        if failed := notebooks.main([]):
            return failed
        stamp = ROOT / "_build" / ".built"
        if stamp.exists() and stamp.stat().st_mtime >= max(_changed()):
            print("No page has changed.")
        elif failed := _pages(stamp):
            return failed
    print("Open", (HTML / "index.html").as_uri())
    return 0


def _changed() -> Iterator[float]:
    """When each file that a page can show was saved."""
    for source in [*SOURCES, *ROOT.glob("*.bib")]:
        path = ROOT / source
        for file in path.rglob("*") if path.is_dir() else [path]:
            if "__pycache__" not in file.parts:
                yield file.stat().st_mtime


def _pages(stamp: Path) -> int:
    # The stamp is dated before the build: what is saved meanwhile is built next time. After a failed build there is
    # none, so that its warnings come again (Sphinx keeps silent about pages that it has read once).
    start = time.time()
    stamp.unlink(missing_ok=True)
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", ROOT, "--all", "-W", "-n", "--keep-going"]
    if failed := subprocess.run(command, cwd=ROOT).returncode:
        return failed
    stamp.touch()
    os.utime(stamp, (start, start))
    return 0


def serve(port: int) -> int:
    """Show the built book on this machine only."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=HTML)
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise BuildError(
            f"port {port} cannot be had ({error.strerror}); take another: make serve PORT={port + 1}"
        ) from None
    print(f"http://127.0.0.1:{port}/ (Ctrl-C ends it)", flush=True)
    with server:
        server.serve_forever()
    return 0


def lab(arguments: Sequence[str] = ()) -> int:
    """Open the chapters in JupyterLab, trusted: what the book runs itself may show its charts at once."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in arguments:
        raise BuildError(
            "JupyterLab does not run as root: take another user, or, in a container of your own, "
            "make lab ARGS=--allow-root"
        )
    trust()
    start = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    start += ["--LabApp.default_url=/lab/tree/chapters/index.md"]
    return subprocess.run([*start, *arguments], cwd=ROOT).returncode


def trust() -> int:
    """Sign the notebooks for this user, so that JupyterLab shows their outputs as they are."""
    names = sorted(map(str, (ROOT / "chapters").glob("*.ipynb")))
    command = [sys.executable, "-m", "nbformat.sign", *names]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode


def test(arguments: Sequence[str] = ()) -> int:
    """Run every test; options are those of pytest. The browser comes first: its absence would show after minutes."""
    os.environ["CHROME_PATH"] = browser()
    # One file stays with one worker (loadfile), so each notebook has one kernel; two workers are what small machines
    # bear. nbval takes the kernel of this environment, whatever kernels the user has registered elsewhere.
    command = [sys.executable, "-m", "pytest", "tests", "chapters", "-n", "2", "--dist", "loadfile"]
    command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    return subprocess.run([*command, *arguments], cwd=ROOT).returncode


def browser() -> str:
    """The path of Chromium or Chrome (`CHROME_PATH` names another); as root on Debian it is installed if need be."""
    if named := os.environ.get("CHROME_PATH"):
        if found := shutil.which(named):
            return found
        raise BuildError(f"CHROME_PATH names {named!r}, which is no program that can be run")
    if not _known_browser() and os.name != "nt" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No browser found: installing the package chromium.", flush=True)
        quiet = {
            "stdout": subprocess.DEVNULL,
            "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        }
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        subprocess.run([*install, "chromium", "fonts-dejavu-core"], **quiet)
    if found := _known_browser():
        return found
    raise BuildError(
        "the pages are tested in a real browser, and none was found: install Chromium or Chrome "
        "(Debian: apt-get install chromium; macOS: brew install --cask google-chrome), "
        "or name one that you have: make test CHROME_PATH=/path/to/chrome"
    )


def _known_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def check_code() -> int:
    """Rules, form and types of the code; 0 if all are kept."""
    ran = [subprocess.run([sys.executable, "-m", *command], cwd=ROOT) for command in CODE.values()]
    return max(one.returncode for one in ran)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 1, with one line, where it cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m casebook.build", allow_abbrev=False)
    parser.add_argument("what", choices=["book", "serve", "lab", "trust", "test", "check-code"])
    parser.add_argument("--port", type=int, default=8000)
    options, more = parser.parse_known_args(arguments)
    commands = {
        "book": book,
        "serve": partial(serve, options.port),
        "lab": partial(lab, more),
        "test": partial(test, more),
        "trust": trust,
        "check-code": check_code,
    }
    try:
        return commands[options.what]()
    except BuildError as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
