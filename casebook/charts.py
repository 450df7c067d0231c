"""The kinds of chart that the book draws, in its style: each a function of data that returns `fig, ax` for more.

* `bars`: one bar for each row, or one for each row and column; lying, or upright for years;
* `lines`: one line for each series, along years or days, its name at its end; `steps=True` where a sum jumps;
* `panels`: a line for each column, each in an axes of its own, one above the other;
* `points`: marks in named rows, by number or day, joined where a row is a change;
* `timeline`: one mark for each row on its day, in parts with a scale of their own where single days matter;
* `at` and `level`: a guide that is not data, with its word.

`values`, `along` and `by` mean what they mean to `figure.show`, which compares what was drawn with the data. Series are
named beside their marks, not in a legend; a colour is that of an actor (`style.colour`), unless `colour` gives another.
"""

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from casebook import evidence, style

Colours = Mapping[str, str] | str | None
Between = tuple | None
MARKERS = "osD^vP"
LINE = 13.5  # points from one line of writing to the next


class ChartError(ValueError):
    """Data that the chart asked for cannot show; one line that says what was found and expected."""


# -- bars -------------------------------------------------------------------


def bars(
    data: pd.Series | pd.DataFrame,
    measured: str,
    unit: str,
    *,
    colour: Colours = None,
    highlight: str = "",
    hollow: Collection[str] = (),
    upright: bool = False,
) -> tuple[Figure, Axes]:
    """A bar for each row of a Series, or for each row and column of a DataFrame, with its value at its end.

    Parameters
    ----------
    data : Series or DataFrame of numbers
        The index names the rows, in the order shown; a missing value draws no bar.
    measured, unit : str
        What is measured, above the axes; the unit, at the axis of values.
    colour : str or dict, optional
        A colour or actor for all bars, or one for each row (of a Series) or column (of a DataFrame).
    highlight : str
        The one row that is meant: it has its actor's colour, or ink, and the others are neutral.
    hollow : names of columns drawn as outlines.
    upright : bool
        Let the bars stand, as for years.

    >>> fig, ax = bars(pd.Series({"Yes": 100, "No": 11}), "Votes", "states", highlight="Yes")
    """
    table = _numbers(data, "bars")
    if isinstance(data, pd.Series):
        hues = [_row_colour(row, colour, highlight) for row in table.index]
    shifts, key = _shifts(table.shape[1]), max(len(str(name)) for name in table) > 24
    thick = 0.62 if table.shape[1] == 1 else 0.9 * (shifts[1] - shifts[0])
    fig, ax = _axes(measured, 200 if upright else len(table) * (12 + 17 * table.shape[1]))
    draw = ax.bar if upright else ax.barh
    for column, shift in zip(table, shifts):
        hue = hues if isinstance(data, pd.Series) else _colour(column, colour)
        fill = style.PAPER if column in hollow else hue
        look = {"facecolor": fill, "edgecolor": hue, "linewidth": 1.5, "label": column}
        drawn = draw(np.arange(len(table)) + shift, table[column], thick, **look)
        words = _bar_words(table[column], named=table.shape[1] > 1 and not key)
        ink = style.INK if isinstance(data, pd.Series) else hue
        ax.bar_label(drawn, words, padding=4, color=ink)
    _bar_axes(ax, table, unit, upright)
    if key and table.shape[1] > 1:
        _key(ax)
    for label in ax.get_yticklabels():
        label.set_fontweight("bold" if highlight and label.get_text() == highlight else "normal")
    return fig, ax


def _row_colour(row: str, colour: Colours, highlight: str) -> str:
    if highlight and row != highlight:
        return style.COLOUR["rest"]
    if not highlight and not colour:
        return style.COLOUR["neutral"]  # a row that names an actor need not be one
    hue = _colour(str(row), colour)
    return style.INK if highlight and hue == style.COLOUR["neutral"] else hue


def _shifts(columns: int) -> np.ndarray:
    return (np.arange(columns) - (columns - 1) / 2) * 0.8 / max(columns, 2)


