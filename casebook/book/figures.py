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
from casebook.book.slim import SVG, share_ground, slim
from casebook.book.tables import download, rows_of
from casebook.book.taking import write_exhibit

ET.register_namespace("", SVG[1:-1])

PAINTS = ("fill", "stroke", "color", "stop-color", "flood-color")
TYPE = f"{style.TYPE}px"  # what the style sheet gives to all words
# Each hue of the book is a variable of the style sheet, with a lighter twin for the dark theme.
HUES = [*style.COLOUR.values(), *style.GROUND.values(), *(hue for hue, _ in style.SOURCE.values())]
THEMED = {hue: f"var(--cb-{hue[1:]})" for hue in HUES} | {
    style.FAINT: "var(--cb-faint)",
    "#ffffff": "var(--paper)",
    style.INK: "currentColor",
    "#000000": "currentColor",
}
FONT = {"font-size": r"[\d.]+px", "font-style": "italic", "font-weight": r"^(?:\d+(?=\s)|bold)"}
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
    kinds = {"cb-single": svg}
    if "narrow" in record:
        kinds = {"cb-broad": svg, "cb-narrow": record["narrow"]}
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
    for parent in list(root.iter()):
        for child in list(parent):
            if is_unwanted(child, parent):
                parent.remove(child)
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


def is_unwanted(element: ET.Element, parent: ET.Element) -> bool:
    """What only a file needs: the page has paper, looks and labels of its own.

    A tick without a line says in the file where its label belongs.
    """
    if element.tag in (f"{SVG}style", f"{SVG}title") or element.get("id") == "backdrop":
        return True
    use = element.find(f"{SVG}g/{SVG}use")
    in_tick = parent.get("id", "").startswith(("xtick_", "ytick_"))
    return in_tick and use is not None and "stroke" not in use.get("style", "")


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
    """Size, slant and weight of a font, whose family is the page's."""
    found = {name: re.search(pattern, value) for name, pattern in FONT.items()}
    return {name: match[0] for name, match in found.items() if match}


def label_marks(root: ET.Element, marks: list[Record], attributes: Attributes) -> None:
    """Marks are images with a name; one is a stop of the Tab key, arrow keys go on from it."""
    known = {mark["id"]: mark for mark in marks}
    drawn = [element for element in root.iter() if element.get("id") in known]
    for number, element in enumerate(drawn):
        mark = known[element.attrib.pop("id")]
        element.attrib |= {"class": "cb-mark", "role": "img", "aria-label": mark["text"]}
        element.attrib |= attributes(mark)
        if number == 0:
            element.set("tabindex", "0")  # the page's script gives the others theirs
