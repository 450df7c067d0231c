"""What a chart says to those who do not see it: titles of marks, alternative text."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from casebook.checks.facts import Value
from casebook.checks.figures.drawing import fold, label_number
from casebook.checks.figures.shown import Shown, is_day

Point = tuple[Value, Value, Value]  # what orders it, value, place


def say(value: Value) -> str:
    """A value as the page says it, without the commas of thousands: 24 February 2022, 1168."""
    if is_day(value):
        day = date.fromisoformat(str(value))
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"
    if isinstance(value, str):
        return f"{float(value):.10g}" if re.fullmatch(r"-?\d+(\.\d+)?", value) else folded(value)
    return f"{value:.10g}" if value is not None else "nothing"


def folded(text: str) -> str:
    """Text without line breaks and without the commas of thousands."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", " ".join(text.split()))


def title_problems(shown: Shown) -> Iterator[str]:
    """What a mark says when it is pointed at: place, series, value, and its row's source."""
    titles = shown.svg.titles()
    marks = {(fold(str(mark["key"])), mark["series"]): mark for mark in shown.record["marks"]}
    for (key, series), (value, place) in shown.raw_marks.items():
        mark = marks.get((key, series))
        if mark is None:
            continue  # reported with the rows
        if titles.get(mark["id"]) != mark["text"]:
            drawn = titles.get(mark["id"])
            said = f"the record says {mark['text']!r}"
            yield f"row {key}, {series}: its mark is titled {drawn!r}, {said}"
        ends = (f", {series}", *([""] if str(place) == series else []))
        right = [
            f"{head}{end}: {say(value)}"
            for head in {folded(str(place)), say(place)}
            for end in ends
        ]
        if shown.record["kind"] == "map":
            right = [f"{key}: {_position(value, place)}"]
        cited = [f" ({source})" for source in _cited(shown, key)]
        if folded(mark["text"]) not in [text + end for text in right for end in ("", *cited)]:
            said = f"the data say {right[0]!r}"
            yield f"row {key}, {series}: its mark is titled {mark['text']!r}, {said}"


def _position(lat: Value, lon: Value) -> str:
    """43.5° N, 146.13° E"""
    said = (
        f"{abs(float(value or 0)):.10g}° {signs[float(value or 0) < 0]}"
        for value, signs in ((lat, "NS"), (lon, "EW"))
    )
    return ", ".join(said)


def _cited(shown: Shown, key: str) -> Iterator[str]:
    """The sources that a mark may name: its row's, or the only one of the figure."""
    named = shown.record["sources"]
    for one in [*shown.sources.get(key, ()), *(named if len(named) == 1 else ())]:
        source, _, paragraph = one.partition("#p")
        name = shown.facts.short(source)
        yield f"{name}, ¶{paragraph}" if paragraph else name


def alternative_problems(shown: Shown) -> Iterator[str]:
    """Chart type, title, unit and the true ends of each series are said, and no other number."""
    text = folded(shown.record["alt"])
    if shown.svg.root.get("aria-label") != shown.record["alt"]:
        label = shown.svg.root.get("aria-label")
        yield f"the picture's own label is {label!r}, the record's {shown.record['alt']!r}"
    dated = any(is_day(value) for value, _ in shown.raw_marks.values())
    series = _series(shown, dated)
    if not series:
        return
    kind = "time line" if dated else shown.svg.kind(shown.record["marks"][0]["id"])
    if not text.lower().startswith(f"{kind}: ") or shown.record["kind"] != kind:
        yield f"begins {text[:20]!r}, but the picture is a {kind}"
    yield from _title(shown, text)
    units = axis_units(shown)
    if not units and (shown.record["unit"] or not (dated or kind == "map")):
        yield f"the unit {shown.record['unit']!r} is the label of no axis"
    for unit in dict.fromkeys(units):
        if folded(unit) not in text:
            yield f"does not say the unit {unit!r}"
    yield from _extremes(shown, text, series, dated, units)


def axis_units(shown: Shown) -> list[str]:
    """The labels of the axis that carries the figure's unit."""
    wanted = fold(shown.record["unit"].split("; ")[0])
    return next((labels for labels in map(shown.svg.units, "yx") if wanted in labels), [])


def _series(shown: Shown, dated: bool) -> dict[str, list[Point]]:
    """Series -> its points, in an order that has a lowest and a highest."""
    series: dict[str, list[Point]] = {}
    on_map = shown.record["kind"] == "map"
    for (key, name), (value, place) in shown.raw_marks.items():
        if dated:
            order = value if is_day(value) else None
        else:
            order = value if isinstance(value, (int, float)) else label_number(str(value))
        if order is not None:  # else the cell is no number or day: reported with the rows
            series.setdefault(name, []).append((order, value, key if on_map else place))
    return series


def _title(shown: Shown, text: str) -> Iterator[str]:
    title = shown.record["title"]
    measured = shown.record.get(
        "measured", title
    )  # the axes' own titles; the title may be a finding
    rest = fold(measured)
    for word in sorted(shown.svg.axes_words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if not title or rest.strip("; ") or any(folded(one) not in text for one in (title, measured)):
        yield f"the title {title!r} does not stand both there and in the picture"


def _extremes(
    shown: Shown, text: str, series: dict[str, list[Point]], dated: bool, units: list[str]
) -> Iterator[str]:
    """Each series is said with its count and its ends; what is left holds no number."""
    first, last = ("first", "last") if dated else ("lowest", "highest")
    rest, true = text, True
    for name, points in series.items():
        low, high = ([p for p in points if p[0] == end] for end in (min(points)[0], max(points)[0]))
        head = f"{re.escape(fold(name))}: "
        head = head if len(series) > 1 else f"({head})?"
        ends = f"{len(points)} marks, {first} {_end(low)}, {last} {_end(high)}"
        pattern = head + (_end(low) if len(points) == 1 else ends)
        low_said, high_said = (f"{say(end[0][1])} ({say(end[0][2])})" for end in (low, high))
        said = f"{len(points)} marks, {first} {low_said}, {last} {high_said}"
        if shown.record["kind"] == "map":
            said = _southward(points)
            pattern = head + re.escape(said)
        if not re.search(pattern, text):
            true = False
            yield f"does not say that {name} has {said}; it says {text!r}"
        rest = re.sub(pattern, "", rest)
    # their own numbers are checked as words
    record = shown.record
    for known in (record["caption"], record["title"], record.get("measured", ""), *units):
        rest = rest.replace(folded(known), "")
    if true and re.search(r"\d", rest):
        yield f"says what its data do not: {rest.strip(' .')!r}"


def _southward(points: list[Point]) -> str:
    """The places of a map as its alternative text lists them."""
    keys = [folded(str(key)) for _, _, key in sorted(points, key=lambda p: -float(str(p[0])))]
    return f"{len(keys)} places from north to south: {', '.join(keys)}"


def _end(points: list[Point]) -> str:
    """A pattern for one end of a series: any of the places that share it may be named."""
    places = {name for *_, place in points for name in (say(place), folded(str(place)))}
    return rf"{re.escape(say(points[0][1]))} \(({'|'.join(map(re.escape, places))})\)"
