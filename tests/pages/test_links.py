"""Links lead somewhere, ids are unique, and no page asks another host for anything by itself."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import agree
from tests.pages.site import PAGES, THEME, Book, Check, Node, hold, is_redirect, reported, resolve

TARGETS = ("href", "src", "xlink:href", "action", "poster")
LOADING = ("script", "link", "img", "iframe", "source", "video", "audio", "embed", "object")
DRAWING = ("image", "use")  # of an SVG
SOURCES = ("src", "href", "xlink:href", "data", "srcset", "poster")
# Links of the head that lead a reader on: nothing is fetched.
IDLE = {"canonical", "next", "prev", "search", "index", "author", "license", "alternate"}
HOST = r"(?:https?:|wss?:)?//"


def references(page: Node) -> Iterator[tuple[str, str]]:
    for node in page.all():
        yield from ((node.tag, node.get(key)) for key in TARGETS if key in node.attrs)
        if node.tag == "meta" and "url=" in node.get("content"):
            yield "meta", node.get("content").partition("url=")[2]


def broken_links(site: Path, book: Book) -> Iterator[str]:
    every = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    ids = {name: {node.get("id") for node in page.all()} for name, page in book.items()}
    for name, page in book.items():
        for tag, reference in references(page):
            target = resolve(name, reference)
            if target is None:
                continue
            file, id = target
            if reference.startswith("/") or file not in every:
                yield f"{name}: <{tag}> {reference} leads to no file"
            elif id and file in ids and id not in ids[file]:
                yield f"{name}: <{tag}> {reference} leads to no id of {file}"


def doubled_ids(site: Path, book: Book) -> Iterator[str]:
    for name, page in book.items():
        counts = Counter(node.get("id") for node in page.all() if "id" in node.attrs)
        yield from (f"{name}: id {id!r} stands {n} times" for id, n in counts.items() if n > 1)


def remote_css(text: str) -> list[str]:
    said = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.findall(rf"""(?:url\(\s*|@import\s+)["']?({HOST}[^"')\s]+)""", said)


def loads_elsewhere(site: Path, book: Book) -> Iterator[str]:
    """What a page would fetch from another host by itself: a link to follow is no load."""
    for name, page in book.items():
        for node in page.all(*LOADING, *DRAWING):
            if node.tag == "link" and IDLE & set(node.get("rel").split()):
                continue
            for address in (node.get(key) for key in SOURCES):
                if re.match(rf"\s*{HOST}", address):
                    yield f"{name}: <{node.tag}> loads {address}"
        for node in page.all("script"):
            for address in re.findall(rf"""["'`]({HOST}[^"'`\s]+)""", node.text):
                yield f"{name}: an inline script names {address}"
        styles = [*(node.text for node in page.all("style")), *(n.get("style") for n in page.all())]
        for address in remote_css("\n".join(styles)):
            yield f"{name}: an inline style loads {address}"


@pytest.mark.parametrize("check", [broken_links, doubled_ids, loads_elsewhere])
def test_links(site: Path, book: Book, check: Check) -> None:
    hold(check, site, book)


SCRIPT = "<script{}</script>"


@pytest.mark.parametrize(
    "check, old, new, said",
    [
        (broken_links, r'href="([^"]*seeds/\w+\.html)#p\d+"', r'href="\1#p999"', "leads to no id"),
        (
            broken_links,
            r'href="([^"]*)seeds/cfr2022\.html',
            r'href="\1cfr.html',
            "leads to no file",
        ),
        (doubled_ids, THEME.begin, '<p id="twice"></p><p id="twice"></p>', "stands 2 times"),
        (loads_elsewhere, THEME.begin, SCRIPT.format(' src="//example.org/a">'), "example.org"),
        (
            loads_elsewhere,
            THEME.begin,
            SCRIPT.format(">f('https://example.org/a')"),
            "inline script",
        ),
        (loads_elsewhere, THEME.begin, "<p style='background: url(//example.org/a)'></p>", "style"),
    ],
)
def test_a_spoilt_link_is_reported(
    site: Path, book: Book, check: Check, old: str, new: str, said: str
) -> None:
    reported(check, site, book, old, new, said)


def test_no_style_sheet_loads_from_another_host(site: Path) -> None:
    agree(
        f"{path.name} loads {address}"
        for path in site.rglob("*.css")
        for address in remote_css(path.read_text("utf8"))
    )


def test_no_check_comment_is_left(site: Path, book: Book) -> None:
    agree(
        f"{name}: a check comment is left"
        for name in book
        if re.search(r"(<|&lt;)!--\s*check", (site / name).read_text("utf8"))
    )


def test_no_page_is_missed(book: Book) -> None:
    """The pages that the other tests visit one by one are those of the book."""
    assert sorted(PAGES) == sorted(name for name, page in book.items() if not is_redirect(page))
