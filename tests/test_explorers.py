"""Explorers: what they refuse, and the live face, spoken to as a browser would speak to it.

(The face of the built page is tested in tests/pages, the states of the book's own explorers in
test_published.py.)
"""

import time

import ipywidgets
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel

from casebook import explorer
from casebook.explorer import EXPLORER, WIDGET
from casebook.figure import FIGURE, NOTE

SCORES = pd.DataFrame({"team": ["red", "blue"], "spring": [10.0, 20.0], "autumn": [30.0, 5.0]})
CHOICES = {"season": ["spring", "autumn"], "unit": ["points", "share"]}
SOURCE = ["jmod_scrambles"]


def chart(season, unit, lie=0):
    """A state of the explorer that these tests draw; there is no share of autumn."""
    if (season, unit) == ("autumn", "share"):
        return None
    values = SCORES.set_index("team")[season] / (1 if unit == "points" else SCORES[season].sum())
    data = values.to_frame("score")
    fig, ax = plt.subplots()
    ax.bar(data.index, data["score"] + lie * (season == "autumn"))
    ax.set(title="Scores", ylabel=unit)
    return fig, data, f"One of the {season} charts.", SOURCE


TORN = {"season": ["spring", "autumn"], "part": ["a", "b"]}


def torn(unit, season, part):
    """Under one unit there is no part b of spring."""
    return None if (season, part) == ("spring", "b") else chart(season, unit)


def small(**options):
    """A filter over two events, one of them without a day."""
    data = pd.DataFrame(
        {
            "who": ["Japan; Russia", "Japan"],
            "kind": ["talks", "talks"],
            "day": pd.to_datetime(["2022-02-17", None]),
            "told by": ["panda2022#p16 (not given)", "cfr2022#p4 (2022-04-12); panda2022#p2"],
        },
        index=pd.Index(["A call", "A list"], name="event"),
    )
    fig, ax = plt.subplots()
    ax.plot(data["day"][:1], ["talks"], "o")
    ax.set_xticks(pd.to_datetime(["2022-02-16", "2022-02-18"]), ["16 Feb\n2022", "18 Feb\n2022"])
    ax.set_title("Days")
    explorer.filter(
        fig,
        "small",
        data,
        "Two events.",
        **{
            "choices": {"who": ["Russia"], "told by": ["CFR 2022"]},
            "columns": ["who", "told by"],
            "links": ["told by"],
            "values": ["day"],
            "along": "kind",
            "sources": SOURCE,
        }
        | options,
    )


def show(choices=CHOICES, draw=chart, **options):
    explorer.show("scores", draw, choices, "It depends.", **options)


def outputs(published):
    """What was published, without notes, and without the ids of widgets, which are random."""
    shown = [bundle for bundle in published if NOTE not in bundle]
    return [{mime: one for mime, one in bundle.items() if mime != WIDGET} for bundle in shown]


def test_an_explorer_holds_each_state_once_and_the_same_bytes_every_time(published):
    for _ in range(2):
        show()
    one, two = outputs(published)
    assert one == two
    assert [state["choice"] for state in one[EXPLORER]["states"]] == [[0, 0], [0, 1], [1, 0]]
    assert one["image/svg+xml"] == one[EXPLORER]["states"][0]["data"]["image/svg+xml"]


def test_as_text_an_explorer_lists_its_options_and_the_chart_of_its_start(published):
    show(start={"season": "autumn"})
    assert published[0]["text/plain"].split("\n") == [
        "scores: It depends.",
        "Season: spring, autumn",
        "Unit: points, share",
        "Chosen: autumn, points",
        "",
        "scores-3: One of the autumn charts.",
        "team  score",
        "red   30",
        "blue  5",
    ]
    assert "It depends." in published[1]["text/plain"] and NOTE in published[1]


def test_in_a_live_kernel_there_is_a_widget_with_ipywidgets_7_as_with_8(published, monkeypatch):
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_", raising=False)
    show()
    assert published[0][WIDGET]["model_id"]


def lying(**choice):
    return chart(**choice, lie=1)


