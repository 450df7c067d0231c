"""Figures that carry, and must equal, their data.

`show(fig, id, data, caption)` publishes a Matplotlib figure once its marks (bars, points of a line, points) have been
compared with `data`; `table(data, id, caption)` publishes a table the same way. Each emits one notebook output:

* `image/svg+xml` (charts): deterministic, text kept as text, each data mark in a group `mark-…` with its value as title;
* `text/plain`: the plotted data as a small table, which is what a notebook test compares;
* `application/vnd.casebook.figure+json` or `…table+json`: caption, alternative text computed from the data, rows, sources.

Any front end shows the picture; the book's Sphinx extension makes a numbered, accessible figure of it.
A line, band or symbol that is not data (a threshold, a shaded period) says so with a gid that begins with `guide-`.
"""

import io
import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import publish_display_data
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer

from casebook import evidence

FIGURE = "application/vnd.casebook.figure+json"
TABLE = "application/vnd.casebook.table+json"
SVG = "http://www.w3.org/2000/svg"


class FigureError(ValueError):
    """A figure that does not equal its data; the message names figure, mark and row."""


def show(fig, id, data, caption, *, values=None, along=None, by=None, sources=None):
    """Publish `fig` with the data it draws, or refuse it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Bars, lines and points; each axes has a title (what is measured) and an axis label (the unit).
    id : str
        Stable name of the figure: lower-case words and hyphens.
    data : pandas.Series or pandas.DataFrame
        One row for each mark, in the order drawn; the index is the row key. NaN or NaT = no mark.
    caption : str
        The one point that the chart makes.
    values : list of str, optional
        The plotted columns (numbers or days); by default every such column. With several, each is drawn under
        a label that equals its name.
    along : str, optional
        The column that gives the other coordinate (category, number or day); by default the index.
    by : str, optional
        The column that tells the series apart when rows, not columns, belong to series: each is drawn under its name as label.
    sources : list of str, optional
        References such as ``"cfr2022#p4"``; by default taken from the columns `source_id` and `paragraph`.

    Raises
    ------
    FigureError
        A mark differs from its row, a row has no mark, something is drawn that is not data, or a source is missing.

    >>> figure.show(fig, "scrambles", data[["China", "Russia"]], "China overtakes Russia.", sources=["jmod_scrambles"])
    """
    publish_display_data(
        bundle(fig, id, data, caption, values=values, along=along, by=by, sources=sources)
    )


def bundle(fig, id, data, caption, *, values=None, along=None, by=None, sources=None):
    """The output that `show` publishes, as {MIME type: content}, from the same arguments; closes `fig`."""
    data = data.to_frame() if isinstance(data, pd.Series) else data.copy()
    values = list(values or _value_columns(data, along, by))
    _check_head(id, data, caption, values)
    if by and len(values) != 1:
        raise FigureError(
            f"figure {id}: 'by' goes with one plotted column (found {', '.join(values)})"
        )
    for ax in fig.axes:
        if not ax.get_title(loc="left"):
            raise FigureError(f"figure {id}: an axes has no title (expected what is measured)")

    where = data[along] if along else data.index.to_series()
    fig.canvas.draw()  # positions of ticks are known only now
    drawn = _drawn(fig, id)
    kinds, marks, alone = [], [], len(drawn) == 1
    for number, (name, rows) in enumerate(_series(data, values, by)):
        if rows.isna().all():
            raise FigureError(f"figure {id}: series {name!r} has no value in any row")
        artist = _pick(drawn, name, alone, id)
        kinds.append(artist["kind"])
        marks += _compare(artist, name, rows, where.loc[rows.index], number, id)
    names = [mark["id"] for mark in marks]
    for mark in marks:
        if names.count(mark["id"]) > 1:
            raise FigureError(
                f"figure {id}: row key {mark['row']!r} cannot be told from another (expected keys that differ in letters or digits)"
            )
    if drawn:
        raise FigureError(
            f"figure {id}: something is drawn that 'data' does not hold: {drawn[0]['label']!r} (a guide that is no data takes a gid beginning with 'guide-')"
        )

    shape = _record(id, data, values, along, by, caption, sources)
    kind = "Time line" if pd.api.types.is_datetime64_any_dtype(data[values[0]]) else kinds[0]
    titles = [" ".join(ax.get_title(loc="left").split()) for ax in fig.axes]
    horizontal = marks[0]["horizontal"] if marks else False
    units = [ax.get_xlabel() if horizontal else ax.get_ylabel() for ax in fig.axes]
    unit = "; ".join(dict.fromkeys(filter(None, units)))
    shape |= {"kind": kind.lower(), "title": "; ".join(titles), "unit": unit}
    shape["alt"] = _alternative(kind, titles, unit, data, values, where, by, caption)
    references = _row_references(data)
    only = shape["sources"][0] if len(shape["sources"]) == 1 else None
    for mark in marks:
        label = references.get(mark["row"], only)
        mark["text"] += f" ({evidence.cite(label)[0]})" if label else ""
    shape["marks"] = [{k: m[k] for k in ("id", "key", "series", "value", "text")} for m in marks]
    svg = _svg(fig, id, marks, shape["alt"])
    plt.close(fig)
    return {"image/svg+xml": svg, "text/plain": plain(shape), FIGURE: shape}


