"""What the checks read in a chart or table that is published, and what they find in a spoilt one.

First charts of every kind, and charts that mislead; then each chart and table of the book, spoilt
one way after another.
"""

import copy
import json
import re
import shutil
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from casebook import explorer, figure
from casebook.checks.book import Book
from casebook.checks.expected import Expected
from casebook.checks.facts import Facts
from casebook.checks.figures import noted, output_problems, outputs
from casebook.checks.figures.explorers import explorer_problems
from casebook.checks.figures.shown import EXPLORER, FIGURE, NOTE, SVG, TABLE, Output, chosen
from tests import test_explorers as drawn
from tests.conftest import ROOT
from tests.promise import entry, package

SCORES = pd.DataFrame(
    {
        "key": ["a", "b", "c", "d"],
        "day": pd.to_datetime(["2022-02-15", "2022-02-24", "2022-02-28", "2022-03-01"]),
        "year": [2014, 2015, 2017, 2018],
        "north": [1500.0, 950.0, 2025.0, 1000.0],
        "south": [-500.0, np.nan, 250.5, 0.0],
        "team": ["red", "blue", "red", "blue"],
        "source_id": "jmod_scrambles",
    }
)
TYPES = {"year": "integer", "north": "number", "south": "number"}


def facts_of(folder, frame, types):
    """Facts of one table of scores."""
    (folder / "data").mkdir()
    frame.to_csv(folder / "data" / "scores.csv", index=False)
    sources = next(r for r in package(ROOT)["resources"] if r["name"] == "sources")
    shutil.copy(ROOT / "data" / "sources.csv", folder / "data")
    fields = [{"name": name, "type": types.get(name, "string"), "unit": "points"} for name in frame]
    schema = {"fields": fields, "primaryKey": [fields[0]["name"]]}
    scores = {"name": "scores", "path": "scores.csv", "schema": schema}
    described = json.dumps({"resources": [sources, scores]})
    (folder / "data" / "datapackage.json").write_text(described, "utf8")
    return Facts(folder)


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    return facts_of(tmp_path_factory.mktemp("scores"), SCORES, TYPES)


def checked(facts, published, draw):
    """The problems that the checks find in what `draw` draws."""
    fig, ax = plt.subplots()
    ax.set(ylabel="points")
    ax.set_title("Scores")
    data, options, columns, *other = draw(fig, ax)
    shown = other[0] if other else fig
    figure.show(shown, "scores", data, "The point.", sources=["jmod_scrambles"], **options)
    asked = {"scores": entry("scores", f"select {columns} from scores")}
    output = Output("ch01_scores", {"id": "one"}, published[0])
    return list(output_problems(output, Expected("ch01_scores.yml", figures=asked), facts))


def grouped_bars(fig, ax):
    place = np.arange(4)
    ax.bar(place - 0.2, SCORES["north"], 0.4, label="north")
    ax.bar(place + 0.2, SCORES["south"], 0.4, label="south")
    ax.set_xticks(place, SCORES["key"])
    ax.legend()
    ax.yaxis.set_major_formatter("{x:,.0f}")
    return SCORES.set_index("key")[["north", "south"]], {}, "key, north, south"


def lying_bars(fig, ax):
    data = SCORES.set_index("key")[["north"]]
    ax.barh(data.index, data["north"])
    ax.set(ylabel="", xlabel="points")
    return data, {}, "key, north"


def lines_over_years(fig, ax):
    data = SCORES.set_index("year")[["north", "south"]]
    for name in data:
        ax.plot(data.index, data[name], label=name)
    ax.legend()
    return data, {}, "year, north, south"


def lines_over_days(fig, ax):
    data = SCORES.set_index("key")[["day", "north", "south"]]
    ax.plot(data["day"], data["north"], label="north")
    ax.scatter(data["day"], data["south"], label="south")
    ax.xaxis.set_major_formatter(plt.matplotlib.dates.DateFormatter("%d %b"))
    ax.legend()
    return data, {"values": ["north", "south"], "along": "day"}, "key, day, north, south"


def time_line(fig, ax):
    data = SCORES.set_index("key")[["team", "day"]]
    for name, rows in data.groupby("team", sort=False):
        ax.plot(rows["day"], rows["team"], "o", label=name)
    ax.xaxis.set_major_locator(plt.matplotlib.dates.DayLocator(interval=4))
    ax.xaxis.set_major_formatter(plt.matplotlib.dates.DateFormatter("%d\n%b"))
    ax.set(ylabel="", xlabel="day")
    return data, {"values": ["day"], "along": "team", "by": "team"}, "key, team, day"


def two_panels(fig, ax):
    plt.close(fig)
    fig, panels = plt.subplots(2, sharex=True)
    data = SCORES.set_index("year")[["north", "south"]]
    for panel, name in zip(panels, data):
        panel.plot(data.index, data[name], label=name)
        panel.set(ylabel="points")
        panel.set_title(name)
    return data, {}, "year, north, south", fig


