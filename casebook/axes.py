"""What stands round the marks of a chart: title, unit, ticks, names of rows and of series.

`casebook.charts` draws the marks. All distances here are in points and each picture is laid out
anew by Matplotlib when it is drawn, so a chart can be narrower or broader and stays in order.
"""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from casebook import style

LINE = 15  # points from one line of writing to the next
LETTER = 7.2  # points: a broad guess at the mean width of a letter
EVEN = [1, 2, 5, 10]  # steps between ticks that a person counts in

Arrange = Callable[[], None]


class Chart(Figure):
    """A figure that can be drawn at more than one width: `fit` arranges it anew.

    It is no figure of pyplot, which would show it a second time below the cell that draws it;
    `figure.show` fits it and shows it.
    `sizes` are done first (how writing is broken, how high all is), `places` when the picture has
    been laid out; each part of its height in points is in `high`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sizes: list[Arrange] = []
        self.places: list[Arrange] = []
        self.high: dict[str, float] = {}

    def fit(self, width: float) -> None:
        """Arrange all for a width in inches."""
        self.set_layout_engine("constrained")
        self.set_figwidth(width)
        for arrange in self.sizes:
            arrange()
        self.set_figheight(sum(self.high.values()) / 72)
        if self.places and (engine := self.get_layout_engine()):
            engine.execute(self)  # as if nothing had a place of its own; `svg.lay_out` ends it
        for arrange in self.places:
            arrange()

    @property
    def points(self) -> float:
        """Its width in points."""
        return self.get_figwidth() * 72

    @property
    def narrow(self) -> bool:
        return self.get_figwidth() < (style.NARROW + style.BROAD) / 2


def figure(high: float, parts: int = 1, **options: Any) -> tuple[Chart, list[Axes]]:
    """A figure in the book's style, so many points high, with its axes one above the other."""
    style.use()
    fig = Chart(figsize=(style.BROAD, high / 72))
    fig.high["body"] = high
    return fig, list(fig.subplots(parts, squeeze=False, **options)[:, 0])


def single(measured: str, high: float) -> tuple[Chart, Axes]:
    """A figure whose only axes are about so many points high, headed by what is measured."""
    fig, (ax,) = figure(high + 56)
    head(ax, measured)
    return fig, ax


def head(ax: Axes, text: str) -> None:
    """Write what is measured over the axes, in lines as broad as the picture, from its left."""
    fig, title = chart(ax), ax.set_title(text, loc="left")

    def size() -> None:
        title.set_text(wrapped(text, int(fig.points / LETTER)))
        lines = title.get_text().count("\n") + bool(text)
        fig.high[f"title {fig.axes.index(ax)}"] = LINE * lines

    raise_head(ax, 9)
    fig.sizes.append(size)


def raise_head(ax: Axes, pad: float) -> None:
    """Let what is measured stand so many points above the axes."""
    title = ax.set_title(ax.get_title(loc="left"), loc="left")
    title.set_transform(_left(ax) + _moved(ax, 0, pad))
    title.set_x(0.004)


def unit_above(ax: Axes, unit: str) -> None:
    """Write the unit flat at the head of an upright axis, over the axis' own labels."""
    ax.spines["left"].set_visible(False)
    raise_head(ax, 26)
    ax.set_ylabel(unit, rotation=0, ha="left", va="bottom")

    def place() -> None:
        labels = [label for one in chart(ax).axes for label in one.get_yticklabels()]
        broad = max(label.get_window_extent().width for label in labels)
        ax.yaxis.set_label_coords(0, 1, transform=ax.transAxes + _moved(ax, -broad - 6, 6))

    chart(ax).places.append(place)


def rows(ax: Axes, names: Sequence[str], margin: float = 0.5) -> None:
    """Let the upright axis be a list of names, the first one on top."""

    def size() -> None:
        ax.set_yticks(range(len(names)), [wrapped(name, letters(ax)) for name in names])

    size()
    ax.set_ylim(len(names) - 1 + margin, -margin)
    chart(ax).sizes.append(size)


def letters(ax: Axes) -> int:
    """How many letters of a row's name stand in one line."""
    return 21 if chart(ax).narrow else 34


def height_of(ax: Axes, names: Sequence[str]) -> float:
    """The height in points that a list of names needs."""
    lines = [1 + wrapped(name, letters(ax)).count("\n") for name in names]
    return len(names) * max(26, 9 + LINE * max(lines))


