"""Every chart and table equals its data; `figure.show` refuses one that does not; the checks find a committed one that does not.

The first part reads the committed chapters, the second draws, the third spoils copies: what must fail, fails.
"""

import ast
import csv
import json
import re
import shutil
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import yaml

from casebook import figure
from tests.checks.figures import (
    EXPLORER,
    FIGURE,
    TABLE,
    check_figures,
    check_output,
    declared,
    entry_of,
    outputs,
)
from tests.checks.raw import raw
from tests.conftest import ROOT, agree

SHOWN = {f"{chapter}, {id}": (chapter, id) for chapter, id, _ in outputs(ROOT)}
# What is spoilt: every chart and table, and one state of each explorer (the first), since the states differ in numbers only.
SPOILT = {
    f"{chapter}, {id}": (chapter, id)
    for chapter, id, data in outputs(ROOT)
    if EXPLORER not in data or data[EXPLORER]["states"][0]["data"][FIGURE]["id"] == id
}
CHARTS = {
    name: SPOILT[name]
    for name in SPOILT
    if any(FIGURE in data and (c, i) == SPOILT[name] for c, i, data in outputs(ROOT))
}
SOURCE = "jmod_scrambles"
every_output = pytest.mark.parametrize("chapter, id", SPOILT.values(), ids=SPOILT)
every_chart = pytest.mark.parametrize("chapter, id", CHARTS.values(), ids=CHARTS)


# -- the book -----------------------------------------------------------------------------------


@pytest.mark.parametrize("chapter, id", SHOWN.values(), ids=SHOWN)
def test_equals_the_raw_data(root, chapter, id):
    data = next(data for c, i, data in outputs(root) if (c, i) == (chapter, id))
    agree(check_output(root, chapter, data, entry_of(declared(root), id, data)))


def test_all_charts_and_tables_are_declared_and_shown_once(root):
    assert outputs(root), "the chapters hold no chart or table"
    agree(check_figures(root))


# -- what `show` draws and refuses --------------------------------------------------------------


TWO = pd.DataFrame(
    {"north": [10.0, 20.0, 30.0], "south": [15.0, 5.0, 25.0]},
    index=pd.Index(["a", "b", "c"], name="key"),
)


def axes():
    fig, ax = plt.subplots()
    ax.set(ylabel="points")
    ax.set_title("Scores")
    return fig, ax


def swapped_bars(ax):
    ax.bar(TWO.index, [20, 10, 30], label="north")
    return TWO[["north"]]


def changed_point(ax):
    ax.plot(TWO.index, [10, 20, 31], label="north")
    return TWO[["north"]]


def missing_row(ax):
    ax.bar(TWO.index[:2], TWO["north"][:2], label="north")
    return TWO[["north"]]


def extra_line(ax):
    ax.plot(TWO.index, TWO["north"], label="north")
    ax.plot(TWO.index, TWO["south"], label="south")
    return TWO[["north"]]


def wrong_label(ax):
    ax.plot(TWO.index, TWO["north"], label="north")
    ax.plot(TWO.index, TWO["south"], label="east")
    return TWO


def swapped_labels(ax):
    ax.plot(TWO.index, TWO["north"], label="south")
    ax.plot(TWO.index, TWO["south"], label="north")
    return TWO


def wrong_category(ax):
    ax.bar(range(3), TWO["north"])
    ax.set_xticks(range(3), ["a", "c", "b"])
    return TWO[["north"]]


def point_outside(ax):
    ax.plot(TWO.index, TWO["north"], label="north")
    ax.set_ylim(0, 25)
    return TWO[["north"]]


def bar_outside(ax):
    ax.bar(TWO.index, TWO["north"], label="north")
    ax.set_ylim(0, 25)
    return TWO[["north"]]


def bar_without_foot(ax):
    ax.bar(TWO.index, TWO["north"], bottom=5, label="north")
    return TWO[["north"]]


def cut_axis(ax):
    ax.bar(TWO.index, TWO["north"], label="north")
    ax.set_ylim(5, 35)
    return TWO[["north"]]


def same_key_twice(ax):
    ax.bar(range(3), TWO["north"])
    return TWO[["north"]].set_axis(["a", "b", "b"])


def shaded(ax):
    ax.bar(TWO.index, TWO["north"])
    ax.axvspan(0, 1)
    return TWO[["north"]]


REFUSED = {
    swapped_bars: "'a' shows 20, the data says 10",
    changed_point: "'c' shows 31, the data says 30",
    missing_row: "'north': 2 marks are drawn, the data has 3 rows",
    extra_line: "something is drawn that 'data' does not hold: 'south'",
    wrong_label: "series 'south' is in the data but not drawn",
    swapped_labels: "'north': mark 'a' shows 15, the data says 10",
    wrong_category: "mark 'b' does not stand at 'b'",
    point_outside: "'north': mark 'c'",
    bar_outside: "'north': mark 'c'",
    bar_without_foot: "'north': mark 'a'",
    cut_axis: "'north': mark 'a'",
    same_key_twice: "row key 'b' stands twice",
    shaded: "that cannot be compared with data",
}


