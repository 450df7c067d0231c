"""An SVG made by Matplotlib, read as a reader sees it: ticks with labels, marks, words, colours; no code that drew it.

`Drawing` finds the parts, `scale_of` turns the labels of an axis into a scale that reads positions back into values.
"""

import calendar
import re
import xml.etree.ElementTree as ET
from datetime import date

G, TEXT, USE, PATH, TITLE, CLIP, DEFS = (
    f"{{http://www.w3.org/2000/svg}}{name}"
    for name in "g text use path title clipPath defs".split()
)
CLOSE = (
    0.001  # of the ticks' span: what rounding in the SVG may take, far below what an eye can see
)


class Drawing:
    """The parts of one picture: axes with labelled ticks, marks, words, colours."""

    def __init__(self, text: str):
        self.root = ET.fromstring(text)
        self.parent = {child: parent for parent in self.root.iter() for child in parent}
        self.axes = [g for g in self.root.iter(G) if re.fullmatch(r"axes_\d+", g.get("id", ""))]
        self.marks = [g for g in self.root.iter(G) if g.get("id", "").startswith("mark-")]
        self.clips = {clip.get("id"): clip[0] for clip in self.root.iter(CLIP)}
        written = [
            g
            for g in self.root.iter(G)
            if re.fullmatch(r"text_\d+", g.get("id", ""))
            and "tick_" not in self.parent[g].get("id", "")
        ]
        self.words = [fold(g) for g in written]
        self.axes_words = [fold(g) for g in written if self.parent[g] in self.axes]

    def above(self, element, pattern):
        """The nearest ancestor whose id matches."""
        while element is not None and not re.fullmatch(pattern, element.get("id", "")):
            element = self.parent.get(element)
        return element

    def ticks(self, axes, letter):
        """[(position, label)] of the labelled ticks of one axis; axes that share it carry no labels and borrow them."""
        own = self._ticks(axes, letter)
        if any(label for _, label in own):
            return [tick for tick in own if tick[1]]
        for other in self.axes:
            theirs = [tick for tick in self._ticks(other, letter) if tick[1]]
            if theirs and {at for at, _ in own} <= {at for at, _ in theirs}:
                return theirs
        return []

    def _ticks(self, axes, letter):
        found = []
        for group in (g for g in axes.iter(G) if g.get("id", "").startswith(f"{letter}tick_")):
            use, line = next(group.iter(USE), None), next(group.iter(PATH), None)
            if use is not None or line is not None:
                at = (
                    float(use.get(letter))
                    if use is not None
                    else _coordinates(line)["xy".index(letter)]
                )
                found.append((at, fold(group)))
        return found

    def units(self, letter):
        """The labels of the x or the y axes."""
        axes = [
            axis
            for a in self.axes
            for axis in a
            if any(g.get("id", "").startswith(f"{letter}tick_") for g in axis)
        ]
        return [
            fold(g) for axis in axes for g in axis if re.fullmatch(r"text_\d+", g.get("id", ""))
        ]

    def kind(self, id):
        """What the mark `id` is: a bar, a point of a line, a point."""
        mark = next((mark for mark in self.marks if mark.get("id") == id), None)
        if mark is None or self.is_bar(mark):
            return "bar chart" if mark is not None else "picture without marks"
        return (
            "line chart"
            if self.above(mark, r"series-\d+").find(PATH) is not None
            else "point chart"
        )

    def is_bar(self, mark):
        return mark.find(PATH) is not None

    def titles(self):
        """{id: what the mark says when it is pointed at}."""
        return {mark.get("id"): mark.findtext(TITLE) for mark in self.marks}

    def extent(self, mark):
        """{"x": (low, high), "y": (low, high)} of a bar, or of a point (low = high), in the units of the picture."""
        if self.is_bar(mark):
            numbers = _coordinates(mark.find(PATH))
            return {
                letter: (min(numbers[i::2]), max(numbers[i::2])) for i, letter in enumerate("xy")
            }
        return {letter: (float(mark.find(USE).get(letter)),) * 2 for letter in "xy"}

    def cut_off(self, mark):
        """Whether the edge of the axes hides the mark or a part of it."""
        shape = mark.find(PATH) if self.is_bar(mark) else self.parent[mark]
        clip = self.clips.get((shape.get("clip-path") or "")[5:-1])  # url(#name)
        if clip is None:
            return False
        sides = {
            letter: (
                float(clip.get(letter)) - 0.5,
                float(clip.get(letter)) + float(clip.get(size)) + 0.5,
            )
            for letter, size in (("x", "width"), ("y", "height"))
        }
        return any(
            low < sides[letter][0] or high > sides[letter][1]
            for letter, (low, high) in self.extent(mark).items()
        )

    def stray_lines(self):
        """A line runs from mark to mark and through no other point; one problem for each point that is no mark."""
        for group in (g for g in self.root.iter(G) if re.fullmatch(r"series-\d+", g.get("id", ""))):
            spots = [
                self.extent(mark) for mark in self.marks if self.above(mark, r"series-\d+") is group
            ]
            numbers = [] if group.find(PATH) is None else _coordinates(group.find(PATH))
            for x, y in zip(numbers[0::2], numbers[1::2]):
                if not any(
                    abs(spot["x"][0] - x) < 0.05 and abs(spot["y"][0] - y) < 0.05 for spot in spots
                ):
                    yield f"{group.get('id')}: its line runs through ({x}, {y}), where no mark stands"

    def colour(self, group):
        """The fill of the last shape in a group (the symbol on a line), or its stroke where it is hollow."""
        shapes = [e for e in group.iter() if e.tag in (USE, PATH) and self.parent[e].tag != DEFS]
        style = dict(re.findall(r"([\w-]+): ([^;]+)", shapes[-1].get("style", "")))
        fill = style.get(
            "fill", "#000000"
        ).strip()  # black is what SVG fills with when nothing is said
        return style.get("stroke", "none").strip() if fill in ("none", "#ffffff") else fill

    def legend(self):
        """{label: colour} of every legend: a label names the handle before it."""
        found = {}
        for legend in (g for g in self.root.iter(G) if g.get("id", "").startswith("legend_")):
            handle = None
            for child in (g for g in legend.iter(G) if g.get("id")):
                if child.get("id").startswith("text_") and handle is not None:
                    found[fold(child)] = self.colour(handle)
                elif any(e.tag in (USE, PATH) for e in child.iter()):
                    handle = child
        return found


