"""Citations as notes.

A parenthesis that holds nothing but links to sources leaves its sentence and becomes a numbered
note; in the notebook it stays as it is. On a wide page the note stands in the margin; on a narrow
one it opens below its sentence, by a native checkbox, so without a script. All are listed at the
end of the page, and on paper, with reference and address. A note to a paragraph of one of the five
texts says what stands there, in the words of its card.
"""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import unquote

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from casebook import evidence, figure
from casebook.book.html import inner, write
from casebook.book.words import site

LINK = (pending_xref, nodes.reference)
OPENS = re.compile(r"\s*\($")
BETWEEN = re.compile(r"\s*(?:,|;|and|to|, and)\s*")
REFERENCE = ("chapters/context", "chapters/bibliography")
CLOSES = re.compile(r"\)([.,;:?!]*)")
# What names a publisher: words with a capital that many publishers do not share.
NAME = re.compile(r"\b(?!(?:Japan|Japanese|The|News|Ministry|Russian?|European)\b)[A-Z]\w+")
# In which language a page is, and what a link's words say behind it.
LANGUAGE = re.compile(
    r", in (?:Chinese|German|Indonesian|Italian|Japanese|Portuguese|Russian|Spanish)\b.*"
)
PARAGRAPH = re.compile(r"^\{#p(\d+)\}\n\*\*¶\d+\*\* (.+)$", re.M)


class source_note(nodes.Inline, nodes.TextElement):
    """A note: attributes `number` and `margin` (whether there is room for it beside the text)."""


class listed_note(nodes.General, nodes.TextElement):
    """An item of the list of notes: attribute `number`."""


class NumberNotes(SphinxPostTransform):
    """Takes the citations out of the sentences, numbers them and lists them at the end."""

    default_priority = 5  # before links are resolved: they are, wherever they then stand
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for link in self.document.findall(nodes.reference):
            if "refuri" in link:
                link["refuri"] = unescape(link["refuri"])  # MyST escapes it, Sphinx would again
        self.listed: list[listed_note] = []
        self.named: set[str] = set()  # the sources and pages that the list has named
        for parent in list(self.document.findall(nodes.TextElement)):
            self._take_out(parent, margin=not _inside(parent, nodes.table))
        if self.listed:
            self.env.toc_secnumbers.get(self.env.docname, {})["#notes"] = ()  # no number
            section = nodes.section("", nodes.title("", "Notes"), ids=["notes"], classes=["notes"])
            section += nodes.container("", *self.listed, classes=["cb-endnotes"])
            self.document["named"] = sorted(self.named)
            next(self.document.findall(nodes.section), self.document).append(section)

    def _take_out(self, parent: nodes.Element, margin: bool) -> None:
        """Put a note in the place of each citation; a stop or comma behind it goes before it."""
        begin = 0
        while begin < len(parent):
            links, end = _links(parent, begin + 1)
            closes = CLOSES.match(_text(parent, end))
            if links and closes and OPENS.search(_text(parent, begin)):
                before = OPENS.sub("", _text(parent, begin)) + closes[1]
                after = closes.string[closes.end() :]
                note = self._note(links, margin)
                parent[begin : end + 1] = [nodes.Text(before), note, nodes.Text(after)]
                begin += 1
            begin += 1

    def _note(self, links: list[nodes.Element], margin: bool) -> source_note:
        """A note in the text; its twin joins the list at the end."""
        count = len(self.listed) + 1
        mark = source_note(number=count, margin=margin)
        item = listed_note(number=count, margin=margin)
        for link in links:
            mark += [_gap(mark), *_said(self.env, link.deepcopy())]
            twin = f"#note-{count}" if margin else ""
            item += [_gap(item), *_said(self.env, link, self.named, twin)]
        self.listed.append(item)
        return mark


def _gap(note: nodes.Element) -> nodes.Text:
    """What parts the next source of a note from those before it, which may end with a stop."""
    before = note.astext().rstrip()
    return nodes.Text("" if not before else " " if before.endswith(".") else "; ")


def _text(parent: nodes.Element, place: int) -> str:
    """The text at a place among the children; empty if none stands there."""
    node = parent[place] if place < len(parent) else None
    return str(node) if isinstance(node, nodes.Text) else ""


def _links(parent: nodes.Element, begin: int) -> tuple[list[nodes.Element], int]:
    """The links to sources from the place `begin` on, and the place behind the last."""
    found: list[nodes.Element] = []
    end = begin
    while end < len(parent) and _is_source(link := parent[end]):
        found.append(link)
        end += 1
        if BETWEEN.fullmatch(_text(parent, end)):
            end += 1
    return found, end


def _is_source(node: nodes.Node) -> TypeGuard[nodes.Element]:
    """Whether a node is a link to a source: a card, a series or a page elsewhere."""
    if not isinstance(node, LINK):
        return False
    target = node.get("reftarget", "")
    outside = node.get("refuri", "").startswith("http")
    return outside or target.startswith("seeds/") or target in REFERENCE


def _inside(node: nodes.Node, kind: type) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kind):
            return True
    return False


# -- what a note says -------------------------------------------------------


