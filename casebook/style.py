"""The look of every chart: fonts, sizes and a palette that colour-blind readers can tell apart.

`use()` sets Matplotlib up; `COLOUR["Japan"]` and its like give the same actor the same colour in every chapter.
The hues follow Okabe and Ito (2008), darkened until each has at least 4.5:1 against white; the page's style sheet
holds a lighter twin of each for the dark theme, so a chart never speaks by colour alone nor fades in one theme.
"""

import matplotlib as mpl

INK = "#1f2328"  # text and axes; the page replaces it by the theme's own text colour
FAINT = "#c8ccd1"  # grid lines and guides

COLOUR = {
    "Japan": "#b3261e",
    "Russia": "#0b5fa5",
    "China": "#b45309",
    "Europe": "#4a4fb5",
    "Ukraine": "#8a6100",
    "United States": "#0f766e",
    "neutral": "#5b6470",
}
# One colour and one marker for each way of telling, so that sources can be told apart without colour.
SOURCE = {
    "CFR 2022": ("#0f766e", "s"),
    "Pajon and Pejsova 2022": ("#4a4fb5", "^"),
    "Panda 2022": ("#b45309", "D"),
    "Pollmann 2023": ("#8e3b8a", "v"),
    "Tsuruoka 2023": ("#0b5fa5", "P"),
    "Record": ("#1f2328", "o"),
}
WIDE = (4.7, 3.1)  # inches: small enough that 11 pt type stays legible on a phone
TALL = (4.7, 4.6)


def use() -> None:
    """Set Matplotlib's parameters for every chart of the book: once, at the top of a chapter."""
    mpl.rcdefaults()
    mpl.rcParams.update(
        {
            "figure.figsize": WIDE,
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "font.size": 10.5,
            "axes.titlesize": 11.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.labelsize": 10.5,
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": mpl.cycler(color=list(COLOUR.values())),
            "grid.color": FAINT,
            "grid.linewidth": 0.6,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "lines.markersize": 5,
            "svg.fonttype": "none",  # text stays text: searchable, readable aloud, in the page's own font
            "svg.hashsalt": "casebook",  # the same drawing gives the same bytes
            "savefig.transparent": False,
        }
    )
