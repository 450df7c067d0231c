"""An SVG made by Matplotlib, read as a reader sees it: ticks with labels, marks, words, colours.

`Drawing` finds the parts, `scale_of` turns the labels of an axis into a scale that reads positions
back into values. Nothing here knows the code that drew it.
"""

import calendar
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from xml.etree.ElementTree import Element

G, TEXT, USE, PATH, TITLE, CLIP, DEFS = (
    f"{{http://www.w3.org/2000/svg}}{name}"
    for name in ("g", "text", "use", "path", "title", "clipPath", "defs")
)
HREF = "{http://www.w3.org/1999/xlink}href"
# Of the ticks' span: what rounding in the SVG may take, far below what an eye sees.
CLOSE = 0.001
TOUCH = 0.05  # units of the picture within which two points are one
MONTHS = list(calendar.month_abbr)

Extent = dict[str, tuple[float, float]]
Ticks = list[tuple[float, str]]
Scale = tuple[Callable[[float], float], float]


class Drawing:
    """The parts of one picture: axes with labelled ticks, marks, guides, words, colours."""

    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)
        self.parent = {child: parent for parent in self.root.iter() for child in parent}
        self.groups = [g for g in self.root.iter(G) if g.get("id")]
        self.axes = self._named(r"axes_\d+")
        self.marks = self._named(r"mark-.*")
        self.guides = {g.get("id", ""): g for g in self._named(r"guide-.*")}
        self.symbols = {part.get("id"): part for defs in self.root.iter(DEFS) for part in defs}
        self.clips = {clip.get("id"): clip[0] for clip in self.root.iter(CLIP)}
        written = [g for g in self.groups if self._is_written(g)]
        self.words = [fold(g) for g in written]
        self.labels = [_label(g) for g in written]
        self.axes_words = [fold(g) for g in written if self.parent[g] in self.axes]

    def _named(self, pattern: str) -> list[Element]:
        fits = re.compile(pattern).fullmatch
        return [g for g in self.groups if fits(g.get("id", ""))]

    def _is_written(self, group: Element) -> bool:
        """Whether a group is a text of its own, not the label of a tick."""
        id, above = group.get("id", ""), self.parent[group].get("id", "")
        guide = id.startswith("guide-") and group.find(f".//{TEXT}") is not None
        return guide or bool(re.fullmatch(r"text_\d+", id) and "tick_" not in above)

    def above(self, element: Element | None, pattern: str) -> Element | None:
        """The nearest ancestor (or the element itself) whose id matches."""
        fits = re.compile(pattern).fullmatch
        while element is not None and not fits(element.get("id", "")):
            element = self.parent.get(element)
        return element

    def ticks(self, axes: Element, letter: str) -> Ticks:
        """[(position, label)] of the labelled ticks of one axis.

        Axes that share their scale carry no labels and borrow those of the others.
        """
        own = self._ticks(axes, letter)
        if any(label for _, label in own):
            return [tick for tick in own if tick[1]]
        for other in self.axes:
            theirs = [tick for tick in self._ticks(other, letter) if tick[1]]
            if theirs and {at for at, _ in own} <= {at for at, _ in theirs}:
                return theirs
        return []

    def _ticks(self, axes: Element, letter: str) -> Ticks:
        found = []
        for group in (g for g in axes.iter(G) if g.get("id", "").startswith(f"{letter}tick_")):
            use, line = next(group.iter(USE), None), next(group.iter(PATH), None)
            if use is not None:
                found.append((number_of(use, letter), fold(group)))
            elif line is not None:
                found.append((coordinates(line)["xy".index(letter)], fold(group)))
        return found

    def units(self, letter: str) -> list[str]:
        """The labels of the x or the y axes."""
        axes = [axis for axes in self.axes for axis in axes if _has_ticks(axis, letter)]
        return [fold(g) for axis in axes for g in axis if g.get("id", "").startswith("text_")]

    def kind(self, id: str) -> str:
        """What the mark `id` is: a bar, a point of a line, a point."""
        mark = next((mark for mark in self.marks if mark.get("id") == id), None)
        if mark is None:
            return "picture without marks"
        if self.is_bar(mark):
            return "bar chart"
        if "guide-coast" in self.guides:
            return "map"
        series = self.above(mark, r"series-\d+")
        joined = series is not None and series.find(PATH) is not None
        return "line chart" if joined else "point chart"

    def is_bar(self, mark: Element) -> bool:
        """Whether a mark is a bar, not a symbol."""
        return mark.find(PATH) is not None

    def titles(self) -> dict[str, str]:
        """{id: what the mark says when it is pointed at}."""
        return {mark.get("id", ""): mark.findtext(TITLE, "") for mark in self.marks}

    def extent(self, mark: Element) -> Extent:
        """{"x": (low, high), "y": (low, high)} of a bar, or of a point (low = high).

        In the units of the picture.
        """
        if self.is_bar(mark):
            return _reach(coordinates(_part(mark, PATH)))
        use = _part(mark, USE)
        return {letter: (number_of(use, letter),) * 2 for letter in "xy"}

    def box(self, shape: Element) -> Extent:
        """What a path, or a symbol where it is used, covers; nothing if it has no points."""
        drawn = self.symbols.get((shape.get(HREF) or "#")[1:]) if shape.tag == USE else shape
        points = coordinates(drawn) if drawn is not None else []
        at = {letter: number_of(shape, letter) if shape.tag == USE else 0 for letter in "xy"}
        found = _reach(points) if points else {}
        return {
            letter: (low + at[letter], high + at[letter]) for letter, (low, high) in found.items()
        }

    def reach(self, guide: Element) -> Extent:
        """The extent of a guide: of its symbols, or of its line or band; nothing for a text."""
        uses = [number_of(use, letter) for use in guide.iter(USE) for letter in "xy"]
        drawn = [path for path in guide.iter(PATH) if self.parent[path].tag != DEFS]
        points = uses or [number for path in drawn for number in coordinates(path)]
        return _reach(points) if points else {}

    def cut_off(self, mark: Element) -> bool:
        """Whether the edge of the axes hides the mark or a part of it."""
        shape = _part(mark, PATH) if self.is_bar(mark) else self.parent[mark]
        clip = self.clips.get((shape.get("clip-path") or "")[5:-1])  # url(#name)
        if clip is None:
            return False
        extent = self.extent(mark)
        for letter, size in (("x", "width"), ("y", "height")):
            low = number_of(clip, letter)
            high = low + number_of(clip, size)
            if extent[letter][0] < low - 0.5 or extent[letter][1] > high + 0.5:
                return True
        return False

    def stray_lines(self) -> Iterator[str]:
        """A line runs through its marks, in their colour; steps, through the corners too."""
        for group in self._named(r"series-\d+"):
            mine = [mark for mark in self.marks if self.above(mark, r"series-\d+") is group]
            line = group.find(PATH)
            if line is None:
                continue
            spots = [(spot["x"][0], spot["y"][0]) for spot in map(self.extent, mine)]
            numbers = coordinates(line)
            turns = list(zip(numbers[0::2], numbers[1::2]))
            for x, y in turns:
                beside = any(abs(at - x) < TOUCH for at, _ in spots)
                if not beside or not any(abs(at - y) < TOUCH for _, at in spots):
                    where = f"({x}, {y}), where no mark stands"
                    yield f"{group.get('id')}: its line runs through {where}"
            for mark, (x, y) in zip(mine, spots):
                if not any(abs(x - at) < TOUCH and abs(y - up) < TOUCH for at, up in turns):
                    yield f"{mark.get('id')}: the line of its series passes by it"
            hue = look(line.get("style", "")).get("stroke", "none")
            if mine and hue != self.colour(mine[0]):
                yield f"{group.get('id')}: its line is {hue}, its marks are {self.colour(mine[0])}"

    def colour(self, group: Element) -> str:
        """The fill of the last shape in a group (the symbol on a line); its stroke, if hollow."""
        shapes = [e for e in group.iter() if e.tag in (USE, PATH) and self.parent[e].tag != DEFS]
        style = look(shapes[-1].get("style", ""))
        # black is what SVG fills with when nothing is said
        fill = style.get("fill", "#000000")
        hollow = fill in ("none", "#ffffff") or style.get("fill-opacity") == "0"
        return style.get("stroke", "none") if hollow else fill

    def legend(self) -> dict[str, str]:
        """{label: colour} of every legend: a label names the handle before it."""
        found = {}
        for legend in self._named(r"legend_.*"):
            handle = None
            for child in (g for g in legend.iter(G) if g.get("id")):
                if child.get("id", "").startswith("text_") and handle is not None:
                    found[fold(child)] = self.colour(handle)
                elif any(e.tag in (USE, PATH) for e in child.iter()):
                    handle = child
        return found


