"""`figure.show` draws what equals its data, refuses what does not, and says both in words."""

import json
import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook import charts, figure, style

SOURCE = "jmod_scrambles"
TWO = pd.DataFrame(
    {"north": [10.0, 20.0, 30.0], "south": [15.0, 5.0, 25.0]},
    index=pd.Index(["a", "b", "c"], name="key"),
)


def axes():
    fig, ax = plt.subplots()
    ax.set(ylabel="points")
    ax.set_title("Scores")
    return fig, ax


def bars(keys, **look):
    """A figure of one bar for each key, and its data."""
    fig, ax = axes()
    data = pd.Series(range(1, len(keys) + 1), index=pd.Index(keys, name="key"), name="score")
    ax.bar(range(len(keys)), data, tick_label=keys, **look)
    return fig, data


def shown(published, fig, data, caption="A point.", **options):
    """What `show` publishes of a figure: the picture without its notes."""
    published.clear()
    figure.show(fig, "scores", data, caption, **{"sources": [SOURCE]} | options)
    (bundle,) = (one for one in published if figure.NOTE not in one)
    return bundle


# -- what is refused ----------------------------------------------------------------------------


NORTH = TWO[["north"]]
DAYS = NORTH.set_axis(pd.date_range("2022-01-01", periods=3, freq="MS"))


def line(ax, data, label):
    ax.plot(TWO.index, data, label=label)


def two_lines(ax, *labels):
    for (_, data), label in zip(TWO.items(), labels, strict=True):
        line(ax, data, label)


def bar(ax, low=None, high=None, **look):
    ax.bar(TWO.index, TWO["north"], label="north", **look)
    ax.set_ylim(low, high)


def ticked(ax, labels):
    ax.bar(range(3), TWO["north"])
    ax.set_xticks(range(3), labels)


# What is drawn of which data, and how the refusal begins or goes on.
REFUSED = {
    "swapped bars": (
        lambda ax: ax.bar(TWO.index, [20, 10, 30], label="north"),
        NORTH,
        "'a' shows 20, the data says 10",
    ),
    "a changed point": (
        lambda ax: line(ax, [10, 20, 31], "north"),
        NORTH,
        "'c' shows 31, the data says 30",
    ),
    "a missing row": (
        lambda ax: ax.bar(["a", "b"], [10, 20], label="north"),
        NORTH,
        "'north': 2 marks are drawn, the data has 3 rows",
    ),
    "one line more": (
        lambda ax: two_lines(ax, "north", "south"),
        NORTH,
        "something is drawn that 'data' does not hold: 'south'",
    ),
    "a wrong label": (
        lambda ax: two_lines(ax, "north", "east"),
        TWO,
        "series 'south' is in the data but not drawn",
    ),
    "swapped labels": (
        lambda ax: two_lines(ax, "south", "north"),
        TWO,
        "'north': mark 'a' shows 15, the data says 10",
    ),
    "a wrong category": (
        lambda ax: ticked(ax, ["a", "c", "b"]),
        NORTH,
        "mark 'b' does not stand at 'b'",
    ),
    "a point outside": (
        lambda ax: (line(ax, TWO["north"], "north"), ax.set_ylim(0, 25)),
        NORTH,
        "'north': mark 'c' is cut off",
    ),
    "a bar outside": (lambda ax: bar(ax, 0, 25), NORTH, "'north': mark 'c' is cut off"),
    "a bar without foot": (
        lambda ax: bar(ax, bottom=5),
        NORTH,
        "'north': mark 'a' is a bar that starts at 5",
    ),
    "a cut axis": (lambda ax: bar(ax, 5, 35), NORTH, "'north': mark 'a' is cut off"),
    "the same key twice": (
        lambda ax: ax.bar(range(3), TWO["north"]),
        NORTH.set_axis(["a", "b", "b"]),
        "row key 'b' stands twice",
    ),
    "a shade": (
        lambda ax: (bar(ax), ax.axvspan(0, 1)),
        NORTH,
        "that cannot be compared with data",
    ),
    "periods": (
        lambda ax: DAYS.plot(ax=ax),
        DAYS,
        "mark '1 January 2022' does not stand at '1 January 2022' (pandas counts periods"
        " there: write plot(x_compat=True))",
    ),
    "dated bars": (
        lambda ax: DAYS.plot(ax=ax, kind="bar"),
        DAYS,
        "(pandas counts bars there: give the dates as text)",
    ),
    "keys that are periods": (
        lambda ax: ax.bar(range(3), TWO["north"]),
        NORTH.set_axis(pd.period_range("2022-01", periods=3, freq="M")),
        "row key 2022-01 is a Period (expected text, a number or a day)",
    ),
    "white bars": (
        lambda ax: bar(ax, color="w"),
        NORTH,
        "mark-a-north cannot be seen (it has no colour but the page's)",
    ),
    "clear bars": (lambda ax: bar(ax, alpha=0), NORTH, "mark-a-north cannot be seen"),
    "hidden bars": (
        lambda ax: bar(ax, visible=False),
        NORTH,
        "mark-a-north cannot be seen (Matplotlib is told not to draw it)",
    ),
    "navy bars": (
        lambda ax: bar(ax, color="navy"),
        NORTH,
        "mark-a-north is drawn in #000080, which cannot be read on a light and a dark page",
    ),
    "yellow words": (
        lambda ax: (bar(ax), ax.text(0, 5, "pale", color="yellow")),
        NORTH,
        "the words 'pale' are drawn in #ffff00, which cannot be read",
    ),
    "no title": (lambda ax: (bar(ax), ax.set_title("")), NORTH, "an axes has no title"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_show_refuses(published, case):
    draw, data, message = REFUSED[case]
    fig, ax = axes()
    draw(ax)
    with pytest.raises(figure.FigureError) as error:
        figure.show(fig, "scores", data, "A point.", sources=[SOURCE])
    assert str(error.value).startswith("figure scores: ") and message in str(error.value)
    assert not published


@pytest.mark.parametrize(
    "caption, sources, message",
    [
        ("A point.", None, "no source"),
        (" ", [SOURCE], "the caption is empty"),
        ("A point.", ["nowhere2020"], "found no source 'nowhere2020'"),
    ],
)
def test_show_refuses_a_figure_without_caption_or_known_source(
    published, caption, sources, message
):
    with pytest.raises(figure.FigureError, match=f"figure scores: .*{message}"):
        figure.show(*bars(["a"])[:1], "scores", TWO["north"], caption, sources=sources)
    assert not published


# -- what is drawn ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [
        ["日本", "中国"],
        ["Україна", "Росія"],
        ["اليابان", "روسيا"],
        ["-1", "1"],
        ["C", "C++"],
        ["C", "c"],
    ],
    ids=["Japanese", "Ukrainian", "Arabic", "signs", "punctuation", "capitals"],
)
def test_a_key_may_be_written_in_any_script(published, keys):
    bundle = shown(published, *bars(keys))
    marks = bundle[figure.FIGURE]["marks"]
    assert [mark["key"] for mark in marks] == keys
    groups = {group.get("id"): group for group in ET.fromstring(bundle["image/svg+xml"]).iter()}
    assert [groups[mark["id"]][0].text for mark in marks] == [mark["text"] for mark in marks]


