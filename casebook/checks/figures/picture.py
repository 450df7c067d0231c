"""The picture against the record: each mark once, where its row says, in its series' colour.

Positions are read back through the labels of the ticks, as a reader does.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import hypot
from xml.etree.ElementTree import Element

from casebook.checks.expected import Entry
from casebook.checks.facts import Value
from casebook.checks.figures.drawing import (
    CLOSE,
    Drawing,
    Extent,
    fold,
    label_number,
    scale_of,
)
from casebook.checks.figures.shown import Shown, is_day


@dataclass(frozen=True)
class Mark:
    """A mark as it is drawn, with the value and the place that its row gives it."""

    name: str
    drawn: Element
    value: Value
    place: Value


def geometry_problems(shown: Shown) -> Iterator[str]:
    """Marks that are missing, too many, or do not stand where their row says."""
    called_for = shown.marks(shown.rows)
    recorded = {(fold(str(mark["key"])), mark["series"]): mark for mark in shown.record["marks"]}
    known = {mark["id"] for mark in recorded.values()}
    for id in (mark.get("id") for mark in shown.svg.marks):
        if id not in known:
            yield f"{id} is drawn, but no row calls for it"
    for key, series in recorded:
        if (key, series) not in called_for:
            yield f"row {key}, {series}: a mark is recorded that no row calls for"
    marks: list[Mark] = []
    for (key, series), (value, place) in called_for.items():
        mark = recorded.get((key, series), {"id": None, "value": value})
        yield from _drawn(
            shown, mark, Mark(f"row {key}, {series}", shown.svg.root, value, place), marks
        )
    # bars lie or stand, time runs along or up: the orientation that fits is the one that was drawn
    yield from min((list(_places(shown.svg, marks, *axes)) for axes in ("yx", "xy")), key=len)
    yield from shown.svg.stray_lines()


def _drawn(shown: Shown, recorded: dict, mark: Mark, marks: list[Mark]) -> Iterator[str]:
    """What is wrong with one mark itself; a mark that is drawn once joins `marks`."""
    if recorded["value"] != mark.value:
        yield f"{mark.name}: its mark is recorded as {recorded['value']}, its row as {mark.value}"
    found = [drawn for drawn in shown.svg.marks if drawn.get("id") == recorded["id"]]
    if len(found) != 1:
        yield f"{mark.name}: {len(found)} marks are drawn (expected one)"
        return
    if shown.svg.cut_off(found[0]):
        yield f"{mark.name}: its mark is cut off by the edge of the picture"
    marks.append(Mark(mark.name, found[0], mark.value, mark.place))


def _ordinal(value: Value) -> Value:
    return date.fromisoformat(str(value)).toordinal() if is_day(value) else value


def _as_read(value: float, first: date | None) -> str:
    return date.fromordinal(round(value)).isoformat() if first else f"{value:.4g}"


def _first_day(values: list[Value]) -> date | None:
    return min((date.fromisoformat(str(value)) for value in values if is_day(value)), default=None)


def _places(svg: Drawing, marks: list[Mark], along_value: str, along_place: str) -> Iterator[str]:
    """Read every mark back into its value and its place."""
    for axes in svg.axes:
        mine = [mark for mark in marks if svg.above(mark.drawn, r"axes_\d+") is axes]
        first = _first_day([mark.value for mark in mine])
        scale = scale_of(svg.ticks(axes, along_value), first)
        for mark in mine:
            if scale is None or isinstance(_ordinal(mark.value), str):
                lacks = f"the {along_value} axis lacks two labelled ticks on a straight scale"
                yield f"{mark.name}: cannot be read back, for {lacks}"
                continue
            read, span = scale
            ends = sorted((read(at) for at in svg.extent(mark.drawn)[along_value]), key=abs)
            if svg.is_bar(mark.drawn) and abs(ends[0]) > CLOSE * span:
                yield f"{mark.name}: its bar starts at {ends[0]:.6g} (expected 0)"
            elif abs(ends[1] - _ordinal(mark.value)) > CLOSE * span:
                at = _as_read(ends[1], first)
                yield f"{mark.name}: its mark stands at {at}, its row says {mark.value}"
        yield from _other_places(svg, svg.ticks(axes, along_place), mine, along_place)


def _other_places(
    svg: Drawing, ticks: list[tuple[float, str]], marks: list[Mark], letter: str
) -> Iterator[str]:
    """The other coordinate: a category stands nearest to its tick, a number or day on the scale."""
    first = _first_day([mark.place for mark in marks])
    scale = scale_of(ticks, first)
    labels = {_together(label) for _, label in ticks}
    for mark in marks:
        middle = sum(svg.extent(mark.drawn)[letter]) / 2
        if isinstance(mark.place, str) and _together(mark.place) in labels:
            near = min(ticks, key=lambda tick: abs(tick[0] - middle))[1]
            if _together(near) != _together(mark.place):
                yield f"{mark.name}: its mark stands at {near!r}, its row says {mark.place!r}"
        elif scale is None or isinstance(_ordinal(mark.place), str):
            yield f"{mark.name}: no tick of the {letter} axis is labelled {mark.place!r}"
        else:  # grouped bars stand beside their place
            loose = 0.5 if svg.is_bar(mark.drawn) else CLOSE * scale[1]
            if abs(scale[0](middle) - _ordinal(mark.place)) > loose:
                at = _as_read(scale[0](middle), first)
                yield f"{mark.name}: its mark stands at {at}, its row says {mark.place}"


def _together(text: str) -> str:
    """A label without its spaces: it may be broken at any of them, or at a hyphen."""
    return "".join(text.split())


def colour_problems(shown: Shown) -> Iterator[str]:
    """Series in another colour than the legend gives them, or that nothing names."""
    svg, series = shown.svg, {mark["id"]: mark["series"] for mark in shown.record["marks"]}
    legend = {label.lower(): colour for label, colour in svg.legend().items()}
    for axes in svg.axes:
        inside = [mark for mark in svg.marks if svg.above(mark, r"axes_\d+") is axes]
        mine = [mark for mark in inside if mark.get("id") in series]
        labels = [label for letter in "xy" for _, label in svg.ticks(axes, letter)]
        here = {series[mark.get("id")] for mark in mine}
        for name in sorted(here) if len(here) > 1 else ():
            if fold(name).lower() not in " | ".join(svg.words + labels).lower():
                yield f"series {name}: nothing in the picture names it"
        for mark in mine:
            name, drawn = series[mark.get("id")], svg.colour(mark)
            expected = legend.get(fold(name).lower(), drawn)
            if drawn != expected:
                right = f"the legend gives {name} the colour {expected}"
                yield f"{mark.get('id')}: it is drawn in {drawn}, {right}"


def label_problems(shown: Shown) -> Iterator[str]:
    """Names in the colour of another series; names of places and values of bars at other marks."""
    svg, marks = shown.svg, {mark["id"]: mark for mark in shown.record["marks"]}
    drawn = {id: mark for mark in svg.marks if (id := mark.get("id", "")) in marks}
    hues: dict[str, set[str]] = {}
    for id, mark in drawn.items():
        hues.setdefault(fold(marks[id]["series"]).lower(), set()).add(svg.colour(mark))
    for words, hue, *_ in svg.labels:
        others = [name for name in hues if hue in hues[name]]
        if hues.get(words.lower()) and others and hue not in hues[words.lower()]:
            yield f"{words!r} is written in the colour of {others[0]!r}"
    if shown.record["kind"] == "map":
        boxes = {fold(str(marks[id]["key"])): svg.extent(mark) for id, mark in drawn.items()}
        yield from _exchanged(svg, boxes)
    elif shown.record["kind"] == "bar chart":
        boxes = {id: svg.extent(mark) for id, mark in drawn.items()}
        values = {id: marks[id]["value"] for id in boxes}
        for words, _, *spot in svg.labels:
            if label_number(words) in values.values():
                near = min(boxes, key=lambda id: _away(spot, boxes[id]))
                if values[near] != label_number(words):
                    yield f"{near} bears the number {words}, its value is {values[near]}"


def _away(spot: Sequence[float], box: Extent) -> float:
    """How far a spot lies from a box."""
    pairs = zip(spot, (box["x"], box["y"]))
    return hypot(*(max(low - at, 0, at - high) for at, (low, high) in pairs))


def _exchanged(svg: Drawing, boxes: dict[str, Extent]) -> Iterator[str]:
    """Pairs of names on a map that would stand closer to their marks if they changed places."""
    names = [(words, (x, y)) for words, _, x, y in svg.labels if words in boxes]
    for (one, here), (other, there) in combinations(names, 2):
        apart = _away(here, boxes[one]) + _away(there, boxes[other])
        if apart > _away(here, boxes[other]) + _away(there, boxes[one]) + 1:
            yield f"{one!r} stands beside the mark of {other!r}"


def guide_problems(shown: Shown, entries: dict[str, Entry]) -> Iterator[str]:
    """A line or band that is no data stands where its query says."""
    drawn = {name for id in shown.svg.guides for name in (id, re.sub(r"-\d+$", "", id))}
    for name in entries:
        if name not in drawn:
            yield f"the guide {name} is not in the picture ({entries[name].at})"
    for name, guide in shown.svg.guides.items():
        entry = entries.get(name) or entries.get(re.sub(r"-\d+$", "", name))
        if entry is not None:
            wanted = shown.facts.ask(entry.queries[0], shown.output.parameters).rows
            yield from _guide(shown, name, guide, entry, wanted)


def _guide(
    shown: Shown, name: str, guide: Element, entry: Entry, wanted: list[tuple[Value, ...]]
) -> Iterator[str]:
    """Whether one guide stands where one of the rows wanted says, along either axis."""
    axes = shown.svg.above(guide, r"axes_\d+")
    read = []
    for letter, ends in shown.svg.reach(guide).items():
        first = _first_day([value for row in wanted for value in row])
        scale = scale_of(shown.svg.ticks(axes, letter), first) if axes is not None else None
        if scale is None:
            continue
        found = sorted(scale[0](end) for end in ends)
        read.append(" to ".join(dict.fromkeys(_as_read(value, first) for value in found)))
        if any(_reaches(found, row, scale) for row in wanted):
            return
    said = " or ".join(" to ".join(map(str, row)) for row in wanted)
    stands = " / ".join(read) or "no labelled axis"
    yield f"guide {name} stands at {stands}, but {entry.at} gives {said}"


def _reaches(
    found: list[float], row: tuple[Value, ...], scale: tuple[Callable[[float], float], float]
) -> bool:
    if any(isinstance(_ordinal(value), str) or value is None for value in row):
        return False
    wanted = sorted(float(_ordinal(value)) for value in row)
    ends = wanted * 2 if len(wanted) == 1 else wanted
    return all(abs(a - b) <= CLOSE * scale[1] for a, b in zip(found, ends, strict=True))