def fold(element: Element | str) -> str:
    """The text of a group (or a text itself) in one line."""
    if not isinstance(element, str):
        element = " ".join("".join(text.itertext()) for text in element.iter(TEXT))
    return " ".join(element.split())


@cache
def look(style: str) -> dict[str, str]:
    """The properties of a style."""
    return {name: value.strip() for name, value in re.findall(r"([\w-]+):\s*([^;]+)", style)}


def tag_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _label(group: Element) -> tuple[str, str, float, float]:
    """(words, colour, x, y) of a text: where its first line begins."""
    first = next(group.iter(TEXT))
    moved = re.findall(r"-?[\d.]+", (first.get("transform") or "").partition("translate")[2])
    x, y = (first.attrib["x"], first.attrib["y"]) if "x" in first.attrib else moved[:2]
    return fold(group), look(first.get("style", "")).get("fill", "#000000"), float(x), float(y)


def _has_ticks(axis: Element, letter: str) -> bool:
    return any(g.get("id", "").startswith(f"{letter}tick_") for g in axis)


def _part(element: Element, tag: str) -> Element:
    part = element.find(tag)
    if part is None:
        raise ValueError(f"{element.get('id')} has no {tag.partition('}')[2]}")
    return part


def number_of(element: Element, name: str) -> float:
    return float(element.get(name) or "nan")


