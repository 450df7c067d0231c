"""The code: rules, form and types, as `make check-code` asks for them."""

import subprocess
import sys

import pytest

from casebook.build import CODE
from tests.conftest import ROOT, agree


@pytest.mark.parametrize("what", CODE)
def test_code_keeps(what):
    done = subprocess.run(
        [sys.executable, "-m", *CODE[what]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_line_of_an_expectation_is_over_120_characters():
    agree(
        f"tests/expected/{path.name}:{number}: {len(line)} characters, at most 120"
        for path in sorted((ROOT / "tests" / "expected").glob("*.yml"))
        for number, line in enumerate(path.read_text("utf8").splitlines(), start=1)
        if len(line) > 120
    )