@pytest.mark.parametrize(
    "draw",
    [grouped_bars, lying_bars, lines_over_years, lines_over_days, time_line, two_panels],
    ids=lambda draw: draw.__name__,
)
def test_the_checks_read_every_kind_of_chart(scores, published, draw):
    assert checked(scores, published, draw) == []


def lying_ticks(fig, ax):
    shown = lying_bars(fig, ax)
    ax.set_xticks([0, 500, 1000, 1500, 2000], ["0", "600", "1,200", "1,800", "2,400"])
    return shown


def logarithmic(fig, ax):
    shown = lying_bars(fig, ax)
    ax.set_xscale("symlog", linthresh=100)
    ax.set_xticks([0, 100, 1000], ["0", "100", "1,000"])
    return shown


def wrong_legend(fig, ax):
    shown = lines_over_years(fig, ax)
    ax.legend(ax.lines[::-1], ["north", "south"])
    return shown


def unnamed_series(fig, ax):
    shown = lines_over_years(fig, ax)
    ax.legend([])
    return shown


def orphan_number(fig, ax):
    ax.text(0, 0, "down by 999")
    return lying_bars(fig, ax)


def wrong_unit(fig, ax):
    shown = lying_bars(fig, ax)
    ax.set_xlabel("billion euros")
    return shown


MISLEADING = {
    lying_ticks: "chart, row a, north: its mark stands at 1800, its row says 1500",
    logarithmic: "chart, row a, north: cannot be read back",
    wrong_legend: "chart, mark-2014-north: it is drawn in",
    unnamed_series: "chart, series north: nothing in the picture names it",
    orphan_number: "text in the chart “down by 999”: 999 is not in its data",
    wrong_unit: "its axis is labelled 'billion euros', but its columns are in points",
}


@pytest.mark.parametrize("draw", MISLEADING, ids=lambda draw: draw.__name__)
def test_the_checks_find_a_picture_that_misleads(scores, published, draw):
    problems = checked(scores, published, draw)
    assert any(text.startswith(MISLEADING[draw]) for text in problems), problems


def test_a_guide_in_the_wrong_place_is_named(scores, published):
    fig, ax = plt.subplots()
    data, options, columns = lying_bars(fig, ax)
    ax.set_title("Scores")
    ax.axvline(1000, gid="guide-pass")
    figure.show(fig, "scores", data, "The point.", sources=["jmod_scrambles"], **options)
    output = Output("ch01_scores", {"id": "one"}, published[0])
    for query, wrong in {"select 1000": False, "select 1100": True}.items():
        expected = Expected("ch01_scores.yml")
        expected.figures = {"scores": entry("scores", f"select {columns} from scores")}
        expected.guides = {"scores": {"guide-pass": entry("guide-pass", query)}}
        problems = list(output_problems(output, expected, scores))
        said = "chart, guide guide-pass stands at 1000, but tests/expected/ch00.yml:1 gives 1100"
        assert problems == ([said] if wrong else [])


SEASONS = """select team, case when :season = 'autumn' then autumn when :unit = 'share'
  then spring / (select sum(spring) from scores) else spring end as score
  from scores where not (:season = 'autumn' and :unit = 'share')"""


def spoil(record):
    record["states"][2]["data"][FIGURE]["rows"][1][1] = 6


def swap(record):
    one, two = (state["data"] for state in record["states"][:2])
    one[SVG], two[SVG] = two[SVG], one[SVG]


def test_a_spoilt_a_missing_and_a_strange_state_of_an_explorer_are_named(tmp_path, published):
    facts = facts_of(tmp_path, drawn.SCORES, {"spring": "number", "autumn": "number"})
    best = {"season": "autumn", "unit": "points"}
    explorer.show("scores", drawn.chart, drawn.CHOICES, "It depends.", presets={"best": best})

    def said(change=lambda record: None, query=SEASONS, best="autumn"):
        data = copy.deepcopy(published[0])
        record, asked = data[EXPLORER], entry("scores", query)
        buttons = entry("scores", f"select 'best', '{best}', 'points'")
        change(record)
        problems = list(explorer_problems(data, record, asked, buttons, [], facts))
        for state in record["states"]:
            choice = chosen(record, state["choice"])
            output = Output("ch01_scores", {"id": "one"}, state["data"], record, choice)
            expected = Expected("ch01_scores.yml", figures={"scores": asked})
            expected.units = {"scores": entry("scores", choice["unit"])}
            problems += output_problems(output, expected, facts)
        return problems

    assert said() == []
    assert "chart, row blue, score: says 6, but scores gives 5" in said(spoil)
    assert "no chart for spring, share" in said(lambda record: record["states"].pop(1))
    (other,) = said(best="spring")
    assert other.startswith("'best' chooses autumn, points, expected spring, points")
    fewer = SEASONS.replace(":season = 'autumn' and ", "")
    assert any("row red is shown, but scores gives no such row" in one for one in said(query=fewer))
    assert any("is not that of its start" in one for one in said(swap))
    titled = said(lambda record: record.update(title="9 ways to count"))
    assert titled == ["its words say 9, which is no option"]


