"""The picture of a figure: deterministic SVG, parsed once and changed as a tree.

Its parts are known by the ids that they were given when drawn: `backdrop`, `backdrop-1` (of the
first axes), `mark-…` (one for each datum, with its value as title), `series-0`, `guide-…`.
"""

import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from casebook import style
from casebook.figure.drawing import Mark
from casebook.figure.rows import FigureError

SPACE = "http://www.w3.org/2000/svg"
LINK = "http://www.w3.org/1999/xlink"
G, TEXT, USE, PATH, TITLE, DEFS, CLIP, METADATA = (
    f"{{{SPACE}}}{name}"
    for name in ("g", "text", "use", "path", "title", "defs", "clipPath", "metadata")
)
# Words in a chart lie on paper of their own, so that no line of the grid runs through them.
HALO = {"paint-order": "stroke", "stroke": style.PAPER, "stroke-width": "3px"}
BLACK, PAPERS = "#000000", (style.PAPER, "#15171a")  # the page, light and dark
GROUND = "guide-(coast|lake|contested|border|line)"
# What the page has a twin of for the dark theme; every other colour must be readable on both.
TOKENS = {style.INK, style.FAINT, style.PAPER, *style.COLOUR.values(), *style.GROUND.values()}
TOKENS |= {colour for colour, _ in style.SOURCE.values()}


def lay_out(fig: Figure) -> None:
    """Fix where everything stands and name the parts that Matplotlib itself only numbers."""
    FigureCanvasSVG(fig)
    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        axis.get_ticklabels(which="both")  # made now, so that their dollars are plain too
    for text in fig.findobj(Text):
        text.set_parse_math("\\mathdefault" in text.get_text())  # a dollar is a dollar
    if engine := fig.get_layout_engine():
        with _any_script():
            engine.execute(fig)
            if _sticks_out(fig):  # words at a mark have moved with it
                engine.execute(fig)
        fig.set_layout_engine("none")  # solved once: it costs more than all the drawing
    fig.patch.set_gid("backdrop")
    for number, ax in enumerate(fig.axes, start=1):
        ax.patch.set_gid(f"backdrop-{number}")


def _sticks_out(fig: Figure) -> bool:
    boxes = [text.get_window_extent() for ax in fig.axes for text in ax.texts]
    return any(box.x0 < 0 or box.x1 > fig.bbox.width for box in boxes)


@contextmanager
def _any_script() -> Iterator[None]:
    """Text stays text, so it does not matter which letters Matplotlib's own font has."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def picture(fig: Figure, id: str, marks: Sequence[Mark], alt: str) -> str:
    """`fig` as SVG text, with `alt` as its name and each mark in a group of its own."""
    root = _drawn(fig, id)
    root.set("role", "group")
    root.set("aria-label", alt)
    groups = _named(root)
    for name in dict.fromkeys(mark.group for mark in marks):
        mine = [mark for mark in marks if mark.group == name]
        if name not in groups:
            raise FigureError(f"{name} cannot be seen (Matplotlib is told not to draw it)")
        if name != mine[0].id:
            groups |= _wrapped(groups[name], mine)
    for axes in (group for name, group in groups.items() if name.startswith("axes_")):
        for text in axes.findall(f"{G}/{TEXT}"):
            _restyle(text, _style(text) | HALO)
    for mark in marks:
        title = ET.Element(TITLE)
        title.text = mark.text
        groups[mark.id].insert(0, title)
    _ink(root, said=False)
    _legible(root, [groups[mark.id] for mark in marks])
    return ET.tostring(root, encoding="unicode")


def _drawn(fig: Figure, id: str) -> ET.Element:
    """The parsed picture without what changes from day to day or says nothing."""
    buffer = io.BytesIO()
    with _any_script(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": id}):
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        assert isinstance(fig.canvas, FigureCanvasSVG), "lay_out comes first"
        fig.canvas.print_svg(buffer, metadata=nothing)
    ET.register_namespace("", SPACE)
    ET.register_namespace("xlink", LINK)
    root = ET.fromstring(buffer.getvalue())
    for junk in root.findall(METADATA):
        root.remove(junk)
    for defs in root.findall(DEFS):  # a rule for `*`, which on a page would reach everything
        if defs.find(f"{{{SPACE}}}style") is not None:
            root.remove(defs)
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    _name_clips(root, id)
    _align(root, fig)
    for element in root.iter():  # half of the bytes are indentation
        element.tail = None
        if element.tag != TEXT:
            element.text = None
    for group in root.iter(G):
        if re.match(GROUND, group.get("id", "")):
            _coarsen(group)
    return root


def _name_clips(root: ET.Element, id: str) -> None:
    """Number what clips: Matplotlib's own name changes with the last digit of a length."""
    names = {clip.get("id"): f"{id}-clip-{n}" for n, clip in enumerate(root.iter(CLIP), start=1)}
    for element in root.iter():
        if element.tag == CLIP:
            element.set("id", names[element.get("id")])
        elif clipped := element.get("clip-path"):
            element.set("clip-path", f"url(#{names[clipped[5:-1]]})")


