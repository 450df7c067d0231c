"""Maps: names that touch nothing at any width, contested land as such, what cannot be drawn."""

from itertools import combinations

import pandas as pd
import pytest

from casebook import charts, figure, style
from casebook.checks.figures.drawing import Drawing

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
    fig, (ax,) = drawn()
    (land,) = (patch for patch in ax.patches if patch.get_gid() == "guide-contested")
    assert land.get_path().get_extents().extents.round().tolist() == [32, 44, 37, 46]
    options = {"values": ["lat"], "along": "lon", "sources": ["natural_earth"]}
    figure.show(fig, "towns", TOWNS, "A point.", **options)
    svg = Drawing(published[0]["image/svg+xml"])
    assert {"guide-coast", "guide-contested", "guide-line-in-dispute"} <= set(svg.guides)
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
    with pytest.raises(figure.FigureError, match=message):
        drawn(**options)


def test_an_unknown_map_is_named():
    with pytest.raises(figure.FigureError, match="no map 'atlantis', expected one of islands"):
        charts.map(TOWNS, "Towns", "atlantis")