def wrapped(text: str, width: int) -> str:
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
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if span / 365 / s <= 6)
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
    ends, fig = list(ends), chart(ax)
    look = {"offset": (9, 0), "va": "center"}
    words = [write(ax, name, (x, y), color=hue, **look) for x, y, name, hue in ends]

    def size() -> None:
        for word, (*_, name, _) in zip(words, ends, strict=True):
            word.set_text(_short(name, 16 if fig.narrow else 24))

    def place() -> None:
        high = np.array([ax.transData.transform((0, y))[1] for _, y, *_ in ends])
        room = [LINE * (1 + word.get_text().count("\n")) for word in words]
        for word, up in zip(words, apart(high, room) - high, strict=True):
            word.set_position((9, up))

    fig.sizes.append(size)
    fig.places.append(place)


def _short(name: str, width: int) -> str:
    return name if len(name) <= width - 2 else wrapped(name.replace(", ", ",\n"), width)


def name_above(ax: Axes, row: int, names: Sequence[tuple[Any, str, str]]) -> None:
    """Name the marks (x, name, colour) of one row over them, moved apart and into the axes."""
    look = {"offset": (0, 8), "ha": "center", "va": "bottom"}
    words = [write(ax, name, (x, row), color=hue, **look) for x, name, hue in names]

    def place() -> None:
        wide = np.array([LETTER * len(name) + 8 for _, name, _ in names])
        at = np.array([ax.transData.transform((number(ax, x), 0))[0] for x, *_ in names])
        right = apart(np.maximum(apart(at, wide), ax.bbox.x0 + wide / 2), wide)
        for word, moved in zip(words, right - at, strict=True):
            word.set_position((moved, 8))

    chart(ax).places.append(place)


def name_beside(ax: Axes, x: Any, row: int, name: str, hue: str) -> None:
    """Name a mark beside it, on the side that has more room."""
    right = number(ax, x) < sum(ax.get_xlim()) / 2
    side = "left" if right else "right"
    write(ax, name, (x, row), (9 if right else -9, 0), color=hue, ha=side, va="center")


def number(ax: Axes, x: Any) -> float:
    """A place along the level axis as Matplotlib counts it: days are numbers too."""
    return float(ax.convert_xunits(x))  # type: ignore[no-untyped-call]


def apart(wanted: np.ndarray, room: Sequence[float] | np.ndarray) -> np.ndarray:
    """Places as near to the wanted ones as can be, so that things of such size do not overlap.

    >>> apart(np.array([0.0, 1.0]), [10, 10]).round(6).tolist()
    [-4.5, 5.5]
    """
    order = np.argsort(wanted, kind="stable")
    place: np.ndarray = wanted.astype(float)
    for _ in range(200):  # each turn shares the lack between two neighbours
        for low, high in pairwise(order):
            lack = (room[low] + room[high]) / 2 - (place[high] - place[low])
            if lack > 0:
                place[low] -= lack / 2
                place[high] += lack / 2
    return place


def write(ax: Axes, text: str, mark: Any, offset: Any, **look: Any) -> Annotation:
    """Write text so many points from a mark."""
    return ax.annotate(text, mark, offset, textcoords="offset points", zorder=4, **look)


def key(ax: Axes) -> None:
    """Name the series in lines under the title, each in its colour beside its mark."""
    handles, names = ax.get_legend_handles_labels()
    fig, bars = chart(ax), isinstance(handles[0], BarContainer)

    def size() -> None:
        columns = _columns([30 + LETTER * len(name) for name in names], fig.points)
        lines = -(-len(names) // columns)
        ax.legend(
            handles,
            names,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            bbox_transform=_left(ax),
            ncols=columns,
            labelcolor=[_hue(handle) for handle in handles],
            handlelength=1.6 if bars else 1,
            handletextpad=0.6 if bars else 0.4,
            columnspacing=0.8,
            borderaxespad=0.3,
            borderpad=0,
        )
        raise_head(ax, 10 + 18 * lines)
        fig.high["key"] = 18 * lines

    fig.sizes.append(size)


def _columns(wide: Sequence[float], room: float) -> int:
    """In how many columns things so wide have room, filled one column after the other."""

    def needed(columns: int) -> float:
        lines = -(-len(wide) // columns)
        return sum(max(wide[i : i + lines]) for i in range(0, len(wide), lines))

    return next((n for n in range(len(wide), 1, -1) if needed(n) <= room), 1)


def _hue(handle: Any) -> Any:
    return handle[0].get_edgecolor() if isinstance(handle, BarContainer) else handle.get_color()


# -- places in points ----------------------------------------------------------


def chart(ax: Axes) -> Chart:
    """The picture that axes stand in."""
    fig = ax.get_figure(root=True)
    assert isinstance(fig, Chart)  # made by `figure`, above
    return fig


def _left(ax: Axes) -> Transform:
    """Across from the left edge of the picture, up from the foot of the axes."""
    return blended_transform_factory(chart(ax).transFigure, ax.transAxes)


def _moved(ax: Axes, right: float, up: float) -> Transform:
    return ScaledTranslation(right / 72, up / 72, chart(ax).dpi_scale_trans)