@pytest.mark.parametrize("draw, message", REFUSED.items(), ids=[draw.__name__ for draw in REFUSED])
def test_show_refuses(published, draw, message):
    fig, ax = axes()
    data = draw(ax)
    with pytest.raises(figure.FigureError) as error:
        figure.show(fig, "scores", data, "A point.", sources=[SOURCE])
    assert "figure scores" in str(error.value) and message in str(error.value)
    assert not published


def test_show_refuses_a_figure_without_source_caption_title_or_known_source(published):
    fig, ax = axes()
    ax.bar(TWO.index, TWO["north"])
    for caption, sources, message in [
        ("A point.", None, "no source"),
        (" ", [SOURCE], "caption"),
        ("A point.", ["nowhere2020"], "nowhere2020"),
    ]:
        with pytest.raises(ValueError, match=message):
            figure.show(fig, "scores", TWO["north"], caption, sources=sources)
    ax.set_title("")
    with pytest.raises(figure.FigureError, match="figure scores: an axes has no title"):
        figure.show(fig, "scores", TWO["north"], "A point.", sources=[SOURCE])
    assert not published


def test_same_figure_twice_is_the_same_bytes(published):
    for _ in range(2):
        fig, ax = axes()
        for name in TWO:
            ax.plot(TWO.index, TWO[name], label=name)
        ax.legend()
        figure.show(fig, "scores", TWO, "A point.", sources=[SOURCE])
    assert published[0] == published[1]


# -- what the checks read and find --------------------------------------------------------------


def project(root, folder, bundle, entry, table):
    """A project of one chapter with one figure."""
    for name in ("data", "chapters", "tests"):
        (folder / name).mkdir()
    shutil.copy(root / "data" / "sources.csv", folder / "data")
    table.to_csv(folder / "data" / "scores.csv", index=False)
    text = {
        kind: value if kind.endswith("json") else value.splitlines(keepends=True)
        for kind, value in bundle.items()
    }
    notebook = {
        "cells": [{"cell_type": "code", "id": "one", "source": "", "outputs": [{"data": text}]}]
    }
    (folder / "chapters" / "ch01_scores.ipynb").write_text(json.dumps(notebook), "utf8")
    record = bundle.get(figure.FIGURE) or bundle[figure.TABLE]
    (folder / "tests" / "figures").mkdir()
    (folder / "tests" / "figures" / "ch01_scores.yml").write_text(
        yaml.safe_dump({record["id"]: {"table": "scores"} | entry}), "utf8"
    )
    return folder


SCORES = pd.DataFrame(
    {
        "key": ["a", "b", "c", "d"],
        "day": pd.to_datetime(["2022-02-15", "2022-02-24", "2022-02-28", "2022-03-01"]),
        "year": [2014, 2015, 2017, 2018],
        "north": [1500.0, 950.0, 2025.0, 1000.0],
        "south": [-500.0, np.nan, 250.5, 0.0],
        "team": ["red", "blue", "red", "blue"],
    }
)
PLAIN = {"key": "key", "columns": {"north": "north", "south": "south"}}
LONG = {"key": "key", "columns": {"team": "team", "day": "day"}}


def grouped_bars(fig, ax):
    place = np.arange(4)
    ax.bar(place - 0.2, SCORES["north"], 0.4, label="north")
    ax.bar(place + 0.2, SCORES["south"], 0.4, label="south")
    ax.set_xticks(place, SCORES["key"])
    ax.legend()
    ax.yaxis.set_major_formatter("{x:,.0f}")
    return SCORES.set_index("key")[["north", "south"]], {}, PLAIN


def lying_bars(fig, ax):
    data = SCORES.set_index("key")[["north"]]
    ax.barh(data.index, data["north"])
    ax.set(ylabel="", xlabel="points")
    return data, {}, {"key": "key", "columns": {"north": "north"}}


def lines_over_years(fig, ax):
    data = SCORES.set_index("year")[["north", "south"]]
    for name in data:
        ax.plot(data.index, data[name], label=name)
    ax.legend()
    return data, {}, PLAIN | {"key": "year"}


def lines_over_days(fig, ax):
    data = SCORES.set_index("key")[["day", "north", "south"]]
    ax.plot(data["day"], data["north"], label="north")
    ax.scatter(data["day"], data["south"], label="south")
    ax.xaxis.set_major_formatter(lambda x, _: f"{plt.matplotlib.dates.num2date(x):%-d %b}")
    ax.legend()
    return (
        data,
        {"values": ["north", "south"], "along": "day"},
        {"key": "key", "columns": PLAIN["columns"] | {"day": "day"}},
    )