def _bar_words(values: pd.Series, named: bool) -> list[str]:
    """What stands at each bar: its value, and once, at the first bar that leaves room, the name of its column."""
    words = ["" if pd.isna(value) else f"{value:,.10g}".replace("-", "−") for value in values]
    if named:
        short = [i for i, value in enumerate(values) if 0 <= value <= values.max() / 2]
        first = (short or [int(np.nanargmin(values.abs()))])[0]
        words[first] += f"  {values.name}"
    return words


def _bar_axes(ax: Axes, table: pd.DataFrame, unit: str, upright: bool) -> None:
    places, low = range(len(table)), bool((table < 0).any(axis=None))
    if upright:
        ax.set_xticks(places, [_wrapped(row, 10) for row in table.index])
        ax.grid(axis="x", visible=False)
        ax.margins(y=0.12)
    else:
        ax.set_yticks(places, [_wrapped(row) for row in table.index])
        ax.set_xlabel(unit)
        ax.grid(axis="y", visible=False)
        ax.set_ylim(len(table) - 0.45, -0.55)
        ax.margins(x=0.2 if low else 0.08)
    zero = (ax.axhline if upright else ax.axvline)(0, color=style.INK, linewidth=1, zorder=3)
    zero.set_gid("guide-zero")
    ax.spines["bottom" if upright else "left"].set_visible(False)
    ax.locator_params(axis="y" if upright else "x", nbins=4 if low else 5, steps=[1, 2, 5, 10])
    if upright:
        _unit_above(ax, unit)


# -- lines ------------------------------------------------------------------


def lines(
    data: pd.Series | pd.DataFrame,
    measured: str,
    unit: str,
    *,
    values: str | Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
    colour: Colours = None,
    dashed: Collection[str] = (),
    hollow: Collection[str] = (),
    loose: Collection[str] = (),
    between: Between = None,
    steps: bool = False,
) -> tuple[Figure, Axes]:
    """A line for each series along years or days, with a mark at each datum and the series' name at its end.

    Parameters
    ----------
    data : Series or DataFrame
        One series for each column, or with `by` one for each value of that column; `along` (by default the index)
        holds years or days. A missing value breaks the line.
    measured, unit : str
        What is measured, above the axes; the unit, at the head of the axis of values.
    colour : str or dict, optional
        A colour or actor for all series, or one for each.
    dashed, hollow, loose : names of series whose line is broken, whose marks are outlines, whose marks no line joins.
    between : (low, high), optional
        The ends of the axis of values, in `unit`.
    steps : bool
        Hold each value until the next datum, as a sum does that grows by single acts.
    """
    fig, ax = _axes(measured, 205)
    ends, series = [], _series(data, values, along, by)
    for name, x, y in series:
        if not pd.api.types.is_numeric_dtype(y):
            raise ChartError(f"lines, series {name!r}: found no numbers, expected {unit}")
        hue = _colour(name, colour)
        mark = style.SOURCE[name][1] if name in style.SOURCE else "o"
        fill, big = style.PAPER if name in hollow else hue, 9 if name in loose else 5
        look = {"color": hue, "marker": mark, "markersize": big, "markerfacecolor": fill}
        look |= {"linestyle": "" if name in loose else "--" if name in dashed else "-"}
        look |= {"drawstyle": "steps-post"} if steps else {}
        ax.plot(x, y, label=name, clip_on=False, **look)
        there = y.notna().to_numpy()
        ends.append((x[there][-1], float(y[there].iloc[-1]), name, hue))
    _along_axis(ax, series[0][1].append([x for _, x, _ in series[1:]]))
    ax.set_ylim(between or (min(0, ax.dataLim.y0), ax.dataLim.y1 * 1.08))
    ax.locator_params(axis="y", nbins=5, steps=[1, 2, 5, 10])
    ax.margins(x=0.03)
    _unit_above(ax, unit)
    if len(ends) > 1:
        _label_ends(ax, ends)
    return fig, ax


def panels(
    data: pd.DataFrame, measured: Mapping[str, tuple[str, str]], *, colour: Colours = None
) -> tuple[Figure, np.ndarray]:
    """A line for each column that `measured` names, in an axes of its own from zero, along the index (years or days).

    `measured` says for each column what is measured and in which unit.
    """
    fig, axes = _figure(165 * len(measured), len(measured), sharex=True)
    for ax, (column, (said, unit)) in zip(axes, measured.items()):
        _title(ax, said)
        ax.plot(data.index, data[column], color=_colour(column, colour), marker="o", label=column)
        ax.set_ylim(0, data[column].max() * 1.15)
        ax.locator_params(axis="y", nbins=5, steps=[1, 2, 5, 10])
        _along_axis(ax, data.index)
    for ax, (_, unit) in zip(axes, measured.values()):
        _unit_above(ax, unit)
    return fig, axes


