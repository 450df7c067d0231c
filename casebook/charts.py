"""The kinds of chart that the book draws: each a function of data that returns `fig, ax` for more.

* `bars`: a bar for each row, or for each row and column; lying, or upright;
* `lines`: a line for each series along years or days; `steps=True` where a sum jumps;
* `panels`: a line for each column, in axes of their own, one above the other;
* `points`: marks in named rows, by number or day, joined where a row is a change;
* `timeline`: a mark for each row on its day, in parts where single days matter;
* `map`: a mark for each row where it lies (`casebook.maps`);
* `at` and `level`: a guide that is no data, with its word.

`values`, `along` and `by` mean what they mean to `figure.show`, which compares the marks with the
data. Series are named at their marks; a colour is its actor's unless `colour` says another.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from casebook import axes, evidence, style
from casebook.figure.rows import FigureError, Series, drawable, plotted, references
from casebook.maps import map as map

Colours = Mapping[str, str] | str | None  # for all, or for each by name: a colour or an actor
MARKERS = "osD^vP"
BROKEN: dict[str, Any] = {"linestyle": "--", "linewidth": 1.3}  # the line of a guide


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
    """A bar for each row of a Series, or each row and column of a DataFrame, its value at its end.

    Parameters
    ----------
    data : Series or DataFrame of numbers
        The index names the rows, in the order shown; a missing value draws no bar.
    measured, unit : str
        What is measured, above the axes; the unit, at the axis of values.
    colour : str or dict, optional
        A colour or actor for all bars, or for each row (of a Series) or column (of a DataFrame).
    highlight : str
        The one row that is meant: in its actor's colour or ink, beside paler ones.
    hollow : collection of str
        Columns drawn as outlines.
    upright : bool
        Let the bars stand, as for years.

    >>> fig, ax = bars(pd.Series({"Yes": 100, "No": 11}), "Votes", "states", highlight="Yes")
    """
    table = _numbers(data)
    several = len(table.columns) > 1
    with_key = several and max(len(str(name)) for name in table) > 14  # too long to stand at a bar
    fig, ax = axes.single(measured, 220 if upright else len(table) * (12 + 16 * len(table.columns)))
    for column in table:
        hues = _hue(column, colour) if several else _hues(table.index, colour, highlight)
        drawn = _bars_of(ax, table, column, hues, column in hollow, upright)
        words = _bar_words(table[column], named=several and not with_key)
        ax.bar_label(drawn, words, padding=4, color=hues if several else style.INK)
    _bar_axes(ax, table, unit, upright)
    if with_key:
        axes.key(ax)
    for label in ax.get_yticklabels():
        if highlight and label.get_text() == highlight:
            label.set_fontweight("bold")
    return fig, ax


def _bars_of(
    ax: Axes,
    table: pd.DataFrame,
    column: str,
    hues: str | list[str],
    is_hollow: bool,
    upright: bool,
) -> BarContainer:
    """The bars of one column, beside those of the others."""
    count, number = len(table.columns), list(table).index(column)
    step = 0.8 / max(count, 2)
    return (ax.bar if upright else ax.barh)(
        np.arange(len(table)) + (number - (count - 1) / 2) * step,
        table[column],
        0.9 * step if count > 1 else 0.62,
        facecolor=style.PAPER if is_hollow else hues,
        edgecolor=hues,
        linewidth=1.5,
        label=column,
    )


def _hues(names: pd.Index, colour: Colours, highlight: str) -> list[str]:
    """The colour of each bar of a Series: a row that names an actor need not be one."""
    if highlight:
        meant = _hue(highlight, colour)
        meant = style.INK if meant == style.COLOUR["neutral"] else meant
        return [meant if name == highlight else style.COLOUR["rest"] for name in names]
    return [_hue(str(name), colour) if colour else style.COLOUR["neutral"] for name in names]


def _bar_words(values: pd.Series, named: bool) -> list[str]:
    """What stands at each bar: its value, and once, where there is room, the column's name."""
    words = ["" if pd.isna(value) else f"{value:,.10g}".replace("-", "−") for value in values]
    if named:
        short = [i for i, value in enumerate(values) if 0 <= value <= values.max() / 2]
        words[(short or [int(np.nanargmin(values.abs()))])[0]] += f"  {values.name}"
    return words


