"""Set up the book's own Python: `.venv`, with exactly what `requirements.txt` locks.

    python3 casebook/install.py               # what every `make` command does first
    python3 casebook/install.py --with pip    # without uv
    python3 casebook/install.py lock          # renew the locks from pyproject.toml

It needs nothing but Python, because it runs before anything is installed. uv does the work in
seconds, with the system's certificates and with the index, mirror or folder that pip is configured
for; where uv fails, pip does it.
"""

import argparse
import ast
import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]
# pip's setting -> uv's variable. uv reads none of pip's files.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


class InstallError(RuntimeError):
    """Packages that cannot be installed; the message says what the installer said last."""


def python_of(venv: Path) -> Path:
    """The interpreter of an environment: `Scripts` on Windows, `bin` elsewhere."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def packages(target: Path, *wanted: "str | Path", tools: Path = Path(sys.executable)) -> str:
    """Install `wanted` (arguments of `pip install`) where `target` is the Python; return by what.

    `tools` is a Python that has pip and, unless pip alone is wanted, uv.

    Raises
    ------
    InstallError
        Neither could: what pip said last.
    """
    names = [str(one) for one in wanted]
    if os.environ.get("INSTALLER") != "pip":
        try:
            uv(tools, "install", "--python", str(target), *names)
            return "uv"
        except InstallError as error:
            print(f"{error}. Now with pip.", flush=True)
    _run([str(tools), *PIP, "--python", str(target), "install", *names], "pip")
    return "pip"


def uv(tools: Path, *arguments: str) -> None:
    """Run `uv pip` so that it sees what pip sees; raise InstallError with its last words."""
    settings = _pip_settings(tools)
    command = [str(tools), "-m", "uv", "pip", *arguments]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        command.append("--no-index")
    _run(command, "uv", uv_environment(settings))


def uv_environment(settings: "dict[str, str]") -> "dict[str, str]":
    """The variables that say to uv what `settings` say to pip; what is set for uv already stays."""
    found = {
        UV_NAMES[name]: " ".join(value.split())
        for name, value in settings.items()
        if name in UV_NAMES
    }
    # As pip does: the best version among all indexes, not the first index that knows the name.
    found.update(UV_SYSTEM_CERTS="1", UV_INDEX_STRATEGY="unsafe-best-match", UV_NO_PROGRESS="1")
    return {**found, **os.environ}


def _pip_settings(tools: Path) -> "dict[str, str]":
    """What pip's files and variables say, the weakest first: all commands, `install`, variables."""
    command = [str(tools), *PIP, "config", "list"]
    listed = subprocess.run(command, stdout=PIPE, encoding="utf8", check=False).stdout
    settings = {}
    for section in ("global", "install", ":env:"):
        for name, value in re.findall(rf"^{section}\.([\w-]+)=(.*)$", listed, re.MULTILINE):
            settings[name] = str(ast.literal_eval(value))
    return settings


def _run(command: "list[str]", name: str, env: "dict[str, str] | None" = None) -> None:
    """Run an installer quietly, with a sign of life every ten seconds."""
    start, told = time.monotonic(), False
    process = subprocess.Popen(
        command, env=env, stdout=PIPE, stderr=STDOUT, encoding="utf8", errors="replace"
    )
    while True:
        try:
            said, _ = process.communicate(timeout=10)
            break
        except subprocess.TimeoutExpired:
            told = True
            print(f" {name} {time.monotonic() - start:.0f} s ...", end="", flush=True)
        except BaseException:
            process.kill()
            raise
    if told:
        print(flush=True)
    if process.returncode:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        begins = ("error", "x ", "×")
        errors = (n for n, line in enumerate(lines) if line.lower().startswith(begins))
        raise InstallError(f"{name}: {' '.join(lines[next(errors, -1) :])[:300]}")


# -- the book's own environment ----------------------------------------------


def book() -> None:
    """Make `.venv` agree with the lock and with pyproject.toml; nothing to do if it does."""
    with alone(ROOT / "_build"):
        _locked()
        _editable()