def _coarsen(ground: ET.Element) -> None:
    """Land and borders of a map as steps of half a point: a fifth of the bytes."""
    for path in ground.iter(PATH):
        lines, last = [], (0, 0)
        for line in path.get("d", "").split("M")[1:]:
            numbers = [round(2 * float(number)) for number in re.findall(r"-?[\d.]+", line)]
            points = list(zip(numbers[::2], numbers[1::2]))
            steps = [(x - a, y - b) for (x, y), (a, b) in zip(points, [last, *points])]
            lines.append("m" + " ".join(f"{x / 2:g} {y / 2:g}" for x, y in steps if x or y))
            last = points[-1]
        path.set("d", "".join(lines).replace(" -", "-"))


def _align(root: ET.Element, fig: Figure) -> None:
    """Let each line of a text end or centre where the text does, in any font.

    Matplotlib places the lines from their left, by the widths that they have in its own font.
    """
    broken = [group.findall(TEXT) for group in root.iter(G) if len(group.findall(TEXT)) > 1]
    for text in fig.findobj(Text):
        if not isinstance(text, Text) or "\n" not in text.get_text():
            continue
        side = text.get_horizontalalignment()
        if side != "left" and not text.get_rotation() and text.get_visible():
            x, is_here = _box(fig, text, side)
            for lines in filter(is_here, broken):
                _end_together(lines, x, "end" if side == "right" else "middle")


def _box(
    fig: Figure, text: Text, side: str
) -> tuple[float, Callable[[Sequence[ET.Element]], bool]]:
    """Where a text of several lines ends or centres, and whether lines of the picture are its own.

    Lengths are in points, from the picture's upper left corner.
    """
    box, scale, high = text.get_window_extent(), 72 / fig.dpi, fig.bbox.height
    x = {"center": (box.x0 + box.x1) / 2, "right": box.x1}[side] * scale
    low, top = (high - box.y0) * scale + 1, (high - box.y1) * scale - 1

    def is_here(lines: Sequence[ET.Element]) -> bool:
        return [line.text for line in lines] == text.get_text().split("\n") and all(
            top < float(y) < low and abs(float(left) - x) <= box.width * scale + 1
            for left, y in map(_at, lines)
        )

    return x, is_here


def _at(line: ET.Element) -> list[str]:
    """The two lengths of `translate(x y)`."""
    return re.findall(r"-?[\d.]+", line.get("transform", ""))


def _end_together(lines: Iterable[ET.Element], x: float, anchor: str) -> None:
    for line in lines:
        line.set("transform", f"translate({x} {_at(line)[1]})")
        _restyle(line, _style(line) | {"text-anchor": anchor})


