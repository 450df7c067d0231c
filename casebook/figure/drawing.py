"""What a figure draws, read back from Matplotlib's artists and compared with its rows.

`compared` goes through the series of the data, finds the artist that draws each (`Drawn`) and
returns its marks (`Mark`), or names the first that differs from its row. A line, band or symbol
that is no data says so with a gid that begins with `guide-`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, count
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from casebook.figure.rows import FigureError, Rows, Series, as_json, naming
from casebook.figure.words import position, said, said_value

NOTHING = ("None", "none", "", " ", None)  # the ways to say "no line" or "no marker"


@dataclass(eq=False)
class Drawn:
    """The marks of one series, in data coordinates: bars, or one line or cloud of points."""

    label: str
    kind: str
    ax: Axes
    x: np.ndarray
    y: np.ndarray
    artists: list[Artist]  # one for each bar; one for all points
    feet: np.ndarray | None = None  # where bars begin
    sideways: bool | None = None  # known of bars; of lines and points the values tell

    @property
    def bars(self) -> bool:
        return self.feet is not None

    def values(self) -> np.ndarray:
        return self.x if self.sideways else self.y

    def places(self) -> np.ndarray:
        return self.y if self.sideways else self.x

    def axis(self) -> Axis:
        """The axis along which the marks stand."""
        return self.ax.yaxis if self.sideways else self.ax.xaxis


@dataclass
class Mark:
    """One datum in the picture, found there by the id `group` (a bar's own, else the series')."""

    id: str
    row: Any
    series: str
    value: Any
    text: str
    group: str

    def published(self) -> dict[str, Any]:
        """The mark as the record holds it."""
        return {
            "id": self.id,
            "key": as_json(self.row),
            "series": self.series,
            "value": as_json(self.value),
            "text": self.text,
        }


def compared(fig: Figure, rows: Rows) -> tuple[list[Drawn], list[Mark]]:
    """What `fig` draws, series by series, and its marks; FigureError where they differ from `rows`.

    The figure must have been laid out: only then are the places of its tick labels known.
    """
    left = list(_drawn(fig))
    drawn: list[Drawn] = []
    marks: list[Mark] = []
    alone = len(left) == 1
    for series in rows.series():
        pieces = _pick(left, series.name, alone)
        with naming(f"series {series.name!r}"):
            for piece, part in _shared(pieces, series):
                marks += _marks(piece, part, f"series-{len(drawn)}", [mark.id for mark in marks])
                drawn.append(piece)
    if left:
        raise FigureError(
            f"something is drawn that 'data' does not hold: {left[0].label!r}"
            " (a guide that is no data takes a gid beginning with 'guide-')"
        )
    return drawn, marks


# -- what is drawn ----------------------------------------------------------


def _drawn(fig: Figure) -> Iterator[Drawn]:
    for ax in fig.axes:
        bars = [one for one in ax.containers if isinstance(one, BarContainer)]
        yield from (_bars(ax, one) for one in bars)
        patches = {patch for one in bars for patch in one.patches}
        for artist in [*ax.lines, *ax.collections, *ax.patches, *ax.images]:
            if artist not in patches and not str(artist.get_gid() or "").startswith("guide-"):
                yield _line_or_points(ax, artist)


def _bars(ax: Axes, bars: BarContainer) -> Drawn:
    sideways = bars.orientation == "horizontal"
    boxes = [(b.get_x(), b.get_y(), b.get_width(), b.get_height()) for b in bars.patches]
    left, low, width, height = np.array(boxes, float).reshape(-1, 4).T
    along, across = (width, low + height / 2) if sideways else (left + width / 2, height)
    return Drawn(
        str(bars.get_label()),
        "bar chart",
        ax,
        along,
        across,
        list(bars.patches),
        left if sideways else low,
        sideways,
    )


def _line_or_points(ax: Axes, artist: Artist) -> Drawn:
    label = str(artist.get_label())
    if isinstance(artist, PathCollection):
        x, y = _filled(artist.get_offsets()).T
        return Drawn(label, "point chart", ax, x, y, [artist])
    if not isinstance(artist, Line2D) or artist.get_transform() != ax.transData:
        raise FigureError(
            f"a {type(artist).__name__} is drawn that cannot be compared with data (bars, lines"
            " and points can; a guide takes a gid beginning with 'guide-')"
        )
    if artist.get_marker() in NOTHING:
        artist.set_marker("o")  # each datum is a mark that can be seen, focused and tested
    x, y = (_filled(values) for values in artist.get_data(orig=False))
    on_land = any(patch.get_gid() == "guide-coast" for patch in ax.patches)
    points = "map" if on_land else "point chart"
    kind = points if artist.get_linestyle() in NOTHING else "line chart"
    return Drawn(label, kind, ax, x, y, [artist])


def _filled(values: Any) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)


def _pick(drawn: list[Drawn], name: str, alone: bool) -> list[Drawn]:
    """Take a series out of the list: what bears its label (in several axes), or all there is."""
    found = [one for one in drawn if alone or _fold(one.label) == _fold(name)]
    drawn[:] = [one for one in drawn if one not in found]
    if found:
        return found
    labels = ", ".join(repr(artist.label) for artist in drawn) or "nothing"
    raise FigureError(
        f"series {name!r} is in the data but not drawn (expected label {name!r}; found {labels})"
    )


def _fold(text: Any) -> str:
    return re.sub(r"[\s_]+", " ", str(text)).strip().casefold()


# -- the comparison ---------------------------------------------------------


def _shared(pieces: list[Drawn], series: Series) -> Iterator[tuple[Drawn, Series]]:
    """Each piece of a series with its rows; a row without value may have no mark."""
    counts = [len(piece.x) for piece in pieces]
    kept = series.values.dropna()
    if kept.empty:
        raise FigureError("no row has a value")
    if sum(counts) not in (len(series.values), len(kept)):
        raise FigureError(f"{sum(counts)} marks are drawn, the data has {len(kept)} rows")
    values = series.values if sum(counts) == len(series.values) else kept
    for piece, end in zip(pieces, accumulate(counts)):
        part = values.iloc[end - len(piece.x) : end]
        yield piece, Series(series.name, part, series.places.loc[part.index])


def _marks(drawn: Drawn, series: Series, group: str, taken: list[str]) -> list[Mark]:
    """The marks of one series, each equal to its row, with ids that none before has `taken`."""
    wanted = np.array([_number(value) for value in series.values])
    if drawn.sideways is None:
        drawn.sideways = _distance(drawn.x, wanted) < _distance(drawn.y, wanted)
    ticks = _ticks(drawn.axis())
    marks: list[Mark] = []
    for i, (key, value) in enumerate(series.values.items()):
        place = series.places.iloc[i]
        for problem in _problems(drawn, i, value, place, ticks):
            raise FigureError(f"mark {said(key)!r} {problem}")
        if not np.isnan(wanted[i]):
            id = _id(key, series.name, [*taken, *(mark.id for mark in marks)])
            text = " ".join(f"{said(place)}, {series.name}: {said_value(value)}".split())
            if drawn.kind == "map":
                text = f"{said(key)}: {position(value, place)}"
            own = id if drawn.bars else group
            drawn.artists[i if drawn.bars else 0].set_gid(own)
            marks.append(Mark(id, key, series.name, value, text, own))
    return marks


def _number(value: Any) -> float:
    if isinstance(value, pd.Timestamp):
        return float(mdates.date2num(value))
    return float("nan") if pd.isna(value) else float(value)


def _distance(found: np.ndarray, wanted: np.ndarray) -> float:
    both = ~np.isnan(found) & ~np.isnan(wanted)
    return float(np.abs(found[both] - wanted[both]).sum()) if both.any() else float("inf")


def _ticks(axis: Axis) -> dict[str, float]:
    """Where each label stands, as it is written and folded."""
    labels = [label.get_text() for label in axis.get_majorticklabels()]
    at = [float(place) for place in axis.get_majorticklocs()]
    return dict(zip(map(_fold, labels), at)) | dict(zip(labels, at))


def _problems(
    drawn: Drawn, i: int, value: Any, place: Any, ticks: dict[str, float]
) -> Iterator[str]:
    """What is wrong with mark `i`, which should show `value` at `place`."""
    shown, wanted = float(drawn.values()[i]), _number(value)
    if np.isnan(wanted):
        if not np.isnan(shown):
            yield f"shows {shown:g}, but that row has no value"
        return
    if np.isnan(shown) or not np.isclose(shown, wanted, rtol=1e-9, atol=1e-9):
        yield f"shows {_as(shown, value)}, the data says {said(value)}"
    yield from _wrong_place(drawn, i, place, ticks)
    foot = shown if drawn.feet is None else float(drawn.feet[i])
    if drawn.bars and foot != 0:
        yield f"is a bar that starts at {foot:g} (expected 0)"
    spans = drawn.ax.viewLim.intervalx, drawn.ax.viewLim.intervaly
    along, across = spans if drawn.sideways else spans[::-1]
    if not (_inside(along, shown, foot) and _inside(across, float(drawn.places()[i]))):
        yield "is cut off by the edge of the picture (widen the axes' limits)"


def _as(shown: float, value: Any) -> str:
    """A position in the words of the value that should be there."""
    dated = isinstance(value, pd.Timestamp) and not np.isnan(shown)
    return said(pd.Timestamp(mdates.num2date(shown)).tz_localize(None) if dated else shown)


def _wrong_place(drawn: Drawn, i: int, place: Any, ticks: dict[str, float]) -> Iterator[str]:
    named = isinstance(place, str)
    at = ticks.get(place, ticks.get(_fold(place))) if named else _number(place)
    if at is None:
        yield f"stands at {place!r}, but no tick has that label"
    # bars of a group stand beside their place
    elif abs(drawn.places()[i] - at) >= (0.5 if named or drawn.bars else 1e-6):
        yield f"does not stand at {said(place)!r}{_advice(drawn, place)}"


def _advice(drawn: Drawn, place: Any) -> str:
    """What to write where pandas puts dates elsewhere."""
    if not isinstance(place, pd.Timestamp) or not hasattr(drawn.axis(), "freq"):
        return ""
    if drawn.bars:
        return " (pandas counts bars there: give the dates as text)"
    return " (pandas counts periods there: write plot(x_compat=True))"


def _inside(span: Iterable[float], *values: float) -> bool:
    low, high = sorted(span)
    return low <= min(values) and max(values) <= high


def _id(key: Any, series: str, taken: list[str]) -> str:
    """A name for a mark: letters and digits of any script, and a number if that is taken."""
    slug = "mark-" + re.sub(r"[\W_]+", "-", f"{said(key)}-{series}".lower()).strip("-")
    names = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)
