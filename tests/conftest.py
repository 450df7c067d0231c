"""What the tests share: where the project is, the five texts if they are at hand, the built book, a browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from casebook import explorer, figure, style

ROOT = Path(__file__).resolve().parent.parent


def agree(problems) -> None:
    """Fail with the problems and nothing else, one a line: they are written for whoever changed a number, not for programmers."""
    problems = list(problems)
    if problems:
        pytest.fail("\n".join(f"• {problem}" for problem in problems), pytrace=False)


def pytest_terminal_summary(terminalreporter):
    """Gather what `agree` said in all tests into one list: sentences, charts, alternative texts, tables, quiz keys."""
    said = [
        line
        for report in terminalreporter.stats.get("failed", [])
        for line in report.longreprtext.split("\n")
        if line.startswith("• ")
    ]
    if said:
        terminalreporter.section("What no longer agrees")
        for line in dict.fromkeys(said):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def published(monkeypatch):
    """What figures, tables and explorers publish, as a list of MIME bundles."""
    bundles = []
    for module in (figure, explorer):
        monkeypatch.setattr(module, "publish_display_data", bundles.append)
    style.use()
    yield bundles
    plt.close("all")


def seeds_folder() -> Path | None:
    """The folder of the five texts (`CASEBOOK_SEEDS`, else seeds/originals), or None where they are not at hand."""
    for folder in (os.environ.get("CASEBOOK_SEEDS"), ROOT / "seeds" / "originals"):
        if folder and (Path(folder) / "paragraphs.csv").is_file():
            return Path(folder).resolve()
    return None


@pytest.fixture(scope="session")
def seeds() -> Path:
    folder = seeds_folder()
    if folder is None and (named := os.environ.get("CASEBOOK_SEEDS")):
        pytest.fail(
            f"CASEBOOK_SEEDS names {named!r}, which holds no paragraphs.csv: expected the folder of the five texts"
        )
    if folder is None:
        pytest.skip(
            "the five texts are not at hand: put them into seeds/originals/ or name their folder in CASEBOOK_SEEDS"
        )
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The book, built from the committed notebooks into a folder of its own, with every warning an error."""
    out = tmp_path_factory.mktemp("book")
    command = [
        Path(sys.executable).parent / "jupyter-book",
        "build",
        ROOT,
        "--path-output",
        out,
        "-W",
        "-n",
        "--keep-going",
    ]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, (
        f"the book does not build without warnings:\n{built.stdout[-3000:]}\n{built.stderr[-3000:]}"
    )
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium or Chrome; its absence is a failure, for the pages would go untested."""
    named = os.environ.get("CHROME_PATH")
    assert not named or shutil.which(named), (
        f"CHROME_PATH names {named!r}, which is no program that can be run"
    )
    names = [
        named,
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ]
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    assert found or mac.exists(), (
        "no Chromium or Chrome found: install one, or name it in CHROME_PATH"
    )
    return found or str(mac)