def _named(root: ET.Element) -> dict[str, ET.Element]:
    """The groups by id; of two guides with one name the second gets a number."""
    groups: dict[str, ET.Element] = {}
    for group in root.iter(G):
        name = group.get("id")
        if name in groups:
            name = f"{name}-{sum(known.startswith(name) for known in groups) + 1}"
            group.set("id", name)
        if name:
            groups[name] = group
    return groups


def _wrapped(series: ET.Element, marks: Sequence[Mark]) -> dict[str, ET.Element]:
    """Put each symbol of a line or cloud of points into a group that bears its mark's id."""
    symbols = [(parent, use) for parent in series.iter() for use in parent.findall(USE)]
    if len(symbols) != len(marks):
        raise FigureError(
            f"series {marks[0].series!r}: {len(symbols)} of {len(marks)} marks lie inside"
            " the picture (widen the axes' limits)"
        )
    wrappers = {}
    for mark, (parent, use) in zip(marks, symbols):
        wrapper = wrappers[mark.id] = ET.Element(G, {"id": mark.id})
        parent[list(parent).index(use)] = wrapper
        wrapper.append(use)
    return wrappers


# -- colours and fonts ------------------------------------------------------


def _style(element: ET.Element) -> dict[str, str]:
    parts = (part.partition(":") for part in element.get("style", "").split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}


def _restyle(element: ET.Element, look: dict[str, str]) -> None:
    if look:
        element.set("style", "; ".join(f"{name}: {value}" for name, value in look.items()))


def _ink(element: ET.Element, said: bool) -> None:
    """Write black, with which SVG fills where nothing is `said`, as ink; name one font."""
    look = _style(element)
    if element.tag in (USE, PATH, TEXT) and not said and "fill" not in look:
        look["fill"] = style.INK
    look |= {name: style.INK for name, value in look.items() if value == BLACK}
    for name in ("font", "font-family"):
        if name in look:
            look[name] = re.sub(r"'DejaVu Sans', .*", "'DejaVu Sans', sans-serif", look[name])
    _restyle(element, look)
    inherited = said or "fill" in look or element.tag in (DEFS, CLIP)
    for child in element:
        _ink(child, inherited)


def _legible(root: ET.Element, marks: Iterable[ET.Element]) -> None:
    """Refuse words and marks in a colour that the light or the dark page swallows."""
    marks = list(marks)
    for mark in marks:
        if not any(map(_is_seen, mark.iter())):
            raise FigureError(f"{mark.get('id')} cannot be seen (it has no colour but the page's)")
    for element, part in [
        *((text, f"the words {''.join(text.itertext())!r} are") for text in root.iter(TEXT)),
        *((shape, f"{mark.get('id')} is") for mark in marks for shape in mark.iter()),
    ]:
        for colour in _colours(element):
            worst = min(_contrast(colour, paper) for paper in PAPERS)
            if colour not in TOKENS and worst < 3:
                raise FigureError(
                    f"{part} drawn in {colour}, which cannot be read on a light and a dark page"
                    f" (contrast {worst:.1f}, expected 3; colours of casebook.style can)"
                )


def _is_seen(shape: ET.Element) -> bool:
    """Whether a shape has a fill or a line of its own, not that of the page."""
    look = {"opacity": "1"} | _style(shape)
    return shape.tag in (PATH, USE) and any(
        look.get(part, "none") not in ("none", style.PAPER)
        and float(look["opacity"]) * float(look.get(f"{part}-opacity", 1)) > 0
        for part in ("fill", "stroke")
    )


def _colours(element: ET.Element) -> Iterator[str]:
    """The colour that is seen: the fill or, of a hollow shape, the line."""
    look = _style(element)
    fill = look.get("fill", "none")
    colour = look.get("stroke", "none") if fill in ("none", style.PAPER) else fill
    if colour.startswith("#"):
        yield colour


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
