"""Run chapters as Colab does, the big modules loaded first: `python alone.py chapters/*.ipynb`.

It runs in another environment than the tests, where nothing is installed but what a chapter needs.
For each chapter one line of JSON: its name, the words that its cells show, and what went wrong.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import ipywidgets  # noqa: F401  loaded first, as Colab has it
import matplotlib.pyplot as plt
import pandas  # noqa: F401
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


def run(chapter: Path) -> tuple[list[str], str]:
    """The text of each output of `chapter`, and the first error."""
    shell = InteractiveShell.instance()
    shell.reset(new_session=True)
    texts: list[str] = []
    for cell in json.loads(chapter.read_text("utf8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        with capture_output() as shown:
            done = shell.run_cell("".join(cell["source"]), store_history=False)
        plt.close("all")
        error = done.error_before_exec or done.error_in_exec
        if error:
            return texts, f"cell {cell['id']}: {type(error).__name__}: {error}"
        texts += [output.data["text/plain"] for output in shown.outputs]
    return texts, ""


if __name__ == "__main__":
    chapters = [Path(name).resolve() for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as empty:
        os.chdir(empty)
        for chapter in chapters:
            texts, error = run(chapter)
            print(json.dumps([chapter.stem, texts, error]), flush=True)
        os.chdir(os.path.dirname(empty))
