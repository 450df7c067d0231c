"""What a screen reader is told of each kind of exhibit: the accessibility trees in `trees/`.

A tree that changed on purpose is copied from the file that the failure names.
"""

import re
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.pages.reading import LAPTOP, PHONE, Tab, renew
from tests.pages.site import CHAPTERS

TREES = Path(__file__).parent / "trees"
FIRST, AID = CHAPTERS[0], CHAPTERS[5]
SHOWN = {  # the name of the tree: page, what is looked at, width in pixels
    "figure": (FIRST, "#vote-68-262", LAPTOP),
    "map": (FIRST, "#islands-two-names", PHONE),
    "note": (FIRST, "p:has(.cb-note):has-text('a former president of Ukraine')", PHONE),
    "question": (FIRST, "#ch01-announced", LAPTOP),
    "explorer": (AID, "#aid-explorer", PHONE),
}


def differences(name: str, seen: str) -> str:
    """How a tree differs from the one that is kept; nothing if it does not."""
    path = TREES / f"{name}.yml"
    kept = path.read_text("utf8") if path.exists() else ""
    lines = unified_diff(kept.splitlines(), seen.splitlines(), "kept", "seen", n=0, lineterm="")
    return "\n".join(lines)


@pytest.mark.parametrize("name", SHOWN)
def test_the_tree_is_the_one_kept(tab: Tab, site: Path, tmp_path: Path, name: str) -> None:
    file, what, width = SHOWN[name]
    page, _ = renew(tab)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((site / file).as_uri())
    shown = page.locator(what)
    if name == "note":
        shown.locator(".cb-ref").click()
    seen = re.sub(r"(Question \d+) of \d+", r"\1 of N", shown.aria_snapshot()) + "\n"
    if name == "note":  # its number grows with the text before it, as a quiz does by questions
        number = shown.locator(".cb-note").get_attribute("id").removeprefix("note-")
        seen = re.sub(rf"\b{number}\b", "N", seen)
    (tmp_path / f"{name}.yml").write_text(seen, "utf8")
    if said := differences(name, seen):
        pytest.fail(f"{file}, {name}; seen: {tmp_path / name}.yml\n{said}", pytrace=False)


def test_a_name_that_is_lost_is_reported() -> None:
    kept = (TREES / "figure.yml").read_text("utf8")
    assert not differences("figure", kept)
    assert "-" in differences("figure", re.sub(r' "Yes, [^"]*"', "", kept))
