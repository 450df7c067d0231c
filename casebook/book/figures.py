"""A chart on the page: inline SVG in the theme's colours, marks that take focus, its data.

The SVG is parsed once and changed as a tree. Its parts are known by the ids that `casebook.figure`
gave them when it drew; text is never touched.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from docutils import nodes
from markupsafe import Markup

from casebook import style
from casebook.book.html import write_exhibit
from casebook.book.slim import SVG, share_ground, slim
from casebook.book.tables import download, rows_of

ET.register_namespace("", SVG[1:-1])

PAINTS = ("fill", "stroke", "color", "stop-color", "flood-color")
TYPE = f"{style.TYPE}px"  # what the style sheet gives to all words
# Each hue of the book is a variable of the style sheet, with a lighter twin for the dark theme.
THEMED = {
    hue: f"var(--cb-{hue[1:]})"
    for hue in [
        *style.COLOUR.values(),
        *style.GROUND.values(),
        *(hue for hue, _ in style.SOURCE.values()),
    ]
} | {
    style.FAINT: "var(--cb-faint)",
    "#ffffff": "var(--paper)",
    style.INK: "currentColor",
    "#000000": "currentColor",
}
Record = dict[str, Any]
Attributes = Callable[[Record], dict[str, str]]


def visit_figure(translator: Any, node: nodes.Element) -> None:
    record = node["record"]
    write_exhibit(
        translator,
        node,
        "figure.html",
        svg=drawings(node["svg"], record),
        table=rows_of(translator.builder, record),
        file=download(translator.builder, record["id"], record["columns"], record["rows"]),
    )


def drawings(svg: str, record: Record, attributes: Attributes = lambda mark: {}) -> Markup:
    """A chart in both its drawings, of which the style sheet shows one; or in the one there is.

    `attributes` gives further attributes of a mark's element.
    """
    kinds = (
        {"cb-broad": svg, "cb-narrow": record["narrow"]}
        if "narrow" in record
        else {"cb-single": svg}
    )
    roots = [inline(text, record, kind, attributes) for kind, text in kinds.items()]
    if len(roots) == 2:
        share_ground(*roots)
    slim(roots, record["id"])
    said = "".join(ET.tostring(root, encoding="unicode") for root in roots)
    return Markup(said.replace(" />", "/>"))


def inline(svg: str, record: Record, kind: str, attributes: Attributes) -> ET.Element:
    """A drawing for inline use: the theme's colours and font, marks that take focus."""
    root = ET.fromstring(svg)
    root.set("class", kind)
    for name in ("width", "height"):  # the style sheet gives the size
        root.attrib.pop(name, None)
    root.set("fill", "currentColor")  # SVG's own default is black in every theme
    drop(root, is_backdrop)
    drop(root, lambda element, parent: element.tag == f"{SVG}style")  # it would rule the whole page
    drop(root, is_unseen_tick)
    # the page's script shows what a mark says, and its label says it
    drop(root, lambda element, parent: element.tag == f"{SVG}title")
    for element in root.iter():
        restyle(element)
    label_marks(root, record["marks"], attributes)
    return root


def fills(svg: str) -> dict[str, str]:
    """The colour of each bar in the theme, by the id of its mark."""
    groups = [group for group in ET.fromstring(svg).iter() if group.get("id", "")[:5] == "mark-"]
    return {
        group.get("id", ""): declarations(path.get("style", ""))["fill"]
        for group in groups
        for path in group.findall(f"{SVG}path")
    }


def drop(root: ET.Element, unwanted: Callable[[ET.Element, ET.Element], bool]) -> None:
    """Take every element out for which `unwanted(element, parent)` is true."""
    for parent in list(root.iter()):
        for element in [child for child in parent if unwanted(child, parent)]:
            parent.remove(element)


def is_backdrop(element: ET.Element, parent: ET.Element) -> bool:
    """The paper of the figure: the page has its own."""
    return element.get("id") == "backdrop"


def is_unseen_tick(element: ET.Element, parent: ET.Element) -> bool:
    """A tick without a line, which says in the file where its label belongs."""
    use = element.find(f"{SVG}g/{SVG}use")
    in_tick = re.match(r"[xy]tick_", parent.get("id", ""))
    return bool(in_tick) and use is not None and "stroke" not in use.get("style", "")


def restyle(element: ET.Element) -> None:
    """The theme's colours and the page's font, in attributes and style declarations only."""
    for name in PAINTS:
        if name in element.attrib:
            element.set(name, themed(element.get(name, "")))
    if "style" in element.attrib:
        declared = declarations(element.get("style", ""))
        element.set("style", ";".join(f"{name}:{value}" for name, value in declared.items()))


def themed(colour: str) -> str:
    return THEMED.get(colour.strip().lower(), colour)


def declarations(text: str) -> dict[str, str]:
    """A style attribute as it shall be: property -> value."""
    found: dict[str, str] = {}
    for name, _, value in (part.partition(":") for part in text.split(";") if part.strip()):
        name, value = name.strip(), value.strip()
        if name == "font":  # "bold 11.5px 'DejaVu Sans'"
            found |= font(value)
        elif name != "font-family" and (name, value) != ("font-size", TYPE):
            found[name] = themed(value) if name in PAINTS else value
    return found


def font(value: str) -> dict[str, str]:
    """Size and weight of a font, whose family is the page's."""
    size = re.search(r"[\d.]+px", value)
    weight = re.match(r"\d+(?=\s)|bold", value)
    found = {"font-size": size[0]} if size else {}
    if "italic" in value:
        found["font-style"] = "italic"
    return found | ({"font-weight": weight[0]} if weight else {})


def label_marks(root: ET.Element, marks: list[Record], attributes: Attributes) -> None:
    """Marks are images with a name; one is a stop of the Tab key, arrow keys go on from it."""
    known = {mark["id"]: mark for mark in marks}
    drawn = [element for element in root.iter() if element.get("id") in known]
    for number, element in enumerate(drawn):
        mark = known[element.attrib.pop("id")]
        element.attrib |= {
            "class": "cb-mark",
            "role": "img",
            "aria-label": mark["text"],
            **attributes(mark),
        } | ({} if number else {"tabindex": "0"})  # the page's script gives the others theirs