def fold(element):
    """The text of a group (or a text itself) in one line."""
    text = (
        element
        if isinstance(element, str)
        else " ".join("".join(t.itertext()) for t in element.iter(TEXT))
    )
    return " ".join(text.split())


def _coordinates(path):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path.get("d"))]


def label_number(label):
    """1,200 or −5 or 40% as a number; None for anything else."""
    bare = label.replace("\u2212", "-").replace(",", "").rstrip("% ")
    return float(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def _label_dates(labels, first):
    """Tick labels as day numbers, or None. What a label leaves out (`16` after `15 Feb`) it has from the one before it;
    a first label without a year is taken to stand as near as can be to the earliest day shown."""
    days, before = [], None
    for label in labels:
        label = re.sub(
            r"\b(\d{4})-(\d\d)\b(?:-(\d\d))?",
            lambda m: f"{m[3] or 1} {calendar.month_abbr[int(m[2])]} {m[1]}",
            label,
        )
        name, numbers = (
            re.search(rf"\b({'|'.join(calendar.month_abbr[1:])})", label),
            [int(n) for n in re.findall(r"\d+", label)],
        )
        year, day = (
            next((n for n in numbers if n > 999), None),
            next((n for n in numbers if n < 32), 1),
        )
        years = (
            [year]
            if year
            else [before.year, before.year + 1]
            if before
            else [first.year - 1, first.year, first.year + 1]
        )
        months = (
            [list(calendar.month_abbr).index(name[1])]
            if name
            else [1]
            if year
            else [before.month, before.month % 12 + 1]
            if before
            else []
        )
        options = [
            date(y, m, day) for y in years for m in months if day <= calendar.monthrange(y, m)[1]
        ]
        before = min(
            (d for d in options if before is None or d > before),
            key=lambda d: abs(d - (before or first)),
            default=None,
        )
        if before is None or not (name or numbers):
            return None
        days.append(before.toordinal())
    return days


def scale_of(ticks, first_day=None):
    """(position -> value, span of the ticks) from tick labels alone; None unless at least two stand on one straight scale."""
    labels = [label for _, label in ticks]
    values = (
        _label_dates(labels, first_day) if first_day else [label_number(label) for label in labels]
    )
    if values is None or None in values or len(set(values)) < 2:
        return None
    (low, start), (high, end) = (
        min(zip((at for at, _ in ticks), values)),
        max(zip((at for at, _ in ticks), values)),
    )
    span, slope = abs(end - start), (end - start) / (high - low)
    straight = all(
        abs(start + (at - low) * slope - value) <= CLOSE * span
        for (at, _), value in zip(ticks, values)
    )
    return ((lambda at: start + (at - low) * slope), span) if straight else None
