"""What is written as HTML or XML: every value escaped by the template."""

from pathlib import Path
from typing import Any

from casebook.export.lms.items import BECOMES, Item
from casebook.templates import templates

TEMPLATES = templates(Path(__file__).parent / "templates")
TEMPLATES.globals["becomes"] = BECOMES


def render(template: str, **values: Any) -> str:
    """The template filled in; a document of XML begins with its declaration."""
    return TEMPLATES.get_template(template).render(**values).lstrip()


def part(name: str, item: Item) -> str:
    """A part of an item as HTML: its `question`, or the `reasons` that follow any answer."""
    return str(getattr(TEMPLATES.get_template("item.html").module, name)(item)).strip()