def table(data, id, caption, *, sources=None):
    """Publish `data` as a numbered table of the book: the index is the row head, each column a column.

    `sources` as for `show`; by default taken from the columns `source_id` and `paragraph`, which are then not shown.
    Text cells come from the evidence as they stand there, so that a test can compare them with the raw file.
    """
    columns = [c for c in data.columns if c not in ("source_id", "paragraph")]
    _check_head(id, data, caption, columns)
    shape = _record(id, data, columns, None, None, caption, sources) | {
        "kind": "table",
        "title": caption,
    }
    publish_display_data(
        {
            "text/plain": plain(shape),
            "text/html": data[columns]
            .astype(object)
            .where(data[columns].notna(), np.nan)
            .to_html(na_rep="–", border=0),
            TABLE: shape,
        }
    )


# -- the data ---------------------------------------------------------------


def _value_columns(data, along, by):
    numeric = [
        c
        for c in data.columns
        if pd.api.types.is_numeric_dtype(data[c]) or pd.api.types.is_datetime64_any_dtype(data[c])
    ]
    return [c for c in numeric if c not in (along, by, "paragraph")]


def _check_head(id, data, caption, values):
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id):
        raise FigureError(f"figure id {id!r}: expected lower-case words joined by hyphens")
    if not caption.strip():
        raise FigureError(f"figure {id}: the caption is empty (expected the point it makes)")
    if not values or data.empty:
        raise FigureError(f"figure {id}: no data to show")
    if not data.index.is_unique:
        twice = data.index[data.index.duplicated()][0]
        raise FigureError(
            f"figure {id}: row key {twice!r} stands twice in the index (expected once)"
        )


def _series(data, values, by):
    """[(name of the series, its rows as a one-column Series)], in the order of columns or of first appearance."""
    if by:
        return [(str(name), rows[values[0]]) for name, rows in data.groupby(by, sort=False)]
    return [(column, data[column]) for column in values]


def _row_references(data):
    if "source_id" not in data:
        return {}
    refs = {}
    for key, row in data.iterrows():
        if isinstance(row["source_id"], str):
            paragraph = row.get("paragraph")
            refs[_say(key)] = row["source_id"] + (
                f"#p{int(paragraph)}" if pd.notna(paragraph) else ""
            )
    return refs


