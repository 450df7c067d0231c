"""Links to the glossary tell the meaning of their term: pointed at, focused or touched."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


class glossary_link(nodes.Inline, nodes.TextElement):
    """A link to the glossary (its one child) and the meaning that it shows: attributes `meaning`
    and `count`, its number on the page.
    """


def hint(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to the glossary the meaning of its term."""
    known: dict[str, str] = app.env.casebook_terms  # type: ignore[attr-defined]
    links = [link for link in doctree.findall(nodes.reference) if _term(link) in known]
    for count, link in enumerate(links, start=1):
        shown = glossary_link(meaning=known[_term(link)], count=count)
        link.replace_self(shown)
        shown += link


def _term(link: nodes.reference) -> str:
    page, _, anchor = link.get("refuri", "").partition("#")
    return anchor if page.endswith("glossary.html") else ""


def visit_term(self: Any, node: glossary_link) -> None:
    self.body.append('<span class="cb-term">')


def depart_term(self: Any, node: glossary_link) -> None:
    self.body.append(
        f'<span class="cb-meaning" role="tooltip" id="term-{node["count"]}">'
        f"{escape(node['meaning'])}</span></span>"
    )


def setup(app: Sphinx) -> None:
    app.add_node(glossary_link, html=(visit_term, depart_term))
    app.connect("doctree-resolved", hint)
