"""The same picture in fewer bytes: a page holds each chart twice, for a column and for a phone.

Nothing that is seen moves by more than half a pixel. What repeats is said once (a look, a clip, the
ground of a map), numbers are steps of a tenth, and names are short.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
G, PATH, TEXT, USE, DEFS, CLIP, CIRCLE = (
    SVG + name for name in ("g", "path", "text", "use", "defs", "clipPath", "circle")
)
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
REFERENCE = re.compile(r"(?<=url\(#)[^)]+|(?<=^#).+")
SHIFT = re.compile(r"translate\((\S+) (\S+)\)")
STRAIGHT = re.compile(r"[MLz\d.\s-]*")
RING = re.compile(r"M 0 (\S+) (?:C [^A-Z]+){8}z")  # Matplotlib's circle is eight curves
GROUND = re.compile(r"guide-(coast|lake|contested|border|line)")
WIDTH = re.compile(r"(?<=stroke-width:)[\d.]+")
SHARED = ("style", "clip-path")  # what a group may say for all that it holds
Point = tuple[float, float]


def slim(roots: Sequence[ET.Element], prefix: str) -> None:
    """Make the drawings of a chart smaller, in place; their ids begin with `prefix`."""
    used = {name for root in roots for name in _references(root)}
    for root in roots:
        root.attrib.pop("version", None)
        for element in root.iter():
            if element.get("id") not in used:
                element.attrib.pop("id", None)
        _flatten(root)
        _unclip(root)
        _join_lines(root)
        _share_looks(root)
        for element in root.iter():
            _shorten(element)
    _rename(roots, prefix)


# -- the ground of a map ------------------------------------------------------


def share_ground(broad: ET.Element, narrow: ET.Element) -> None:
    """Let the narrow drawing of a map show land and borders of the broad one, made smaller."""
    for large, small in zip(_maps(broad), _maps(narrow), strict=True):
        (left, top), _, (right, _), _ = _corners(large)
        (x, y), _, (far, _), _ = _corners(small)
        scale = (far - x) / (right - left)
        shift = f"translate({x - scale * left:.2f} {y - scale * top:.2f}) scale({scale:.4f})"
        own = {group.get("id"): group for group in _grounds(small)}
        for group in _grounds(large):
            name = f"{group.get('id')}-path"
            _lift(group)
            group[0].set("id", name)
            other = own[group.get("id")]
            _lift(other)
            other.set("style", _widened(other.get("style", ""), 1 / scale))
            other[:] = [ET.Element(USE, {"href": f"#{name}", "transform": shift})]


def _widened(look: str, times: float) -> str:
    """A look whose line is so many times as wide."""
    return WIDTH.sub(lambda width: f"{times * float(width[0]):.2f}", look)


def _maps(root: ET.Element) -> list[ET.Element]:
    """The axes that are maps."""
    return [
        group
        for group in root.iter(G)
        if group.get("id", "").startswith("axes_") and _grounds(group)
    ]


def _grounds(axes: ET.Element) -> list[ET.Element]:
    return [group for group in axes if GROUND.match(group.get("id", "")) and len(group) == 1]


def _corners(axes: ET.Element) -> list[Point]:
    """The corners of the rectangle on which axes draw."""
    ground = next(group for group in axes if group.get("id", "").startswith("backdrop-"))
    return _points(ground[0].get("d", ""))


def _lift(group: ET.Element) -> None:
    """The look of the only child becomes the group's."""
    for name in SHARED:
        if name in group[0].attrib:
            group.set(name, group[0].attrib.pop(name))


# -- groups and what they share -----------------------------------------------


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for value in element.attrib.values():
            yield from REFERENCE.findall(value)


def _flatten(parent: ET.Element) -> None:
    """Put what stands in a group that says nothing in the place of the group."""
    for child in parent:
        _flatten(child)
    said = [list(child) if child.tag == G and not child.attrib else [child] for child in parent]
    parent[:] = [child for children in said for child in children]


def _unclip(root: ET.Element) -> None:
    """Take away clips that cut nothing off: of points and lines that lie within."""
    clips = {clip.get("id"): clip for clip in root.iter(CLIP)}
    for element in root.iter():
        name = element.get("clip-path", "")[5:-1]
        if name and _lies_within(element, clips[name][0]):
            del element.attrib["clip-path"]
    used = set(_references(root))
    for parent in list(root.iter()):
        for clip in [child for child in parent.findall(CLIP) if child.get("id") not in used]:
            parent.remove(clip)


