"""Templates of this package, and the pieces of a page that are written by them."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from casebook.book.taking import citation, describe, publish, standalone

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """The template filled in; every value is escaped unless it is Markup already."""
    return TEMPLATES.get_template(template).render(**values)


def inner(translator: Any, node: nodes.Node) -> Markup:
    """The HTML that Sphinx writes for `node`, for a template to place."""
    start = len(translator.body)
    node.walkabout(translator)
    written = "".join(translator.body[start:])
    del translator.body[start:]
    return Markup(written)


def write_exhibit(translator: Any, node: nodes.Element, template: str, **values: Any) -> None:
    """Write an exhibit whole, with its caption and its sources where the template wants them."""
    caption, *sources = (inner(translator, child) for child in node.children)
    number = re.search(r'"caption-number">([^<]+?)\s*<', caption)
    cite = citation(translator.builder, node["record"], number[1] if number else "exhibit")
    describe(translator.builder, node["record"], cite)
    if svg := node.get("svg"):
        file = f"{node['record']['id']}.svg"
        picture = standalone(svg, cite)
        values["picture"] = publish(translator.builder, file, picture)
    html = render(
        template,
        id=node["ids"][0],
        record=node["record"],
        caption=caption,
        sources=Markup("").join(sources),
        cite=cite,
        **values,
    )
    translator.body.append(html)
    raise nodes.SkipNode


def depart_nothing(translator: Any, node: nodes.Element) -> None:
    """What a template wrote whole needs no end."""


def visit_caption(translator: Any, node: nodes.Element) -> None:
    translator.body.append("<figcaption><p>")
    translator.add_fignumber(node.parent)
    translator.body.append('<span class="caption-text">')


def depart_caption(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</span></p></figcaption>\n")
