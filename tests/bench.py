"""How long check, build and tests take, what a page weighs, and how it grows: `make bench`.

    python -m tests.bench [--times 1 2 5 10] [--no-tests]
    python -m tests.bench --student ch01 ch06    what one student's live session takes (Linux)

The book is copied to a temporary folder with 2, 5 and 10 times its chapters, quizzes, expectations
and tables; the names in a copy are its own. What is under way is told as it goes, the result is one
table. Times are of the processor, children included, where the system tells them (not on Windows),
so that a busy machine changes little.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil
import yaml
from jupyter_client import BlockingKernelClient

from tests.conftest import ROOT
from tests.promise import read, write

PARTS = ("data", "chapters", "seeds", "tests/expected")
FILES = ("_config.yml", "_toc.yml", "pyproject.toml")
# Which lie outside the book and count its chapters.
NOT_COPIED = ("originals", "readme.yml", "contributing.yml")
SLACK = 1.15  # what a measurement may be off


# -- a larger book ----------------------------------------------------------


def enlarged(root: Path, times: int) -> Path:
    """A copy of the book under `root`, `times` as large."""
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns(*NOT_COPIED))
    for file in (*FILES, *(path.name for path in ROOT.glob("*.bib"))):
        shutil.copy(ROOT / file, root / file)
    chapters = sorted(path.stem for path in (root / "chapters").glob("ch*.ipynb"))
    added = [
        copied(root, name, number * len(chapters))
        for number in range(1, times)
        for name in chapters
    ]
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf8"))
    if added:
        files = [{"file": f"chapters/{name}"} for name in added]
        toc["parts"].append({"caption": "Copies", "chapters": files})
    (root / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False), "utf8")
    enlarge_data(root / "data", times)
    return root


def copied(root: Path, name: str, by: int) -> str:
    """Add a chapter like `name`, `by` numbers further, under ids of its own; return its name."""
    old = name.partition("_")[0]
    new = f"ch{int(old[2:]) + by}"
    stem = name.replace(old, new)
    figures = yaml.safe_load((root / f"tests/expected/{name}.yml").read_text("utf8"))["figures"]
    # an explorer's states have its id and a number
    ids = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, figures))})(?!\w|-[a-z])")
    for path, copy in (
        (f"chapters/{name}.ipynb", f"chapters/{stem}.ipynb"),
        (f"chapters/quizzes/{old}.yml", f"chapters/quizzes/{new}.yml"),
        (f"tests/expected/{name}.yml", f"tests/expected/{stem}.yml"),
    ):
        text = re.sub(rf"\b{old}(?!_)\b", new, (root / path).read_text("utf8"))
        (root / copy).write_text(ids.sub(rf"\1-{by}", text), "utf8")
    return stem


def enlarge_data(data: Path, times: int) -> None:
    """Copy each table whose rows have ids under other names, the ids too."""
    package = json.loads((data / "datapackage.json").read_text("utf8"))
    for resource in list(package["resources"]):
        copy = json.loads(json.dumps(resource))
        (key,) = copy["schema"]["primaryKey"]
        if not key.endswith("_id"):  # a year or a month can have no other name
            continue
        field = next(field for field in copy["schema"]["fields"] if field["name"] == key)
        field["constraints"].pop("pattern", None)
        rows = read(data / resource["path"])
        for number in range(2, times + 1):
            name = f"{resource['name']}_{number}"
            named = [row | {key: f"{row[key]}-copy-{number}"} for row in rows]
            write(data / f"{name}.csv", named)
            package["resources"].append(copy | {"name": name, "path": f"{name}.csv"})
    (data / "datapackage.json").write_text(json.dumps(package), "utf8")


# -- measuring --------------------------------------------------------------


def spent() -> float:
    """Seconds that the children have taken of the processor, or the clock where nobody counts."""
    used = os.times()
    return time.perf_counter() if os.name == "nt" else used.children_user + used.children_system


def measured(command: Sequence[str], folder: Path, what: str) -> float:
    """The seconds that a command takes in a folder; its failure is told, and is no end."""
    print(f"{what} …", end="", file=sys.stderr, flush=True)
    places = {"CASEBOOK_DATA": "data", "CASEBOOK_QUIZZES": "chapters/quizzes"}
    environment = os.environ | {name: str(folder / place) for name, place in places.items()}
    began = spent()
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    seconds = spent() - began
    last = (ran.stderr.strip() or ran.stdout.strip()).split("\n")[-1]
    told = f" failed: {last}" if ran.returncode else ""
    print(f" {seconds:.1f} s{told}", file=sys.stderr, flush=True)
    return seconds


def build(root: Path) -> list[str]:
    program = Path(sys.executable).with_name("jupyter-book")
    return [str(program), "build", str(root), "--all", "-q", "--path-output", str(root)]


def weights(site: Path) -> Iterator[tuple[int, str]]:
    """What each page weighs with all that it loads, compressed."""
    from tests.pages.site import PAGES
    from tests.pages.test_weight import loaded

    return ((sum(loaded(site, name).values()), name) for name in PAGES)


def grown(seconds: dict[int, float]) -> str:
    """How a time grew against the work, from the smallest book to the largest."""
    (first, least), *others = seconds.items()
    ratios = [(times / first, taken / least) for times, taken in others]
    if not ratios:
        return ""
    faster = [f"x {work:g}" for work, ratio in ratios if ratio > work * SLACK]
    return f"faster than the work at {', '.join(faster)}" if faster else "no faster than the work"


def line(what: str, unit: str, values: dict[int, float], sizes: Sequence[int], note: str) -> str:
    """A line of the table; what was not measured at a size stays empty."""
    form = ",.0f" if unit == "bytes" else ".1f"
    cells = [f"{values[size]:{form}}" if size in values else "" for size in sizes]
    return f"{what:<16} {unit:<5} {''.join(f'{cell:>10}' for cell in cells)}   {note}".rstrip()


def measure(sizes: Sequence[int], tests: bool) -> None:
    """Print one table: what each command takes at each size, what a page weighs."""
    commands: dict[str, Callable[[Path], list[str]]] = {
        "check": lambda _: [sys.executable, "-m", "casebook.cli", "check"],
        "build": build,
    }
    taken: dict[str, dict[int, float]] = {name: {} for name in commands}
    lines = [" " * 23 + "".join(f"{f'x {size}':>10}" for size in sizes)]
    pages: list[str] = []
    for times in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            root = enlarged(Path(folder), times)
            for name, command in commands.items():
                what = f"{name}, book x {times}"
                taken[name][times] = measured(command(root), root, what)
            if times == sizes[0]:
                heavy = sorted(weights(root / "_build" / "html"))
                middle, (worst, page) = median(weight for weight, _ in heavy), heavy[-1]
                pages.append(line("page, median", "bytes", {times: middle}, sizes, ""))
                pages.append(line("page, heaviest", "bytes", {times: worst}, sizes, page))
    lines += [line(name, "s", values, sizes, grown(values)) for name, values in taken.items()]
    if tests:
        began = time.perf_counter()
        command = [sys.executable, "-m", "casebook.build", "test"]
        seconds = measured(command, ROOT, "tests (minutes)")
        note = "of the processor, without the browser's pages"
        clock = time.perf_counter() - began
        lines.append(line("tests", "s", {sizes[0]: seconds}, sizes, note))
        lines.append(line("tests, clock", "s", {sizes[0]: clock}, sizes, ""))
    print("\n".join([*lines, *pages]))


# -- one student's session ----------------------------------------------------


def measure_student(chapters: Sequence[str]) -> None:
    """What a live session holds and takes: JupyterLab's server, and the kernel of each chapter."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        options = ["--no-browser", "--allow-root", "--port=0", "--IdentityProvider.token=bench"]
        with subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={ROOT}"],
            env=os.environ | {"JUPYTER_RUNTIME_DIR": folder},
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                url = address(Path(folder))
                for chapter in chapters:
                    (path,) = (ROOT / "chapters").glob(f"{chapter}*.ipynb")
                    run_chapter(path, url, Path(folder))
                print(f"server: {used(psutil.Process(server.pid))}")
            finally:
                server.terminate()


