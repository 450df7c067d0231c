"""What stands round the marks of a chart: title, unit, ticks, names of rows and of series.

`casebook.charts` draws the marks. All distances here are in points and each picture is laid out
anew by Matplotlib when it is drawn, so a chart can be narrower or broader and stays in order.
"""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from casebook import style

LINE = 13.5  # points from one line of writing to the next
LETTER = 6.8  # points: a broad guess at the mean width of a letter
EVEN = [1, 2, 5, 10]  # steps between ticks that a person counts in


def figure(high: float, parts: int = 1, **options: Any) -> tuple[Figure, list[Axes]]:
    """A figure in the book's style, so many points high, with its axes one above the other."""
    style.use()
    size = (style.NARROW, high / 72)
    fig, grid = plt.subplots(parts, figsize=size, squeeze=False, **options)
    return fig, list(grid[:, 0])


def single(measured: str, high: float) -> tuple[Figure, Axes]:
    """A figure whose only axes are about so many points high, headed by what is measured."""
    said = textwrap.fill(measured, 46)
    fig, (ax,) = figure(high + 62 + LINE * (1 + said.count("\n")))
    head(ax, said)
    return fig, ax


def head(ax: Axes, text: str, pad: float = 9) -> None:
    """Write what is measured over the axes, so many points above them, from the picture's left."""
    title = ax.set_title(text, loc="left")
    title.set_transform(_left(ax) + _moved(ax, 0, pad))
    title.set_x(0.004)


def unit_above(ax: Axes, unit: str) -> None:
    """Write the unit flat at the head of an upright axis, over the axis' own labels."""
    ax.spines["left"].set_visible(False)
    head(ax, ax.get_title(loc="left"), 24)
    settle(ax)
    labels = [label for one in _picture(ax).axes for label in one.get_yticklabels()]
    broad = max(label.get_window_extent().width for label in labels)
    ax.set_ylabel(unit, rotation=0, ha="left", va="bottom")
    place = ax.transAxes + _moved(ax, -broad - 6, 6)
    ax.yaxis.set_label_coords(0, 1, transform=place)


def rows(ax: Axes, names: Sequence[str], margin: float = 0.5) -> None:
    """Let the upright axis be a list of names, the first one on top."""
    ax.set_yticks(range(len(names)), [wrapped(name) for name in names])
    ax.set_ylim(len(names) - 1 + margin, -margin)


def height_of(names: Sequence[str]) -> float:
    """The height in points that a list of names needs."""
    lines = [1 + wrapped(name).count("\n") for name in names]
    return len(names) * max(23, 9 + LINE * max(lines))


def wrapped(text: str, width: int = 27) -> str:
    """Text in lines of at most so many letters; its own breaks stay, and no word is cut."""
    lines = str(text).split("\n")
    fill = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False).fill
    return "\n".join(fill(line) for line in lines)


# -- the axis of values, years or days ---------------------------------------


def across(ax: Axes, values: pd.Series, between: tuple[Any, Any] | None) -> None:
    """Ticks and ends of the level axis for numbers or days; `between` gives its two ends."""
    if pd.api.types.is_datetime64_any_dtype(values):
        first, last = between or (values.min(), values.max())
        pad = (last - first) * (0 if between else 0.06) or pd.Timedelta(days=0 if between else 15)
        days(ax, first - pad, last + pad)
        ax.set_xlim(first - pad, last + pad)
    elif between:
        ax.set_xlim(between)
    ax.margins(x=0.06)
    if not pd.api.types.is_datetime64_any_dtype(values):
        ax.locator_params(axis="x", nbins=6, steps=EVEN)


