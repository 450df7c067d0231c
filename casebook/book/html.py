"""Templates of this package, and the pieces of a page that are written by them."""

from pathlib import Path
from typing import Any, NoReturn

from docutils import nodes
from markupsafe import Markup

from casebook.templates import templates

TEMPLATES = templates(Path(__file__).parent / "templates")


def render(template: str, **values: Any) -> str:
    """The template filled in; every value is escaped unless it is Markup already."""
    return TEMPLATES.get_template(template).render(**values)


def inner(translator: Any, *parts: nodes.Node) -> Markup:
    """The HTML that Sphinx writes for these nodes, for a template to place."""
    start = len(translator.body)
    for node in parts:
        node.walkabout(translator)
    written = "".join(translator.body[start:])
    del translator.body[start:]
    return Markup(written)


def write(translator: Any, template: str, **values: Any) -> NoReturn:
    """Write a node whole: its children are written only where the template places them."""
    translator.body.append(render(template, **values))
    raise nodes.SkipNode


def visit_caption(translator: Any, node: nodes.Element) -> None:
    translator.body.append("<figcaption><p>")
    translator.add_fignumber(node.parent)
    translator.body.append('<span class="caption-text">')


def depart_caption(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</span></p></figcaption>\n")
