"""The book, built once for all workers, and the browser in which it is read."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.conftest import ROOT, phase
from tests.pages.reading import COARSE, FLAGS, UNPAINTED, Tab, reading
from tests.pages.site import Book, read

MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", MAC)


def build(out: Path) -> str:
    """Build the book from the committed notebooks into `out`; return what went wrong."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [str(program), "build", str(ROOT), "--path-output", str(out)]
    strict = ["-W", "-n", "--keep-going"]  # every warning is an error
    built = subprocess.run([*command, *strict], capture_output=True, text=True)
    return f"{built.stdout[-3000:]}\n{built.stderr[-3000:]}" if built.returncode else ""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder of the built pages: the first worker that needs it builds, the other waits."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent
    said = shared / "book.said"
    # SQLite's lock works on every system, and falls open when the worker that holds it dies.
    lock = sqlite3.connect(shared / "book.lock", timeout=3600)
    lock.execute("begin exclusive")
    if not said.exists():
        with phase(request.config, "the book is built"):
            said.write_text(build(shared / "book"), "utf8")
    lock.close()
    if problems := said.read_text("utf8"):
        pytest.fail(f"the book does not build without warnings:\n{problems}", pytrace=False)
    return shared / "book" / "_build" / "html"


@pytest.fixture(scope="session")
def book(site: Path) -> Book:
    """Every page as a tree."""
    return read(site)


def find_browser() -> str:
    """The path of Chromium or Chrome; its absence is a failure, for the pages would go untested."""
    named = os.environ.get("CHROME_PATH")
    assert not named or shutil.which(named), (
        f"CHROME_PATH names {named!r}, which is no program that can be run"
    )
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    assert found, "no Chromium or Chrome found: install one, or name it in CHROME_PATH"
    return found


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What starts browsers, one for all tests of pages that a worker runs in a row."""
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def browsing(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    args = [*FLAGS.split(), *flags]
    browser = playwright.chromium.launch(executable_path=find_browser(), args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser."""
    with browsing(playwright) as browser:
        yield browser


@pytest.fixture(scope="package")
def unpainted(playwright: Playwright) -> Iterator[Browser]:
    """The same for real keys and what they change: it makes no frame, so a click would wait."""
    with browsing(playwright, UNPAINTED) as browser:
        yield browser


@pytest.fixture(scope="package")
def tab(browser: Browser) -> Iterator[Tab]:
    """A page with a network that is off; `renew` it before use."""
    with reading(browser) as tab:
        yield tab


@pytest.fixture(scope="package")
def keys(browser: Browser) -> Iterator[Tab]:
    """The same for words and clicks, which wait for a frame: painted coarsely."""
    with reading(browser, **COARSE) as tab:
        yield tab


@pytest.fixture(scope="package")
def unseen(unpainted: Browser) -> Iterator[Tab]:
    """The same where no frame is needed: keys, lengths and colours, nothing that is painted."""
    with reading(unpainted) as tab:
        yield tab


@pytest.fixture(scope="package")
def plain(unpainted: Browser) -> Iterator[Tab]:
    """The same without JavaScript."""
    with reading(unpainted, java_script_enabled=False) as tab:
        yield tab