@pytest.mark.parametrize("title", ["From US$5 bn to US$7 bn", "a $$ b", "$x^2$"])
def test_dollars_are_dollars(published, title):
    fig, data = bars(["US$5", "US$7"])
    fig.axes[0].set_title(title)
    bundle = shown(published, fig, data)
    words = ["".join(e.itertext()) for e in ET.fromstring(bundle["image/svg+xml"]).iter()]
    assert {title, "US$5", "US$7"} <= set(words)
    assert bundle[figure.FIGURE]["alt"].startswith(f"Bar chart: {title} (points)")


def test_black_is_ink_and_needs_no_style(published):
    mpl.rcdefaults()
    fig, data = bars(["a", "b"], color="k")
    fig.axes[0].text(0, 1, "two")
    svg = shown(published, fig, data)["image/svg+xml"]
    assert "#000000" not in svg
    for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        assert "fill: #1f2328" in element.get("style")


@pytest.mark.parametrize("visible", [True, False])
def test_the_backdrop_is_known_by_name(published, visible):
    fig, data = bars(["a", "b"])
    for patch in (fig.patch, fig.axes[0].patch):
        patch.set_visible(visible)
    svg = shown(published, fig, data)["image/svg+xml"]
    assert ('id="backdrop"' in svg, 'id="backdrop-1"' in svg) == (visible, visible)


def test_a_series_may_stand_in_several_axes(published):
    fig, panels = plt.subplots(2)
    for panel, rows in zip(panels, [TWO["north"][:1], TWO["north"][1:]], strict=True):
        panel.plot(rows.index, rows, "o", label="north")
        panel.set(title="Scores", ylabel="points")
    record = shown(published, fig, TWO[["north"]])[figure.FIGURE]
    assert [mark["value"] for mark in record["marks"]] == [10, 20, 30]