def _record(id, data, values, along, by, caption, sources):
    references = list(sources or dict.fromkeys(_row_references(data).values()))
    if not references:
        raise FigureError(
            f"figure {id}: no source (expected 'sources', or the columns source_id and paragraph in the data)"
        )
    for reference in references:
        evidence.cite(reference)  # an unknown source stops here, by name
    columns = [data.index.name or "row"] + [c for c in (along, by) if c] + values
    rows = [[_json(key)] + [_json(row[c]) for c in columns[1:]] for key, row in data.iterrows()]
    return {
        "id": id,
        "caption": caption.strip(),
        "columns": columns,
        "rows": rows,
        "sources": references,
    }


def _json(value):
    if value is None or value is pd.NA or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, (float, np.floating)):
        return int(value) if float(value).is_integer() else round(float(value), 10)
    return (
        int(value)
        if isinstance(value, np.integer)
        else value
        if isinstance(value, (int, bool))
        else str(value)
    )


def plain(shape):
    """The rows of a record as a small table of text: what a notebook test compares."""
    cells = [[str(c) for c in shape["columns"]]] + [
        ["–" if v is None else str(v) for v in row] for row in shape["rows"]
    ]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells
    ]
    return "\n".join([f"{shape['id']}: {shape['caption']}", *lines])


# -- the drawing ------------------------------------------------------------


def _drawn(fig, id):
    """Every data-carrying artist as {label, kind, horizontal, x, y, artist, ax}; refuses what it cannot read."""
    found = []
    for ax in fig.axes:
        bars = [c for c in ax.containers if isinstance(c, BarContainer)]
        in_bars = {patch for bar in bars for patch in bar.patches}
        for bar in bars:
            sideways = bar.orientation == "horizontal"
            boxes = [(p.get_x(), p.get_y(), p.get_width(), p.get_height()) for p in bar.patches]
            feet = [left if sideways else low for left, low, _, _ in boxes]
            x = [w if sideways else left + w / 2 for left, _, w, _ in boxes]
            y = [low + h / 2 if sideways else h for _, low, _, h in boxes]
            found.append(
                dict(
                    label=bar.get_label(),
                    kind="Bar chart",
                    horizontal=sideways,
                    x=x,
                    y=y,
                    feet=feet,
                    artist=bar.patches,
                    ax=ax,
                )
            )
        for artist in [*ax.lines, *ax.collections, *ax.patches, *ax.images]:
            if artist in in_bars or str(artist.get_gid() or "").startswith("guide-"):
                continue
            if isinstance(artist, PathCollection):
                x, y = np.ma.filled(artist.get_offsets().astype(float), np.nan).T
                kind = "Point chart"
            elif isinstance(artist, mpl.lines.Line2D) and artist.get_transform() == ax.transData:
                x, y = (
                    np.ma.filled(np.ma.asarray(v, dtype=float), np.nan)
                    for v in artist.get_data(orig=False)
                )
                kind = (
                    "Point chart" if artist.get_linestyle() in ("None", "", " ") else "Line chart"
                )
                if artist.get_marker() in (None, "None", "", " "):
                    artist.set_marker(
                        "o"
                    )  # each datum is a mark that can be seen, focused and tested
            else:
                raise FigureError(
                    f"figure {id}: a {type(artist).__name__} is drawn that cannot be compared with data (bars, lines and points can; a guide takes a gid beginning with 'guide-')"
                )
            found.append(
                dict(
                    label=artist.get_label(),
                    kind=kind,
                    horizontal=None,
                    x=x,
                    y=y,
                    feet=None,
                    artist=artist,
                    ax=ax,
                )
            )
    return found


def _fold(text):
    return re.sub(r"[\s_]+", " ", str(text)).strip().lower()


def _pick(drawn, name, only_one, id):
    for artist in drawn:
        if only_one or _fold(artist["label"]) == _fold(name):
            drawn.remove(artist)
            return artist
    labels = ", ".join(repr(a["label"]) for a in drawn) or "nothing"
    raise FigureError(
        f"figure {id}: series {name!r} is in the data but not drawn (expected label {name!r}; found {labels})"
    )


