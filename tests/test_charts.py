"""The kinds of chart: each draws what it is given, names its series, and refuses what it cannot.

Also what a reader of the chapters is promised: cells short enough to read aloud, no two alike.
"""

import json
import re
import statistics
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from casebook import charts, figure, style
from tests.conftest import ROOT

YEARS = pd.DataFrame(
    {"Japan, coal": [1.0, 4.0, 2.0], "China": [1.0, np.nan, 2.05]}, index=[2014, 2018, 2022]
)
DAYS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2013-04-29", "2014-03-18", "2014-03-27"]),
        "kind": ["talks", "crisis", "talks"],
        "part": ["2013", "2014", "2014"],
    },
    index=["Moscow", "Treaty", "Vote"],
)


def words(fig, width=style.BROAD):
    """Everything that is written beside the marks or in a key, each in one line."""
    fig.fit(width)
    keys = [text for ax in fig.axes if ax.get_legend() for text in ax.get_legend().get_texts()]
    texts = [text.get_text() for ax in fig.axes for text in ax.texts]
    texts += [text.get_text() for text in keys]
    return [" ".join(text.split()) for text in texts if text]


def lengths(container):
    return [bar.get_width() for bar in container]


def test_bars_lie_in_the_order_of_their_rows():
    votes = pd.Series({"Yes": 100, "No": 11, "Absent": 24}, name="states")
    fig, ax = charts.bars(votes, "Votes", "member states", highlight="Yes")
    assert lengths(ax.containers[0]) == [100, 11, 24]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Yes", "No", "Absent"]
    assert ax.yaxis_inverted(), "the first row stands at the foot"
    assert words(fig) == ["100", "11", "24"]
    assert (ax.get_title(loc="left"), ax.get_xlabel()) == ("Votes", "member states")
    colours = [to_hex(bar.get_edgecolor()) for bar in ax.containers[0]]
    assert colours == [style.INK, style.COLOUR["rest"], style.COLOUR["rest"]]


def test_bars_of_a_table_name_each_column_once():
    both = pd.DataFrame({"persons": [40, 4], "bodies": [2, None]}, index=["5 August", "1 March"])
    fig, ax = charts.bars(both, "Added", "persons or bodies", hollow=["bodies"])
    assert [lengths(c)[0] for c in ax.containers] == [40, 2]
    assert np.isnan(lengths(ax.containers[1])[1])
    assert words(fig) == ["40", "4 persons", "2 bodies"]


def test_long_names_of_bars_stand_in_a_key():
    long = pd.DataFrame({"a name far too long": [40.0], "b": [2.0]}, index=["5 August"])
    assert words(charts.bars(long, "Added", "n")[0]) == ["40", "2", "a name far too long", "b"]


def test_lines_break_at_gaps_and_are_named_at_their_ends_apart():
    fig, ax = charts.lines(YEARS, "Share", "percent", dashed=["China"])
    japan, china = ax.lines
    assert list(japan.get_ydata()) == [1, 4, 2] and np.isnan(china.get_ydata()[1])
    assert (japan.get_linestyle(), china.get_linestyle()) == ("-", "--")
    assert [line.get_color() for line in (japan, china)] == [
        style.COLOUR["Japan"],
        style.COLOUR["China"],
    ]
    for width in (style.BROAD, style.NARROW):
        assert words(fig, width) == ["Japan, coal", "China"]
        boxes = [text.get_window_extent() for text in ax.texts]
        assert not boxes[0].overlaps(boxes[1]), "the names of two lines touch"
    assert ax.get_ylim()[0] == 0


def test_steps_hold_a_value_until_the_next():
    _, ax = charts.lines(YEARS["Japan, coal"], "Sum", "USD bn", steps=True)
    assert ax.lines[0].get_drawstyle() == "steps-post"


def test_panels_give_each_column_its_axes_and_unit():
    said = {"Japan, coal": ("Coal of Japan", "percent"), "China": ("Aircraft", "a year")}
    _, parts = charts.panels(YEARS, said)
    assert [ax.get_title(loc="left") for ax in parts] == ["Coal of Japan", "Aircraft"]
    assert [ax.get_ylabel() for ax in parts] == ["percent", "a year"]
    assert list(parts[0].lines[0].get_ydata()) == [1, 4, 2]


def test_points_stand_in_their_rows_and_a_change_is_joined():
    change = pd.DataFrame({"2021": [48.0, 3.6], "2023": [21.7, 3.6]}, index=["Europe", "Japan"])
    look = {"colour": "rows", "hollow": ["2021"], "join": "change"}
    fig, ax = charts.points(change, "Share", "percent", **look)
    drawn = [tuple(map(tuple, cloud.get_offsets())) for cloud in ax.collections]
    assert drawn == [((48.0, 0.0), (3.6, 1.0)), ((21.7, 0.0), (3.6, 1.0))]
    guides = [line for line in ax.lines if line.get_gid() == "guide-change"]
    assert [list(line.get_xdata()) for line in guides] == [[21.7, 48.0]], "nothing changed, yet"
    assert sorted(words(fig)) == ["2021", "2023"]


def test_a_timeline_in_parts_gives_each_part_its_own_scale():
    fig, parts = charts.timeline(DAYS, "Acts", by="kind", parts="part")
    assert [ax.get_title(loc="left") for ax in parts] == ["Acts: 2013", "2014"]
    assert [[t.get_text() for t in ax.get_yticklabels()] for ax in parts] == [
        ["Moscow"],
        ["Treaty", "Vote"],
    ]
    assert words(fig) == ["talks", "crisis"]
    spans = [np.ptp(ax.get_xlim()) for ax in parts]
    assert spans[1] < 15, f"the days of March are spread over {spans[1]:.0f} days"


