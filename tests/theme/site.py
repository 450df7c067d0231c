"""What the tests of the theme share: the pages of the built book as text, and a browser that can reach nothing but the disk."""

import contextlib
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def pages(site: Path) -> dict[str, str]:
    """Every page of the book by its address, redirects and downloads left out."""
    found = {str(p.relative_to(site)): p.read_text("utf8") for p in sorted(site.rglob("*.html"))}
    return {name: text for name, text in found.items() if '<main id="main">' in text}


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag such as ``<a href="x">``."""
    return {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}


@contextlib.contextmanager
def opened(chromium: str) -> Iterator[tuple[Page, list[str]]]:
    """A page of a browser without a network, and the list that its complaints and calls to other hosts go to."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        complaints: list[str] = []
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: r.url.startswith("http") and complaints.append(r.url))
        yield page, complaints
        browser.close()