def _number(value):
    if isinstance(value, pd.Timestamp):
        return float(mdates.date2num(value))
    return np.nan if pd.isna(value) else float(value)


def _compare(artist, name, rows, where, number, id):
    """Compare the marks of one series with its rows, in order; return the marks with ids, or raise naming mark and row."""
    wanted = np.array([_number(v) for v in rows])
    x, y = np.asarray(artist["x"], float), np.asarray(artist["y"], float)
    present = ~np.isnan(wanted)
    if len(x) == present.sum() and len(x) != len(wanted):
        full = np.full((2, len(wanted)), np.nan)
        full[:, present] = x, y
        x, y = full
    if len(x) != len(wanted):
        raise FigureError(
            f"figure {id}, series {name!r}: {len(x)} marks are drawn, the data has {int(present.sum())} rows"
        )
    sideways = artist["horizontal"]
    if sideways is None:
        sideways = _distance(x, wanted) < _distance(y, wanted)
    got, place = (x, y) if sideways else (y, x)
    axis = artist["ax"].yaxis if sideways else artist["ax"].xaxis
    ticks = {
        _fold(label.get_text()): at
        for at, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels())
    }

    marks = []
    for i, key in enumerate(rows.index):
        if not present[i]:
            if not np.isnan(got[i]):
                raise FigureError(
                    f"figure {id}, series {name!r}: mark {_say(key)!r} shows {got[i]:g}, but that row has no value"
                )
            continue
        if np.isnan(got[i]) or not np.isclose(got[i], wanted[i], rtol=1e-9, atol=1e-9):
            raise FigureError(
                f"figure {id}, series {name!r}: mark {_say(key)!r} shows {_show_number(got[i], rows)}, the data says {_say(rows.iloc[i])}"
            )
        at = where.iloc[i]
        if isinstance(at, str):
            if _fold(at) not in ticks:
                raise FigureError(
                    f"figure {id}: row {_say(key)!r} stands at {at!r}, but no tick has that label"
                )
            near = abs(place[i] - ticks[_fold(at)]) < 0.5
        else:
            near = abs(place[i] - _number(at)) < (
                0.5 if isinstance(artist["artist"], list) else 1e-6
            )
        if not near:
            raise FigureError(
                f"figure {id}, series {name!r}: mark {_say(key)!r} does not stand at {_say(at)!r}"
            )
        foot = artist["feet"][i] if artist["feet"] else got[i]
        if artist["feet"] and foot != 0:
            raise FigureError(
                f"figure {id}, series {name!r}: mark {_say(key)!r} is a bar that starts at {foot:g} (expected 0)"
            )
        limits = artist["ax"].viewLim
        box = (
            (limits.intervalx, limits.intervaly)
            if sideways
            else (limits.intervaly, limits.intervalx)
        )
        for values, (low, high) in zip([(foot, got[i]), (place[i],)], map(sorted, box)):
            if min(values) < low or max(values) > high:
                raise FigureError(
                    f"figure {id}, series {name!r}: mark {_say(key)!r} is cut off by the edge of the picture (widen the axes' limits)"
                )
        slug = re.sub(r"[^a-z0-9]+", "-", f"{_say(key)}-{name}".lower()).strip("-")
        text = " ".join(f"{_say(at)}, {name}: {_say_value(rows.iloc[i])}".split())
        marks.append(
            dict(
                id=f"mark-{slug}",
                key=_json(key),
                row=_say(key),
                series=name,
                value=_json(rows.iloc[i]),
                text=text,
                horizontal=bool(sideways),
            )
        )
        if isinstance(artist["artist"], list):
            artist["artist"][i].set_gid(marks[-1]["id"])
    if not isinstance(artist["artist"], list):
        artist["artist"].set_gid(f"series-{number}")
        for mark in marks:
            mark["group"] = f"series-{number}"
    return marks


