"""Citations as notes: a parenthesis that holds nothing but links to sources leaves its sentence and
becomes a numbered note.

In the notebook it stays the plain link that it is. On a wide page the note stands in the margin; on
a narrow one it opens
below its sentence, by a native checkbox, so without a script; all notes are listed at the end of
the page, and on paper,
with reference and address. A note to a paragraph of one of the five texts says what stands there,
in the words of its card.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from casebook import evidence, figure
from casebook.book import words

LINK = (pending_xref, nodes.reference)
OPENS = re.compile(r"\s*\($")
BETWEEN = re.compile(r"\s*(?:,|;|and|to|, and)\s*")
REFERENCE = ("chapters/context", "chapters/bibliography")
CLOSES = re.compile(r"\)([.,;:?!]*)")
# What names a publisher: words with a capital that many publishers do not share.
NAME = re.compile(r"\b(?!(?:Japan|Japanese|The|News|Ministry|Russian?|European)\b)[A-Z]\w+")
PARAGRAPH = re.compile(r"^\{#p(\d+)\}\n\*\*¶\d+\*\* (.+)$", re.M)


class source_note(nodes.Inline, nodes.TextElement):
    """A note: attributes `number` and `margin` (False where there is no room for it beside the
    text); children as `_said` makes them.
    """


class listed_note(nodes.General, nodes.TextElement):
    """An item of the list of notes: attribute `number`; children as in `source_note`, with
    reference and address.
    """


class NumberNotes(SphinxPostTransform):
    """Takes the citations out of the sentences, numbers them and lists them at the end."""

    default_priority = (
        5  # before the links are resolved, so that every builder resolves them in their new place
    )
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for link in self.document.findall(nodes.reference):
            if "refuri" in link:
                link["refuri"] = unescape(link["refuri"])  # MyST escapes it, Sphinx would again
        ends: list[listed_note] = []
        named: set[str] = set()
        for parent in list(self.document.findall(nodes.TextElement)):
            margin = not _inside(parent, nodes.table)
            for begin, links, end in _citations(parent):
                count = len(ends) + 1
                mark, item = source_note(number=count, margin=margin), listed_note(number=count)
                for i, link in enumerate(links):
                    gap = "; " if i else ""
                    mark += [nodes.Text(gap), *_said(self.env, link.deepcopy())]
                    item += [nodes.Text(gap), *_said(self.env, link, named)]
                _replace(parent, begin, end, mark)
                ends.append(item)
        if ends:
            self.env.toc_secnumbers.get(self.env.docname, {})["#notes"] = None  # no number
            self._list(ends)

    def _list(self, ends: list[listed_note]) -> None:
        section = nodes.section("", nodes.title("", "Notes"), ids=["notes"], classes=["notes"])
        section += nodes.container("", *ends, classes=["cb-endnotes"])
        next(self.document.findall(nodes.section), self.document).append(section)


def _citations(parent: nodes.Element) -> Iterator[tuple[int, list[nodes.Element], int]]:
    """Each parenthesis of links only: the places of the texts that open and close it, and the
    links between.

    The caller replaces what it was given by three nodes before it asks for the next.
    """
    begin = 0
    while begin < len(parent.children):
        links, end = [], begin + 1
        if isinstance(parent[begin], nodes.Text) and OPENS.search(parent[begin]):
            while end < len(parent) and _is_source(parent[end]):
                links.append(parent[end])
                end += 1
                if end < len(parent) and BETWEEN.fullmatch(_text(parent[end])):
                    end += 1
        if links and end < len(parent) and CLOSES.match(_text(parent[end])):
            yield begin, links, end
            begin += 1
        begin += 1


def _text(node: nodes.Node) -> str:
    return str(node) if isinstance(node, nodes.Text) else ""


def _is_source(node: nodes.Node) -> bool:
    """Whether a node is a link to a source: a card, a series or a page elsewhere."""
    if not isinstance(node, LINK):
        return False
    target = node.get("reftarget", "")
    outside = node.get("refuri", "").startswith("http")
    return outside or target.startswith("seeds/") or target in REFERENCE


def _replace(parent: nodes.Element, begin: int, end: int, mark: source_note) -> None:
    """Put `mark` in the place of the parenthesis; a stop or comma behind it goes before it."""
    stop = CLOSES.match(parent[end])
    before = nodes.Text(OPENS.sub("", parent[begin]) + stop[1])
    after = nodes.Text(parent[end][stop.end() :])
    parent.children[begin : end + 1] = []
    for offset, child in enumerate((before, mark, after)):
        parent.insert(begin + offset, child)


def _inside(node: nodes.Node, kind: type) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kind):
            return True
    return False


# -- what a note says -------------------------------------------------------


def _said(
    env: BuildEnvironment, link: nodes.Element, named: set[str] | None = None
) -> list[nodes.Node]:
    """A link and what is said of it; for the list at the end (`named`: the sources and
    pages that it has named) with reference and address.
    """
    if link.get("refuri", "").startswith("http"):
        return _outside(link, named)
    source, paragraph = _source_of(link)
    if source is None:
        return [link]
    label = f"{source['short']}, ¶{paragraph}" if paragraph else _label(link, source)
    link.children = [nodes.inline("", label)]
    if named is not None:
        return [link, nodes.Text("."), *_reference(source, named)]
    said = summaries(env, source["card"]).get(paragraph) if paragraph else None
    publisher = "" if source["publisher"] in ("", "various") else f", {source['publisher']}"
    return [link, nodes.Text(f": {said}" if said else publisher)]


def _label(link: nodes.Element, source: dict) -> str:
    return link.astext() or source["short"]


def _outside(link: nodes.Element, named: set[str] | None) -> list[nodes.Node]:
    """A link to a page elsewhere, with its publisher and date; in the list at the end with its
    address and, once, what was read of it and for which events.
    """
    address = link["refuri"]
    page = _pages().get(address, {"publisher": words.site(address), "published": "", "read": ""})
    label, publisher = named_once(link.astext(), page["publisher"])
    link.children = [nodes.inline("", label)]
    facts = [publisher, figure.written(page["published"])]
    said = "".join(f", {fact}" for fact in facts if fact)
    if named is None:
        return [link, nodes.Text(said)]
    shown = nodes.inline("", unquote(address), classes=["cb-address"])
    rests = " and ".join(_recorded().get(address, []))
    read = f". Read: {page['read']}" if page["read"] else ""
    once = "" if address in named else read + (f", for {rests}" if rests else "")
    named.add(address)
    return [link, nodes.Text(f"{said}, "), shown, nodes.Text(once)]


def named_once(label: str, publisher: str) -> tuple[str, str]:
    """The words of a link and its publisher, such that no name stands twice.

    >>> named_once("ministry, in Japanese", "Ministry of Foreign Affairs of Japan")
    ('Ministry of Foreign Affairs of Japan, in Japanese', '')
    >>> named_once("Reuters, in Asahi", "Reuters, in The Asahi Shimbun")
    ('Reuters, in Asahi', '')
    """
    name, comma, language = label.partition(", in Japanese")
    if name.casefold() in publisher.casefold():  # “ministry” stands for the whole name
        return f"{publisher}{comma}{language}", ""
    return label, "" if {*NAME.findall(label)} & {*NAME.findall(publisher)} else publisher


def _reference(source: dict, named: set[str] | None) -> list[nodes.Node]:
    """The full reference of a source where it is named for the first time in the list."""
    if named is None or source["source_id"] in named:
        return []
    named.add(source["source_id"])
    facts = [source[key] for key in ("authors", "title", "publisher", "published", "release")]
    text = " " + ". ".join(figure.written(fact) for fact in facts if fact) + ". "
    address = source["address"] if source["address"].startswith("http") else ""
    return [nodes.Text(text), nodes.inline("", address, classes=["cb-address"])]


def _source_of(link: nodes.Element) -> tuple[dict | None, int | None]:
    """The source that a link of the book leads to, and the paragraph."""
    card, anchor = link["reftarget"], link.get("reftargetid")
    anchor = anchor if isinstance(anchor, str) else ""
    key = Path(card).name if card.startswith("seeds/") else anchor
    paragraph = re.fullmatch(r"p(\d+)", anchor)
    return _sources().get(key), int(paragraph[1]) if paragraph else None


@cache
def _sources() -> dict[str, dict]:
    rows = evidence.load("sources").fillna("").astype(str).to_dict("records")
    return {row["source_id"]: row for row in rows}


@cache
def _pages() -> dict[str, dict]:
    """The pages elsewhere by their addresses."""
    rows = evidence.load("pages").fillna("").astype(str).to_dict("records")
    return {row["address"]: row for row in rows}


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


def visit_note(self: Any, node: source_note) -> None:
    count = node["number"]
    if node["margin"]:
        self.body.append(
            f'<input type="checkbox" class="cb-open" id="open-{count}" aria-label="Note {count}">'
            f'<label class="cb-ref" for="open-{count}">{count}</label>'
            f'<span class="cb-note" role="note" id="note-{count}"><b>{count}</b> '
        )
    else:
        self.body.append(
            f'<a class="cb-ref" id="note-{count}" href="#end-{count}"'
            f' aria-label="Note {count}">{count}</a>'
        )
        raise nodes.SkipNode


def depart_note(self: Any, node: source_note) -> None:
    self.body.append("</span>")


def visit_endnote(self: Any, node: listed_note) -> None:
    count = node["number"]
    self.body.append(
        f'<p id="end-{count}" class="cb-end"><a class="cb-back" href="#note-{count}"'
        f' aria-label="Back to note {count} in the text">{escape(str(count))}</a> '
    )


def depart_endnote(self: Any, node: listed_note) -> None:
    self.body.append("</p>\n")


def setup(app: Sphinx) -> None:
    app.add_node(source_note, html=(visit_note, depart_note))
    app.add_node(listed_note, html=(visit_endnote, depart_endnote))
    app.add_post_transform(NumberNotes)