def _bar_axes(ax: Axes, table: pd.DataFrame, unit: str, upright: bool) -> None:
    names, below = [str(name) for name in table.index], bool((table < 0).any(axis=None))
    ax.grid(axis="x" if upright else "y", visible=False)
    if upright:
        ax.set_xticks(range(len(names)), [axes.wrapped(name, 10) for name in names])
        ax.margins(y=0.12)
        ax.axhline(0, color=style.INK, linewidth=1, zorder=3, gid="guide-zero")
    else:
        axes.rows(ax, names, margin=0.55)
        ax.set_xlabel(unit)
        ax.margins(x=0.2 if below else 0.08)
        ax.axvline(0, color=style.INK, linewidth=1, zorder=3, gid="guide-zero")
    ax.spines["bottom" if upright else "left"].set_visible(False)
    ax.locator_params(axis="y" if upright else "x", nbins=4 if below else 5, steps=axes.EVEN)
    if upright:
        axes.unit_above(ax, unit)


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
    loose: Collection[str] = (),
    between: tuple[float, float] | None = None,
    steps: bool = False,
) -> tuple[Figure, Axes]:
    """A line for each series along years or days, a mark at each datum, its name at its end.

    Parameters
    ----------
    data : Series or DataFrame
        One series for each column, or with `by` for each value of that column; `along` (else the
        index) holds years or days. A missing value breaks the line.
    measured, unit : str
        What is measured, above the axes; the unit, at the head of the axis of values.
    colour : str or dict, optional
        A colour or actor for all series, or for each.
    dashed, loose : collections of str
        Series whose line is broken, and series whose marks no line joins.
    between : (low, high), optional
        The ends of the axis of values, in `unit`; else it begins at zero.
    steps : bool
        Hold each value until the next datum, as a sum does that grows by single acts.
    """
    fig, ax = axes.single(measured, 235)
    series = plotted(data, values, along, by).series()
    for one in series:
        if not pd.api.types.is_numeric_dtype(one.values):
            raise FigureError(f"series {one.name!r}: found no numbers, expected {unit}")
        line = "" if one.name in loose else "--" if one.name in dashed else "-"
        _line(ax, one, line, _hue(one.name, colour), steps)
    axes.along(ax, pd.Index(pd.concat([one.places for one in series])))
    ax.set_ylim(between or (min(0, ax.dataLim.y0), ax.dataLim.y1 * 1.08))
    ax.locator_params(axis="y", nbins=5, steps=axes.EVEN)
    ax.margins(x=0.03)
    axes.unit_above(ax, unit)
    if len(series) > 1:
        axes.name_ends(ax, [(*one.end(-1), one.name, _hue(one.name, colour)) for one in series])
    return fig, ax


def _line(ax: Axes, one: Series, line: str, hue: str, steps: bool) -> None:
    """The marks of one series, joined by a `line` of Matplotlib's; larger where it is none."""
    ax.plot(
        one.places,
        one.values,
        linestyle=line,
        drawstyle="steps-post" if steps else "default",
        marker=style.SOURCE[one.name][1] if one.name in style.SOURCE else "o",
        markersize=5 if line else 9,
        color=hue,
        label=one.name,
        clip_on=False,
    )


def panels(
    data: pd.DataFrame, measured: Mapping[str, tuple[str, str]], *, colour: Colours = None
) -> tuple[Figure, list[Axes]]:
    """A line for each column, from zero, in axes of its own along the index (years or days).

    `measured` gives the columns, and for each what is measured and in which unit.
    """
    plotted(data, list(measured))  # refuses columns that cannot be drawn
    fig, parts = axes.figure(165 * len(measured), len(measured), sharex=True)
    for ax, (column, (said, _)) in zip(parts, measured.items(), strict=True):
        axes.head(ax, said)
        ax.plot(data.index, data[column], color=_hue(column, colour), marker="o", label=column)
        ax.set_ylim(0, data[column].max() * 1.15)
        ax.locator_params(axis="y", nbins=5, steps=axes.EVEN)
        axes.along(ax, data.index)
    for ax, (_, unit) in zip(parts, measured.values(), strict=True):
        axes.unit_above(ax, unit)
    return fig, parts


# -- points -----------------------------------------------------------------


