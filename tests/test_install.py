"""Where the book runs: Binder, Colab, a folder that holds one chapter and nothing else, and no private address in any file."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

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
MACHINE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:root|tmp|work|home/\w+|Users/\w+)/|\b[A-Z]:\\" + r"Users\\"
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
    """The files of the project: what git tracks or would track; without git (a downloaded archive), all but what make made."""
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
        f"binder/requirements.txt is not a part of requirements.txt (`make lock` renews both): {strange}"
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
            f"chapters/{name}: the set-up cell names {named or 'no repository'}, _config.yml names {home}"
        )
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    assert citation["repository-code"] == home
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
    newest = re.search(r"^## (\S+) \((\S+)\)", (ROOT / "CHANGELOG.md").read_text("utf8"), re.M)
    assert (citation["version"], str(citation["date-released"])) == newest.groups(), (
        "CITATION.cff and CHANGELOG.md differ"
    )
    assert version == newest[1], "pyproject.toml and CHANGELOG.md differ"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Another machine: an environment of binder/requirements.txt and the project's wheel, nothing else; returns a runner of its programs."""
    place = tmp_path_factory.mktemp("elsewhere")
    venv, wheels = place / "venv", place / "wheel"
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels, cwd=ROOT)
    uv = [sys.executable, "-m", "uv"]
    run(*uv, "venv", "--quiet", "--python", sys.executable, venv)
    run(
        *uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        venv,
        "--require-hashes",
        "-r",
        ROOT / "binder" / "requirements.txt",
    )
    run(*uv, "pip", "install", "--quiet", "--python", venv, "--no-deps", *wheels.glob("*.whl"))

    programs = venv / ("Scripts" if os.name == "nt" else "bin")
    ours = ("PYTHON", "PYTEST", "JUPYTER", "IPYTHON", "CASEBOOK", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # neither the user's kernels nor their start-up files
    env |= {
        "PATH": f"{programs}{os.pathsep}{env['PATH']}",
        "PYTHONNOUSERSITE": "1",
        "IPYTHONDIR": str(place / "ipython"),
    }
    env |= {"JUPYTER_CONFIG_DIR": str(place / "config"), "JUPYTER_DATA_DIR": str(place / "jupyter")}

    def start(program, *arguments, cwd):
        return run(shutil.which(program, path=programs), *arguments, cwd=cwd, env=env)

    return start


def test_the_wheel_carries_its_evidence(elsewhere, tmp_path):
    asked = "from casebook import evidence, quiz; print(len(evidence.load('quantities'))); print(evidence.folder()); print(*sorted(p.name for p in quiz.folder().iterdir()))"
    rows, folder, banks = elsewhere("python", "-c", asked, cwd=tmp_path).splitlines()
    assert int(rows) > 0
    assert Path(folder).parts[-3:] == ("site-packages", "casebook", "_data")
    assert set(banks.split()) == {path.name for path in (ROOT / "chapters" / "quizzes").iterdir()}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_alone_runs_top_to_bottom(chapter, elsewhere, tmp_path):
    shutil.copy(ROOT / "chapters" / chapter, tmp_path)
    elsewhere("jupyter-execute", "--timeout=60", chapter, cwd=tmp_path)