def _label_ends(ax: Axes, ends: list[tuple]) -> None:
    """Name each line at its last mark, moved up or down until no two names touch."""
    ax.figure.draw_without_rendering()  # heights in points are known only now
    words = [
        name if len(name) < 14 else _wrapped(name.replace(", ", ",\n"), 16) for *_, name, _ in ends
    ]
    high = np.array([ax.transData.transform((0, y))[1] for _, y, *_ in ends])
    room = np.array([LINE * (1 + word.count("\n")) for word in words])
    place = _apart(high, room)
    for (x, y, _, hue), word, up in zip(ends, words, place - high):
        ax.annotate(word, (x, y), (8, up), textcoords="offset points", color=hue, va="center")


def _apart(wanted: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Places as near to the wanted ones as can be, so that names of those heights do not overlap."""
    order, place = np.argsort(wanted, kind="stable"), wanted.astype(float).copy()
    for _ in range(200):
        for low, high in pairwise(order):
            lack = (room[low] + room[high]) / 2 - (place[high] - place[low])
            if lack > 0:
                place[low] -= lack / 2
                place[high] += lack / 2
    return place


# -- points -----------------------------------------------------------------


def points(
    data: pd.Series | pd.DataFrame,
    measured: str,
    unit: str,
    *,
    values: str | Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
    colour: Colours = None,
    hollow: Collection[str] = (),
    rings: Collection[str] = (),
    markers: str | Mapping[str, str] = MARKERS,
    shift: Mapping[str, float] | None = None,
    order: Sequence[str] = (),
    between: Between = None,
    join: str = "",
    key: bool = False,
) -> tuple[Figure, Axes]:
    """Marks in named rows, at a number or a day; each series is named at its first mark, or in a key above.

    Parameters
    ----------
    data : Series or DataFrame
        One series for each column, or with `by` one for each value of that column; `along` (by default the index)
        names the row of each datum, and rows stand in the order in which they first appear, or in `order`.
    measured, unit : str
        What is measured, above the axes; the unit, at the axis of values.
    colour : str or dict, optional
        A colour or actor for all series, or one for each; ``"rows"`` gives each row its own actor's.
    hollow, rings : names of series drawn as outlines, or as rings wide enough to lie round another mark.
    markers : str or dict
        A marker for each series, in order or by name.
    shift : dict of str to float, optional
        Series moved down by a part of a row, where they would hide others.
    between : (low, high), optional
        The ends of the axis of values, in `unit` or as days.
    join : str
        Join the marks of each row by a bar that is a guide of this name, as for a change or a span.
    key : bool
        Name the series in one line above, where marks lie too close for names.
    """
    series = _series(data, values, along, by)
    rows = list(order) or _rows_of(data, along)
    fig, ax = _axes(measured, _tall(rows) + 8)
    if join:
        _join(ax, series, rows, join, colour)
    marks = "o" if join and markers == MARKERS else markers
    looks = _looks(series, colour, hollow, rings, marks, paper=bool(join))
    _draw(ax, series, rows, looks, shift, between, own=colour == "rows")
    ax.set_xlabel(unit)
    if key:
        _key(ax)
    elif len(series) > 1:
        _name_marks(ax, series, rows, looks)
    return fig, ax


def timeline(
    data: pd.DataFrame,
    measured: str,
    unit: str = "day of record",
    *,
    values: str | Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
    parts: str | None = None,
    **look,
) -> tuple[Figure, Axes | np.ndarray]:
    """A mark for each row on its day (column `values`, by default the only one of days), in the row that `along` names.

    `parts` is a column that parts the days: each part has an axes and a scale of its own, headed by its name, so that
    nine days in March are as broad as a year of talks. `look` goes to `points`, which draws each part.
    """
    values = values or _drawable(data, along, by)[0]
    said = {"values": values, "along": along, "by": by}
    if not parts:
        return points(data, measured, unit, **said, **look)
    shown = data.dropna(subset=values)
    groups = {str(name): rows for name, rows in shown.groupby(parts, sort=False)}
    order = [_rows_of(rows, along) for rows in groups.values()]
    tall = [_tall(rows) for rows in order]
    fig, axes = _figure(sum(tall) + 58 * len(tall), len(tall), height_ratios=tall)
    looks = _looks(_series(shown, **said), **look)
    named: set[str] = set()
    for ax, (part, rows), places in zip(axes, groups.items(), order):
        _title(ax, f"{measured}: {part}" if measured and ax is axes[0] else part)
        series = _series(rows, **said)
        _draw(ax, series, places, looks)
        if by != parts:
            _name_marks(ax, [one for one in series if one[0] not in named], places, looks)
            named |= {name for name, *_ in series}
    axes[-1].set_xlabel(unit)
    return fig, axes


def _rows_of(data: pd.Series | pd.DataFrame, along: str | None) -> list[str]:
    return list(dict.fromkeys(str(row) for row in (data[along] if along else data.index)))


def _tall(rows: Sequence[str]) -> float:
    """The height of rows in points."""
    labels = [_wrapped(row) for row in rows]
    return len(labels) * max(23, 9 + LINE * (1 + max(label.count("\n") for label in labels)))


def _looks(series, colour=None, hollow=(), rings=(), markers=MARKERS, paper=False) -> dict:
    """How each series is drawn, by its name: colour, marker, inside."""
    found = {}
    for number, name in enumerate(dict.fromkeys(name for name, *_ in series)):
        hue = style.COLOUR["neutral"] if colour == "rows" else _colour(name, colour)
        mark = markers[number % len(markers)] if isinstance(markers, str) else markers[name]
        if name in style.SOURCE and markers == MARKERS:
            mark = style.SOURCE[name][1]
        size = 13 if name in rings else 8 if mark in "os" else 7.5
        fill = hue if name not in [*rings, *hollow] else style.PAPER if paper else "none"
        found[name] = {"color": hue, "marker": mark, "markersize": size}
        found[name] |= {"markerfacecolor": fill, "markeredgewidth": 1.7}
    return found


def _draw(ax: Axes, series, rows, looks, shift=None, between: Between = None, own=False) -> None:
    """Draw all series into their rows; `own` gives each mark the colour of its row's actor."""
    for name, places, found in series:
        at = [rows.index(str(place)) + (shift or {}).get(name, 0) for place in places]
        _marks(ax, name, found, at, looks[name], list(places) if own else None)
    ax.set_yticks(range(len(rows)), [_wrapped(row) for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    _value_axis(ax, pd.concat([found for *_, found in series]), between)


def _marks(ax: Axes, name: str, found: pd.Series, at: list, look: dict, rows) -> None:
    """Draw one series; `rows`, if given, are the names that give each mark a colour of its own."""
    if not rows:
        ax.plot(found, at, linestyle="", label=name, zorder=3, **look)
        return
    hues = [style.colour(str(row)) for row in rows]
    fill = look["markerfacecolor"] if look["markerfacecolor"] == style.PAPER else hues
    size = {"s": look["markersize"] ** 2, "marker": look["marker"], "linewidths": 1.7}
    ax.scatter(found, at, label=name, facecolors=fill, edgecolors=hues, zorder=3, **size)


def _join(ax: Axes, series: list, rows: list[str], name: str, colour: Colours) -> None:
    spans = pd.concat([pd.Series(found.to_numpy(), places) for _, places, found in series])
    spans = spans.groupby(level=0).agg(["min", "max"]).dropna()
    spans = spans[spans["min"] < spans["max"]]
    for row, low, high in zip(spans.index, spans["min"], spans["max"]):
        hue = style.colour(str(row)) if colour == "rows" else style.COLOUR["neutral"]
        place = rows.index(str(row))
        ax.plot(
            [low, high], [place, place], color=hue, alpha=0.35, linewidth=4, zorder=1
        ).pop().set(gid=f"guide-{name}", solid_capstyle="butt")


def _name_marks(ax: Axes, series: list, rows: list[str], looks: Mapping[str, dict]) -> None:
    """Write the name of each series at its first mark: beside it if its row has no other, else above it."""
    found = [(name, places[f.notna()].astype(str), f.dropna()) for name, places, f in series]
    busy = pd.Series([row for _, places, _ in found for row in places]).value_counts()
    above: dict[str, list] = {}
    for name, places, values in found:
        mark = (values.iloc[0], rows.index(places[0]))
        if busy[places[0]] > 1:
            above.setdefault(places[0], []).append((mark, name))
            continue
        right = ax.convert_xunits(mark[0]) < sum(ax.get_xlim()) / 2
        side = {"ha": "left" if right else "right", "va": "center"}
        _write(ax, name, mark, (9 if right else -9, 0), looks, **side)
    if rows[0] in above:
        ax.set_ylim(top=-0.95)
        _grow(ax, 12)
    ax.figure.draw_without_rendering()  # distances in points are known only now
    for marks in above.values():
        _name_above(ax, marks, looks)


def _name_above(ax: Axes, marks: list, looks: Mapping[str, dict]) -> None:
    """Write names over marks of one row, moved apart and into the axes."""
    wide = np.array([6.8 * len(name) + 8 for _, name in marks])
    at = np.array([ax.transData.transform((ax.convert_xunits(x), 0))[0] for (x, _), _ in marks])
    place = np.maximum(_apart(at, wide), ax.bbox.x0 + wide / 2)
    for (mark, name), right in zip(marks, _apart(place, wide) - at):
        _write(ax, name, mark, (right, 8), looks, ha="center", va="bottom")


def _write(ax: Axes, name: str, mark: tuple, offset: tuple, looks: Mapping, **side: str) -> None:
    hue = looks[name]["color"]
    ax.annotate(name, mark, offset, textcoords="offset points", color=hue, zorder=4, **side)


def _key(ax: Axes) -> None:
    """Name the series in one or two lines under the title, each in its colour beside its mark."""
    handles, names = ax.get_legend_handles_labels()
    broad = sum(30 + 7 * len(name) for name in names) > 330
    columns = (len(names) + 1) // 2 if broad else len(names)
    left = blended_transform_factory(ax.figure.transFigure, ax.transAxes)
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "bbox_transform": left}
    tight = {"handletextpad": 0, "columnspacing": 0.8, "borderaxespad": 0.3, "borderpad": 0}
    hues = [
        bar[0].get_edgecolor() if isinstance(bar, BarContainer) else bar.get_color()
        for bar in handles
    ]
    ax.legend(handles, names, ncols=columns, labelcolor=hues, **place, **tight)
    _title(ax, ax.get_title(loc="left"), 42 if broad else 26)
    _grow(ax, 33 if broad else 17)


# -- guides -----------------------------------------------------------------


def at(ax: Axes, where, word: str, *, name: str, side: str = "center", broken: bool = True) -> None:
    """A vertical guide at a day or number, with its word above the axes; `name` is that of its gid, ``guide-<name>``."""
    look = {"linestyle": "--", "linewidth": 1.3} if broken else {"linewidth": 6, "alpha": 0.3}
    ax.axvline(where, color=style.COLOUR["neutral"], zorder=0, gid=f"guide-{name}", **look)
    if not word:
        return
    inside = ax.yaxis_inverted()  # named rows: the words get a row of their own
    if inside and ax.get_ylim()[1] > -0.9:
        ax.set_ylim(top=-1.1)
        _grow(ax, 16)
    elif not inside:
        _title(ax, ax.get_title(loc="left"), 24)
    over = blended_transform_factory(ax.transData, ax.transAxes)
    look = {"ha": side, "va": "top" if inside else "bottom", "color": style.COLOUR["neutral"]}
    place = (ax.convert_xunits(where), 1), (0, -1 if inside else 3)
    ax.annotate(word, *place, xycoords=over, textcoords="offset points", **look)


def level(ax: Axes, value: float, word: str, *, name: str) -> None:
    """A horizontal guide at a value, with its word on it at the left; its gid is ``guide-<name>``."""
    hue = style.COLOUR["neutral"]
    ax.axhline(value, color=hue, linestyle="--", linewidth=1.3, zorder=0, gid=f"guide-{name}")
    over = blended_transform_factory(ax.transAxes, ax.transData)
    ax.annotate(
        word, (0, value), (3, 3), xycoords=over, textcoords="offset points", va="bottom", color=hue
    )


# -- words that charts and tables share --------------------------------------


def told_by(frame: pd.DataFrame, side: str = "") -> pd.Series:
    """Who says it and where, for each row: ``Panda 2022, ¶4``; `side` is ``"_a"`` or ``"_b"`` in the conflicts."""
    return _references(frame, side).map(lambda one: evidence.cite(one)[0]).rename("source")


def cited(frame: pd.DataFrame, *more: str, side: str = "") -> list[str]:
    """The references of all rows, each once, as `sources` of a figure or table, and then `more`."""
    return [*_references(frame, side).unique(), *more]


def _references(frame: pd.DataFrame, side: str) -> pd.Series:
    """``panda2022#p4`` for each row that names a source."""
    source = frame["source" + side if side else "source_id"].dropna()
    paragraph = frame.loc[source.index, "paragraph" + side]
    place = paragraph.map(lambda number: "" if pd.isna(number) else f"#p{number}")
    return source.astype(str) + place.astype(str)


def day(when: pd.Timestamp, pattern: str = "%B %Y") -> str:
    """A day as a person writes it, the same on every machine: ``5 August 2014``."""
    return f"{when.day} {when.strftime(pattern)}"


# -- axes -------------------------------------------------------------------


def _figure(points_high: float, rows: int = 1, **options) -> tuple[Figure, np.ndarray]:
    style.use()
    fig, axes = plt.subplots(
        rows, figsize=(style.NARROW, points_high / 72), squeeze=False, **options
    )
    return fig, axes[:, 0]


def _axes(measured: str, points_high: float) -> tuple[Figure, Axes]:
    """A figure whose axes are about so many points high, headed by what is measured."""
    said = textwrap.fill(measured, 46)
    fig, (ax,) = _figure(points_high + 62 + LINE * (1 + said.count("\n")))
    _title(ax, said)
    return fig, ax


def _title(ax: Axes, text: str, pad: float = 9) -> None:
    """Head the axes by what is measured, from the left edge of the picture: names of rows leave little room to the right."""
    title = ax.set_title(text, loc="left")
    up = ScaledTranslation(0, pad / 72, ax.figure.dpi_scale_trans)
    title.set_transform(blended_transform_factory(ax.figure.transFigure, ax.transAxes) + up)
    title.set_x(0.004)


def _grow(ax: Axes, points_high: float) -> None:
    """Make room for what stands above the marks, so that rows keep their height."""
    ax.figure.set_figheight(ax.figure.get_figheight() + points_high / 72)


def _unit_above(ax: Axes, unit: str) -> None:
    """Write the unit flat at the head of an upright axis, where it needs no turned head, above the axis' own labels."""
    ax.spines["left"].set_visible(False)
    _title(ax, ax.get_title(loc="left"), 24)
    ax.figure.draw_without_rendering()  # how broad the labels are is known only now
    labels = [label for one in ax.figure.axes for label in one.get_yticklabels()]
    broad = max(label.get_window_extent().width for label in labels)
    place = ScaledTranslation(-(broad + 3) / 72, 6 / 72, ax.figure.dpi_scale_trans)
    ax.set_ylabel(unit, rotation=0, ha="left", va="bottom")
    ax.yaxis.set_label_coords(0, 1, transform=ax.transAxes + place)


def _value_axis(ax: Axes, found: pd.Series, between: Between) -> None:
    if pd.api.types.is_datetime64_any_dtype(found):
        first, last = between or (found.min(), found.max())
        pad = (last - first) * (0 if between else 0.06)
        _days(ax, pd.Timestamp(first) - pad, pd.Timestamp(last) + pad)
        return
    if between:
        ax.set_xlim(between)
    else:
        ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])


