"""What `casebook.figure` publishes as nodes of the document: the MIME renderers that MyST-NB calls."""

from docutils import nodes
from sphinx.addnodes import pending_xref

from casebook import evidence
from casebook.explorer import EXPLORER
from casebook.figure import FIGURE, TABLE


class exhibit_figure(nodes.General, nodes.Element):
    """A chart: attributes `record` (the JSON that `figure.show` published) and `svg`; children caption and source line."""


class exhibit_table(nodes.General, nodes.Element):
    """A table: attribute `record`; children caption and source line."""


class exhibit_explorer(nodes.General, nodes.Element):
    """An explorer: attribute `record`; children caption and source line."""


class exhibit_caption(nodes.General, nodes.TextElement):
    """The caption of either; carries the number."""


class FigurePlugin:
    """MyST-NB renderer of charts: takes the record, fetches the SVG that stands beside it in the same output."""

    mime_priority_overrides = [
        ("html", FIGURE, 1),
        ("singlehtml", FIGURE, 1),
        ("dirhtml", FIGURE, 1),
    ]

    @staticmethod
    def handle_mime(renderer, data, inline):
        bundle = _bundle(renderer, data)
        if data.mime_type == "image/svg+xml" and bundle.keys() & {FIGURE, EXPLORER}:
            return []  # its record brings it to the page
        if data.mime_type != FIGURE:
            return None
        return [_exhibit(exhibit_figure, renderer, data.content, svg=bundle["image/svg+xml"])]


class TablePlugin:
    """MyST-NB renderer of tables."""

    mime_priority_overrides = [("html", TABLE, 1), ("singlehtml", TABLE, 1), ("dirhtml", TABLE, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != TABLE:
            return None
        return [_exhibit(exhibit_table, renderer, data.content)]


class ExplorerPlugin:
    """MyST-NB renderer of explorers; neither the live widget nor the plain picture, which stand beside the record, is shown."""

    mime_priority_overrides = [
        ("html", EXPLORER, 0),
        ("singlehtml", EXPLORER, 0),
        ("dirhtml", EXPLORER, 0),
    ]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != EXPLORER:
            return None
        return [_exhibit(exhibit_explorer, renderer, data.content)]


def _bundle(renderer, data):
    if data.cell_index is None or data.output_index is None:
        return {}
    return renderer.renderer.nb_client.code_cell_outputs(data.cell_index)[1][data.output_index].get(
        "data", {}
    )


def _exhibit(kind, renderer, record, **attributes):
    document = renderer.renderer.document
    node = kind(record=record, **attributes)
    node["names"].append(record["id"])
    document.note_explicit_target(node, node)
    node += exhibit_caption("", record["caption"])
    line = nodes.paragraph("", "", classes=["cb-source"])
    line += nodes.Text("Sources: " if len(record["sources"]) > 1 else "Source: ")
    for i, reference in enumerate(record["sources"]):
        label, address = evidence.cite(reference)
        target, _, anchor = address.partition("#")
        link = pending_xref(
            refdomain="doc",
            reftype="myst",
            refdoc=renderer.renderer.sphinx_env.docname,
            reftarget=target.removesuffix(".md"),
            reftargetid=anchor or None,
            refexplicit=True,
        )
        link += nodes.inline("", label)
        line += [link, nodes.Text("; " if i < len(record["sources"]) - 1 else ".")]
    node += line
    return node
