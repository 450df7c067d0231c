"""The look of every chart: sizes, type, and a palette that colour-blind readers can tell apart.

`casebook.charts` draws in this style; `use()` gives it to plain Matplotlib. A colour belongs to an
actor and means that actor in every chapter: a fuel, an edition or a year is told apart by its line,
its shape and its name. The hues follow Okabe and Ito (2008), darkened until each has at least 4.5:1
against white; `DARK` holds the lighter twin of each for the dark theme.

A chart of `casebook.charts` is drawn at two widths, so that its type is as large on a phone as on a
laptop: a column's units are about its pixels.
"""

import re
from typing import Any

import matplotlib as mpl
from cycler import cycler

NARROW = 4.4  # inches: a phone's column (317 points, shown about 1:1)
BROAD = 9  # inches: a laptop's column (648 points)
SINGLE = 5  # inches: a chart without `casebook.charts`, drawn once, for both (360 points)
TYPE = 12.5  # points, of everything that is written in a chart

INK = "#1f2328"  # text and axes; the page replaces it by the theme's own text colour
FAINT = "#c8ccd1"  # grid lines and guides
PAPER = "#ffffff"  # the inside of a hollow mark; the page replaces it by its own ground

COLOUR = {
    "Japan": "#b3261e",
    "Russia": "#0b5fa5",
    "China": "#b45309",
    "Europe": "#4a4fb5",
    "Ukraine": "#8a6100",
    "United States": "#0f766e",
    "text": "#8e3b8a",
    "neutral": "#5b6470",
    "rest": "#8c939b",  # bars beside the one that is meant
}
GROUND = {  # of maps: only what stands on it is data
    "sea": "#e9f0f4",
    "land": "#e6dfd2",
    "contested": "#dcc59c",
    "border": "#b5a890",
    "word": "#454c55",
}
DARK = {
    "#b3261e": "#ff8a80",
    "#0b5fa5": "#6cb6ff",
    "#b45309": "#f0a35e",
    "#4a4fb5": "#a5a8ff",
    "#8a6100": "#d9b44a",
    "#0f766e": "#5fd0c5",
    "#8e3b8a": "#d99bd6",
    "#5b6470": "#a9b1bb",
    "#8c939b": "#7a828c",
    FAINT: "#45494f",
    "#e9f0f4": "#1c262d",
    "#e6dfd2": "#38352f",
    "#dcc59c": "#594a2c",
    "#b5a890": "#6f6756",
    "#454c55": "#c6ccd3",
}
# The five texts share one colour, which no actor has; a marker tells each from the others.
SOURCE = {
    "CFR 2022": (COLOUR["text"], "s"),
    "Pajon and Pejsova 2022": (COLOUR["text"], "^"),
    "Panda 2022": (COLOUR["text"], "D"),
    "Pollmann 2023": (COLOUR["text"], "v"),
    "Tsuruoka 2023": (COLOUR["text"], "P"),
    "Record": (INK, "o"),
}
ACTOR = {
    "Japan": r"Japan\w*|Tokyo",
    "Russia": "Russian?|Putin",
    "China": "China|Chinese",
    "Europe": r"Europe\w*|EU\d*|Germany",
    "Ukraine": r"Ukrain\w+|Crimea\w*",
    "United States": "United States|American?",
}


# What `use` sets in Matplotlib, over its own defaults.
SETTINGS: dict[str, Any] = {
    "figure.figsize": (SINGLE, 3.2),
    "figure.dpi": 72,  # a pixel is a point: distances on the screen are those of the SVG
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.02,
    "figure.constrained_layout.h_pad": 0.02,
    "font.size": TYPE,
    "axes.titlesize": TYPE,
    "axes.titlecolor": COLOUR["neutral"],
    "axes.titlelocation": "left",
    "axes.titlepad": 9,
    "axes.labelsize": TYPE,
    "axes.edgecolor": COLOUR["neutral"],
    "axes.labelcolor": COLOUR["neutral"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=list(COLOUR.values())),
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": COLOUR["neutral"],
    "ytick.color": COLOUR["neutral"],
    "xtick.labelcolor": COLOUR["neutral"],
    "ytick.labelcolor": INK,
    "xtick.major.pad": 5,
    "xtick.major.size": 1,  # a tick without width: unseen, but it has its place in the SVG
    "ytick.major.size": 1,
    "xtick.major.width": 0,
    "ytick.major.width": 0,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "svg.fonttype": "none",  # text stays text: found, read aloud, in the page's font
    "svg.hashsalt": "casebook",  # the same drawing gives the same bytes
    "savefig.transparent": False,
}


def colour(name: str) -> str:
    """The colour (hex) of a series or row: itself, its actor's, its text's, else neutral.

    >>> colour("Chinese aircraft") == COLOUR["China"]
    True
    """
    if name.startswith("#") or name in COLOUR:
        return COLOUR.get(name, name)
    if name in SOURCE:
        return SOURCE[name][0]
    named = [actor for actor, words in ACTOR.items() if re.search(rf"\b(?:{words})\b", name)]
    return COLOUR[named[0] if len(named) == 1 else "neutral"]


def use() -> None:
    """Give the book's style to Matplotlib: for a chart drawn without `casebook.charts`."""
    mpl.rcdefaults()
    mpl.rcParams.update(SETTINGS)
