"""Explorers: what they refuse, and the live face, spoken to as a browser would speak to it.

(The face of the built page is tested in test_pages.py, the states of the book's own explorers
in test_published.py.)
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


def outputs(published):
    """What was published, without notes, and without the ids of widgets, which are random."""
    shown = [bundle for bundle in published if NOTE not in bundle]
    return [{mime: one for mime, one in bundle.items() if mime != WIDGET} for bundle in shown]


def test_an_explorer_holds_each_state_once_and_the_same_bytes_every_time(published):
    for _ in range(2):
        explorer.show("scores", chart, CHOICES, "It depends.")
    one, two = outputs(published)
    assert one == two
    assert [state["choice"] for state in one[EXPLORER]["states"]] == [[0, 0], [0, 1], [1, 0]]
    assert one["image/svg+xml"] == one[EXPLORER]["states"][0]["data"]["image/svg+xml"]


def test_as_text_an_explorer_lists_its_options_and_the_chart_of_its_start(published):
    explorer.show("scores", chart, CHOICES, "It depends.", start={"season": "autumn"})
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
    explorer.show("scores", chart, CHOICES, "It depends.")
    assert published[0][WIDGET]["model_id"]


def test_an_explorer_refuses_what_it_cannot_show(published):
    with pytest.raises(
        explorer.ExplorerError,
        match=r"explorer scores, autumn, points: figure scores-3.*'red' shows 31, the data says 30",
    ):
        explorer.show("scores", lambda **choice: chart(**choice, lie=1), CHOICES, "It depends.")
    with pytest.raises(explorer.ExplorerError, match="start: no chart for what it chooses"):
        explorer.show(
            "scores", chart, CHOICES, "It depends.", start={"season": "autumn", "unit": "share"}
        )
    with pytest.raises(
        explorer.ExplorerError,
        match="start: found 'winter' for 'season', expected one of spring, autumn",
    ):
        explorer.show("scores", chart, CHOICES, "It depends.", start={"season": "winter"})
    with pytest.raises(explorer.ExplorerError, match="best: found 'winter' for 'season'"):
        best = {"season": "winter", "unit": "share"}
        explorer.show("scores", chart, CHOICES, "It depends.", presets={"best": best})
    with pytest.raises(
        explorer.ExplorerError, match=r"no chart for points, spring, b .expected one"
    ):
        explorer.show("scores", torn, {"unit": ["points"]} | TORN, "It depends.")
    with pytest.raises(
        explorer.ExplorerError, match=r"choice 'unit': found .*expected options that differ"
    ):
        explorer.show(
            "scores", chart, {"season": ["spring"], "unit": ["points", "points"]}, "It depends."
        )
    with pytest.raises(
        explorer.ExplorerError,
        match="filter 'who': no row has 'China', expected one of Japan, Russia",
    ):
        small(choices={"who": ["China"]})
    with pytest.raises(explorer.ExplorerError, match="no column 'where' to filter by"):
        small(choices={"where": ["Kyiv"]})
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


def test_the_live_face_answers_a_choice(root):
    """A message as the browser sends it when an option is chosen brings back that state's chart."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(root))
    try:
        client.execute(
            "from tests.test_explorers import *\n"
            "best = {'season': 'autumn', 'unit': 'points'}\n"
            "explorer.show('scores', chart, CHOICES, 'It depends.', presets={'best': best})"
        )
        opened, shown = {}, None
        while shown is None:
            message = client.get_iopub_msg(timeout=60)
            assert message["msg_type"] != "error", "\n".join(message["content"]["traceback"])
            if message["msg_type"] == "comm_open":
                opened[message["content"]["comm_id"]] = message["content"]["data"]["state"]
            if EXPLORER in message["content"].get("data", {}):
                shown = message["content"]["data"]
        states = {
            state["_model_name"]: {
                id: s for id, s in opened.items() if s["_model_name"] == state["_model_name"]
            }
            for state in opened.values()
        }
        assert shown[WIDGET]["model_id"] in states["VBoxModel"]
        charts = [state["data"]["image/svg+xml"] for state in shown[EXPLORER]["states"]]
        (picture,) = states["HTMLModel"]
        assert charts[0] in opened[picture]["value"]
        assert [s["description"] for s in states["DropdownModel"].values()] == ["Season", "Unit"]

        def choose(control, number):
            data = {"method": "update", "state": {"index": number}, "buffer_paths": []}
            return tell(list(states["DropdownModel"])[control], data)

        def press(button):
            return tell(button, {"method": "custom", "content": {"event": "click"}})

        def tell(widget, data):
            content = {"comm_id": widget, "data": data}
            client.shell_channel.send(client.session.msg("comm_msg", content))
            end = time.monotonic() + 30
            while time.monotonic() < end:
                message = client.get_iopub_msg(timeout=30)
                if message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == picture:
                    return message["content"]["data"]["state"]["value"]
            pytest.fail("the picture did not change")

        assert charts[1] in choose(1, 1)
        assert charts[2] in choose(0, 1)  # autumn offers no share: points are chosen
        assert charts[0] in choose(0, 0)
        (button,) = states["ButtonModel"]
        assert charts[2] in press(button)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