def coordinates(path: Element) -> list[float]:
    numbers = re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path.get("d") or "")
    return [float(number) for number in numbers]


def _reach(numbers: list[float]) -> Extent:
    return {letter: (min(numbers[i::2]), max(numbers[i::2])) for i, letter in enumerate("xy")}


def label_number(label: str) -> float | None:
    """1,200 or −5 or 40% or 5° W as a number; None for anything else."""
    bare = label.replace("\u2212", "-").replace(",", "").rstrip("% °")
    bare = re.sub(r"^(.+)° ([NESW])$", lambda m: ("-" if m[2] in "SW" else "") + m[1], bare)
    return float(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def scale_of(ticks: Ticks, first_day: date | None = None) -> Scale | None:
    """(position -> value, span of the ticks) from tick labels alone.

    None unless at least two ticks stand on one straight scale.
    """
    labels = [label for _, label in ticks]
    values = _label_dates(labels, first_day) if first_day else _label_numbers(labels)
    if len(set(values)) < 2:
        return None
    placed = list(zip((at for at, _ in ticks), values))
    (low, start), (high, end) = min(placed), max(placed)
    span, slope = abs(end - start), (end - start) / (high - low)

    def read(at: float) -> float:
        return start + (at - low) * slope

    straight = all(abs(read(at) - value) <= CLOSE * span for at, value in placed)
    return (read, span) if straight else None


def _label_numbers(labels: list[str]) -> list[float]:
    """Tick labels as numbers; nothing if one of them is no number."""
    numbers = [number for number in map(label_number, labels) if number is not None]
    return numbers if len(numbers) == len(labels) else []


def _label_dates(labels: list[str], first: date) -> list[float]:
    """Tick labels as day numbers; nothing if one of them is no date.

    What a label leaves out (`16` after `15 Feb`) it has from the one before it; a first label
    without a year is taken to stand as near as can be to the earliest day shown.
    """
    days: list[float] = []
    before = None
    for label in labels:
        later = (day for day in _days_of(label, before, first) if before is None or day > before)
        nearest = before or first
        before = min(later, key=lambda day: abs(day - nearest), default=None)
        if before is None:
            return []
        days.append(before.toordinal())
    return days


def _days_of(label: str, before: date | None, first: date) -> list[date]:
    """The days that one label can mean, given the day of the label before it."""
    label = re.sub(r"\b(\d{4})-(\d\d)\b(?:-(\d\d))?", _written_out, label)
    name = re.search(rf"\b({'|'.join(MONTHS[1:])})", label)
    numbers = [int(number) for number in re.findall(r"\d+", label)]
    year = next((number for number in numbers if number > 999), None)
    day = next((number for number in numbers if number < 32), 1)
    if not name and not numbers:
        return []
    if year:
        years, months = [year], [1]
    elif before:
        years, months = [before.year, before.year + 1], [before.month, before.month % 12 + 1]
    else:
        years, months = [first.year - 1, first.year, first.year + 1], []
    if name:
        months = [MONTHS.index(name[1])]
    return [date(y, m, day) for y in years for m in months if day <= calendar.monthrange(y, m)[1]]


def _written_out(iso: re.Match) -> str:
    return f"{iso[3] or 1} {MONTHS[int(iso[2])]} {iso[1]}"