def _lies_within(element: ET.Element, box: ET.Element) -> bool:
    """Whether the corners of straight lines and the middles of symbols lie in a rectangle."""
    left, top, width, height = (float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
    points = []
    for shape in element.iter():
        if not STRAIGHT.fullmatch(shape.get("d", "")):
            return False
        points += _points(shape.get("d", ""))
        points += [(float(shape.get("x", 0)), float(shape.get("y", 0)))] * (shape.tag == USE)
    return all(  # to the tenth, to which they are rounded
        -0.1 <= x - left <= width + 0.1 and -0.1 <= y - top <= height + 0.1 for x, y in points
    )


def _points(line: str) -> list[Point]:
    numbers = [float(number) for number in NUMBER.findall(line)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _join_lines(parent: ET.Element) -> None:
    """Make one path of lines of one look, such as a grid, between which only words stand."""
    last = None
    for child in list(parent):
        _join_lines(child)
        is_line = child.tag == PATH and "fill:none" in child.get("style", "")
        if is_line and last is not None and _but_way(child) == _but_way(last):
            last.set("d", last.get("d", "") + " " + child.get("d", ""))
            parent.remove(child)
        elif child.tag != TEXT:
            last = child if is_line else None


def _but_way(path: ET.Element) -> dict[str, str]:
    return {name: value for name, value in path.attrib.items() if name != "d"}


def _share_looks(parent: ET.Element) -> None:
    """Neighbours of one look have it from what holds them."""
    for child in parent:
        _share_looks(child)
    if parent.tag == DEFS:
        return
    runs = [(look, list(run)) for look, run in groupby(parent, _look)]
    if len(runs) == 1 and parent.tag == G and not runs[0][0].keys() & parent.attrib.keys():
        holders = [(parent, *runs[0])]
    else:
        holders = [(ET.Element(G), look, run) for look, run in runs if look and len(run) > 1]
    for holder, look, run in holders:
        holder.attrib |= look
        for child in run:
            for name in look:
                del child.attrib[name]
        if holder is not parent:
            parent.insert(list(parent).index(run[0]), holder)
            for child in run:
                parent.remove(child)
            holder[:] = run


def _look(element: ET.Element) -> dict[str, str]:
    """What an element could have from a group; nothing, if that would not be the same."""
    if re.search(r"(^|;)opacity:", element.get("style", "")):
        return {}
    turned = "transform" in element.attrib  # and with it what clips
    shared = SHARED[:1] if turned else SHARED
    return {name: element.attrib[name] for name in shared if name in element.attrib}


# -- numbers and names --------------------------------------------------------


def _shorten(element: ET.Element) -> None:
    """Numbers to the tenth, a line as its steps, words at a whole place, a circle as one."""
    where = SHIFT.fullmatch(element.get("transform", "")) if element.tag == TEXT else None
    if where:
        del element.attrib["transform"]
        element.attrib |= {"x": where[1], "y": where[2]}
    elif element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if ring := RING.fullmatch(" ".join(element.get("d", "").split())):
        element.tag = CIRCLE
        element.attrib = {"r": ring[1]} | _but_way(element)
    for name in {"x", "y", "width", "height", "r"} & element.attrib.keys():
        exact = 1 if element.tag != TEXT or "transform" in element.attrib else 0
        element.set(name, f"{round(float(element.get(name, '')), exact):g}")
    if STRAIGHT.fullmatch(element.get("d", "m")):
        element.set("d", steps(element.get("d", "")))
    elif "C" in element.get("d", ""):
        element.set("d", re.sub(r"\s*([A-Za-z])\s*", r"\1", element.get("d", "")))
    if HREF in element.attrib:
        element.set("href", element.attrib.pop(HREF))


def steps(way: str) -> str:
    """Straight lines, each as the step from the point before, in tenths.

    >>> steps("M 10 20 L 30 20 L 30.54 25 L 31 26 z")
    'M10 20h20l.5 5 .5 1z'
    """
    said, here, start = "", (0, 0), (0, 0)
    for letter, numbers in re.findall(r"([MLz])([^MLz]*)", way):
        if letter == "z":
            said, here = said + "z", start
            continue
        ((x, y),) = _points(numbers)
        to = (round(10 * x), round(10 * y))
        if letter == "M":
            said, start = said + "M" + _joined(to), to
        else:
            said = _with_step(said, to[0] - here[0], to[1] - here[1])
        here = to
    return said


def _with_step(said: str, along: int, down: int) -> str:
    if along and down:
        goes_on = re.search(r"l[^a-zM]*$", said)
        step = _joined((along, down))
        return said + (" " * (step[0] != "-") if goes_on else "l") + step
    return said + (f"v{_joined([down])}" if down else f"h{_joined([along])}")


def _joined(tenths: Iterable[int]) -> str:
    said = " ".join(f"{number / 10:g}" for number in tenths)  # "0.5 -0.5" as ".5-.5"
    return re.sub(r"(?<!\d)0(?=\.)", "", said).replace(" -", "-")


def _rename(roots: Sequence[ET.Element], prefix: str) -> None:
    """Short ids, each once on the page; what a drawing has not, it refers to in the one before."""
    numbers, names = count(1), dict[str, str]()
    for root in roots:
        named = [element for element in root.iter() if "id" in element.attrib]
        names |= {element.attrib["id"]: f"{prefix}-{next(numbers)}" for element in named}
        for element in root.iter():
            for key, value in element.attrib.items():
                if key == "id":
                    element.set(key, names[value])
                elif key != "aria-label":  # which is what it says
                    element.set(key, _with_names(value, names))


def _with_names(value: str, names: dict[str, str]) -> str:
    return REFERENCE.sub(lambda old: names.get(old[0], old[0]), value)
