"""The picture of the first page: the twelve chapters, each with its question, on one line of time.

The table of the first page (chapter, question) says which chapters and in which order,
`data/chapters.csv` and `data/events.csv` where each stands in time and on what it turns.
"""

from functools import partial
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from casebook import evidence, figure
from casebook.book import layout
from casebook.book.html import write
from casebook.book.tables import page_address

TURNS = ("crimea-annexation-2014", "invasion-2022")  # drawn through the whole picture


class story(nodes.General, nodes.Element):
    """The picture: attributes `stops` and `turns`, what stands on the line and across it."""


def draw(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the picture in the place of the first page's table of chapters."""
    if docname != app.config.root_doc:
        return
    table = next((t for t in doctree.findall(nodes.table) if "ch01" in str(t)), None)
    if table is not None:
        table.replace_self(story(stops=_stops(app.env), turns=_turns()))


def _stops(env: BuildEnvironment) -> list[tuple[layout.Stop, str]]:
    """Each chapter, and the title of the event on which it turns."""
    titles = evidence.load("events").set_index("event_id")["title"]
    turned = evidence.load("chapters").set_index("chapter")["turns_on"].map(titles)
    return [(stop, turned[stop.page.doc.removeprefix("chapters/")]) for stop in layout.stops(env)]


def _turns() -> list[tuple[float, str, str]]:
    """The events that the whole story turns on: place, title and day."""
    events = evidence.load("events").set_index("event_id").loc[list(TURNS)]
    return [
        (layout.place(evidence.edtf(day)[0]), title, figure.written(day))
        for title, day in zip(events["title"], events["record_date"], strict=True)
    ]


def visit_story(translator: Any, node: story) -> None:
    write(
        translator,
        "story.html",
        stops=node["stops"],
        turns=node["turns"],
        years=layout.years(),
        place=layout.place,
        written=lambda day: figure.written(day.isoformat()),
        address=partial(page_address, translator.builder),
    )


def setup(app: Sphinx) -> None:
    app.add_node(story, html=(visit_story, None))
    app.connect("doctree-resolved", draw)
