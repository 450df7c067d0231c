"""Cells of the evidence as nodes: text stays text, whatever it looks like."""

import re
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.addnodes import pending_xref

from casebook import evidence

Part: TypeAlias = str | nodes.Node | list[nodes.Node]

# What a cell may hold besides plain words.
MEANT = re.compile(
    r"(?P<address>https?://[^\s;,()]+(?:\([^\s;,()]*\)[^\s;,()]*)*)"
    r"|\b(?P<source>\w+\d{4}), (?:paragraph|para\.) (?P<paragraph>\d+)"  # panda2022, paragraph 8
    r"|(?<![\w/#(])(?P<name>[a-z]+(?:_[a-z]+)?20\d\d)\b(?!\.md)"  # a source by its key
)


class Words:
    """Makes nodes for the page `docname`."""

    def __init__(self, docname: str) -> None:
        self.docname = docname
        sources = evidence.load("sources")
        self.short = dict(zip(sources["source_id"], sources["short"], strict=True))

    def cite(self, source_id: str, paragraph: object = None) -> nodes.Node:
        """A link to a source's card and paragraph, or to an outside series' section."""
        return source_link(evidence.reference(source_id, paragraph), self.docname)

    def page(self, label: str, address: str) -> nodes.Node:
        """A link to a file of the book."""
        return page_link(label, address, self.docname)

    def cell(self, cell: object) -> list[nodes.Node]:
        """A cell's words, with its addresses, sources and paragraphs as links."""
        text, found, at = plain(cell), [], 0
        for match in MEANT.finditer(text):
            found += [nodes.Text(text[at : match.start()]), self._meant(match)]
            at = match.end()
        return [*found, nodes.Text(text[at:])]

    def _meant(self, match: re.Match[str]) -> nodes.Node:
        if match["address"]:
            return web_link(match["address"])
        if match["source"] in self.short:
            return self.cite(match["source"], match["paragraph"])
        return nodes.Text(self.short.get(match["name"], match[0]))

    def sentence(self, cell: object) -> list[nodes.Node]:
        """A cell as a sentence, with its full stop; nothing where the cell is empty."""
        text = plain(cell)
        end = "" if text == "" or text[-1] in ".!?" else "."
        return [*self.cell(cell), nodes.Text(end)] if text else []


def plain(cell: object) -> str:
    """A cell as text; empty where the source says nothing."""
    return cell.strip() if isinstance(cell, str) else ""


def values(cell: object) -> list[str]:
    """The values of a cell that holds several, parted by ``; ``."""
    return plain(cell).split("; ") if plain(cell) else []


def source_link(reference: str, docname: str) -> pending_xref:
    """A link to what a reference such as ``cfr2022#p4`` names."""
    label, address = evidence.cite(reference)
    return page_link(label, address, docname)


def page_link(label: str, address: str, docname: str) -> pending_xref:
    """A link to a file of the book by its address from the root (``seeds/cfr2022.md#p4``)."""
    file, _, anchor = address.partition("#")
    link: pending_xref = pending_xref(
        refdomain="doc",
        reftype="myst",
        refdoc=docname,
        reftarget=file.removesuffix(".md"),
        reftargetid=anchor or None,
        refexplicit=True,
    )
    link.append(nodes.inline("", label))
    return link


def web_link(address: str, label: str = "") -> nodes.reference:
    """A link out of the book, by default under the name of its site, which is short."""
    return nodes.reference("", label or site(address), refuri=address, internal=False)


def site(address: str) -> str:
    """The name of the site of an address."""
    return urlsplit(address).netloc.removeprefix("www.").removesuffix(".")


def inline(*parts: Part) -> list[nodes.Node]:
    """Text and nodes, one after the other."""
    found: list[nodes.Node] = []
    for part in parts:
        if isinstance(part, list):
            found += part
        else:
            found.append(nodes.Text(part) if isinstance(part, str) else part)
    return found


def joined(parts: Iterable[Part], between: str) -> list[nodes.Node]:
    """The parts that are not empty, with `between` between them."""
    found: list[nodes.Node] = []
    for part in parts:
        if part:
            found += inline(between, part) if found else inline(part)
    return found


def strong(text: str) -> nodes.strong:
    return nodes.strong("", text)


def emphasis(text: str) -> nodes.emphasis:
    return nodes.emphasis("", text)


def paragraph(*parts: Part) -> nodes.paragraph:
    return nodes.paragraph("", "", *inline(*parts))


def bullets(items: Iterable[list[nodes.Node]]) -> list[nodes.Node]:
    """A list of points; none where there is no item."""
    points = [nodes.list_item("", paragraph(item)) for item in items]
    return [nodes.bullet_list("", *points)] if points else []


def entry(
    term: list[nodes.Node], *blocks: nodes.Node, name: str = ""
) -> nodes.definition_list_item:
    """A term, which other pages can link by `name`, and what is said of it."""
    head = nodes.term("", "", *term, names=[name] if name else [])
    return nodes.definition_list_item("", head, nodes.definition("", *blocks))


def elements(node: nodes.Element) -> list[nodes.Element]:
    """The children that are elements, not bare text."""
    return [child for child in node.children if isinstance(child, nodes.Element)]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
