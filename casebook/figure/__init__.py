"""Figures that carry, and must equal, their data.

`show(fig, id, data, caption)` publishes a Matplotlib figure once its marks (bars, points of a
line, points) have been compared with `data`; `table(data, id, caption)` publishes a table the same
way. Each emits one notebook output:

* `image/svg+xml` (charts): the same bytes every time, text kept as text, a group for each mark;
* `text/plain`: the data as a small table, which is what a notebook test compares;
* `application/vnd.casebook.figure+json` or `…table+json`: caption, alternative text, rows, sources;
  `narrow` is the picture once more, drawn for a phone.

Any front end shows the picture; the book's Sphinx extension makes a numbered, accessible figure of
it. A second output, the note, says caption and sources where there is no such extension.

The rooms: `rows` (what is to be shown), `drawing` (what is drawn, compared with the rows), `words`
(alternative text, values in words), `svg` (the picture), `note` (the live face).
"""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import publish_display_data
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from casebook import evidence, style
from casebook.axes import Chart
from casebook.figure import svg
from casebook.figure.drawing import Drawn, Mark, compared
from casebook.figure.note import NOTE, with_notes
from casebook.figure.rows import REFERENCE, FigureError, Record, Rows, naming, plotted, record
from casebook.figure.words import alternative, cell, finding, html_table, plain, written

__all__ = [
    "FIGURE",
    "NOTE",
    "TABLE",
    "FigureError",
    "bundle",
    "cell",
    "finding",
    "html_table",
    "plain",
    "show",
    "table",
    "with_notes",
    "written",
]

FIGURE = "application/vnd.casebook.figure+json"
TABLE = "application/vnd.casebook.table+json"


def show(
    fig: Figure,
    id: str,
    data: pd.Series | pd.DataFrame,
    caption: str,
    *,
    title: str | None = None,
    values: Sequence[str] | None = None,
    along: str | None = None,
    by: str | None = None,
    sources: Sequence[str] | None = None,
) -> None:
    """Publish `fig` with the data it draws, or refuse it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Bars, lines and points; each axes has an axis label (the unit) and, unless there is a
        `title`, a title of its own (what is measured).
    id : str
        Stable name of the figure: lower-case words and hyphens.
    data : pandas.Series or pandas.DataFrame
        One row for each mark, in the order drawn; the index is the row key. NaN or NaT = no mark.
    caption : str
        How to read the chart; without `title`, the one point that it makes.
    title : str, optional
        The finding, shown above the picture.
    values : list of str, optional
        The plotted columns (numbers or days); by default every such column. With several, each is
        drawn under a label that equals its name.
    along : str, optional
        The column that gives the other coordinate (category, number or day); by default the index.
    by : str, optional
        The column that tells the series apart when rows, not columns, belong to series: each is
        drawn under its name as label.
    sources : list of str, optional
        References such as ``"cfr2022#p4"``; by default taken from the columns `source_id` and
        `paragraph`.

    Raises
    ------
    FigureError
        A mark differs from its row, a row has no mark, something is drawn that is not data, a
        source is missing, or a colour cannot be read on a light and a dark page.

    >>> figure.show(fig, "scrambles", data[["China", "Russia"]], "China overtakes Russia.",
    ...             sources=["jmod_scrambles"])
    """
    output = bundle(
        fig, id, data, caption, title=title, values=values, along=along, by=by, sources=sources
    )
    for one in with_notes(output, output[FIGURE], "Figure"):
        publish_display_data(one)


def bundle(
    fig: Figure,
    id: str,
    data: pd.Series | pd.DataFrame,
    caption: str,
    *,
    title: str | None = None,
    sources: Sequence[str] | None = None,
    narrow: bool = True,
    **columns: Any,
) -> dict[str, Any]:
    """The output of `show` as {MIME type: content}, from the same arguments; closes `fig`.

    A figure that can be arranged for a phone is drawn for it too, unless `narrow` is False.
    """
    with naming(f"figure {id}"):
        rows = plotted(data, **columns)
        shown = record(rows, id, caption, sources)
        measured = _measured(fig, title)
        if isinstance(fig, Chart):
            fig.fit(style.BROAD)
        svg.lay_out(fig)
        drawn, marks = compared(fig, rows)
        shown |= _described(drawn, rows) | {"title": title or measured, "measured": measured}
        shown["alt"] = alternative(shown, rows)
        _cite(marks, rows, shown["sources"])
        shown["marks"] = [mark.published() for mark in marks]
        drawing = svg.picture(fig, id, marks, shown["alt"])
        if narrow and isinstance(fig, Chart):
            fig.fit(style.NARROW)
            svg.lay_out(fig)
            shown["narrow"] = svg.picture(fig, id, marks, shown["alt"])
    plt.close(fig)
    return {"image/svg+xml": drawing, "text/plain": plain(shown), FIGURE: shown}


def table(
    data: pd.DataFrame,
    id: str,
    caption: str,
    *,
    title: str | None = None,
    sources: Sequence[str] | None = None,
) -> None:
    """Publish `data` as a numbered table: the index is the row head, each column a column.

    `title` and `sources` as for `show`; by default sources are taken from the columns `source_id`
    and `paragraph`, which are then not shown. Text cells come from the evidence as they stand
    there, so that a test can compare them with the raw file.
    """
    with naming(f"table {id}"):
        rows = Rows(data, [column for column in data.columns if column not in REFERENCE])
        shown = record(rows, id, caption, sources)
    shown |= {"kind": "table", "title": title or caption}
    html = html_table(shown["columns"], shown["rows"])
    output = {"text/plain": plain(shown), "text/html": html, TABLE: shown}
    for one in with_notes(output, shown, "Table"):
        publish_display_data(one)


def _measured(fig: Figure, title: str | None) -> str:
    """The titles of the axes, in one line; an axes may go without where the figure has one."""
    titles = [" ".join(_title(ax).split()) for ax in fig.axes]
    if not title and not all(titles):
        raise FigureError("an axes has no title (expected what is measured)")
    return "; ".join(filter(None, titles))


def _title(ax: Axes) -> str:
    return next(filter(None, (ax.get_title(loc=side) for side in ("left", "center", "right"))), "")


def _described(drawn: list[Drawn], rows: Rows) -> Record:
    """The kind of chart, and the unit: what the axes of the values are labelled with."""
    first = drawn[0]
    kind = "time line" if rows.series()[0].dated else first.kind
    labels = [one.ax.get_xlabel() if first.sideways else one.ax.get_ylabel() for one in drawn]
    return {"kind": kind, "unit": "; ".join(dict.fromkeys(filter(None, labels)))}


def _cite(marks: list[Mark], rows: Rows, sources: list[str]) -> None:
    """Let each mark say where its datum comes from: its row's source, or the only one there is."""
    references = rows.references()
    only = sources[0] if len(sources) == 1 else None
    for mark in marks:
        if reference := references.get(mark.row, only):
            mark.text += f" ({evidence.cite(reference)[0]})"