def _along_axis(ax: Axes, x: pd.Index) -> None:
    if isinstance(x, pd.DatetimeIndex):
        _days(ax, x.min(), x.max(), limits=False)
    else:
        years = sorted({int(year) for year in x})
        span = years[-1] - years[0]
        steps = [step for step in range(1, span + 2) if span // step <= 5]
        even = [step for step in steps if span % step == 0 and span // step >= 3]
        ax.set_xticks(range(years[0], years[-1] + 1, (even or steps)[0]))
    ax.grid(axis="x", visible=False)


def _days(ax: Axes, first: pd.Timestamp, last: pd.Timestamp, limits: bool = True) -> None:
    """Five or so ticks on first days of months or years, or on single days, named so that each can be read alone."""
    span = (last - first).days
    if span <= 45:
        step = next(s for s in (1, 2, 3, 4, 7, 10) if span / s <= 6)
        ticks, pattern = pd.date_range(first.ceil("D"), last, freq=f"{step}D"), "{0.day}\n{0:%b}"
    elif span <= 100:
        months = pd.date_range(first - pd.Timedelta(days=31), last, freq="MS")
        ticks = [t for m in months for t in (m, m + pd.Timedelta(days=14)) if first <= t <= last]
        pattern = "{0.day}\n{0:%b}"
    elif span <= 1500:
        step = next(s for s in (1, 2, 3, 4, 6, 12) if span / 30.4 / s <= 6)
        months = pd.date_range(first - pd.Timedelta(days=31 * step), last, freq="MS")
        ticks = [m for m in months if m >= first and (m.month - 1) % step == 0]
        pattern = "{0:%b}\n{0.year}"
    else:
        step = next(s for s in (1, 2, 5, 10, 20) if span / 365 / s <= 6)
        years = range(first.year, last.year + 1)
        ticks = [pd.Timestamp(f"{y}-01-01") for y in years if y % step == 0 or step < 5]
        ticks, pattern = [t for t in ticks[:: step if step < 5 else 1] if t >= first], "{0.year}"
    ax.set_xticks(ticks, [pattern.format(tick) for tick in ticks])
    if limits:
        ax.set_xlim(first, last)


# -- data -------------------------------------------------------------------


def _numbers(data: pd.Series | pd.DataFrame, kind: str) -> pd.DataFrame:
    table = data.to_frame() if isinstance(data, pd.Series) else data
    for column in table:
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise ChartError(
                f"{kind}, column {column!r}: found no numbers, expected one for each row"
            )
    if table.empty or table.isna().all(axis=None):
        raise ChartError(f"{kind}: found no value, expected at least one")
    return table.astype(float)


def _series(data, values, along, by) -> list[tuple[str, pd.Index, pd.Series]]:
    """[(name, places, values)] of each series, as `figure.show` reads them."""
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    columns = [values] if isinstance(values, str) else list(values or _drawable(frame, along, by))
    for column in [*columns, *filter(None, (along, by))]:
        if column not in frame:
            there = ", ".join(map(str, frame.columns))
            raise ChartError(f"column {column!r}: not in the data, expected one of {there}")
    if frame.empty or frame[columns].isna().all(axis=None):
        raise ChartError("found no value to draw, expected at least one")
    if by and len(columns) != 1:
        raise ChartError(f"'by' goes with one column of values, found {', '.join(columns)}")
    where = pd.Index(frame[along]) if along else frame.index
    if not by:
        return [(str(column), where, _plain(frame[column])) for column in columns]
    names = frame[by].astype(str)
    own = [(name, (names == name).to_numpy()) for name in names.unique()]
    return [(name, where[rows], _plain(frame.loc[rows, columns[0]])) for name, rows in own]


def _drawable(frame: pd.DataFrame, along: str | None, by: str | None) -> list[str]:
    kinds = frame.select_dtypes(["number", "datetime"]).columns
    return [column for column in kinds if column not in (along, by, "paragraph")]


def _plain(values: pd.Series) -> pd.Series:
    """Nullable numbers as floats, which Matplotlib draws with gaps."""
    return values.astype(float) if pd.api.types.is_numeric_dtype(values) else values


def _colour(name: str, colour: Colours) -> str:
    if isinstance(colour, Mapping):
        return style.colour(colour.get(name, name))
    return style.colour(colour or name)


def _wrapped(text: str, width: int = 27) -> str:
    """Text in lines of at most so many letters; breaks that it has stay, and no word is cut."""
    options = {"break_long_words": False, "break_on_hyphens": False}
    return "\n".join(textwrap.fill(line, width, **options) for line in str(text).split("\n"))
