"""Maps: names that touch nothing at any width, contested land as such, what cannot be drawn."""

from itertools import combinations

import pandas as pd
import pytest

from casebook import charts, figure, maps, style
from casebook.checks.figures.drawing import Drawing, scale_of

TOWNS = pd.DataFrame(
    {"lat": [50.45466, 50.54741, 44.95719], "lon": [30.5238, 30.20879, 34.11079]},
    index=pd.Index(["Kyiv", "Bucha", "Simferopol"], name="town"),
).assign(day=["22 February", "21 March", "27 February"])
SEAS = {"Black Sea": (32, 43.9)}


def drawn(**options):
    return charts.map(TOWNS, "Towns", "ukraine", beneath="day", seas=SEAS, **options)


@pytest.mark.parametrize("width", [style.BROAD, style.NARROW])
def test_no_two_names_touch(width):
    fig, (ax,) = drawn()
    fig.fit(width)
    boxes = [text.get_window_extent() for text in ax.texts if text.get_visible()]
    assert len(boxes) >= 2 * len(TOWNS)
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_crimea_is_contested_and_no_border_parts_it_from_ukraine(published):
    fig, _ = drawn()
    options = {"values": ["lat"], "along": "lon", "sources": ["natural_earth"]}
    figure.show(fig, "towns", TOWNS, "A point.", **options)
    svg = Drawing(published[0]["image/svg+xml"])
    ((axes),) = svg.axes
    x, y = (scale_of(svg.ticks(axes, letter))[0] for letter in "xy")
    reach = svg.reach(svg.guides["guide-contested"])
    assert [round(x(end)) for end in reach["x"]] == [32, 37]
    assert sorted(round(y(end)) for end in reach["y"]) == [44, 46]
    assert "guide-line-in-dispute" in svg.guides
    record = published[0][figure.FIGURE]
    assert record["alt"].startswith("Map: Towns. 3 places from north to south: Bucha, Kyiv, Simf")
    assert record["marks"][0]["text"].startswith("Kyiv: 50.45466° N, 30.5238° E")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"side": dict.fromkeys(TOWNS.index, "left")}, "no room"),
        ({"frame": (25, 48, 41, 53)}, "Simferopol: found 44.95719, 34.11079, expected it between"),
    ],
)
def test_what_cannot_be_drawn_is_named(options, message):
    with pytest.raises(maps.MapError, match=message):
        drawn(**options)


def test_an_unknown_map_is_named():
    with pytest.raises(maps.MapError, match="found no map 'atlantis', expected one of islands"):
        charts.map(TOWNS, "Towns", "atlantis")
