"""Maps in the book's style: land and sea from `data/coastlines.csv`, a mark for each place.

`map` draws what a row of `data/places.csv` says; `figure.show` compares the marks with it, as on
any chart. Coasts and borders are a ground that is no data. What states dispute is drawn as
disputed: land in a tint of its own, a line broken; the caption says what that settles.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from casebook import axes, evidence, style
from casebook.figure.rows import FigureError, Series, plotted

Frame = tuple[float, float, float, float]  # west, south, east, north, in degrees
Words = Mapping[str, tuple[float, float]]  # word -> where its middle stands: lon, lat
GAP = 8  # points from a mark to its name
STEPS = (0.5, 1, 2, 5, 10, 15, 30)  # degrees from one line of the graticule to the next
# Where a name may stand, best first: the side of the mark, as steps to the right and up.
SIDES = {
    "right": (1, 0),
    "left": (-1, 0),
    "above": (0, 1),
    "below": (0, -1),
    "upper right": (1, 1),
    "lower right": (1, -1),
    "upper left": (-1, 1),
    "lower left": (-1, -1),
}
# How each kind of shape in the table is drawn; the order is that of the layers.
GROUND: dict[str, dict[str, Any]] = {
    "land": {"facecolor": style.GROUND["land"]},
    "lake": {"facecolor": style.GROUND["sea"]},
    "contested": {"facecolor": style.GROUND["contested"]},
    "border": {"edgecolor": style.GROUND["border"], "linewidth": 0.8},
    "line in dispute": {
        "edgecolor": style.COLOUR["neutral"],
        "linewidth": 1.4,
        "linestyle": (0, (3, 2)),
    },
}


class Name(NamedTuple):
    """The name of a mark: its words, which stand above one another, and the sides it may take."""

    place: str
    x: float
    y: float
    words: list[Annotation]
    sides: list[str]


def map(
    data: pd.DataFrame,
    measured: str,
    of: str | Mapping[str, str],
    *,
    frame: Frame | Mapping[str, Frame] | None = None,
    beneath: str = "",
    by: str | None = None,
    parts: str | None = None,
    colour: str | Mapping[str, str] = "Japan",
    hollow: Collection[str] = (),
    lands: Words | None = None,
    seas: Words | None = None,
    side: Mapping[str, str] | None = None,
) -> tuple[axes.Chart, list[Axes]]:
    """A mark for each row at its `lat` and `lon` (degrees), its name beside it, on land and sea.

    The projection is equirectangular: a degree of longitude is shortened by the cosine of the
    middle latitude, so shapes are true in the middle of the map and too broad towards the pole.
    Show it with ``values=["lat"], along="lon"`` and the same `by`.

    Parameters
    ----------
    data : DataFrame
        The index names the places; columns `lat` and `lon`, and those named below.
    measured : str
        What the marks are, above the map.
    of : str or dict
        The map in `data/coastlines.csv`, or the one for each part.
    frame : (west, south, east, north) or dict, optional
        The part of it that is shown, in degrees; by default all of it.
    beneath : str, optional
        A column of words (another name, a day) for a second line under the name.
    by : str, optional
        A column that tells series apart; each must be named in the caption or by `beneath`.
    parts : str, optional
        A column that parts the rows: each part has a map of its own, headed by its name.
    colour, hollow
        A colour or actor for all series, or for each; series drawn as rings.
    lands, seas : dict, optional
        Words on the ground and where they stand.
    side : dict, optional
        The side on which a place has its name, if the one that is found does not please.

    Raises
    ------
    FigureError
        The map is unknown, a place lies outside its frame, or names have no room.
    """
    groups = {"": data}
    if parts:
        groups = {str(name): rows for name, rows in data.groupby(parts, sort=False)}
    fig, own = axes.figure(0, len(groups))
    for ax, (part, rows) in zip(own, groups.items(), strict=True):
        axes.head(ax, ": ".join(filter(None, [measured if ax is own[0] else "", part])))
        window = frame[part] if isinstance(frame, Mapping) else frame
        _ground(ax, of if isinstance(of, str) else of[part], window)
        _inside(ax, rows)
        _degrees(ax, rows["lon"])
        for one in plotted(rows, "lat", "lon", by).series():
            _marks(ax, one, colour, one.name in hollow)
        _name(ax, rows, beneath, [*_said(ax, lands or {}, seas or {})], side or {})
    ratios = [_ratio(ax) for ax in own]
    if grid := own[0].get_gridspec():
        grid.set_height_ratios(ratios)
    fig.sizes.append(lambda: fig.high.update(maps=sum(ratios) * fig.points + 14 * len(own)))
    fig.fit(style.BROAD)
    return fig, own


# -- the ground ---------------------------------------------------------------


def _ground(ax: Axes, name: str, frame: Frame | None) -> None:
    """Sea, land, borders and degrees of one map."""
    table = evidence.load("coastlines")
    shapes = table[table["map"] == name]
    if shapes.empty:
        there = ", ".join(table["map"].unique())
        raise FigureError(f"coastlines: found no map {name!r}, expected one of {there}")
    points = shapes.groupby("kind")["points"].agg(list)
    west, south, east, north = frame or _points(points["sea"][0]).ravel()
    box = Bbox([(west, south), (east, north)])
    for kind, look in GROUND.items():
        outlines = [Path(_points(text)) for text in points.get(kind, [])]
        filled = "facecolor" in look
        if filled:
            outlines = [path.clip_to_bbox(box) for path in outlines]
        if outlines := [path for path in outlines if path.intersects_bbox(box, filled=filled)]:
            gid = f"guide-{'coast' if kind == 'land' else kind.replace(' ', '-')}"
            shape = PathPatch(outlines[0], gid=gid, **{"fill": filled, "linewidth": 0} | look)
            ax.add_patch(shape)
            _thin(ax, shape, outlines)
    ax.set_facecolor(style.GROUND["sea"])
    ax.set(xlim=(west, east), ylim=(south, north))
    ax.set_aspect(1 / np.cos(np.radians((south + north) / 2)))


def _thin(ax: Axes, shape: PathPatch, outlines: list[Path]) -> None:
    """At each width leave out what lies within three points of the point before."""
    fig = axes.chart(ax)

    def size() -> None:
        west, east = ax.get_xlim()
        near = 3 * (east - west) / fig.points
        shape.set_path(Path.make_compound_path(*(_thinned(path, near) for path in outlines)))

    fig.sizes.append(size)


def _thinned(path: Path, near: float) -> Path:
    """A path without the points that lie nearer than that to the last one kept; its ends stay."""
    points, kept = path.vertices, [0]
    for number in range(1, len(points) - 1):
        if np.hypot(*(points[number] - points[kept[-1]])) >= near:
            kept.append(number)
    return Path(points[[*kept, len(points) - 1]])


def _inside(ax: Axes, rows: pd.DataFrame) -> None:
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    for place, lat, lon in zip(rows.index, rows["lat"], rows["lon"]):
        if not (west < lon < east and south < lat < north):
            raise FigureError(
                f"{place}: found {lat}, {lon}, expected it between"
                f" {south}, {west} and {north}, {east}"
            )


def _points(text: str) -> np.ndarray:
    """``142.5,43 143,43.1`` as rows of longitude and latitude."""
    return np.array([pair.split(",") for pair in text.split()], float)


def _degrees(ax: Axes, marks: pd.Series) -> None:
    """A few lines of the graticule, each named inside the map, on the side that has more room."""
    for axis, (low, high), signs in [
        (ax.xaxis, ax.get_xlim(), "EW"),
        (ax.yaxis, ax.get_ylim(), "NS"),
    ]:
        inner = low + 0.12 * (high - low), high - 0.06 * (high - low)
        steps: Iterator[Any] = (
            np.arange(-(-inner[0] // step), inner[1] // step + 1) * step for step in STEPS
        )
        places = next(places for places in steps if len(places) <= (5 if signs == "EW" else 4))
        axis.set_ticks(places, [degrees(one, signs) for one in places])
    ax.tick_params(axis="x", direction="in", pad=-18, labelcolor=style.COLOUR["neutral"])
    ax.tick_params(axis="y", direction="in", pad=-6, labelcolor=style.COLOUR["neutral"])
    west, east = ax.get_xlim()
    left = marks.min() - west > east - marks.max()
    ax.yaxis.set_ticks_position("left" if left else "right")
    for label in ax.get_yticklabels():
        label.set(ha="left" if left else "right", va="bottom")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_in_layout(False)
        axis.set_zorder(1.5)  # over the land
    ax.grid(color=style.PAPER, linewidth=0.8)
    ax.set_axisbelow(False)
    ax.spines[:].set_visible(False)


def degrees(value: float, signs: str) -> str:
    """A latitude (`signs` ``NS``) or longitude (``EW``) as a map writes it: ``145.5° E``."""
    return f"{abs(value):g}° {signs[int(value < 0)]}" if value else "0°"


def _ratio(ax: Axes) -> float:
    """How high a map is for its breadth."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    return (north - south) / (east - west) * float(ax.get_aspect())


