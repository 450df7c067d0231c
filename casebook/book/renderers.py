"""What a chapter publishes as nodes of the document: the renderers that MyST-NB calls by MIME type.

They read outputs only. `figures`, `tables` and `explorers` write the nodes as HTML.
"""

from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref

from casebook import evidence, quiz
from casebook.book.messages import Kind, warn
from casebook.explorer import EXPLORER
from casebook.figure import FIGURE, NOTE, TABLE


class exhibit_figure(nodes.General, nodes.Element):
    """A chart: attributes `record` (what `figure.show` published) and `svg`."""


class exhibit_table(nodes.General, nodes.Element):
    """A table: attribute `record`."""


class exhibit_explorer(nodes.General, nodes.Element):
    """An explorer: attribute `record`."""


class exhibit_caption(nodes.caption):
    """The caption of an exhibit, its first child; the line of sources is the second."""


class quiz_form(nodes.General, nodes.Element):
    """A quiz: attribute `bank`, its name."""


def priorities(mime_type: str, rank: int = 1) -> list[tuple[str, str, int]]:
    """MyST-NB's table of which output of a bundle is shown; the lowest rank wins."""
    return [(builder, mime_type, rank) for builder in ("html", "singlehtml", "dirhtml")]


class FigurePlugin:
    """Charts: the record, and the SVG that stands beside it in the same output."""

    mime_priority_overrides = priorities(FIGURE)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        bundle = _bundle(renderer, data)
        if data.mime_type == "image/svg+xml" and bundle.keys() & {FIGURE, EXPLORER}:
            return []  # its record brings it to the page
        if data.mime_type != FIGURE:
            return None
        svg = bundle["image/svg+xml"]
        return [_exhibit(exhibit_figure, renderer, data.content, svg=svg)]


class TablePlugin:
    """Tables."""

    mime_priority_overrides = priorities(TABLE)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type != TABLE:
            return None
        return [_exhibit(exhibit_table, renderer, data.content)]


class ExplorerPlugin:
    """Explorers; neither the live widget nor the plain picture beside the record is shown."""

    mime_priority_overrides = priorities(EXPLORER, 0)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type != EXPLORER:
            return None
        return [_exhibit(exhibit_explorer, renderer, data.content)]


class NotePlugin:
    """Caption and sources for a live notebook; the page has its own, so nothing takes its place."""

    mime_priority_overrides = priorities(NOTE, 0)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Text] | None:
        return [nodes.Text("")] if data.mime_type == NOTE else None


class QuizPlugin:
    """Quizzes: made from the bank once more, so that their links lead to pages of the book."""

    mime_priority_overrides = priorities(quiz.QUIZ, 0)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type != quiz.QUIZ:
            return None
        return [quiz_form(bank=data.content["bank"])]


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
    line = nodes.paragraph("", "", classes=["cb-source"])
    line += nodes.Text("Sources: " if len(references) > 1 else "Source: ")
    for reference in references:
        if len(line) > 1:
            line += nodes.Text("; ")
        line += source_link(reference, docname)
    line += nodes.Text(".")
    return line


def source_link(reference: str, docname: str) -> pending_xref:
    """A link to what a reference such as ``cfr2022#p4`` names."""
    label, address = evidence.cite(reference)
    return page_link(label, address, docname)


def page_link(label: str, address: str, docname: str) -> pending_xref:
    """A link to a file of the book by its address from the root (``seeds/cfr2022.md#p4``)."""
    file, _, anchor = address.partition("#")
    link: pending_xref = pending_xref(
        refdomain="doc",
        reftype="myst",
        refdoc=docname,
        reftarget=file.removesuffix(".md"),
        reftargetid=anchor or None,
        refexplicit=True,
    )
    link.append(nodes.inline("", label))
    return link
