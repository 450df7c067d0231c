"""What a reader can see: each mark stands out from the paper, is large enough, lies open to view.

The picture holds only what a chart here is made of, so that nothing moves, covers or fades a part
of it by another way.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from casebook.checks.figures.drawing import (
    PATH,
    TEXT,
    TOUCH,
    USE,
    Drawing,
    Extent,
    coordinates,
    look,
    tag_of,
)
from casebook.checks.figures.shown import Shown

# Tag -> the attributes that it may have. A group has no look and no place of its own.
MADE_OF = {
    "svg": {"width", "height", "viewBox", "version", "style", "role", "aria-label"},
    "g": {"id", "clip-path"},
    "path": {"id", "d", "style", "clip-path"},
    "use": {"href", "x", "y", "style"},
    "text": {"style", "transform", "x", "y"},
    "title": set(),
    "defs": set(),
    "clipPath": {"id"},
    "rect": {"x", "y", "width", "height"},
}
LOOK = r"fill(-opacity|-rule)?|stroke(-\w+)?|opacity|paint-order|font(-\w+)?|text-anchor"
# Groups whose shapes have a meaning: the ground, ticks, what names a series, guides, marks.
PART = re.compile(r"backdrop.*|[xy]tick_\d+|legend_\d+|guide-.*|series-\d+|mark-.*|patch_\d+")
# The least contrast with the paper (WCAG 2 asks 3 of what carries meaning); a guide may be pale.
MARK, WORD, GUIDE = 3.0, 3.0, 1.1
SMALL = 2.0  # units of the picture, about a pixel each: of a symbol, and across a bar
OPAQUE = 0.9


class Shape(NamedTuple):
    """A shape that is drawn: the part and the axes to which it belongs, what it covers."""

    drawn: Element
    part: str
    axes: str
    box: Extent


def seen_problems(shown: Shown) -> Iterator[str]:
    """Parts that no chart has, and marks, words and guides that nobody would see."""
    svg = shown.svg
    yield from dict.fromkeys(_strange(svg.root))
    shapes = list(_shapes(svg, svg.root))
    parts: dict[str, list[Shape]] = {}
    for shape in shapes:
        parts.setdefault(shape.part, []).append(shape)
        if shape.part.startswith("patch") and not _is_edge(shape.drawn):
            yield f"{shape.part} is drawn, but is no mark and no guide"
    for part, drawn in parts.items():
        floor = MARK if part.startswith("mark-") else GUIDE if part.startswith("guide-") else 0
        best = max(contrast(shape.drawn) for shape in drawn)
        if best < floor:
            yield f"{part} cannot be seen: its contrast is {best:.1f} (expected {floor:g})"
        elif not part:
            yield f"{len(drawn)} shapes are drawn that are no mark and no guide"
    for text in svg.root.iter(TEXT):
        if contrast(text) < WORD:
            yield f"the words {''.join(text.itertext())!r} cannot be seen"
    yield from _small(svg)
    yield from _covered(shapes)


def _strange(element: Element, inside: str = "") -> Iterator[str]:
    """Elements and attributes of which no chart is made, and words that belong to no part."""
    tag = tag_of(element)
    names = {name.rpartition("}")[2] for name in element.attrib}
    known = MADE_OF.get(tag, names)
    if tag == "g" and "id" in names:
        known = {"id"}  # what is clipped is the group around marks, or a shape
    for name in sorted(names - known):
        yield f"a <{tag}> has {name!r}, which no part of a chart has"
    if tag not in MADE_OF or (tag == "rect" and inside != "clipPath"):
        yield f"it holds a <{tag}>, which is no part of a chart"
    elif tag == "text" and not inside.startswith(("text_", "guide-")):
        yield f"it says {''.join(element.itertext())!r} outside of titles, labels and guides"
    elif tag != "svg":
        yield from _odd_look(element.get("style", ""))
    for child in element:
        yield from _strange(child, element.get("id") or inside if tag != "clipPath" else tag)


@cache
def _odd_look(style: str) -> tuple[str, ...]:
    odd = [name for name in look(style) if not re.fullmatch(LOOK, name)]
    return tuple(f"a part is drawn with {name!r}, which no part of a chart has" for name in odd)


def _shapes(svg: Drawing, element: Element, part: str = "", axes: str = "") -> Iterator[Shape]:
    """What is drawn beneath an element, first to last, without what has no extent."""
    id = element.get("id", "")
    part = id if PART.fullmatch(id) and not part.startswith("legend") else part
    axes = id if id.startswith("axes_") else axes
    for child in element:
        if child.tag in (PATH, USE):
            box = svg.box(child)
            if any(high > low for low, high in box.values()):
                yield Shape(child, part, axes, box)
        elif tag_of(child) == "g":
            yield from _shapes(svg, child, part, axes)


def _is_edge(shape: Element) -> bool:
    """Whether a shape is an edge of the axes: a straight line without fill."""
    return look(shape.get("style", "")).get("fill") == "none" and len(coordinates(shape)) == 4


def _small(svg: Drawing) -> Iterator[str]:
    """Symbols, and bars across their length, that are smaller than an eye sees."""
    for axes in svg.axes:
        boxes = [(mark, svg.box(mark[-1])) for mark in axes.iter() if mark in svg.marks]
        feet = {round(box["x"][0]) for mark, box in boxes if svg.is_bar(mark)}
        across = "y" if len(feet) == 1 else "x"
        for mark, box in boxes:
            low, high = box[across]
            if high - low < SMALL:
                yield f"{mark.get('id')} is too small to be seen ({high - low:.2g} units)"


def _covered(shapes: list[Shape]) -> Iterator[str]:
    """Marks over which something is drawn later that hides them; at the same spot two are one."""
    solid = [(n, s) for n, s in enumerate(shapes) if _paint(s.drawn, "fill")[1] > OPAQUE]
    for number, mark in enumerate(shapes):
        for later, over in solid if mark.part.startswith("mark-") else ():
            same = over.axes not in (mark.axes, "") or over.part == mark.part
            if later > number and not same and _hides(over.box, mark.box):
                yield f"{mark.part} is hidden under {over.part or 'a shape'}"
                break


def _hides(over: Extent, box: Extent) -> bool:
    """Whether one box holds another, without having its middle."""
    return any(abs(sum(over[x]) - sum(box[x])) > TOUCH for x in "xy") and all(
        over[x][0] - TOUCH <= box[x][0] and box[x][1] <= over[x][1] + TOUCH for x in "xy"
    )


def contrast(element: Element) -> float:
    """The contrast of a shape or text with white paper, 1 to 21: of its fill or its line."""
    paints = ("fill",) if element.tag == TEXT else ("fill", "stroke")
    return max(1.05 / (_luminance(*_paint(element, part)) + 0.05) for part in paints)


def _paint(element: Element, part: str) -> tuple[str, float]:
    """Colour and opacity of the fill or the line of an element; a line may have no breadth."""
    style = look(element.get("style", ""))
    # black is what SVG fills with when nothing is said
    colour = style.get(part, "#000000" if part == "fill" else "none")
    opacity = float(style.get(f"{part}-opacity", 1)) * float(style.get("opacity", 1))
    thin = part == "stroke" and float(style.get("stroke-width", 1)) < 0.3
    return colour, 0 if colour == "none" or thin else opacity


@cache
def _luminance(colour: str, opacity: float) -> float:
    """Relative luminance (WCAG 2) of a colour over white."""
    parts = [int(colour[at : at + 2], 16) if opacity else 255 for at in (1, 3, 5)]
    lights = [(255 + (part - 255) * opacity) / 255 for part in parts]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in lights]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