def time_line(fig, ax):
    data = SCORES.set_index("key")[["team", "day"]]
    for name, rows in data.groupby("team", sort=False):
        ax.plot(rows["day"], rows["team"], "o", label=name)
    ax.xaxis.set_major_locator(plt.matplotlib.dates.DayLocator(interval=4))
    ax.xaxis.set_major_formatter(plt.matplotlib.dates.DateFormatter("%d\n%b"))
    ax.set(ylabel="", xlabel="day")
    return data, {"values": ["day"], "along": "team", "by": "team"}, LONG


def two_panels(fig, ax):
    plt.close(fig)
    fig, panels = plt.subplots(2, sharex=True)
    data = SCORES.set_index("year")[["north", "south"]]
    for panel, name in zip(panels, data):
        panel.plot(data.index, data[name], label=name)
        panel.set(ylabel="points")
        panel.set_title(name)
    return data, {}, PLAIN | {"key": "year"}, fig


def checked(root, tmp_path, published, draw):
    """The problems that the checks find in what `draw` draws."""
    fig, ax = axes()
    data, options, entry, *other = draw(fig, ax)
    figure.show(
        other[0] if other else fig, "scores", data, "The point.", sources=[SOURCE], **options
    )
    return check_figures(project(root, tmp_path, published[0], entry, SCORES))


@pytest.mark.parametrize(
    "draw",
    [grouped_bars, lying_bars, lines_over_years, lines_over_days, time_line, two_panels],
    ids=lambda draw: draw.__name__,
)
def test_the_checks_read_every_kind_of_chart(root, tmp_path, published, draw):
    assert checked(root, tmp_path, published, draw) == []


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


MISLEADING = {
    lying_ticks: "chart, row a, north: its mark stands at 1800, its row says 1500",
    logarithmic: "chart, row a, north: cannot be read back",
    wrong_legend: "chart, mark-2014-north: it is drawn in",
    unnamed_series: "chart, series north: nothing in the picture names it",
    orphan_number: "text in the chart “down by 999”: 999 is not in its data",
}


@pytest.mark.parametrize(
    "draw, problem", MISLEADING.items(), ids=[draw.__name__ for draw in MISLEADING]
)
def test_the_checks_find_a_picture_that_misleads(root, tmp_path, published, draw, problem):
    problems = checked(root, tmp_path, published, draw)
    assert any(text.startswith(f"ch01_scores, figure scores, {problem}") for text in problems), (
        problems
    )


# -- spoilt copies of the book: each spoilt figure is named -------------------------------------


@pytest.fixture
def spoilt(root, tmp_path):
    """A function that spoils the output of one figure in a copy of the book and returns the problems."""

    def spoil(chapter, id, change):
        path = copy(root, tmp_path, chapter) / "chapters" / f"{chapter}.ipynb"
        notebook = json.loads(path.read_text("utf8"))
        published = [
            output.get("data", {})
            for cell in notebook["cells"]
            for output in cell.get("outputs", [])
        ]
        published += [
            state["data"]
            for data in published
            for state in data.get(EXPLORER, {}).get("states", [])
        ]
        change(
            next(
                data
                for data in published
                if (data.get(FIGURE) or data.get(TABLE) or {}).get("id") == id
            )
        )
        path.write_text(json.dumps(notebook), "utf8")
        return check_figures(tmp_path)

    return spoil


def copy(root, folder, chapter):
    """One chapter with all of the evidence."""
    shutil.copytree(root / "data", folder / "data")
    for name in (f"chapters/{chapter}.ipynb", f"tests/figures/{chapter}.yml"):
        (folder / name).parent.mkdir(parents=True)
        shutil.copy(root / name, folder / name)
    return folder


def found(problems, chapter, id, *words):
    return any(
        re.match(rf"{chapter}, (figure|table) {id}, ", text) and all(word in text for word in words)
        for text in problems
    )


@every_output
def test_a_changed_value_is_found(root, tmp_path, chapter, id):
    key, table, column, which = a_datum(root, chapter, id)
    path = copy(root, tmp_path, chapter) / "data" / f"{table}.csv"
    with open(path, encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if all(row[c] == str(value) for c, value in which.items()))
    number = re.fullmatch(r"-?\d+(\.\d+)?", row[column])
    row[column] = (
        str(2 * float(row[column]) + 1)
        if number
        else "2001-02-03"
        if re.match(r"\d{4}-", row[column])
        else f"not {row[column]}"
    )
    with open(path, "w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert found(check_figures(tmp_path), chapter, id, f"row {key}"), (
        f"{table}.csv, {column} of {which} was changed"
    )