def test_a_guide_says_that_it_is_one():
    fig, ax = charts.lines(YEARS, "Share", "percent")
    charts.at(ax, 2014, "Crimea", name="crimea")
    charts.level(ax, 2, "the promise", name="promise")
    assert {line.get_gid() for line in ax.lines} >= {"guide-crimea", "guide-promise"}
    assert {"Crimea", "the promise"} <= set(words(fig))


def kinds():
    """A chart of each kind, with names that need room."""
    rows = pd.Series({"A rather long name of a row that is wrapped": 2.0, "b": 60.0}, name="n")
    yield charts.bars(rows, "Bars", "a unit", highlight="b")[0]
    yield charts.lines(YEARS, "Lines", "a long unit of measurement")[0]
    yield charts.points(rows, "Points", "unit")[0]
    yield charts.timeline(DAYS, "Days", by="kind", key=True)[0]
    yield charts.timeline(DAYS, "Days", by="kind", parts="part")[0]


@pytest.mark.parametrize("width", [style.NARROW, style.BROAD])
def test_nothing_written_leaves_the_picture(width):
    for fig in kinds():
        fig.fit(style.BROAD)  # as it is drawn first
        fig.fit(width)
        fig.draw_without_rendering()
        box = fig.get_tightbbox()
        assert box.x0 > -0.02 and box.x1 < width + 0.02, fig.axes[0].get_title(loc="left")
        assert box.y0 > -0.02 and box.y1 < fig.get_figheight() + 0.02


def test_no_chart_is_known_to_pyplot_which_would_show_it_again():
    before = plt.get_fignums()
    assert [*kinds()] and plt.get_fignums() == before


@pytest.mark.parametrize(
    "draw, message",
    [
        (lambda: charts.bars(pd.Series(["a"]), "x", "y"), "column 0: found no numbers"),
        (lambda: charts.bars(pd.Series([np.nan]), "x", "y"), "found no value"),
        (lambda: charts.lines(DAYS, "x", "y", values="day"), "series 'day': found no numbers"),
        (lambda: charts.lines(YEARS, "x", "y", along="month"), "column 'month': found Japan, coal"),
        (lambda: charts.points(DAYS.assign(n=1), "x", "y", by="kind"), "'by' goes with one column"),
        (lambda: charts.points(DAYS[["kind"]], "x", "y"), "found no column of numbers or days"),
    ],
)
def test_a_chart_refuses_what_it_cannot_draw(draw, message):
    with pytest.raises(figure.FigureError, match=f"^.*{re.escape(message)}.*$"):
        draw()


def test_words_that_charts_and_tables_share():
    told = pd.DataFrame({"source_id": ["cfr2022", None, "cfr2022"], "paragraph": [4, None, 4]})
    told["paragraph"] = told["paragraph"].astype("Int64")
    assert charts.told_by(told).tolist() == ["CFR 2022, ¶4"] * 2
    assert charts.cited(told, "record_pages") == ["cfr2022#p4", "record_pages"]
    assert charts.day(pd.Timestamp("2014-08-05")) == "5 August 2014"


@pytest.mark.parametrize(
    "name, actor",
    [
        ("Chinese aircraft", "China"),
        ("Russia's share", "Russia"),
        ("EU27", "Europe"),
        ("Japan, crude oil", "Japan"),
        ("Japan and Germany", "neutral"),  # two actors are neither
        ("coal", "neutral"),
        ("Panda 2022", "text"),
    ],
)
def test_a_colour_is_its_actors(name, actor):
    assert style.colour(name) == style.COLOUR[actor]


def test_every_hue_has_a_twin_for_the_dark_theme():
    assert {*style.COLOUR.values(), *style.GROUND.values(), style.FAINT} == set(style.DARK)


# -- the chapters' cells ------------------------------------------------------


def cells():
    """(chapter, id, source) of each code cell."""
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path.stem, cell["id"], "".join(cell["source"])


def code(source):
    return [line for line in source.split("\n") if line.strip()]


def test_cells_are_short_enough_to_read_aloud():
    found = list(cells())
    too_long = [f"{at}, {id}: {len(code(s))} lines" for at, id, s in found if len(code(s)) > 15]
    too_broad = [f"{at}, {id}: {n}" for at, id, s in found for n in s.split("\n") if len(n) > 88]
    assert not too_long + too_broad, "\n".join(too_long + too_broad)
    assert statistics.median(len(code(source)) for *_, source in found) <= 6
    setups = [(at, id, len(code(s))) for at, id, s in found if id in ("begin", "setup")]
    assert all(lines <= 3 for *_, lines in setups), setups


def test_cells_leave_sizes_to_the_style_and_run_anywhere():
    wrong = {
        r"figsize|set_size_inches": "the size of a chart stands in casebook/style.py",
        r"%-[dmH]": "no such pattern on Windows: charts.day writes a day",
        r"#[0-9a-f]{6}\b": "a colour has a name in casebook.style",
    }
    found = [
        f"{at}, {id}: {re.search(pattern, source)[0]} ({why})"
        for at, id, source in cells()
        for pattern, why in wrong.items()
        if re.search(pattern, source)
    ]
    assert not found, "\n".join(found)


def test_no_two_cells_are_alike():
    own = [(at, id, set(code(s))) for at, id, s in cells() if id not in ("begin", "setup")]
    alike = [
        f"{at}, {id} and {other}, {other_id}"
        for (at, id, lines), (other, other_id, others) in combinations(own, 2)
        if len(lines & others) > 0.6 * max(len(lines), len(others))
    ]
    assert not alike, "\n".join(alike)
