"""The built book as trees, parsed with the standard library, and the names of the parts of a page.

Nothing here asks casebook. What belongs to the theme, not to the book, is named in `THEME` alone.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import yaml

from tests.conftest import ROOT, agree

THEME = SimpleNamespace(
    text="main",  # the element that holds the text of a page
    begin='<main id="main">',  # where it begins and ends in the file
    end="</main>",
    found="#results li",  # what the search has found, and what it says of it
    said="document.getElementById('found')",
    shown="document.documentElement.dataset.theme",  # the theme that the page shows
    lighten="document.querySelector('.theme').click()",  # from the system's theme to the light one
    own=("search.html",),  # pages that no table of contents lists
)
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")


# -- which pages there are --------------------------------------------------


def listed(part: dict) -> Iterator[str]:
    """The files that a part of the table of contents names, in order."""
    if "file" in part:
        yield part["file"]
    for key in ("parts", "chapters", "sections"):
        for inner in part.get(key, ()):
            yield from listed(inner)


def contents() -> list[str]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    return [toc["root"], *listed(toc)]


def showing(mime: str) -> list[str]:
    """The pages whose notebooks have an output of this type."""
    notebooks = {name: ROOT / f"{name}.ipynb" for name in contents()}
    return [
        f"{name}.html"
        for name, path in notebooks.items()
        if path.is_file() and f'"{mime}"' in path.read_text("utf8")
    ]


# Known before anything is built, so that two workers share them out.
PAGES = [*(f"{name}.html" for name in contents()), *THEME.own]
CHAPTERS = [page for page in PAGES if re.match(r"chapters/ch\d\d", page)]
EXPLORERS = showing("application/vnd.casebook.explorer+json")


# -- a page as a tree -------------------------------------------------------


class Node:
    """An element: its tag, attributes and children, which are elements and strings."""

    def __init__(
        self, tag: str, attrs: Iterable[tuple[str, str | None]] = (), parent: "Node | None" = None
    ) -> None:
        self.tag, self.parent = tag, parent
        self.attrs = {key: value or "" for key, value in attrs}
        self.children: list[Node | str] = []
        self.classes = set(self.attrs.get("class", "").split())

    def get(self, key: str) -> str:
        return self.attrs.get(key, "")

    def within(self) -> Iterator["Node | str"]:
        """Every descendant, in document order."""
        rest = self.children[::-1]
        while rest:
            yield (node := rest.pop())
            if isinstance(node, Node):
                rest += node.children[::-1]

    def all(self, *tags: str, cls: str | None = None) -> Iterator["Node"]:
        """Every descendant with one of `tags` (any without) and class `cls`."""
        elements = (node for node in self.within() if isinstance(node, Node))
        for node in elements:
            if (not tags or node.tag in tags) and (cls is None or cls in node.classes):
                yield node

    def inside(self, test: Callable[["Node"], bool]) -> bool:
        return self.parent is not None and (test(self.parent) or self.parent.inside(test))

    @property
    def text(self) -> str:
        strings = (node for node in self.within() if isinstance(node, str))
        return " ".join("".join(strings).split())


class Parser(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.root = self.at = Node("document")
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(node := Node(tag, attrs, self.at))
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        node = self.at
        while node.parent and node.tag != tag:
            node = node.parent
        self.at = node.parent or self.at  # an end without a beginning changes nothing

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag such as ``<a href="x">``, where a page is read as text."""
    return {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}


Book = dict[str, Node]  # page -> its tree
Check = Callable[[Path, Book], Iterator[str]]  # what is wrong, one line each


def parse(source: str) -> Node:
    return Parser(source).root


def read(site: Path) -> Book:
    """Every page of the book; the first page that only leads on is among them."""
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {
        name: parse(path.read_text("utf8"))
        for name, path in found.items()
        if not name.startswith(("_static/", "_sources/"))
    }


def is_redirect(page: Node) -> bool:
    return any(meta.get("http-equiv").lower() == "refresh" for meta in page.all("meta"))


def resolve(name: str, reference: str) -> tuple[str, str] | None:
    """(file, fragment) that `reference` on page `name` leads to; None for another host, mail."""
    parts = urlsplit(reference.strip())
    if parts.scheme or parts.netloc:
        return None
    path = normpath(join(dirname(name), unquote(parts.path))) if parts.path else name
    return path, unquote(parts.fragment)


# -- words and cells --------------------------------------------------------


def bare(text: str) -> str:
    """Letters and digits only, in lower case: quotation marks and white space do not count."""
    return re.sub(r"[\W_]+", "", text).lower()


def fold(cell: str) -> str:
    """A cell without what is only form: 1,168 is 1168, an empty cell is shown as 'not given'.

    A page curls the quotation marks, and has dashes and minus signs, where a file has but one sign.
    """
    cell = " ".join(cell.split()).translate(str.maketrans("‘’“”–−", "''\"\"--"))
    if re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", cell):
        return cell.replace(",", "")
    return "" if cell == "not given" else cell


def cells(path: Path) -> list[list[str]]:
    """A CSV file as rows of text, heads first, without the lines that tell of it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(line for line in file if not line.startswith("# ")))


def rows(table: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of `data/<table>.csv`, each with its number in a spreadsheet."""
    heads, *body = cells(ROOT / "data" / f"{table}.csv")
    return [(number, dict(zip(heads, row))) for number, row in enumerate(body, start=2)]


# -- proof that a check can fail --------------------------------------------


def hold(check: Check, site: Path, book: Book) -> None:
    agree(check(site, book))


def reported(check: Check, site: Path, book: Book, old: str, new: str, said: str) -> None:
    """Spoil the first chapter (pattern `old` becomes `new`, once): the check must say so."""
    name = CHAPTERS[0]
    source = (site / name).read_text("utf8")
    spoilt = re.sub(old, new, source, count=1, flags=re.S)
    assert spoilt != source, f"nothing in {name} to spoil: {old}"
    problems = list(check(site, book | {name: parse(spoilt)}))
    assert any(problem.startswith(name) and said in problem for problem in problems), problems