def a_datum(root, chapter, id):
    """(row key, table, column, {column: value} of its raw row) of one value that the figure shows, from `tests/figures/`."""
    data = next(data for c, i, data in outputs(root) if (c, i) == (chapter, id))
    entry, record = entry_of(declared(root), id, data), data.get(FIGURE) or data[TABLE]
    if "table" in entry:
        drawn = [c for c in record["columns"][1:] if entry["columns"][c].isidentifier()] or record[
            "columns"
        ][1:]
        key, column = next(
            (row[0], c)
            for c in reversed(drawn)
            for row in record["rows"]
            if row[record["columns"].index(c)] is not None
        )
        names = [
            node.id
            for node in ast.walk(ast.parse(entry["columns"][column]))
            if isinstance(node, ast.Name)
        ]
        raw_column = re.sub(
            "_(start|end)$", "", next(name for name in names if name not in ("cell", "round"))
        )
        return (
            key,
            entry["table"],
            raw_column,
            {entry["key"]: key}
            | {c: v for c, v in entry.get("where", {}).items() if not isinstance(v, list)},
        )
    for key, row in entry["rows"].items():
        for call in (
            node
            for expression in row.values()
            for node in ast.walk(ast.parse(str(expression)))
            if isinstance(node, ast.Call)
        ):
            named = [node.value for node in call.args if isinstance(node, ast.Constant)]
            which = {
                word.arg: word.value.value
                for word in call.keywords
                if isinstance(word.value, ast.Constant)
            }
            if call.func.id == "q":
                return key, "quantities", "value", {"quantity_id": named[0]}
            if call.func.id == "total":
                row = next(
                    row
                    for row in raw(root, named[0])
                    if row[named[1]]
                    and all(str(v).startswith("../") or row[c] == str(v) for c, v in which.items())
                )
                return key, named[0], named[1], {c: v for c, v in row.items() if c != "_row"}
            if call.func.id == "cell" and len(which) == len(call.keywords):
                return key, named[0], named[1], which
            if call.func.id == "date":
                return (
                    (key, "events", "record_date", {"event_id": named[0]})
                    if len(named) == 1
                    else (
                        key,
                        "event_sources",
                        "date_as_given",
                        {"event_id": named[0], "source_id": named[1]} | which,
                    )
                )
    raise AssertionError(f"{chapter}, {id}: tests/figures/{chapter}.yml names no datum")


@every_chart
def test_two_swapped_marks_are_found(spoilt, chapter, id):
    def swap(data):
        record, svg = data[FIGURE], ET.fromstring("".join(data["image/svg+xml"]))
        groups = {
            group.get("id"): list(group)[-1]
            for group in svg.iter()
            if group.get("id", "").startswith("mark-")
        }
        pairs = [
            (a, b) for a in record["marks"] for b in record["marks"] if a["value"] != b["value"]
        ]
        first, second = next(
            (pair for pair in pairs if pair[0]["series"] == pair[1]["series"]), pairs[0]
        )
        one, two = groups[first["id"]].attrib, groups[second["id"]].attrib
        for name in ("d", "x", "y"):
            if name in one:
                one[name], two[name] = two[name], one[name]
        data["image/svg+xml"] = ET.tostring(svg, encoding="unicode")

    assert found(spoilt(chapter, id, swap), chapter, id, "chart, row", "its mark stands at")


@every_chart
def test_a_changed_alternative_text_is_found(spoilt, chapter, id):
    def edit(data):
        old = data[FIGURE]["alt"]
        said = old.removesuffix(data[FIGURE]["caption"])
        digit = max(match.start() for match in re.finditer(r"\d", said))
        data[FIGURE]["alt"] = new = f"{old[:digit]}{(int(old[digit]) + 1) % 10}{old[digit + 1 :]}"
        svg = ET.fromstring("".join(data["image/svg+xml"]))
        svg.set("aria-label", new)
        data["image/svg+xml"] = ET.tostring(svg, encoding="unicode")

    assert found(spoilt(chapter, id, edit), chapter, id, "alternative text: does not say")


@every_output
def test_a_wrong_number_in_the_caption_is_found(spoilt, chapter, id):
    def edit(data):
        record = data.get(FIGURE) or data[TABLE]
        record["caption"] += " There were 98,765."

    assert found(spoilt(chapter, id, edit), chapter, id, "caption", "98,765 is not in its data")


@every_output
def test_a_lost_row_is_found(spoilt, chapter, id):
    lost = []

    def drop(data):
        lost.append((data.get(FIGURE) or data[TABLE])["rows"].pop()[0])

    problems = spoilt(chapter, id, drop)
    assert found(problems, chapter, id, f"row {' '.join(str(lost[0]).split())} is missing"), (
        problems
    )
