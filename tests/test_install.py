"""Where the book runs: any pip's settings, Binder, Colab, a folder with one chapter and no more."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import venv
from itertools import zip_longest
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.sign import NotebookNotary

from casebook import build, install
from tests.conftest import ROOT

# (that there are chapters at all is asserted below and in test_notebooks.py)
CHAPTERS = sorted(path.name for path in (ROOT / "chapters").glob("*.ipynb"))
# Written in pieces, since this file is searched too.
INDEX = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            "python" + "hosted",
            "npm" + r"js\.org",
            "deb" + r"\.debian\.org",
            "--(?:extra-)?index" + "-url",
            r"anaconda\." + "org",
        ]
    )
)
# What the oldest versions need at another release than the lock's.
OF_THE_OLD = {"contourpy", "jupyterlab-widgets", "numpy", "widgetsnbextension"}
# (jovyan's home is no machine's: every image that Binder or a hub starts has it)
MACHINE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:root|tmp|work|home/(?!jovyan/)\w+|Users/\w+)/|\b[A-Z]:\\" + r"Users\\"
)


def run(*command, **options):
    """Run `command` and return what it says; the end of that is the message if it fails."""
    command = [str(part) for part in command]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf8",
        timeout=300,
        **options,
    )
    assert done.returncode == 0, (
        f"{' '.join(command)} gave {done.returncode}:\n{done.stdout[-4000:]}"
    )
    return done.stdout


def pins(path: Path) -> dict[str, set[str]]:
    """Each `name==version` of a lock with its hashes."""
    found, name = {}, None
    for line in path.read_text("utf8").splitlines():
        if pin := re.match(r"([\w.-]+==[\w.+!-]+)", line):
            name = pin[1]
            found[name] = set()
        elif "--hash=" in line:
            found[name].add(re.search(r"--hash=(\S+)", line)[1])
    return found


def project_files():
    """What git tracks or would track; without git (an archive), all but what make made."""
    listed = (
        subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if (ROOT / ".git").exists()
        else None
    )
    if listed and listed.returncode == 0:
        names = {ROOT / name for name in listed.stdout.split("\0") if name}
    else:
        made = {
            ".git",
            ".venv",
            "_build",
            "__pycache__",
            ".pytest_cache",
            ".ipynb_checkpoints",
            "originals",
        }
        names = {path for path in ROOT.rglob("*") if not made & set(path.relative_to(ROOT).parts)}
    return sorted(path for path in names if path.is_file())


def test_binder_installs_from_the_lock():
    lock, binder = pins(ROOT / "requirements.txt"), pins(ROOT / "binder" / "requirements.txt")
    assert binder and all(binder.values()), "binder/requirements.txt has a requirement without hash"
    strange = [name for name, hashes in binder.items() if lock.get(name) != hashes]
    assert not strange, (
        "binder/requirements.txt is not a part of requirements.txt "
        f"(`make lock` renews both): {strange}"
    )


def test_no_file_names_an_index_or_a_machine():
    found = []
    for path in project_files():
        try:
            lines = path.read_text("utf8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture
        for number, line in enumerate(lines, start=1):
            if match := INDEX.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, "\n".join(found)


def test_binder_builds():
    said = run(sys.executable, "-m", "repo2docker", "--no-build", "--debug", ".", cwd=ROOT)
    for step in (
        '-r "binder/requirements.txt"',
        "RUN ./binder/postBuild",
        "conda environment for python=3.11",
    ):
        assert step in said, f"what repo2docker makes for Binder lacks: {step}"


def test_one_home_and_one_version():
    home = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["repository"]["url"]
    assert CHAPTERS, "chapters/ holds no notebook"
    for name in CHAPTERS:
        cells = json.loads((ROOT / "chapters" / name).read_text("utf8"))["cells"]
        code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        named = {
            address.removesuffix(".git")
            for address in re.findall(r"https://github\.com/[\w-]+/[\w.-]+", code)
        }
        assert named == {home}, (
            f"chapters/{name}: the set-up cell names {named or 'no repository'}, "
            f"_config.yml names {home}"
        )
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    assert citation["repository-code"] == home
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
    newest = re.search(r"^## (\S+) \((\S+)\)", (ROOT / "CHANGELOG.md").read_text("utf8"), re.M)
    assert (citation["version"], str(citation["date-released"])) == newest.groups(), (
        "CITATION.cff and CHANGELOG.md differ"
    )
    assert version == newest[1], "pyproject.toml and CHANGELOG.md differ"


# -- one way to install --------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The project's wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


def environment(folder: Path, *wanted) -> Path:
    """The Python of a new environment with `wanted`; skips, and says so, if no index answers."""
    venv.create(folder, with_pip=False)
    python = install.python_of(folder)
    try:
        install.packages(python, *wanted)
    except install.InstallError as error:
        try:  # a small package: is it the index that fails, or what is wanted?
            install.packages(python, "--no-deps", "--dry-run", "editables")
        except install.InstallError:
            pytest.skip(f"no package index answers: {error}")
        raise
    return python


def test_uv_sees_what_pip_is_told(tmp_path, monkeypatch):
    """An index, a mirror's folder and a company's certificate stand where only pip looks."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "SSL_")):
            monkeypatch.delenv(name)
    told = """[global]
index-url = https://mirror.example/simple
find-links = /wheels
    /more
cert = /global.pem
[install]
no-index = yes
cert = /ours.pem"""
    (tmp_path / "pip.conf").write_text(told)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "file:///more")
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "7")
    settings = install._pip_settings(Path(sys.executable))
    seen = install.uv_environment(settings)
    names = ["UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE", "UV_SYSTEM_CERTS"]
    assert [seen[name] for name in names] == [
        "https://mirror.example/simple",
        "file:///more",
        "/wheels /more",
        "/ours.pem",
        "1",
    ]
    assert seen["UV_HTTP_TIMEOUT"] == "7"
    assert settings["no-index"] == "yes"


