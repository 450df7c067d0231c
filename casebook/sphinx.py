"""The Sphinx and MyST-NB extension: turns what `casebook.figure` publishes into elements of the page.

It reads outputs only. A chart becomes a numbered `<figure>`: inline SVG in the theme's colours, marks that take focus,
source line, its data as a table and as a CSV file; a table becomes a numbered, captioned table with its source line.
It also makes explicit anchors (`{#p4}`) reachable as `file.md#p4`, and keeps check comments out of the page.
"""

import csv
import io
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.addnodes import pending_xref

from casebook import evidence, style
from casebook.figure import FIGURE, TABLE

STATIC = Path(__file__).parent / "static"


class exhibit_figure(nodes.General, nodes.Element):
    """A chart: attributes `record` (the JSON that `figure.show` published) and `svg`; children caption and source line."""


class exhibit_table(nodes.General, nodes.Element):
    """A table: attribute `record`; children caption and source line."""


class exhibit_caption(nodes.General, nodes.TextElement):
    """The caption of either; carries the number."""


class FigurePlugin:
    """MyST-NB renderer of charts: takes the record, fetches the SVG that stands beside it in the same output."""

    mime_priority_overrides = [("html", FIGURE, 1), ("singlehtml", FIGURE, 1), ("dirhtml", FIGURE, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        bundle = _bundle(renderer, data)
        if data.mime_type == "image/svg+xml" and FIGURE in bundle:
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


def _bundle(renderer, data):
    if data.cell_index is None or data.output_index is None:
        return {}
    return renderer.renderer.nb_client.code_cell_outputs(data.cell_index)[1][data.output_index].get("data", {})


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
        link = pending_xref(refdomain="doc", reftype="myst", refdoc=renderer.renderer.sphinx_env.docname, reftarget=target.removesuffix(".md"), reftargetid=anchor or None, refexplicit=True)
        link += nodes.inline("", label)
        line += [link, nodes.Text("; " if i < len(record["sources"]) - 1 else ".")]
    node += line
    return node


# -- HTML -------------------------------------------------------------------


def _open(self, node, kind):
    self.body.append(self.starttag(node, "figure", CLASS=f"cb-exhibit cb-{kind}"))


def visit_figure(self, node):
    _open(self, node, "figure")
    self.body.append(f'<div class="cb-chart">{themed(node["svg"], node["record"])}</div>\n')


def depart_figure(self, node):
    record = node["record"]
    table = _table(record, [_human(c) for c in record["columns"]], "Data: " + record["caption"])
    self.body.append(
        f'<details class="cb-data"><summary>Data behind this figure</summary>\n{table}'
        f'<p><a href="{_csv(self.builder, record)}" download="{record["id"]}.csv">Download the data (CSV)</a></p></details>\n</figure>\n'
    )


def visit_table(self, node):
    _open(self, node, "table")


def depart_table(self, node):
    self.body.append("</figure>\n")


def visit_caption(self, node):
    self.body.append("<figcaption><p>")
    self.add_fignumber(node.parent)
    self.body.append('<span class="caption-text">')


def depart_caption(self, node):
    self.body.append("</span></p></figcaption>\n")
    if isinstance(node.parent, exhibit_table):
        record = node.parent["record"]
        self.body.append(_table(record, [_human(c) for c in record["columns"]], record["caption"]))


def _table(record, heads, label):
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = []
    for row in record["rows"]:
        cells = "".join(f'<td data-label="{escape(h)}">{escape(_cell(v))}</td>' for h, v in zip(heads[1:], row[1:]))
        body.append(f'<tr><th scope="row">{escape(_cell(row[0], key=True))}</th>{cells}</tr>')
    return f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table><thead><tr>{head}</tr></thead>\n<tbody>' + "\n".join(body) + "</tbody></table></div>\n"


def _cell(value, key=False):
    if value is None:
        return "not given"
    return f"{value:,}" if isinstance(value, (int, float)) and not key else str(value)


def _human(column):
    words = column.replace("_", " ")
    return words[:1].upper() + words[1:]


def _csv(builder, record):
    """Write the figure's data beside the pages, at a stable address; return that address as seen from the page."""
    folder = Path(builder.outdir) / "figures"
    folder.mkdir(exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(record["columns"])
    writer.writerows(["" if v is None else v for v in row] for row in record["rows"])
    (folder / f"{record['id']}.csv").write_text(text.getvalue(), "utf8")
    page = builder.get_target_uri(builder.current_docname).partition("#")[0]
    return "../" * page.count("/") + quote(f"figures/{record['id']}.csv")


def themed(svg, record):
    """The SVG for inline use: ids unique to the figure, the theme's colours and font, no backdrop, marks that take focus."""
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, count=1, flags=re.S)  # a rule for `*` would reach the whole page
    svg = re.sub(r'<g id="patch_1">.*?</g>', "", svg, count=1, flags=re.S)  # the white backdrop
    svg = re.sub(r'\bid="', f'id="{record["id"]}-', svg)
    svg = re.sub(r'href="#', f'href="#{record["id"]}-', svg)
    svg = svg.replace("url(#", f"url(#{record['id']}-")
    svg = re.sub(r"font: (?:(\d+|bold) )?([\d.]+)px [^;\"]+", lambda m: f"font-size: {m[2]}px" + (f"; font-weight: {m[1]}" if m[1] else ""), svg)
    svg = re.sub(r"font-family: [^;\"]+; ", "", svg)  # text of several lines names its fonts apart
    svg = re.sub(r'<svg ([^>]*?)\s(?:height|width)="[^"]*"([^>]*?)\s(?:height|width)="[^"]*"', r"<svg \1\2", svg, count=1)
    colours = {c for c in [*style.COLOUR.values(), *(c for c, _ in style.SOURCE.values())]} - {style.INK}
    for hue in colours:
        svg = svg.replace(hue, f"var(--cb-{hue[1:]}, {hue})")
    svg = svg.replace(style.INK, "currentColor").replace(style.FAINT, "var(--cb-faint, #c8ccd1)").replace("#ffffff", "var(--pst-color-background, #fff)")
    names = {f'id="{record["id"]}-{mark["id"]}"': mark for mark in record["marks"]}
    first = min(names, key=svg.index, default=None)  # one stop for the Tab key; the arrow keys go on from there
    for name, mark in names.items():
        label = f'{name} class="cb-mark" role="img" tabindex="{0 if name == first else -1}" aria-label="{escape(mark["text"])}"'
        svg = svg.replace(name, label, 1)
    return svg


# -- the document -----------------------------------------------------------


def tidy(app, doctree):
    """Make explicit anchors reachable as `file.md#anchor`; drop check comments; point quiz links at pages."""
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for name, explicit in doctree.nametypes.items():
        if explicit and doctree.nameids.get(name):
            slugs.setdefault(name, (0, doctree.nameids[name], name))
    for raw in list(doctree.findall(nodes.raw)):
        text = raw.astext()
        if text.lstrip().startswith("<!--"):
            raw.parent.remove(raw)
        elif 'class="cb-quiz"' in text:
            raw.children[0] = nodes.Text(re.sub(r'(href="[^"]+)\.md(?:#([\w-]+))?"', _page, text))


def _page(link):
    """A quiz's link to a file of the book becomes one to its page, and the anchor takes the form that docutils gave it."""
    return f'{link[1]}.html{"#" + nodes.make_id(link[2]) if link[2] else ""}"'


def lean(app, pagename, templatename, context, doctree):
    """Leave out scripts that no page of this book uses (thebe's would call other hosts and complain of itself), and mend a label."""

    def needless(file):
        text = f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}".lower()
        return "thebe" in text or "togglebutton" in text or "togglehint" in text or "toggleopenonprint" in text

    # the fold over a cell's code would be announced by other words than it shows
    context["body"] = context.get("body", "").replace(' aria-label="Toggle hidden content"', "")
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not needless(file)]


def _own_files(app, config):
    config.html_static_path.append(str(STATIC))
    config.templates_path.append(str(STATIC.parent / "templates"))


def setup(app):
    title = lambda node: node["record"]["caption"]
    app.add_enumerable_node(exhibit_figure, "figure", title, html=(visit_figure, depart_figure))
    app.add_enumerable_node(exhibit_table, "table", title, html=(visit_table, depart_table))
    app.add_node(exhibit_caption, html=(visit_caption, depart_caption))
    app.connect("doctree-read", tidy)
    app.connect("html-page-context", lean, priority=900)
    app.connect("config-inited", _own_files)
    app.add_css_file("casebook.css")
    app.add_js_file("casebook.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
