"""`figure.show` draws what equals its data and refuses what does not."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casebook import figure

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
