"""What a chapter publishes as nodes of the document: the renderers that MyST-NB calls by MIME type.

They read outputs only. `figures`, `tables` and `explorers` write the nodes as HTML.
"""

from collections.abc import Callable
from typing import Any

from docutils import nodes

from casebook import evidence, quiz
from casebook.book.messages import Kind, warn
from casebook.book.words import joined, paragraph, source_link
from casebook.explorer import EXPLORER
from casebook.figure import FIGURE, NOTE, TABLE


class exhibit(nodes.General, nodes.Element):
    """What has a number and a caption: attribute `record`, what the chapter published."""


class exhibit_figure(exhibit):
    """A chart: attribute `svg` too."""


class exhibit_table(exhibit):
    """A table."""


class exhibit_explorer(exhibit):
    """An explorer."""


class exhibit_caption(nodes.caption):
    """The caption of an exhibit, its first child; the line of sources is the second."""


class quiz_form(nodes.General, nodes.Element):
    """A quiz: attribute `bank`, its name."""


def _bundle(renderer: Any, data: Any) -> dict[str, Any]:
    """The whole output that `data` is one MIME type of."""
    if data.cell_index is None or data.output_index is None:
        return {}
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    bundle: dict[str, Any] = outputs[data.output_index].get("data", {})
    return bundle


def _exhibit(
    kind: type[nodes.Element], renderer: Any, record: dict[str, Any], **attributes: Any
) -> nodes.Element:
    """The node of an exhibit with its caption and its line of sources."""
    document = renderer.renderer.document
    node = kind(record=record, **attributes)
    node["names"].append(record["id"])
    document.note_explicit_target(node, node)
    node += exhibit_caption("", record["caption"])
    docname = renderer.renderer.sphinx_env.docname
    try:
        node += source_line(record["sources"], docname)
    except evidence.EvidenceError as error:
        warn(Kind.OUTPUT, f"{record['id']}: {error}", docname)
    return node


def source_line(references: list[str], docname: str) -> nodes.paragraph:
    """The line under an exhibit that links its sources."""
    links = [source_link(reference, docname) for reference in references]
    line = paragraph("Sources: " if len(links) > 1 else "Source: ", joined(links, "; "), ".")
    line["classes"].append("cb-source")
    return line


class Plugin:
    """What MyST-NB asks for the nodes of an output, by the MIME type that `make` knows."""

    def __init__(
        self, mime_type: str, make: Callable[[Any, Any], list[nodes.Node]], rank: int = 1
    ) -> None:
        """Of the outputs in a bundle the one with the lowest `rank` is shown."""
        self.mime_type, self.make = mime_type, make
        builders = ("html", "singlehtml", "dirhtml")
        self.mime_priority_overrides = [(builder, mime_type, rank) for builder in builders]

    def handle_mime(self, renderer: Any, data: Any, inline: bool) -> list[nodes.Node] | None:
        if data.mime_type == "image/svg+xml" and _bundle(renderer, data).keys() & {
            FIGURE,
            EXPLORER,
        }:
            return []  # its record brings it to the page
        return self.make(renderer, data) if data.mime_type == self.mime_type else None


def _figure(renderer: Any, data: Any) -> list[nodes.Node]:
    svg = _bundle(renderer, data)["image/svg+xml"]
    return [_exhibit(exhibit_figure, renderer, data.content, svg=svg)]


FigurePlugin = Plugin(FIGURE, _figure)
TablePlugin = Plugin(TABLE, lambda of, data: [_exhibit(exhibit_table, of, data.content)])
# Neither the live widget nor the plain picture beside the record is shown.
ExplorerPlugin = Plugin(
    EXPLORER, lambda of, data: [_exhibit(exhibit_explorer, of, data.content)], rank=0
)
# Caption and sources are for a live notebook: the page has its own.
NotePlugin = Plugin(NOTE, lambda of, data: [nodes.Text("")], rank=0)
# Made from its bank once more, so that its links lead to pages of the book.
QuizPlugin = Plugin(quiz.QUIZ, lambda of, data: [quiz_form(bank=data.content["bank"])], rank=0)
