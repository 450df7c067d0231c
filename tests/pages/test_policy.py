"""Nothing runs in a page but what the book brings, and nothing is asked of another host."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from tests.conftest import agree
from tests.theme.site import attributes, opened, pages

ELSEWHERE = re.compile(r'<(?:link|script|img|source|iframe|form)\b[^>]*\b(?:src|href|action)="(?:https?:)?//[^"]*"[^>]*>')


def policy(text: str) -> dict[str, str]:
    """The Content-Security-Policy of a page: directive -> sources."""
    metas = map(attributes, re.findall(r"<meta http-equiv[^>]*>", text))
    content = next((meta["content"] for meta in metas), "")
    return dict(part.strip().partition(" ")[::2] for part in content.split(";") if part.strip())


def inline_scripts(text: str) -> list[str]:
    return re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", text, re.S)


def test_every_page_has_the_policy_and_names_its_inline_scripts(site):
    problems = []
    for name, text in pages(site).items():
        rules = policy(text)
        if rules.get("default-src") != "'self'" or "unsafe" in rules.get("script-src", "unsafe"):
            problems.append(f"{name}: the policy is {rules}")
        for script in inline_scripts(text):
            digest = b64encode(sha256(script.encode()).digest()).decode()
            if f"'sha256-{digest}'" not in rules.get("script-src", ""):
                problems.append(f"{name}: an inline script is not in the policy: {script[:60]!r}")
        problems += [f"{name}: {tag}" for tag in re.findall(r'<[^>]+\bon[a-z]+="[^>]*>', text)]
        problems += [f"{name}: {tag}" for tag in re.findall(r'<[^>]+"\s*javascript:[^>]*>', text)]
    agree(problems)


def test_no_page_loads_from_another_host(site):
    agree(
        f"{name}: {tag}"
        for name, text in pages(site).items()
        for tag in ELSEWHERE.findall(text)
        if 'rel="canonical"' not in tag
    )


@pytest.mark.parametrize("name", ["chapters/index.html", "chapters/ch06_aid.html", "search.html"])
def test_a_page_runs_from_disk_and_what_is_slipped_in_does_not(site, chromium, tmp_path, name):
    with opened(chromium) as (page, complaints):
        page.goto((site / name).as_uri())
        agree(complaints)
        assert page.evaluate("document.documentElement.dataset.theme"), "the page's own script ran"
        evil = "<script>document.title = 'hit'</script><img src='x' onerror=\"document.title = 'hit'\">"
        spoilt = site / name.replace(".html", "-spoilt.html")
        spoilt.write_text((site / name).read_text("utf8").replace("</main>", f"{evil}</main>"), "utf8")
        try:
            page.goto(spoilt.as_uri())
            page.wait_for_timeout(200)
            assert page.title() != "hit"
            assert any("Content Security Policy" in said for said in complaints)
        finally:
            spoilt.unlink()
