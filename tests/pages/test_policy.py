"""Nothing runs in a page but what the book brings."""

import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import agree
from tests.pages.reading import Tab, renew
from tests.pages.site import PAGES, THEME, attributes


def policy(text: str) -> dict[str, str]:
    """The Content-Security-Policy of a page: directive -> sources."""
    metas = map(attributes, re.findall(r"<meta http-equiv[^>]*>", text))
    content = next((meta["content"] for meta in metas), "")
    return dict(part.strip().partition(" ")[::2] for part in content.split(";") if part.strip())


def breaches(text: str) -> Iterator[str]:
    rules = policy(text)
    scripts = rules.get("script-src", "unsafe")
    if rules.get("default-src") != "'self'" or "unsafe" in scripts:
        yield f"the policy is {rules}"
    for script in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", text, re.S):
        digest = b64encode(sha256(script.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in scripts:
            yield f"an inline script is not in the policy: {script[:60]!r}"
    yield from re.findall(r'<[^>]+\bon[a-z]+="[^>]*>', text)
    yield from re.findall(r'<[^>]+"\s*javascript:[^>]*>', text)


def test_every_page_has_the_policy_and_names_its_inline_scripts(site: Path) -> None:
    agree(f"{name}: {said}" for name in PAGES for said in breaches((site / name).read_text("utf8")))


SLIPPED = (
    "<script>document.title = 'hit'</script>"
    "<img src='x' onerror=\"document.title = 'hit'; document.body.dataset.tried = 1\">"
    "<img src='y' id='last'>"
)


@pytest.mark.parametrize("name", ["chapters/index.html", "chapters/ch06_aid.html", "search.html"])
def test_what_is_slipped_into_a_page_does_not_run(
    tab: Tab, site: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(site / "_static", tmp_path / "_static")
    spoilt = tmp_path / name
    spoilt.parent.mkdir(exist_ok=True)
    text = (site / name).read_text("utf8").replace(THEME.end, SLIPPED + THEME.end)
    spoilt.write_text(text, "utf8")
    page, complaints = renew(tab)
    page.goto(spoilt.as_uri())
    page.wait_for_function("document.getElementById('last').complete")  # the images have failed
    assert page.title() != "hit"
    assert sum("Content Security Policy" in said for said in complaints) >= 2, complaints