# -- marks and words ----------------------------------------------------------


def _marks(ax: Axes, series: Series, colour: str | Mapping[str, str], hollow: bool) -> None:
    name = series.name
    hue = style.colour(colour.get(name, name) if isinstance(colour, Mapping) else colour)
    inside = style.PAPER if hollow else hue
    look: dict[str, Any] = {"markersize": 8, "markerfacecolor": inside, "zorder": 3}
    look |= {"markeredgecolor": hue if hollow else style.PAPER, "markeredgewidth": 1.4}
    ax.plot(series.places.astype(float), series.values, "o", label=name, **look)


def _said(ax: Axes, lands: Words, seas: Words) -> Iterator[Annotation]:
    """Words on the ground: lands in capitals, seas in italics."""
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": style.GROUND["word"]}
    for word, place in lands.items():
        yield axes.write(ax, word.upper(), place, (0, 0), **look)
    for word, place in seas.items():
        yield axes.write(ax, word, place, (0, 0), style="italic", **look)


def _name(
    ax: Axes,
    rows: pd.DataFrame,
    beneath: str,
    taken: Sequence[Annotation],
    side: Mapping[str, str],
) -> None:
    """Name each mark beside it, where no other word, mark or edge is in the way."""
    names = [_written(ax, str(place), row, beneath, side) for place, row in rows.iterrows()]
    axes.chart(ax).places.append(partial(_place, ax, names, taken))


