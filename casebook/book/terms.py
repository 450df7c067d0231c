"""Links to the glossary tell the meaning of their term: pointed at, focused or touched."""

from functools import lru_cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from casebook.book.hints import GLOSSARY
from casebook.book.html import inner, write


class glossary_link(nodes.Inline, nodes.TextElement):
    """A link to the glossary: attributes `meaning` and `count`, its number on the page."""


def hint(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to the glossary the meaning of its term."""
    known = meanings(app.env)
    links = [link for link in doctree.findall(nodes.reference) if _term(link) in known]
    for count, link in enumerate(links, start=1):
        shown = glossary_link(meaning=known[_term(link)], count=count)
        link.replace_self(shown)
        shown += link


@lru_cache(maxsize=1)
def meanings(env: BuildEnvironment) -> dict[str, str]:
    """What each term of the glossary means, by its anchor."""
    found: dict[str, str] = {}
    glossary = env.get_doctree(GLOSSARY) if GLOSSARY in env.found_docs else nodes.Element()
    for section in glossary.findall(nodes.section):
        if meaning := next(section.findall(nodes.paragraph), None):
            found |= dict.fromkeys(section["ids"], " ".join(meaning.astext().split()))
    return found


def _term(link: nodes.reference) -> str:
    page, _, anchor = link.get("refuri", "").partition("#")
    return anchor if page.endswith("glossary.html") else ""


def visit_term(translator: Any, node: glossary_link) -> None:
    link = inner(translator, *node.children)
    write(translator, "term.html", link=link, count=node["count"], meaning=node["meaning"])


def setup(app: Sphinx) -> None:
    app.add_node(glossary_link, html=(visit_term, None))
    app.connect("doctree-resolved", hint)
