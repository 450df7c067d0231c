"""Moodle XML: every question in the category of its chapter, variants in one of their own.

Element names are those that Moodle's `question/format/xml` reads. A question type `ordering` is
part of Moodle since 4.4; an older one takes the GIFT file, which has none.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from casebook.export.lms.items import Answer, Item, Pool
from casebook.export.lms.markup import add, document, html, question, reasons

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "numeric": "numerical",
    "match": "matching",
    "order": "ordering",
    "essay": "essay",
}


def write(categories: Iterable[tuple[str, Pool]]) -> bytes:
    """The file: pairs of a category's path and its items."""
    root = ET.Element("quiz")
    for path, items in categories:
        category = add(root, "question", type="category")
        add(add(category, "category"), "text", path)
        for item in items:
            _write(root, item)
    return document(root)


def _write(root: ET.Element, item: Item) -> None:
    node = add(root, "question", type=TYPES[item.shape])
    add(add(node, "name"), "text", item.id)
    _html(node, "questiontext", question(item))
    _html(node, "generalfeedback", reasons(item))
    add(node, "defaultgrade", "1")
    add(node, "idnumber", item.id)
    {
        "single": _choice,
        "multiple": _choice,
        "numeric": _numeric,
        "match": _match,
        "order": _order,
        "essay": _essay,
    }[item.shape](node, item)
    add(add(add(node, "tags"), "tag"), "text", f"objective {item.objective}")


def _html(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    node = add(parent, tag, format="html", **attributes)
    add(node, "text", text)
    return node


def _choice(node: ET.Element, item: Item) -> None:
    add(node, "single", "true" if item.shape == "single" else "false")
    # A sentence, a page and a scale keep their order.
    add(node, "shuffleanswers", "true" if item.type == item.shape else "false")
    for answer in item.answers:
        part = _html(node, "answer", html(answer.text), fraction=fraction(item, answer))
        _html(part, "feedback", html(answer.feedback))


def fraction(item: Item, answer: Answer) -> str:
    """The part of the mark that an answer earns, in percent: all of them together earn nothing."""
    if item.shape != "multiple":
        return "100" if answer.right else "0"
    share = 100 / sum(each.right == answer.right for each in item.answers)
    return f"{share if answer.right else -share:.7g}"


def _numeric(node: ET.Element, item: Item) -> None:
    for answer in item.answers:  # the right one first: Moodle takes the first that fits
        part = add(node, "answer", fraction="100" if answer.right else "0")
        add(part, "text", answer.text)
        add(part, "tolerance", f"{answer.tolerance:.10g}")
        _html(part, "feedback", html(answer.feedback))


def _match(node: ET.Element, item: Item) -> None:
    add(node, "shuffleanswers", "true")
    _html(node, "correctfeedback", html(item.feedback))
    for answer in item.answers:
        part = _html(node, "subquestion", html(answer.text))
        add(add(part, "answer"), "text", answer.partner)


def _order(node: ET.Element, item: Item) -> None:
    add(node, "layouttype", "VERTICAL")
    add(node, "selecttype", "ALL")
    add(node, "selectcount", str(len(item.answers)))
    add(node, "gradingtype", "ABSOLUTE_POSITION")
    add(node, "showgrading", "SHOW")
    _html(node, "correctfeedback", html(item.feedback))
    for answer in item.answers:
        _html(node, "answer", html(answer.text), fraction=answer.partner)


def _essay(node: ET.Element, item: Item) -> None:
    add(node, "responseformat", "editor")
    add(node, "responserequired", "1")
    _html(node, "graderinfo", reasons(item))