def points(
    data: pd.Series | pd.DataFrame,
    measured: str,
    unit: str,
    *,
    values: str | Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
    order: Sequence[str] = (),
    between: tuple[Any, Any] | None = None,
    shift: Mapping[str, float] | None = None,
    join: str = "",
    key: bool = False,
    **look: Any,
) -> tuple[Figure, Axes]:
    """Marks in named rows, by number or day; each series is named at its first mark or in a key.

    Parameters
    ----------
    data : Series or DataFrame
        One series for each column, or with `by` for each value of that column; `along` (else the
        index) names the row of each datum. Rows stand in `order`, else as they first appear.
    measured, unit : str
        What is measured, above the axes; the unit, at the axis of values.
    between : (low, high), optional
        The ends of the axis of values, in `unit` or as days.
    shift : dict of str to float, optional
        Series moved down by a part of a row, where they would hide others.
    join : str
        Join the marks of each row by a bar, a guide of this name, as for a change or a wait.
    key : bool
        Name the series in one line above, where marks lie too close for names.
    **look
        `colour`: a colour or actor for all series, or for each; ``"rows"`` gives each row its
        actor's. `hollow`, `rings`: series drawn as outlines, or as rings that fit round a mark.
        `markers`: one for each series, in order or by name.
    """
    series = plotted(data, values, along, by).series()
    names = list(order) or _row_names(data, along)
    fig, ax = axes.single(measured, 8)
    fig.sizes.append(lambda: fig.high.update(rows=axes.height_of(ax, names)))
    if join:
        _join(ax, series, names, f"guide-{join}", look.get("colour") == "rows")
        look = {"markers": "o", "paper": True, **look}
    looks = _looks(series, **look)
    _draw(ax, series, names, looks, shift or {}, between)
    ax.set_xlabel(unit)
    if key:
        axes.key(ax)
    elif len(series) > 1:
        _name(ax, series, names, looks)
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
    **look: Any,
) -> tuple[Figure, Any]:
    """A mark for each row on its day (the column `values`, else the only one of days).

    `parts` is a column that parts the rows: each part has axes and a scale of its own, headed by
    its name, so that nine days in March are as broad as a year of talks; then `ax` is the list of
    them. The rest is as for `points`.
    """
    values = values or drawable(data, along, by)[:1]
    if not parts:
        return points(data, measured, unit, values=values, along=along, by=by, **look)
    shown = data.dropna(subset=values)
    groups = {str(name): rows for name, rows in shown.groupby(parts, sort=False)}
    names = [_row_names(rows, along) for rows in groups.values()]
    fig, own = axes.figure(40 * len(names), len(names))
    looks, named = _looks(plotted(shown, values, along, by).series(), **look), set()
    for ax, (part, rows), places in zip(own, groups.items(), names, strict=True):
        axes.head(ax, f"{measured}: {part}" if measured and ax is own[0] else part)
        series = plotted(rows, values, along, by).series()
        _draw(ax, series, places, looks, {}, None)
        if by != parts:  # a part is named by its head
            _name(ax, [one for one in series if one.name not in named], places, looks)
            named |= {one.name for one in series}
    own[-1].set_xlabel(unit)
    fig.sizes.append(partial(_share_height, fig, names))
    return fig, own


def _share_height(fig: axes.Chart, names: list[list[str]]) -> None:
    """Give each part of a picture the height that its rows need."""
    tall = [axes.height_of(ax, rows) for ax, rows in zip(fig.axes, names, strict=True)]
    if grid := fig.axes[0].get_gridspec():
        grid.set_height_ratios(tall)
    fig.high["rows"] = sum(tall)


def _looks(
    series: list[Series],
    colour: Colours = None,
    hollow: Collection[str] = (),
    rings: Collection[str] = (),
    markers: str | Mapping[str, str] = MARKERS,
    paper: bool = False,
) -> dict[str, dict[str, Any]]:
    """How each series is drawn, by its name, in Matplotlib's words; `row_hues` is ours."""
    found = {}
    for number, name in enumerate(dict.fromkeys(one.name for one in series)):
        hue = style.COLOUR["neutral"] if colour == "rows" else _hue(name, colour)
        mark = markers[number % len(markers)] if isinstance(markers, str) else markers[name]
        if name in style.SOURCE and markers == MARKERS:
            mark = style.SOURCE[name][1]
        inside = style.PAPER if paper else "none"
        found[name] = {
            "color": hue,
            "marker": mark,
            "markersize": 13 if name in rings else 8 if mark in "os" else 7.5,
            "markerfacecolor": inside if name in [*rings, *hollow] else hue,
            "row_hues": colour == "rows",
        }
    return found


def _draw(
    ax: Axes,
    series: list[Series],
    names: list[str],
    looks: Mapping[str, dict[str, Any]],
    shift: Mapping[str, float],
    between: tuple[Any, Any] | None,
) -> None:
    for one in series:
        look = dict(looks[one.name])
        rows = [names.index(str(place)) + shift.get(one.name, 0) for place in one.places]
        if look.pop("row_hues"):
            hues = [style.colour(str(place)) for place in one.places]
            hollow = look["markerfacecolor"] == style.PAPER
            look = {"marker": look["marker"], "s": look["markersize"] ** 2, "linewidths": 1.7}
            look |= {"facecolors": style.PAPER if hollow else hues, "edgecolors": hues}
            ax.scatter(one.values, rows, label=one.name, zorder=3, **look)
        else:
            look |= {"linestyle": "", "markeredgewidth": 1.7}
            ax.plot(one.values, rows, label=one.name, zorder=3, **look)
    axes.rows(ax, names)
    axes.across(ax, pd.concat([one.values for one in series]), between)