def _said(
    env: BuildEnvironment, link: nodes.Element, named: set[str] | None = None, twin: str = ""
) -> list[nodes.Node]:
    """A link and what is said of it; in the list, which has `named` some, the full reference.

    `twin` is the note in the text that has the same link, if there is one.
    """
    if link.get("refuri", "").startswith("http"):
        return _outside(link, named, twin)
    source, paragraph = _source_of(link)
    if source is None:
        return [link]
    label = f"{source['short']}, ¶{paragraph}" if paragraph else link.astext() or source["short"]
    link.children = [nodes.inline("", label)]
    if named is not None:
        return [link, nodes.Text("."), *_reference(source, named)]
    said = summaries(env, source["card"]).get(paragraph) if paragraph else None
    publisher = "" if source["publisher"] in ("", "various") else f", {source['publisher']}"
    return [link, nodes.Text(f": {said}" if said else publisher)]


def _outside(link: nodes.Element, named: set[str] | None, twin: str) -> list[nodes.Node]:
    """A link to a page elsewhere, with its publisher and date.

    The list at the end has its address and, once, what was read of it and for which events. The
    address stands once in a page: the theme's script takes it into the list from the twin, to which
    the link leads meanwhile.
    """
    address = link["refuri"]
    unknown = {"publisher": site(address), "published": "", "read": ""}
    page = _rows("pages", "address").get(address, unknown)
    label, publisher = named_once(link.astext(), page["publisher"])
    link.children = [nodes.inline("", label)]
    facts = [publisher, figure.written(page["published"])]
    said = "".join(f", {fact}" for fact in facts if fact)
    if named is None:
        return [link, nodes.Text(said)]
    shown = nodes.inline("", "" if twin else unquote(address), classes=["cb-address"])
    link["refuri"] = twin or address
    rests = " and ".join(_recorded().get(address, []))
    read = f". Read: {page['read']}" if page["read"] else ""
    once = "" if address in named else read + (f", for {rests}" if rests else "")
    named.add(address)
    return [link, nodes.Text(f"{said}, "), shown, nodes.Text(once)]


def named_once(label: str, publisher: str) -> tuple[str, str]:
    """The words of a link and its publisher, such that no name stands twice.

    >>> named_once("ministry, in Japanese", "Ministry of Foreign Affairs of Japan")
    ('Ministry of Foreign Affairs of Japan, in Japanese', '')
    >>> named_once("Reuters on the round", "Reuters, in Nippon.com")
    ('Reuters on the round', '')
    """
    name, _, _ = label.partition(", in ")
    if re.search(rf"\b{re.escape(name)}\b", publisher, re.I):  # “ministry” is the whole name
        return publisher + "".join(LANGUAGE.findall(label)), ""
    return label, "" if {*NAME.findall(label)} & {*NAME.findall(publisher)} else publisher


def _reference(source: dict[str, str], named: set[str]) -> list[nodes.Node]:
    """The full reference of a source where it is named for the first time in the list."""
    if source["source_id"] in named:
        return []
    named.add(source["source_id"])
    facts = [source[key] for key in ("authors", "title", "publisher", "published", "release")]
    text = " " + ". ".join(figure.written(fact).rstrip(".") for fact in facts if fact) + ". "
    address = source["address"] if source["address"].startswith("http") else ""
    shown = [nodes.inline("", address, classes=["cb-address"])] if address else []
    return [nodes.Text(text), *shown]


def _source_of(link: nodes.Element) -> tuple[dict[str, str] | None, int | None]:
    """The source that a link of the book leads to, and the paragraph."""
    card, anchor = link["reftarget"], link.get("reftargetid")
    anchor = anchor if isinstance(anchor, str) else ""
    key = Path(card).name if card.startswith("seeds/") else anchor
    paragraph = re.fullmatch(r"p(\d+)", anchor)
    return _rows("sources", "source_id").get(key), int(paragraph[1]) if paragraph else None


@cache
def _rows(table: str, key: str) -> dict[str, dict[str, str]]:
    """The rows of a table by the column `key`; a cell is text, empty where nothing is known."""
    rows = evidence.load(table).fillna("").astype(str).to_dict("records")
    return {row[key]: row for row in rows}


@cache
def _recorded() -> dict[str, list[str]]:
    """The events whose date of record rests on a page, each with its date, by its address."""
    found: dict[str, list[str]] = {}
    events = evidence.load("events").dropna(subset=["record_date", "record_address"])
    for row in events.sort_values("record_date_start").itertuples(index=False):
        for address in row.record_address.split("; "):
            event = f"“{row.title}” ({figure.written(row.record_date)})"
            found.setdefault(address, []).append(event)
    return found


@cache
def _card(path: str) -> dict[int, str]:
    text = Path(path).read_text("utf8")
    return {int(number): said for number, said in PARAGRAPH.findall(text)}


def summaries(env: BuildEnvironment, card: str) -> dict[int, str]:
    """The first sentence of each paragraph's summary on a card such as ``seeds/cfr2022.md``."""
    page = card.removesuffix(".md")
    return _card(str(env.doc2path(page))) if page in env.found_docs else {}


# -- HTML -------------------------------------------------------------------


def visit_note(translator: Any, node: source_note) -> None:
    said = inner(translator, *node.children)
    write(translator, "note.html", number=node["number"], margin=node["margin"], said=said)


def visit_endnote(translator: Any, node: listed_note) -> None:
    said = inner(translator, *node.children)
    write(translator, "endnote.html", number=node["number"], margin=node["margin"], said=said)


def setup(app: Sphinx) -> None:
    app.add_node(source_note, html=(visit_note, None))
    app.add_node(listed_note, html=(visit_endnote, None))
    app.add_post_transform(NumberNotes)