def address(runtime: Path) -> str:
    """Where the server that was just started answers; three minutes must do."""
    for _ in range(900):
        for told in runtime.glob("jpserver-*.json"):
            with suppress(ValueError, URLError):  # half written, not listening yet
                url = json.loads(told.read_text("utf8"))["url"]
                urlopen(f"{url}lab?token=bench").close()
                return url
        time.sleep(0.2)
    raise TimeoutError("JupyterLab did not answer within three minutes")


def run_chapter(path: Path, url: str, runtime: Path) -> None:
    """Run each cell of a chapter in a kernel of the server, and tell what the kernel took."""
    session = {"path": f"chapters/{path.name}", "type": "notebook", "name": path.stem}
    session["kernel"] = {"name": "python3"}
    request = Request(f"{url}api/sessions?token=bench", json.dumps(session).encode())
    id = json.load(urlopen(request))["kernel"]["id"]
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{id}.json"))
    client.load_connection_file()
    client.start_channels(hb=False)  # on a busy machine a kernel that starts has no heart-beat yet
    client.kernel_info(reply=True, timeout=120)
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        if cell["cell_type"] == "code":
            code = "".join(cell["source"])
            reply = client.execute_interactive(code, timeout=120, output_hook=lambda _: None)
            assert reply["content"]["status"] == "ok", f"{path.name}, cell {cell['id']}: {reply}"
    (kernel,) = (child for child in psutil.process_iter() if id in " ".join(child.cmdline()))
    print(f"{path.stem}: {used(kernel)}", flush=True)
    client.shutdown()
    client.stop_channels()


def used(process: psutil.Process) -> str:
    """The most memory that a process has held, and its time of the processor."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf8")
    held = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    times = process.cpu_times()
    return f"{held:.0f} MiB at most, {times.user + times.system:.1f} s of the processor"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the book's commands.")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 2, 5, 10])
    parser.add_argument("--no-tests", action="store_true", help="leave out the tests (minutes)")
    parser.add_argument("--student", nargs="+", metavar="CHAPTER", help="a live session instead")
    options = parser.parse_args()
    if options.student:
        return measure_student(options.student)
    measure(options.times, tests=not options.no_tests)


if __name__ == "__main__":
    main()