def test_a_chart_is_drawn_for_a_column_and_for_a_phone(published):
    rows = pd.Series({"A name that breaks on a phone": 1.0, "b": 2.0}, name="points")
    bundle = shown(published, charts.bars(rows, "Scores", "points")[0], rows)
    drawings = [bundle["image/svg+xml"], bundle[figure.FIGURE]["narrow"]]
    widths = [float(re.search(r'width="([\d.]+)pt"', svg)[1]) for svg in drawings]
    assert widths == [72 * style.BROAD, pytest.approx(72 * style.NARROW)]
    for svg in drawings:
        assert re.findall(r'id="(mark-[^"]+)"', svg) == [
            mark["id"] for mark in bundle[figure.FIGURE]["marks"]
        ]
        (halo,) = re.findall(r'<text style="([^"]+)"[^>]*>2<', svg)
        assert "paint-order: stroke; stroke: #ffffff" in halo
    broken = re.findall(
        r'<text style="([^"]+)" transform="translate\(([\d.]+)[^>]*>(A|a)\b', drawings[1]
    )
    assert all("text-anchor: end" in look for look, *_ in broken)
    assert len({x for _, x, _ in broken}) == 1 < len(broken), (
        "the lines of a name do not end together"
    )
    plain, data = bars(["a", "b"])
    assert "narrow" not in shown(published, plain, data)[figure.FIGURE]


def test_a_row_without_value_has_no_mark(published):
    fig, data = bars(["a", "b", "c"])
    data = data.astype(float)
    fig.axes[0].patches[1].set_height(float("nan"))
    data["b"] = None
    record = shown(published, fig, data)[figure.FIGURE]
    assert [mark["key"] for mark in record["marks"]] == ["a", "c"] and record["rows"][1][1] is None


def test_same_figure_twice_is_the_same_bytes(published):
    twice = []
    for _ in range(2):
        fig, ax = axes()
        for name in TWO:
            ax.plot(TWO.index, TWO[name], label=name)
        ax.legend()
        twice.append(json.dumps(shown(published, fig, TWO)))
    assert twice[0] == twice[1]


# -- what is said -------------------------------------------------------------------------------


def test_a_finding_stands_above_the_picture_and_in_its_alternative_text(published):
    fig, data = bars(["a", "b"])
    record = shown(published, fig, data, "Longer is more.", title="B is twice A")[figure.FIGURE]
    assert (record["title"], record["measured"]) == ("B is twice A", "Scores")
    assert record["alt"] == (
        "Bar chart: Scores (points). 2 marks, lowest 1 (a), highest 2 (b)."
        " B is twice A. Longer is more."
    )
    assert published[0]["text/html"] == '<p id="scores"><b>B is twice A</b></p>'

    fig, data = bars(["a", "b"])
    fig.axes[0].set_title("")
    alt = shown(published, fig, data, title="B is twice A")[figure.FIGURE]["alt"]
    assert alt.startswith("Bar chart: B is twice A (points). 2 marks") and alt.count("twice") == 1


def test_a_live_notebook_says_name_caption_and_sources(published):
    shown(published, *bars(["a"]), "More < less.", sources=["cfr2022#p4", SOURCE])
    note = published[-1]
    assert note["text/html"] == (
        '<p id="scores"><b>Figure “scores”.</b> More &lt; less.<br>\n'
        '<small>Sources: <a href="../seeds/cfr2022.md#p4">CFR 2022, ¶4</a>; '
        '<a href="../chapters/context.md#jmod_scrambles">Japan Joint Staff</a>.</small></p>'
    )
    assert "More < less.\nSources: CFR 2022, ¶4; Japan Joint Staff." in note["text/plain"]


def test_a_table_writes_its_cells_as_the_page_does(published):
    data = pd.DataFrame(
        {"value": [1168.0, 2.5, None], "word": ["<b>", "日本", "two\nlines"]},
        index=pd.Index([2014, 2015, 2016], name="year"),
    )
    figure.table(data, "scores", "A point.", sources=[SOURCE])
    table = ET.fromstring(published[0]["text/html"])
    assert [[cell.text for cell in row] for row in table.iter("tr")] == [
        ["year", "value", "word"],
        ["2014", "1,168", "<b>"],
        ["2015", "2.5", "日本"],
        ["2016", "not given", "two\nlines"],
    ]
    assert published[0]["text/plain"].split("\n")[1:] == [
        "year  value  word",
        "2014  1168   <b>",
        "2015  2.5    日本",
        "2016  –      two lines",
    ]


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("2022-04-12", "12 April 2022"),
        ("2022-11", "November 2022"),
        ("2022-02-21/2022-02-28", "21–28 February 2022"),
        ("2022-02-15/2022-03-01", "15 February 2022 to 1 March 2022"),
        ("2022-01/2022-11", "January 2022 to November 2022"),
        ("2021/22", "2021/22"),
        ("2016-17", "2016-17"),
        ("before 2022-04-12", "before 2022-04-12"),
    ],
)
def test_the_page_writes_the_dates_of_a_table_as_a_person_does(stored, written):
    assert figure.written(stored) == written