# -- the book: each spoilt chart or table is named -----------------------------------------------

BOOK, FACTS = Book(ROOT), Facts(ROOT)
# Of an explorer one state, since the states differ in numbers only.
SPOILT = {output.name: output for output in reversed(list(outputs(BOOK)))}
CHARTS = {name: output for name, output in SPOILT.items() if FIGURE in output.data}
every_output = pytest.mark.parametrize("name", SPOILT)
every_chart = pytest.mark.parametrize("name", CHARTS)


def problems_of(output):
    return list(output_problems(output, BOOK.expects(output.chapter), FACTS))


def spoilt(name, change):
    """The problems of an output that `change` has spoilt: a function of its MIME bundle."""
    output = SPOILT[name]
    data = copy.deepcopy(output.data)
    change(data)
    return problems_of(Output(output.chapter, output.cell, data, output.explorer, output.choice))


def record_of(data):
    return data.get(FIGURE) or data[TABLE]


@every_output
def test_a_changed_value_is_found(name):
    """Of each column that its query reads for more than its key, some cell has it name a row."""
    output = SPOILT[name]
    before = set(problems_of(output))
    query = BOOK.expects(output.chapter).figures[name].queries[0]
    for table, column in sorted(FACTS.reads[query]):
        if table not in FACTS.keys or column in ("_row", "", *FACTS.keys[table]):
            continue
        for row in FACTS.rows(table):
            if (value := row[column]) is None:
                continue
            other = 2 * value + 1 if isinstance(value, (int, float)) else "2001-02-03"
            with FACTS.change(table, row["_row"], column, other):
                if any("row " in problem for problem in set(problems_of(output)) - before):
                    return
    pytest.fail(f"no cell that {name} reads has it named when it changes")


@every_chart
@pytest.mark.parametrize("drawing", [SVG, "narrow"])
def test_two_swapped_marks_are_found(name, drawing):
    if drawing not in CHARTS[name].data | CHARTS[name].record:
        return  # drawn once

    def swap(data):
        holder = data if drawing == SVG else data[FIGURE]
        marks, svg = data[FIGURE]["marks"], ET.fromstring("".join(holder[drawing]))
        groups = {g.get("id"): list(g)[-1] for g in svg.iter() if "mark-" in g.get("id", "")}
        pairs = [(a, b) for a in marks for b in marks if a["value"] != b["value"]]
        same = [(a, b) for a, b in pairs if a["series"] == b["series"]]
        one, two = (groups[mark["id"]].attrib for mark in (same or pairs)[0])
        for part in ("d", "x", "y"):
            if part in one:
                one[part], two[part] = two[part], one[part]
        holder[drawing] = ET.tostring(svg, encoding="unicode")

    assert any("its mark stands at" in problem for problem in spoilt(name, swap))


def faded(svg, group):
    return re.sub(f'(<g id="{group}">.*?style=")fill:', r"\1opacity: 0.1; fill:", svg, flags=re.S)


def covered(svg, fill):
    box = "M 0 0 L 640 0 L 640 300 L 0 300 z"
    return svg.replace("</svg>", f'<path d="{box}" style="fill: {fill}" /></svg>')


def exchanged(svg, one, other):
    return (
        svg.replace(f">{one}<", ">?<")
        .replace(f">{other}<", f">{one}<")
        .replace(">?<", f">{other}<")
    )


