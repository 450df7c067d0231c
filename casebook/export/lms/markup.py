"""What the writers share: HTML of an item, escaped by the template, and elements of XML."""

from pathlib import Path
from xml.etree import ElementTree as ET

from jinja2 import Environment, FileSystemLoader
from markupsafe import escape

from casebook.export.lms.items import Item

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(text: str) -> str:
    """A plain text as HTML."""
    return str(escape(text))


def question(item: Item) -> str:
    """The prompt and what stands under it, as HTML."""
    return _macro("question", item)


def reasons(item: Item) -> str:
    """What a student reads after any answer, as HTML: reasons that no answer can carry, sources."""
    return _macro("reasons", item)


def mistakes(item: Item) -> str:
    """The wrong answers with their reasons, as HTML: for a platform that keeps none for each."""
    return _macro("mistakes", item)


def _macro(name: str, item: Item) -> str:
    return str(getattr(TEMPLATES.get_template("item.html").module, name)(item)).strip()


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Append an element with a text and attributes to `parent`, and return it."""
    made = ET.SubElement(parent, tag, attributes)
    made.text = text or None
    return made


def document(root: ET.Element) -> bytes:
    """A document of XML as a file."""
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