REFUSED = [
    (
        lambda: show(draw=lying),
        "explorer scores, autumn, points: figure scores-3.*'red' shows 31, the data says 30",
    ),
    (
        lambda: show(start={"season": "autumn", "unit": "share"}),
        "start: no chart for what it chooses",
    ),
    (
        lambda: show(start={"season": "winter"}),
        "start: found 'winter' for 'season', expected one of spring, autumn",
    ),
    (
        lambda: show(presets={"best": {"season": "winter", "unit": "share"}}),
        "best: found 'winter' for 'season'",
    ),
    (
        lambda: show({"unit": ["points"]} | TORN, torn),
        "no chart for points, spring, b .expected one",
    ),
    (
        lambda: show({"season": ["spring"], "unit": ["points", "points"]}),
        "choice 'unit': found .*expected options that differ",
    ),
    (
        lambda: small(choices={"who": ["China"]}),
        "filter 'who': no row has 'China', expected one of Japan, Russia",
    ),
    (lambda: small(choices={"where": ["Kyiv"]}), "no column 'where' to filter by"),
]


@pytest.mark.parametrize(("draw", "said"), REFUSED)
def test_an_explorer_refuses_what_it_cannot_show(published, draw, said):
    with pytest.raises(explorer.ExplorerError, match=said):
        draw()
    assert not published


def test_a_filter_keeps_rows_by_their_parts_and_by_their_sources(published):
    small()
    record = published[0][EXPLORER]
    assert "A list" in explorer._picture(record, [0, 0])
    picture = explorer._picture(record, [1, 0])
    assert "Panda 2022, ¶16 (not given)" in picture and "A list" not in picture
    rows = record["states"][0]["data"][FIGURE]["rows"]
    kept = {
        chosen: [row[0] for row in rows if explorer.keeps(record, row, chosen)]
        for chosen in [(0, 0), (1, 0), (0, 1), (1, 1)]
    }
    assert kept == {
        (0, 0): ["A call", "A list"],
        (1, 0): ["A call"],
        (0, 1): ["A list"],
        (1, 1): [],
    }


# -- the live face ------------------------------------------------------------------------------


SHOW = """from tests.test_explorers import *
show(presets={'best': {'season': 'autumn', 'unit': 'points'}})"""


class Browser:
    """What a browser knows of an explorer that a kernel shows: its widgets, and the output."""

    def __init__(self, client):
        self.client = client
        self.opened, self.shown = {}, None
        client.execute(SHOW)
        while self.shown is None:
            kind, content = self.hear()
            assert kind != "error", "\n".join(content["traceback"])
            if kind == "comm_open":
                self.opened[content["comm_id"]] = content["data"]["state"]
            if EXPLORER in content.get("data", {}):
                self.shown = content["data"]

    def hear(self):
        message = self.client.get_iopub_msg(timeout=60)
        return message["msg_type"], message["content"]

    def widgets(self, kind):
        """The ids of the widgets of a kind, in the order in which they were opened."""
        return [id for id, state in self.opened.items() if state["_model_name"] == kind]

    def choose(self, control, number):
        state = {"method": "update", "state": {"index": number}, "buffer_paths": []}
        return self.tell(self.widgets("DropdownModel")[control], state)

    def press(self):
        (button,) = self.widgets("ButtonModel")
        return self.tell(button, {"method": "custom", "content": {"event": "click"}})

    def tell(self, widget, data):
        """What the picture shows next."""
        content = {"comm_id": widget, "data": data}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))
        (picture,) = self.widgets("HTMLModel")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            kind, content = self.hear()
            if kind == "comm_msg" and content["comm_id"] == picture:
                return content["data"]["state"]["value"]
        pytest.fail("the picture did not change")


@pytest.fixture
def browser(root):
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(root))
    try:
        yield Browser(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_the_live_face_answers_a_choice(browser):
    """A message as the browser sends it when an option is chosen brings back that state's chart."""
    opened, shown = browser.opened, browser.shown
    assert shown[WIDGET]["model_id"] in browser.widgets("VBoxModel")
    charts = [state["data"]["image/svg+xml"] for state in shown[EXPLORER]["states"]]
    (picture,) = browser.widgets("HTMLModel")
    assert charts[0] in opened[picture]["value"]
    lists = [opened[id]["description"] for id in browser.widgets("DropdownModel")]
    assert lists == ["Season", "Unit"]
    assert charts[1] in browser.choose(1, 1)
    assert charts[2] in browser.choose(0, 1)  # autumn offers no share: points are chosen
    assert charts[0] in browser.choose(0, 0)
    assert charts[2] in browser.press()
