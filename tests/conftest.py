"""What the tests share: the project, the five texts if at hand, how work is shared out and told."""

import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from nbval import plugin as nbval
from nbval.kernel import RunningKernel
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent

# -- what a test says -------------------------------------------------------


def agree(problems: Iterable[str]) -> None:
    """Fail with the problems and nothing else, one a line, written for whoever changed a number."""
    problems = list(problems)
    if problems:
        pytest.fail("\n".join(f"• {problem}" for problem in problems), pytrace=False)


@contextmanager
def phase(config: pytest.Config, what: str) -> Iterator[None]:
    """Tell on the terminal, whatever is captured, that long work begins and how long it took."""
    capture = config.pluginmanager.getplugin("capturemanager")

    def say(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", file=sys.stderr, flush=True)

    say(f"{what} …")
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.0f} s")


def room(nodeid: str) -> str:
    """What belongs together: a file, or one page in a file of tests that visit page by page."""
    file, _, name = nodeid.partition("::")
    page = re.search(r"[\[-]((?:\w+/)*\w+\.html)[\]-]", name)
    return f"{file}[{page[1]}]" if page else file


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the time went; then what `agree` said in all tests, as one list."""
    reports = [report for some in terminalreporter.stats.values() for report in some]
    spent: dict[str, float] = defaultdict(float)
    said: dict[str, None] = {}
    for report in reports:
        if isinstance(report, pytest.TestReport):
            spent[report.nodeid.partition("::")[0]] += report.duration
            if report.failed:
                lines = report.longreprtext.split("\n")
                said |= dict.fromkeys(line for line in lines if line.startswith("• "))
    terminalreporter.section("Where the time went")
    for file, seconds in sorted(spent.items(), key=lambda item: -item[1])[:8]:
        terminalreporter.write_line(f"{seconds:5.0f} s  {file}")
    if said:
        terminalreporter.section("What no longer agrees")
        for line in said:
            terminalreporter.write_line(line)


# -- who does what ----------------------------------------------------------

# The book is built first, while the other worker does what needs no page; short work is last.
ORDER = (
    "tests/pages/test_links",
    "tests/test_install",
    "chapters/",
    "tests/test_",
    "tests/pages/test_visits",
    "tests/pages/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        ranks = (rank for rank, prefix in enumerate(ORDER) if item.nodeid.startswith(prefix))
        return next(ranks, len(ORDER))

    items.sort(key=place)


class Rooms(LoadScopeScheduling):  # type: ignore[misc]
    """A notebook stays with one worker, and its kernel; pages are shared out one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return room(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Rooms:
    config.option.loadscopereorder = False  # keeps the order above
    return Rooms(config, log)


# -- notebooks --------------------------------------------------------------

# What a notebook leaves in its kernel: names, charts, and the state of casebook's own modules.
FORGET = """
import sys, matplotlib.pyplot, ipywidgets
matplotlib.pyplot.close("all")
matplotlib.rcdefaults()
ipywidgets.Widget.close_all()
for name in [name for name in sys.modules if name.partition(".")[0] == "casebook"]:
    del sys.modules[name]
get_ipython().run_line_magic("reset", "-f")
"""


class Kept(RunningKernel):  # type: ignore[misc]
    """One kernel for the notebooks of a worker: it loads pandas and Matplotlib once, not each time.

    That a chapter runs alone, in a kernel or a process of its own, is for tests/test_install.py.
    """

    kept: "Kept | None" = None

    @classmethod
    def start(cls, *arguments: Any, **options: Any) -> "Kept":
        if cls.kept is None or not cls.kept.is_alive():
            cls.kept = cls(*arguments, **options)
        return cls.kept

    def stop(self) -> None:
        """Forget the notebook; a kernel that cannot, since a cell still runs, is ended."""
        try:
            asked = self.execute_cell_input(FORGET)
            self.await_reply(asked, timeout=30)
            self.await_idle(asked, timeout=30)
        except (Empty, RuntimeError):
            super().stop()


nbval.RunningKernel = Kept.start


def pytest_unconfigure() -> None:
    if Kept.kept is not None and Kept.kept.is_alive():
        RunningKernel.stop(Kept.kept)


# -- fixtures ---------------------------------------------------------------


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict]]:
    """What figures, tables and explorers publish, as a list of MIME bundles."""
    import matplotlib.pyplot as plt  # here, so that a worker without figures does not wait for it

    from casebook import explorer, figure, style

    bundles: list[dict] = []
    for module in (figure, explorer):
        monkeypatch.setattr(module, "publish_display_data", bundles.append)
    style.use()
    yield bundles
    plt.close("all")


def seeds_folder() -> Path | None:
    """The folder of the five texts, named or in its usual place, or None where they are not."""
    for folder in (os.environ.get("CASEBOOK_SEEDS"), ROOT / "seeds" / "originals"):
        if folder and (Path(folder) / "paragraphs.csv").is_file():
            return Path(folder).resolve()
    return None


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five texts; tests that need them are skipped where they are not at hand."""
    folder, named = seeds_folder(), os.environ.get("CASEBOOK_SEEDS")
    if folder is None and named:
        pytest.fail(
            f"CASEBOOK_SEEDS names {named!r}, which holds no paragraphs.csv:"
            " expected the folder of the five texts"
        )
    if folder is None:
        pytest.skip(
            "the five texts are not at hand: put them into seeds/originals/,"
            " or name their folder in CASEBOOK_SEEDS"
        )
    return folder
