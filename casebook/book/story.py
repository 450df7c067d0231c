"""The picture of the first page: the twelve chapters, each with its question, on one line of time.

The table of the first page (chapter, question) says which chapters and in which order,
`data/chapters.csv` and `data/events.csv` where each stands in time and on what it turns.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from casebook import evidence, figure
from casebook.book import layout
from casebook.book.html import write

TURNS = ("crimea-annexation-2014", "invasion-2022")  # drawn through the whole picture


class story(nodes.General, nodes.Element):
    """The picture: attributes `stops` and `years` as `layout.line` gives them, and `turns`."""


def draw(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the picture in the place of the first page's table of chapters."""
    if docname != app.config.root_doc:
        return
    table = next((t for t in doctree.findall(nodes.table) if "ch01" in str(t)), None)
    if table is not None:
        table.replace_self(
            story(stops=_stops(app.env), turns=_turns(), years=layout.line(app.env)["years"])
        )


def _stops(env: BuildEnvironment) -> list[dict]:
    titles = evidence.load("events").set_index("event_id")["title"]
    turned = evidence.load("chapters").set_index("chapter")["turns_on"]
    found = {stop["doc"]: stop for stop in layout.line(env)["stops"]}
    return [
        found[span["doc"]]
        | {
            "turn": titles[turned[span["doc"].removeprefix("chapters/")]],
            "day": figure.written(span["turns"]),
            "point": layout.place(span["turns"]),
        }
        for span in layout.spans()
    ]


def _turns() -> list[dict]:
    events = evidence.load("events").set_index("event_id").loc[list(TURNS)]
    return [
        {
            "at": layout.place(row.record_date),
            "said": row.title,
            "day": figure.written(row.record_date),
        }
        for row in events.itertuples()
    ]


def visit_story(self: Any, node: story) -> None:
    builder = self.builder
    stops = [
        stop | {"href": builder.get_relative_uri(builder.current_docname, stop["doc"])}
        for stop in node["stops"]
    ]
    write(self, "story.html", stops=stops, turns=node["turns"], years=node["years"])


def setup(app: Sphinx) -> None:
    app.add_node(story, html=(visit_story, None))
    app.connect("doctree-resolved", draw)
