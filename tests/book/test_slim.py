"""The charts of the pages, made smaller, draw what the notebooks draw: every line, symbol, word."""

import json
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from casebook.book.figures import drawings
from casebook.book.slim import steps
from casebook.figure import FIGURE

CHAPTERS = Path(__file__).parents[2] / "chapters"
NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
LOOK = ("stroke-width", "text-anchor", "stroke-linecap")
IMAGE = "image/svg+xml"


def charts(chapter: str) -> dict[str, dict]:
    """The outputs of a chapter that are charts, by the name of each."""
    book = json.loads((CHAPTERS / f"{chapter}.ipynb").read_text("utf8"))
    outputs = [one.get("data", {}) for cell in book["cells"] for one in cell.get("outputs", [])]
    return {data[FIGURE]["id"]: data for data in outputs if IMAGE in data and FIGURE in data}


def way(path: str) -> list[tuple[float, float]]:
    """The points of a path of straight lines, whichever letters write it."""
    points, x, y, start = [], 0.0, 0.0, (0.0, 0.0)
    for letter, rest in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        numbers = [float(number) for number in re.findall(NUMBER, rest)]
        if letter in "zZ":
            x, y = start
        pairs = {"h": [(n, 0) for n in numbers], "v": [(0, n) for n in numbers]}.get(letter)
        for along, down in pairs if pairs is not None else zip(numbers[::2], numbers[1::2]):
            x, y = (along, down) if letter.isupper() else (x + along, y + down)
            start = (x, y) if letter in "Mm" else start
            points.append((x, y))
    return points


def drawn(svg: str) -> Iterator[tuple[str, dict[str, str], tuple[float, float]]]:
    """What a picture draws, save paper, the ground of maps, hidden ticks: kind, look and where."""
    stack = [(ET.fromstring(svg), dict[str, str]())]
    while stack:
        element, look = stack.pop()
        tag, id = element.tag.rpartition("}")[2], element.get("id", "")
        if tag in ("defs", "clipPath") or re.match(
            r"backdrop$|guide-(coast|lake|con|bor|line)", id
        ):
            continue
        said = dict(re.findall(r"([\w-]+):\s*([^;]+)", element.get("style", "")))
        look = look | said
        stack += [(child, look) for child in element]
        if tag == "text":
            place = re.search(rf"translate\(({NUMBER}) ({NUMBER})\)", element.get("transform", ""))
            at = place.groups() if place else (element.get("x"), element.get("y"))
            yield f"text {element.text}", look, tuple(map(float, at))
        elif tag == "use" and "stroke" in look and "transform" not in element.attrib:
            yield "symbol", look, (float(element.get("x")), float(element.get("y")))
        elif tag == "path" and "C" not in element.get("d") and element.get("d")[0] == "M":
            yield from (("point", look, point) for point in way(element.get("d")))


def looks(svg: str) -> Counter:
    parts = drawn(svg)
    return Counter((kind, *(look.get(name, "") for name in LOOK)) for kind, look, _ in parts)


def strays(before: str, after: str) -> list[str]:
    """The parts of a picture that stand nowhere in another, to the tenth; words to half a unit."""
    there = [(kind, at) for kind, _, at in drawn(after)]
    return [
        f"{kind} at {at}"
        for kind, _, at in drawn(before)
        if not any(
            kind == other and math.dist(at, place) < (0.75 if kind[:4] == "text" else 0.11)
            for other, place in there
        )
    ]


def pages(data: dict) -> list[str]:
    record = data[FIGURE]
    return re.findall(r"<svg.*?</svg>", str(drawings("".join(data[IMAGE]), record)), re.S)


@pytest.mark.parametrize("chapter", ["ch01_crimea_2014", "ch06_aid", "ch12_east_asia_tomorrow"])
def test_nothing_is_lost_moved_or_drawn_otherwise(chapter: str) -> None:
    found = charts(chapter)
    assert len(found) >= 3
    for name, data in found.items():
        broad, narrow = pages(data)
        for before, after in (("".join(data[IMAGE]), broad), (data[FIGURE]["narrow"], narrow)):
            assert strays(before, after) == [], name
            assert strays(after, before) == [], name
            words = {part for part in looks(before).items() if part[0][0][:4] == "text"}
            assert words == {part for part in looks(after).items() if part[0][0][:4] == "text"}
            assert looks(before).keys() == looks(after).keys(), name
            assert len(after) < 0.8 * len(before)


def test_what_is_clipped_lies_within_or_stays_clipped() -> None:
    clip = '<clipPath id="c"><rect x="0" y="0" width="50" height="50"/></clipPath>'
    line = '<path d="M 1 1 L {} 9" clip-path="url(#c)" style="fill: none"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><defs>{clip}</defs>{{}}</svg>'
    for end, clips in ((50, 0), (51, 1)):
        said = str(drawings(svg.format(line.format(end)), {"id": "fig", "marks": []}))
        assert said.count("url(#fig-1)") == said.count("<clipPath") == clips


def test_the_phones_map_lies_on_the_ground_of_the_other() -> None:
    data = charts("ch07_people")["way-to-kyiv"]
    broad, narrow = (ET.fromstring(page) for page in pages(data))
    paths = {part.get("id"): part.get("d") for part in broad.iter() if "d" in part.attrib}
    large = [part for part in narrow.iter() if "scale" in part.get("transform", "")]
    own = re.findall(r'<g id="guide-[^"]*"><path d="(m[^"]*)"', data[FIGURE]["narrow"])
    assert len(large) == len(own) == 5
    for use, outline in zip(large, own):
        x, y, scale = map(float, re.findall(NUMBER, use.get("transform")))
        there = [(x + scale * a, y + scale * b) for a, b in way(paths[use.get("href")[1:]])]
        inside = [point for point in way(outline) if 1 < point[0] < 316 and point[1] < 411]
        # each drawing leaves out what lies within three points of its last
        assert inside and all(min(math.dist(one, other) for other in there) < 4 for one in inside)


@pytest.mark.parametrize(
    "before, after",
    [
        ("M 10 20 L 30 20 L 30.54 25 L 31 26 z", "M10 20h20l.5 5 .5 1z"),
        ("M 0.04 0 L 0 0.06 M 5 5 L 4 5 L 4 4", "M0 0v.1M5 5h-1v-1"),
        ("M 1 1 L 1 1", "M1 1h0"),  # of no length, with round ends a dot
    ],
)
def test_a_line_is_its_steps(before: str, after: str) -> None:
    assert steps(before) == after
