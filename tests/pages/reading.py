"""A page as a reader meets it: opened from disk, no network, seen (`look.js`) and typed to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
UNPAINTED = "--disable-threaded-compositing"  # no frame is made: half of what a key costs
PHONE, LAPTOP = 360, 1200
COARSE = {"device_scale_factor": 0.25}  # painted coarsely, since nothing is measured
LOOK = (Path(__file__).parent / "look.js").read_text("utf8")


Tab = tuple[Page, list[str]]  # a page, and what it has complained of


def hear(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        complaints.append(f"console: {message.text}")


def watch(complaints: list[str], request: Request) -> None:
    if urlsplit(request.url).scheme not in ("file", "data", "blob"):
        complaints.append(f"asks another host: {request.url}")


@contextmanager
def reading(browser: Browser, **options: Any) -> Iterator[Tab]:
    """A page of a fresh context with the network off, and what it complains of.

    Complaints are console errors, exceptions and calls to other hosts.
    """
    context = browser.new_context(
        viewport={"width": LAPTOP, "height": 800}, reduced_motion="reduce", **options
    )
    context.set_offline(True)
    context.set_default_timeout(60_000)  # only a page that hangs comes near it
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: hear(complaints, message))
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("request", lambda request: watch(complaints, request))
    yield page, complaints
    context.close()


def renew(tab: Tab) -> Tab:
    """A tab as it was at first: an answer that a page has kept is gone."""
    page, complaints = tab
    if page.url.startswith("file:"):
        page.evaluate("localStorage.clear()")
        page.goto("about:blank")  # from the same page an address would only scroll
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": LAPTOP, "height": 800})
    complaints.clear()
    return tab


def open_page(page: Page, path: Path) -> None:
    """Open a file and give it `look`."""
    page.goto(path.as_uri())
    page.evaluate(LOOK)


def look(page: Page, name: str, *given: Any) -> Any:
    """What the function `name` of look.js says of the page."""
    return page.evaluate(f"(given) => look.{name}(...given)", list(given))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def walk(page: Page, to: Locator, key: str = "Tab") -> None:
    """Press `key` until the focus is on `to` or in it; no exhibit, no quiz has a hundred stops."""
    goal = to.element_handle()
    for _ in range(100):
        press(page, key)
        if goal.evaluate("(e) => e.contains(document.activeElement)"):
            return
    pytest.fail(f"{page.url.rpartition('/')[2]}: {key} never reaches {to}")


def words(texts: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]
