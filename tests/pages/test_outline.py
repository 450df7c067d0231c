"""Each page has a language and one outline; each image says what it shows, and its size."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.pages.site import THEME, Book, Check, Node, hold, is_redirect, reported


def bad_outline(site: Path, book: Book) -> Iterator[str]:
    for name, page in book.items():
        if is_redirect(page):
            continue
        titled = any(title.text for title in page.all("title"))
        if [html.get("lang") for html in page.all("html")] != ["en"] or not titled:
            yield f"{name}: no <html lang='en'>, or no title"
        heads = list(page.all("h1", "h2", "h3", "h4", "h5", "h6"))
        levels = [int(head.tag[1]) for head in heads]
        if levels.count(1) != 1 or levels[0] != 1:
            yield f"{name}: {levels.count(1)} main headings (expected one, first)"
        for before, after in pairwise(heads):
            if int(after.tag[1]) > int(before.tag[1]) + 1:
                yield f"{name}: {after.tag} {after.text!r} follows {before.tag} {before.text!r}"


def image_problems(image: Node) -> Iterator[str]:
    alt, src = image.get("alt"), image.get("src")
    if not alt.strip() and ("alt" not in image.attrs or image.get("role") != "presentation"):
        yield "has no alternative text"
    elif re.search(r"\.(png|svg|jpe?g|gif|webp)$", alt) or alt == Path(urlsplit(src).path).stem:
        yield f"has a file name as alternative text: {alt!r}"
    # what stands around the text is sized by the theme's style sheet
    sized = image.attrs.keys() | set(re.findall(r"[\w-]+(?=:)", image.get("style")))
    if not {"width", "height"} <= sized and image.inside(lambda node: node.tag == THEME.text):
        yield "has no width and height"


def bad_images(site: Path, book: Book) -> Iterator[str]:
    for name, page in book.items():
        for image in page.all("img"):
            yield from (f"{name}: image {image.get('src')} {p}" for p in image_problems(image))
        for svg in page.all("svg"):
            if "viewbox" not in svg.attrs:
                yield f"{name}: an SVG has no viewBox"


@pytest.mark.parametrize("check", [bad_outline, bad_images])
def test_outline(site: Path, book: Book, check: Check) -> None:
    hold(check, site, book)


@pytest.mark.parametrize(
    "check, old, new, said",
    [
        (bad_images, THEME.begin, THEME.begin + '<img src="a.png" alt="a.png">', "a file name"),
        (bad_images, THEME.begin, THEME.begin + '<img src="a.png">', "no alternative text"),
        (bad_images, THEME.begin, THEME.begin + '<img src="a.png" alt="A">', "no width and height"),
        (bad_outline, THEME.end, "<h2>Two</h2><h4>Four</h4>", "follows h2 'Two'"),
        (bad_outline, THEME.begin, "<h1>One</h1>", "2 main headings"),
    ],
)
def test_a_spoilt_outline_is_reported(
    site: Path, book: Book, check: Check, old: str, new: str, said: str
) -> None:
    reported(check, site, book, old, new, said)