MARK = "mark-2011-chinese-aircraft"
# What is done to the picture, and what the checks say of it.
UNSEEN = {
    "a faint mark": (lambda s: faded(s, MARK), f"{MARK} cannot be seen: its contrast is 1."),
    "a mark out of sight": (
        lambda s: s.replace(f'id="{MARK}"', f'id="{MARK}" style="display: none"'),
        "a <g> has 'style', which no part of a chart has",
    ),
    "a moved group": (
        lambda s: s.replace('id="axes_1"', 'id="axes_1" transform="scale(1 0.5)"'),
        "a <g> has 'transform'",
    ),
    "a tiny symbol": (
        lambda s: re.sub('(<path id="[^"]+" d=")M 0 2.5[^"]*', r"\1M 0 0 L 0.1 0.1 z", s),
        f"{MARK} is too small to be seen (0.1 units)",
    ),
    "a cover": (lambda s: covered(s, "#ffffff"), f"{MARK} is hidden under a shape"),
    "a shape that is no mark": (
        lambda s: covered(s, "none"),
        "1 shapes are drawn that are no mark and no guide",
    ),
    "a picture in the picture": (
        lambda s: s.replace("</svg>", '<image href="x.png" /></svg>'),
        "it holds a <image>, which is no part of a chart",
    ),
    "words outside": (
        lambda s: s.replace("</svg>", "<text>So it is.</text></svg>"),
        "it says 'So it is.' outside of titles, labels and guides",
    ),
    "pale words": (
        lambda s: re.sub(r"fill: #[0-9a-f]{6}([^>]*>2015<)", r"fill: #eeeeee\1", s),
        "the words '2015' cannot be seen",
    ),
    "names exchanged": (
        lambda s: exchanged(s, "Chinese aircraft", "Russian aircraft"),
        "'Russian aircraft' is written in the colour of 'chinese aircraft'",
    ),
    "a line in another colour": (
        lambda s: re.sub("fill: none; stroke: #b45309", "fill: none; stroke: #0b5fa5", s),
        "series-0: its line is #0b5fa5, its marks are #b45309",
    ),
    "a line past a mark": (
        lambda s: re.sub(r'(id="series-0"><path d="M [^L]*)L [^L]*', r"\1", s),
        "mark-2012-chinese-aircraft: the line of its series passes by it",
    ),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_what_a_reader_cannot_see_is_found(case):
    change, said = UNSEEN[case]

    def edit(data):
        old = "".join(data[SVG])
        data[SVG] = change(old)
        assert data[SVG] != old

    problems = spoilt("scrambles-by-nationality", edit)
    assert any(said in problem for problem in problems), problems


def test_names_and_numbers_that_changed_places_are_found():
    def names(data):
        data[SVG] = exchanged("".join(data[SVG]), "Etorofu", "Shikotan")

    def numbers(data):
        data[SVG] = exchanged("".join(data[SVG]), "398", "36")

    assert any(
        "'Shikotan' stands beside the mark of" in p for p in spoilt("islands-two-names", names)
    )
    assert any("bears the number 398" in p for p in spoilt("rounds-by-kind", numbers))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("three-military-budgets", "billion", "million", "but its columns are in million"),
        ("scrambles-by-nationality", "fiscal year", "month", "but its data know no month"),
    ],
)
def test_another_measure_on_an_axis_is_found(name, old, new, said):
    def edit(data):
        data[SVG] = "".join(data[SVG]).replace(old, new)
        data[FIGURE]["unit"] = data[FIGURE]["unit"].replace(old, new)

    assert any("its axis is labelled" in p and said in p for p in spoilt(name, edit))


def test_another_head_of_a_table_or_note_of_a_figure_is_found():
    def edit(data):
        data["text/html"] = "".join(data["text/html"]).replace(">what is counted<", ">banks<")

    assert any("its head: the HTML" in problem for problem in spoilt("what-the-texts-count", edit))
    book, record = Book(ROOT, "ch99"), {"id": "a", "title": "One", "caption": "Two."}
    for said, wrong in (("One", False), ("Figure “a”. Two.", False), ("Figure “a”. 3.", True)):
        note = {NOTE: {"id": "a"}, "text/plain": [said]}
        shown = [{"data": data} for data in ({TABLE: record}, note)]
        book.notebooks = {"ch99_x": {"cells": [{"id": "b", "outputs": shown}]}}
        assert [p.text for check in noted(book) for p in check.problems(FACTS)] == (
            [f"it says {said!r}, which is not said there"] if wrong else []
        )


@every_chart
def test_a_changed_alternative_text_is_found(name):
    def edit(data):
        old = data[FIGURE]["alt"]
        # of the last value (of two places that share it the text may name either), or a count
        said = [match.start() for match in re.finditer(r"\d(?= \()", old)]
        digit = max(said or [re.search(r"\d(?= places)", old).start()])
        data[FIGURE]["alt"] = f"{old[:digit]}{(int(old[digit]) + 1) % 10}{old[digit + 1 :]}"
        svg = ET.fromstring("".join(data[SVG]))
        svg.set("aria-label", data[FIGURE]["alt"])
        data[SVG] = ET.tostring(svg, encoding="unicode")

    assert any("alternative text: does not say" in problem for problem in spoilt(name, edit))


@every_output
def test_a_wrong_number_in_the_caption_is_found(name):
    def edit(data):
        record_of(data)["caption"] += " There were 98,765."

    assert any("98,765 is not in its data" in problem for problem in spoilt(name, edit))


@every_output
def test_a_lost_row_is_found(name):
    lost = []

    def drop(data):
        lost.append(" ".join(str(record_of(data)["rows"].pop()[0]).split()))

    problems = spoilt(name, drop)
    assert any(f"row {lost[0]} is missing" in problem for problem in problems), problems