def _written(ax: Axes, place: str, row: pd.Series, beneath: str, side: Mapping[str, str]) -> Name:
    """The name of a mark, written but not yet placed, and the sides on which it may stand."""
    at, words = (row["lon"], row["lat"]), [place]
    if beneath and isinstance(row[beneath], str):
        words += row[beneath].split("\n")
    look = {"color": style.INK, "fontweight": "bold"}, {"color": style.COLOUR["neutral"]}
    texts = [axes.write(ax, word, at, (0, 0), **look[i > 0]) for i, word in enumerate(words)]
    for text in texts:
        text.set_in_layout(False)  # it takes no room from the map
    return Name(place, *at, texts, [side[place]] if place in side else list(SIDES))


def _place(ax: Axes, names: list[Name], taken: Sequence[Annotation]) -> None:
    """Put each name where nothing is in the way; words on the ground give way, the last first."""
    ax.apply_aspect()
    for name in names:
        hidden = {way: _covered(ax, _put(name, way)) for way in name.sides}
        name.sides.sort(key=hidden.__getitem__)
    spots = [ax.transData.transform((one.x, one.y)) for one in names]
    busy = [Bbox.from_bounds(x - 5, y - 5, 10, 10) for x, y in spots]
    labels = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    busy += [text.get_window_extent() for text in labels]
    shown = _free(taken, busy)
    while (found := _settled(names, [*busy, *shown.values()], ax.get_window_extent())) is None:
        if not shown:
            wide = axes.chart(ax).points
            raise FigureError(f"names have no room in {wide:.0f} points (say 'side' or 'frame')")
        shown.popitem()
    for word in taken:
        word.set_visible(word in shown)
    for name, way in zip(names, found, strict=True):
        _put(name, way)


def _free(words: Sequence[Annotation], busy: Sequence[Bbox]) -> dict[Annotation, Bbox]:
    """The words that hide nothing, in order, each with the box that it fills."""
    for word in words:
        word.set_visible(True)
    boxes = {word: word.get_window_extent() for word in words}
    return {w: box for w, box in boxes.items() if not any(box.overlaps(one) for one in busy)}


def _settled(names: Sequence[Name], busy: list[Bbox], edge: Bbox) -> list[str] | None:
    """The side of each name so that nothing touches, the best ones first; None if there is none."""
    if not names:
        return []
    name, *rest = names
    for way in name.sides:
        box = _put(name, way)
        inside = edge.x0 < box.x0 and box.x1 < edge.x1 and edge.y0 < box.y0 and box.y1 < edge.y1
        if inside and not any(box.overlaps(other) for other in busy):
            further = _settled(rest, [*busy, box], edge)
            if further is not None:
                return [way, *further]
    return None


def _covered(ax: Axes, box: Bbox) -> int:
    """On how many kinds of ground words in the box would lie: they are best read on the sea."""
    filled = [one for one in ax.patches if one.get_fill()]
    shapes = [one.get_path().transformed(ax.transData) for one in filled]
    return sum(bool(shape.intersects_bbox(box)) for shape in shapes)


def _put(name: Name, way: str) -> Bbox:
    """Write a name on one side of its mark; the box that it fills, in pixels."""
    right, up = SIDES[way]
    high = axes.LINE * len(name.words)
    near = GAP * (0.7 if right and up else 1)
    top = high + near if up > 0 else -near if up < 0 else high / 2
    for number, word in enumerate(name.words):
        word.set(ha={1: "left", -1: "right", 0: "center"}[right], va="center")
        word.set_position((right * near, top - axes.LINE * (number + 0.5)))
    return Bbox.union([word.get_window_extent() for word in name.words])