def along(ax: Axes, places: pd.Index) -> None:
    """Ticks of the level axis of a line: days, or years that end with the last one if they can."""
    if isinstance(places, pd.DatetimeIndex):
        days(ax, places.min(), places.max())
    else:
        first, last = int(min(places)), int(max(places))
        steps = [step for step in range(1, last - first + 2) if (last - first) // step <= 5]
        even = [s for s in steps if (last - first) % s == 0 and (last - first) // s >= 3]
        ax.set_xticks(range(first, last + 1, (even or steps)[0]))
    ax.grid(axis="x", visible=False)


def days(ax: Axes, first: pd.Timestamp, last: pd.Timestamp) -> None:
    """Some five ticks, on days, months or years, each named so that it can be read alone."""
    span = (last - first).days
    if span <= 45:
        step = next(s for s in (1, 2, 3, 4, 7, 10) if span / s <= 6)
        ticks = list(pd.date_range(first.ceil("D"), last, freq=f"{step}D"))
    elif span <= 100:
        ticks = [month + pd.Timedelta(days=d) for month in _months(first, last) for d in (0, 14)]
    elif span <= 1500:
        step = next(s for s in (1, 2, 3, 4, 6, 12) if span / 30.4 / s <= 6)
        ticks = [month for month in _months(first, last) if (month.month - 1) % step == 0]
    else:
        step = next(s for s in (1, 2, 5, 10, 20) if span / 365 / s <= 6)
        years = range(-(-first.year // step) * step, last.year + 1, step)
        ticks = [pd.Timestamp(f"{year}-01-01") for year in years]
    named = "{0.day}\n{0:%b}" if span <= 100 else "{0:%b}\n{0.year}" if span <= 1500 else "{0.year}"
    ticks = [tick for tick in ticks if first <= tick <= last]
    ax.set_xticks(ticks, [named.format(tick) for tick in ticks])


def _months(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    return pd.date_range(first.to_period("M").start_time, last, freq="MS")


# -- names of series ----------------------------------------------------------


def name_ends(ax: Axes, ends: Iterable[tuple[Any, float, str, str]]) -> None:
    """Name lines at their last marks (x, y, name, colour), moved until no two names touch."""
    settle(ax)
    ends = list(ends)
    words = [_short(name) for *_, name, _ in ends]
    high = np.array([ax.transData.transform((0, y))[1] for _, y, *_ in ends])
    place = apart(high, [LINE * (1 + word.count("\n")) for word in words])
    for (x, y, _, hue), word, up in zip(ends, words, place - high, strict=True):
        write(ax, word, (x, y), (9, up), color=hue, va="center")


def _short(name: str) -> str:
    return name if len(name) < 14 else wrapped(name.replace(", ", ",\n"), 16)


def name_above(ax: Axes, row: int, names: Sequence[tuple[Any, str, str]]) -> None:
    """Name the marks (x, name, colour) of one row over them, moved apart and into the axes."""
    settle(ax)
    wide = np.array([LETTER * len(name) + 8 for _, name, _ in names])
    at = np.array([ax.transData.transform((ax.convert_xunits(x), 0))[0] for x, *_ in names])
    place = apart(np.maximum(apart(at, wide), ax.bbox.x0 + wide / 2), wide)
    for (x, name, hue), right in zip(names, place - at, strict=True):
        write(ax, name, (x, row), (right, 8), color=hue, ha="center", va="bottom")


def name_beside(ax: Axes, x: Any, row: int, name: str, hue: str) -> None:
    """Name a mark beside it, on the side that has more room."""
    right = ax.convert_xunits(x) < sum(ax.get_xlim()) / 2
    side = "left" if right else "right"
    write(ax, name, (x, row), (9 if right else -9, 0), color=hue, ha=side, va="center")


def apart(wanted: np.ndarray, room: Sequence[float] | np.ndarray) -> np.ndarray:
    """Places as near to the wanted ones as can be, so that things of such size do not overlap.

    >>> apart(np.array([0.0, 1.0]), [10, 10]).round(6).tolist()
    [-4.5, 5.5]
    """
    order, place = np.argsort(wanted, kind="stable"), wanted.astype(float).copy()
    for _ in range(200):  # each turn shares the lack between two neighbours
        for low, high in pairwise(order):
            lack = (room[low] + room[high]) / 2 - (place[high] - place[low])
            if lack > 0:
                place[low] -= lack / 2
                place[high] += lack / 2
    return place


def write(ax: Axes, text: str, mark: Any, offset: Any, **look: Any) -> None:
    """Write text so many points from a mark."""
    ax.annotate(text, mark, offset, textcoords="offset points", zorder=4, **look)


def key(ax: Axes) -> None:
    """Name the series in one or two lines under the title, each in its colour beside its mark."""
    handles, names = ax.get_legend_handles_labels()
    lines = 1 if sum(30 + 7 * len(name) for name in names) <= 330 else 2
    ax.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=_left(ax),
        ncols=-(-len(names) // lines),
        labelcolor=[_hue(handle) for handle in handles],
        handletextpad=0.6 if isinstance(handles[0], BarContainer) else 0,
        columnspacing=0.8,
        borderaxespad=0.3,
        borderpad=0,
    )
    head(ax, ax.get_title(loc="left"), 10 + 16 * lines)
    grow(ax, 16 * lines)


def _hue(handle: Any) -> Any:
    return handle[0].get_edgecolor() if isinstance(handle, BarContainer) else handle.get_color()


# -- places in points ----------------------------------------------------------


def grow(ax: Axes, high: float) -> None:
    """Make the picture so many points higher, for what stands above the marks."""
    _picture(ax).set_figheight(_picture(ax).get_figheight() + high / 72)


def _picture(ax: Axes) -> Figure:
    fig = ax.get_figure(root=True)
    assert fig is not None  # axes that were removed from theirs
    return fig


def settle(ax: Axes) -> None:
    """Lay the picture out: where things stand in points, and how broad they are, is known then."""
    _picture(ax).draw_without_rendering()


def _left(ax: Axes) -> Transform:
    """Across from the left edge of the picture, up from the foot of the axes."""
    return blended_transform_factory(_picture(ax).transFigure, ax.transAxes)


def _moved(ax: Axes, right: float, up: float) -> Transform:
    return ScaledTranslation(right / 72, up / 72, _picture(ax).dpi_scale_trans)