def _locked() -> None:
    stamp, digest = VENV / ".locked", _digest(LOCK)
    if python_of(VENV).exists() and _read(stamp) == digest:
        return
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise InstallError(
            "this Python cannot make environments (Debian and Ubuntu: apt-get install python3-venv)"
        )
    start = time.monotonic()
    count = len(re.findall(r"^[\w.-]+==", LOCK.read_text("utf8"), re.MULTILINE))
    print(f"Installing {count} packages: seconds with uv, minutes with pip.", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    name = _from_lock()
    print(f"Installed into .venv with {name} in {time.monotonic() - start:.0f} s.", flush=True)
    stamp.write_text(digest, "utf8")


def _from_lock() -> str:
    python = python_of(VENV)
    if os.environ.get("INSTALLER") != "pip":
        # uv comes from the lock too: its hash is checked. Without it pip does the rest.
        own = re.search(r"^uv==.*(?:\n    .*)+", LOCK.read_text("utf8"), re.MULTILINE)
        only = VENV / "uv.txt"
        only.write_text(own[0] if own else "", "utf8")
        with contextlib.suppress(InstallError):
            install = ["install", "--require-hashes", "--no-deps", "-r", str(only)]
            _run([str(python), *PIP, *install], "pip")
    return packages(python, "--require-hashes", "-r", LOCK, tools=python)


def _editable() -> None:
    """The project itself, so that a change in casebook/ or data/ counts at once."""
    stamp, digest = VENV / ".ready", _digest(LOCK, ROOT / "pyproject.toml")
    if _read(stamp) != digest:
        python = python_of(VENV)
        packages(python, "--no-deps", "--no-build-isolation", "-e", ROOT, tools=python)
        stamp.write_text(digest, "utf8")


def _digest(*paths: Path) -> str:
    """A moved folder is another one: programs in an environment hold its path."""
    texts = [str(ROOT).encode(), *(path.read_bytes() for path in paths)]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def _read(path: Path) -> str:
    return path.read_text("utf8") if path.exists() else ""


@contextlib.contextmanager
def alone(folder: Path) -> "Iterator[None]":
    """Let one process at a time work in `folder`; another says so and waits."""
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("a") as file:
        told = False
        while not _take(file.fileno()):
            if not told:
                print("Another command is at work here: waiting until it ends.", flush=True)
                told = True
            time.sleep(0.5)
        yield


def _take(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # a file system without locks has no way to say who else is there
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


# -- the locks ---------------------------------------------------------------


def lock(options: "list[str]") -> None:
    """Renew the book's lock from pyproject.toml, and Binder's as a part of it.

    No index address and no header: the same lock comes out wherever and through whatever mirror it
    is made. One lock serves Linux, macOS and Windows, from Python 3.11 on.
    """
    how = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    how += ["--no-emit-index-url", "--no-header"]
    binder = ["binder/requirements.in", "--extra", "lab", "-c", "requirements.txt"]
    tools, compile = Path(sys.executable), ["compile", *how, "pyproject.toml"]
    uv(tools, *compile, *options, "--all-extras", "-o", "requirements.txt")
    uv(tools, *compile, *binder, "-o", "binder/requirements.txt")


def main() -> int:
    """Do what the command line says; return 1, with one line, where it cannot be done."""
    parser = argparse.ArgumentParser(description="Set up the book's own Python in .venv.")
    parser.add_argument("what", nargs="?", choices=["book", "lock"], default="book")
    parser.add_argument("--with", dest="installer", choices=["uv", "pip"], help="by default uv")
    options, more = parser.parse_known_args()
    if options.installer:
        os.environ["INSTALLER"] = options.installer
    os.chdir(ROOT)
    try:
        if sys.version_info < (3, 11):  # noqa: UP036  who meets it runs an older one
            found = f"the book needs Python 3.11 or newer, found {sys.version.split()[0]}"
            raise InstallError(f"{found}; name a newer one: make PYTHON=python3.12 book")
        book() if options.what == "book" else lock(more)
    except InstallError as error:
        print(f"Not installed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