def _join(ax: Axes, series: list[Series], names: list[str], gid: str, own: bool) -> None:
    """A pale bar from the first to the last mark of each row; `own`: in its actor's colour."""
    spans = pd.concat([pd.Series(one.values.array, one.places.astype(str)) for one in series])
    spans = spans.groupby(level=0).agg(["min", "max"]).dropna()
    spans = spans[spans["min"] < spans["max"]]
    for name, low, high in zip(spans.index, spans["min"], spans["max"], strict=True):
        look: dict[str, Any] = {
            "color": style.colour(name) if own else style.COLOUR["neutral"],
            "alpha": 0.35,
        }
        look |= {"linewidth": 4, "solid_capstyle": "butt", "zorder": 1, "gid": gid}
        ax.plot([low, high], [names.index(name)] * 2, **look)


def _name(
    ax: Axes, series: list[Series], names: list[str], looks: Mapping[str, dict[str, Any]]
) -> None:
    """Name each series at its first mark: beside it if its row has no other, else above it."""
    rows = [str(place) for one in series for place in one.places[one.values.notna()]]
    above: dict[str, list[tuple[Any, str, str]]] = {}
    for one in series:
        x, place = one.end(0)[::-1]
        if rows.count(str(place)) > 1:
            above.setdefault(str(place), []).append((x, one.name, looks[one.name]["color"]))
        else:
            row = names.index(str(place))
            axes.name_beside(ax, x, row, one.name, looks[one.name]["color"])
    if names[0] in above:
        ax.set_ylim(top=-0.95)
        axes.chart(ax).high["names"] = 14
    for place, marks in above.items():
        axes.name_above(ax, names.index(place), marks)


# -- guides -----------------------------------------------------------------


def at(
    ax: Axes, where: Any, word: str, *, name: str, side: str = "center", broken: bool = True
) -> None:
    """A guide at a day or number of the level axis, thin and broken or a grey bar, and its word.

    Its gid is ``guide-<name>``; the word stands at its head, or with its `side` ("left", "right")
    there.
    """
    hue, over = style.COLOUR["neutral"], blended_transform_factory(ax.transData, ax.transAxes)
    line: dict[str, Any] = BROKEN if broken else {"linewidth": 6, "alpha": 0.3}
    ax.axvline(where, color=hue, zorder=0, gid=f"guide-{name}", **line)
    if not word:
        return
    inside = ax.yaxis_inverted()  # named rows: the words get a row of their own
    if not inside:
        axes.raise_head(ax, 26)
    elif ax.get_ylim()[1] > -0.9:
        ax.set_ylim(top=-1.1)
        axes.chart(ax).high["guides"] = 18
    place, offset = (axes.number(ax, where), 1), (0, -1 if inside else 3)
    look = {"ha": side, "va": "top" if inside else "bottom", "color": hue}
    axes.write(ax, word, place, offset, xycoords=over, **look)


def level(ax: Axes, value: float, word: str, *, name: str) -> None:
    """A broken guide at a value of the upright axis and its word; its gid is ``guide-<name>``."""
    hue, over = style.COLOUR["neutral"], blended_transform_factory(ax.transAxes, ax.transData)
    ax.axhline(value, color=hue, zorder=0, gid=f"guide-{name}", **BROKEN)
    axes.write(ax, word, (0, value), (3, 3), xycoords=over, va="bottom", color=hue)


# -- words that charts and tables share --------------------------------------


def told_by(frame: pd.DataFrame, side: str = "") -> pd.Series:
    """Who says it and where, for each row: ``Panda 2022, ¶4``.

    `side` is ``"_a"`` or ``"_b"`` in the table of conflicts, which has two readings in a row.
    """
    return references(frame, side).map(lambda one: evidence.cite(one)[0]).rename("source")


def cited(frame: pd.DataFrame, *more: str, side: str = "") -> list[str]:
    """The references of all rows, each once, as `sources` of a figure or table, then `more`."""
    return [*references(frame, side).unique(), *more]


def day(when: pd.Timestamp, rest: str = "%B %Y") -> str:
    """A day as a person writes it, alike on every machine: ``5 August 2014``."""
    return f"{when.day} {when.strftime(rest)}"


# -- data -------------------------------------------------------------------


def _numbers(data: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """The data of bars: a column for each series."""
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    table = plotted(frame, list(frame)).data
    for column in table:
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise FigureError(f"column {column!r}: found no numbers, expected one for each row")
    return table.astype(float)


def _row_names(data: pd.Series | pd.DataFrame, along: str | None) -> list[str]:
    """The names of the rows, in order of appearance."""
    column = data[along] if along and isinstance(data, pd.DataFrame) else data.index
    return list(dict.fromkeys(str(name) for name in column))


def _hue(name: str, colour: Colours) -> str:
    if isinstance(colour, Mapping):
        return style.colour(colour.get(name, name))
    return style.colour(colour or name)
