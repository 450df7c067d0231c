"""The code: rules, form and types, as `make check-code` asks for them."""

import subprocess
import sys

import pytest

from casebook.build import CODE
from tests.conftest import ROOT


@pytest.mark.parametrize("what", CODE)
def test_code_keeps(what):
    done = subprocess.run(
        [sys.executable, "-m", *CODE[what]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
