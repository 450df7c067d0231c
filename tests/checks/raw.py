"""Raw files, read without casebook: what the checks hold everything else against."""

import csv
import json
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=None)
def raw(root: Path, table: str) -> tuple[dict, ...]:
    """The rows of `data/<table>.csv` as text; `_row` is the row number that a spreadsheet shows."""
    with open(Path(root) / "data" / f"{table}.csv", encoding="utf-8-sig", newline="") as file:
        return tuple(
            row | {"_row": number} for number, row in enumerate(csv.DictReader(file), start=2)
        )


@lru_cache(maxsize=None)
def notebooks(root: Path) -> dict[str, dict]:
    """The committed chapters: name -> notebook as JSON."""
    return {
        path.stem: json.loads(path.read_text("utf8"))
        for path in sorted((Path(root) / "chapters").glob("*.ipynb"))
    }


def text_of(cell: dict) -> str:
    return "".join(cell["source"])