def test_pip_does_what_uv_cannot(wheel, tmp_path, monkeypatch, capsys):
    """In an environment of three variables, with a uv that fails; what neither can is one line."""
    for name in os.environ.keys() - {"HOME", "PATH", "LANG"}:
        monkeypatch.delenv(name)
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "missing.toml"))
    venv.create(tmp_path / "venv", with_pip=False)
    python = install.python_of(tmp_path / "venv")
    assert install.packages(python, "--no-deps", "--no-index", wheel) == "pip"
    assert "Now with pip." in capsys.readouterr().out
    folder = run(python, "-c", "import casebook; print(*casebook.__path__)", cwd=tmp_path)
    assert Path(folder.strip()).is_relative_to(tmp_path)
    with pytest.raises(install.InstallError, match=r"^pip: ERROR: .*nowhere\.whl.*$"):
        install.packages(python, "--no-index", tmp_path / "nowhere.whl")


def test_two_at_once_work_one_after_the_other(tmp_path):
    """The second says that it waits; it goes on as soon as the first has ended."""
    code = "from casebook.install import alone, Path\nwith alone(Path('_build')): print('mine')"
    with install.alone(tmp_path / "_build"):
        second = subprocess.Popen(
            [sys.executable, "-uc", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        assert "at work here: waiting" in second.stdout.readline()
    assert second.communicate(timeout=60)[0] == "mine\n"


def test_what_cannot_begin_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(build, "_is_root", lambda: True)
    assert build.main(["lab"]) == 1
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert build.main(["serve", str(port)]) == 1
    assert build.main(["serve", "eight"]) == 1
    monkeypatch.setenv("CHROME_PATH", "no-such-browser")
    assert build.main(["test"]) == 1
    lab, serve, number, test = capsys.readouterr().err.splitlines()
    assert "make lab ARGS=--allow-root" in lab
    assert f"port {port} is not free" in serve and f"make serve PORT={port + 1}" in serve
    assert "found port 'eight'" in number
    assert "CHROME_PATH names 'no-such-browser'" in test


def test_trusted_chapters_show_their_charts_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    assert build.main(["trust"]) == 0
    notary = NotebookNotary(data_dir=str(tmp_path))
    for name in CHAPTERS:
        notebook = nbformat.read(ROOT / "chapters" / name, as_version=4)
        assert notary.check_signature(notebook), name


# -- a chapter elsewhere -------------------------------------------------------


def test_binder_runs_a_chapter_from_the_wheel(wheel, tmp_path, monkeypatch):
    """Binder's lock and the wheel, nothing else: the evidence is inside, a kernel runs one."""
    lock = ROOT / "binder" / "requirements.txt"
    python = environment(tmp_path / "venv", "--require-hashes", "-r", lock)
    install.packages(python, "--no-deps", wheel)
    # neither this environment, nor the user's kernels and start-up files
    ours = ("PYTHON", "PYTEST", "JUPYTER", "IPYTHON", "CASEBOOK", "VIRTUAL_ENV")
    for name in filter(lambda name: name.startswith(ours), list(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    inside = next((tmp_path / "venv").rglob("casebook/_data")).parent
    for here, there in (("data", "_data"), ("chapters/quizzes", "_quizzes")):
        assert {path.name for path in (ROOT / here).iterdir()} == {
            path.name for path in (inside / there).iterdir()
        }
    shutil.copy(ROOT / "chapters" / "timeline.ipynb", tmp_path)
    execute = "import sys; from nbclient.cli import main; sys.exit(main())"
    run(python, "-c", execute, "--timeout=60", "timeline.ipynb", cwd=tmp_path)


def test_every_chapter_shows_the_same_with_the_oldest_versions(wheel, tmp_path):
    """What Colab has loaded may be as old as the bounds (the newest are the lock's, with nbval).

    Each chapter runs alone, from the wheel, in an empty folder, and shows the page's own text.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    oldest = [need.replace(">=", "==", 1) for need in project["dependencies"]]
    assert all("==" in need for need in oldest), "a dependency without a lower bound"
    # the rest as the lock has it, so that the day of the test does not matter
    apart = {re.match(r"[\w-]+", need)[0] for need in oldest} | OF_THE_OLD
    lock = re.findall(
        r"^([\w.-]+)(==[^\\\n]+)", (ROOT / "requirements.txt").read_text("utf8"), re.M
    )
    rest = [name + version for name, version in lock if name not in apart]
    (tmp_path / "rest.txt").write_text("\n".join(rest))
    python = environment(tmp_path / "venv", *oldest, "-c", tmp_path / "rest.txt")
    install.packages(python, "--no-deps", wheel)
    env = {name: value for name, value in os.environ.items() if not name.startswith("CASEBOOK")}
    chapters = [ROOT / "chapters" / name for name in CHAPTERS]
    said = run(python, "-W", "ignore", ROOT / "tests" / "alone.py", *chapters, env=env)
    ran = {name: (texts, error) for name, texts, error in map(json.loads, said.splitlines())}
    wrong = [f"{name}: {error}" for name, (_, error) in ran.items() if error]
    for path in chapters:
        cells = json.loads(path.read_text("utf8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        page = ["".join(output["data"]["text/plain"]) for output in outputs]
        pairs = zip_longest(ran[path.stem][0], page, fillvalue="nothing")
        if differ := next((pair for pair in pairs if pair[0] != pair[1]), None):
            wrong.append(f"{path.stem}: shows {differ[0]!r}, the page {differ[1]!r}")
    assert not wrong, "\n".join(wrong)