def _distance(got, wanted):
    both = ~np.isnan(got) & ~np.isnan(wanted)
    return np.abs(got[both] - wanted[both]).sum() if both.any() else np.inf


def _show_number(value, rows):
    if pd.api.types.is_datetime64_any_dtype(rows):
        return _say(pd.Timestamp(mdates.num2date(value)).tz_localize(None))
    return _say(value)


def _svg(fig, id, marks, alt):
    """Draw `fig` as SVG text: no date, no random ids, each data mark in a group of its own with its value as title."""
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": id}):
        fig.savefig(
            buffer,
            format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    for prefix, space in (("", SVG), ("xlink", "http://www.w3.org/1999/xlink")):
        ET.register_namespace(prefix, space)
    root = ET.fromstring(buffer.getvalue())
    for junk in root.findall(f"{{{SVG}}}metadata"):
        root.remove(junk)
    root.set("role", "group")
    root.set("aria-label", alt)
    groups = {}
    for group in root.iter(f"{{{SVG}}}g"):
        name = group.get("id")
        if name in groups:  # two guides of one name: an id may stand only once on a page
            name = f"{name}-{sum(known.startswith(name) for known in groups) + 1}"
            group.set("id", name)
        if name:
            groups[name] = group
    for name in dict.fromkeys(m.get("group") for m in marks if m.get("group")):
        mine = [m for m in marks if m.get("group") == name]
        parents = {
            use: parent for parent in groups[name].iter() for use in parent.findall(f"{{{SVG}}}use")
        }
        if len(parents) != len(mine):
            raise FigureError(
                f"figure {id}, series {mine[0]['series']!r}: {len(parents)} of {len(mine)} marks lie inside the picture (widen the axes' limits)"
            )
        for mark, (use, parent) in zip(mine, parents.items()):
            wrapper = ET.Element(f"{{{SVG}}}g", {"id": mark["id"]})
            place = list(parent).index(use)
            parent.remove(use)
            wrapper.append(use)
            parent.insert(place, wrapper)
            groups[mark["id"]] = wrapper
    for mark in marks:
        title = ET.Element(f"{{{SVG}}}title")
        title.text = mark["text"]
        groups[mark["id"]].insert(0, title)
    text = re.sub(
        r">\s+<", "><", ET.tostring(root, encoding="unicode")
    )  # half of the bytes are indentation and
    return re.sub(
        r"font(-family)?: ([^;\"]*?)'DejaVu Sans', [^;\"]+, sans-serif",
        r"font\1: \2'DejaVu Sans', sans-serif",
        text,
    )  # names of fonts


# -- words ------------------------------------------------------------------


def _say(value):
    """A value as the page writes it: 1,168 or 15 February 2022; text and years (row keys) as they are."""
    if isinstance(value, pd.Timestamp):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, (float, np.floating)):
        return f"{value:,.10g}"
    return str(value)


def _alternative(kind, titles, unit, data, values, where, by, caption):
    """Alternative text: chart type, what is measured, the range of each series, the point; computed from the data."""
    sentences = [f"{kind}: {'; '.join(titles)}" + (f" ({unit})" if unit else "")]
    for name, rows in _series(data, values, by):
        rows = rows.dropna()
        ends = [rows.idxmin(), rows.idxmax()]
        said = [f"{_say_value(rows[end])} ({_say(where[end])})" for end in ends]
        head = f"{name}: " if by or len(values) > 1 else ""
        if len(rows) == 1:
            sentences.append(f"{head}{said[0]}")
        else:
            first, last = (
                ("first", "last")
                if pd.api.types.is_datetime64_any_dtype(rows)
                else ("lowest", "highest")
            )
            sentences.append(f"{head}{len(rows)} marks, {first} {said[0]}, {last} {said[1]}")
    return ". ".join(sentences) + ". " + caption.strip()


def _say_value(value):
    return _say(value if isinstance(value, pd.Timestamp) else float(value))
