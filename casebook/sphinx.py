"""The Sphinx and MyST-NB extension: turns what `casebook.figure` publishes into elements of the page.

It reads outputs only. A chart becomes a numbered `<figure>`: inline SVG in the theme's colours, marks that take focus,
source line, its data as a table and as a CSV file; a table becomes a numbered, captioned table with its source line;
an explorer becomes a figure with native controls, whose style rules alone choose among the charts, so it needs no script.
The directive ``{from-data}`` puts a reference page's body in place (`casebook.pages`).
It also makes explicit anchors (`{#p4}`) reachable as `file.md#p4`, lets links to the glossary tell a term's meaning,
and keeps check comments out of the page.
"""

import csv
import io
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

from casebook import evidence, pages, style
from casebook.explorer import EXPLORER, human, tags
from casebook.figure import FIGURE, TABLE

STATIC = Path(__file__).parent / "static"
DAY = ' class="cb-day"'  # a date of figures is not broken at its hyphens


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


# -- HTML -------------------------------------------------------------------


def _open(self, node, kind):
    self.body.append(self.starttag(node, "figure", CLASS=f"cb-exhibit cb-{kind}"))


def visit_figure(self, node):
    _open(self, node, "figure")
    self.body.append(_chart(themed(node["svg"], node["record"])))


def depart_figure(self, node):
    record = node["record"]
    self.body.append(
        f'<details class="cb-data"><summary>Data behind this figure</summary>\n{_table(self.builder, record, "Data: " + record["caption"])}'
        f"<p>{_download(self.builder, record['id'], record['columns'], record['rows'])}</p></details>\n</figure>\n"
    )


def visit_table(self, node):
    _open(self, node, "table")


def depart_table(self, node):
    self.body.append("</figure>\n")


def visit_explorer(self, node):
    record = node["record"]
    _open(self, node, "explorer")
    self.body.append(
        _controls(record)
        + (_filtered if record["mode"] == "filter" else _chosen)(self.builder, record)
    )


def depart_explorer(self, node):
    record = node["record"]
    names = (
        [control["name"] for control in record["controls"]] if record["mode"] == "states" else []
    )
    shapes = [state["data"][FIGURE] for state in record["states"]]
    columns = list(dict.fromkeys(column for shape in shapes for column in shape["columns"]))
    rows = []
    for state, shape in zip(record["states"], shapes):
        chosen = (
            [
                control["options"][number]
                for control, number in zip(record["controls"], state["choice"])
            ]
            if names
            else []
        )
        rows += [
            chosen + [dict(zip(shape["columns"], row)).get(column) for column in columns]
            for row in shape["rows"]
        ]
    self.body.append(
        f"<p>{_download(self.builder, record['id'], names + columns, rows)}</p>\n</figure>\n"
    )


def visit_caption(self, node):
    self.body.append("<figcaption><p>")
    self.add_fignumber(node.parent)
    self.body.append('<span class="caption-text">')


def depart_caption(self, node):
    self.body.append("</span></p></figcaption>\n")
    if isinstance(node.parent, exhibit_table):
        record = node.parent["record"]
        self.body.append(_table(self.builder, record, record["caption"]))


def _table(builder, record, label, extra=lambda row: ""):
    """The rows of a record as a table; `extra` gives a row's further attributes."""
    heads = [human(column) for column in record["columns"]]
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = []
    for row in record["rows"]:
        cells = "".join(
            f'<td data-label="{escape(h)}"{DAY if re.fullmatch(r"[0-9-]{7,10}", str(value)) else ""}>{_references(builder, value) if column in record.get("links", ()) else escape(_cell(value))}</td>'
            for column, h, value in zip(record["columns"][1:], heads[1:], row[1:])
        )
        body.append(
            f'<tr{extra(row)}><th scope="row">{escape(_cell(row[0], key=True))}</th>{cells}</tr>'
        )
    return (
        f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table><thead><tr>{head}</tr></thead>\n<tbody>'
        + "\n".join(body)
        + "</tbody></table></div>\n"
    )


def _chart(svg):
    """A chart and the line in which the page's script shows the mark that is pointed at (whose own label says the same)."""
    return f'<div class="cb-chart">{svg}</div>\n<p class="cb-readout" aria-hidden="true"></p>\n'


def _cell(value, key=False):
    if value is None:
        return "not given"
    return f"{value:,}" if isinstance(value, (int, float)) and not key else str(value)


def _references(builder, cell):
    """The references of a cell, such as ``cfr2022#p2 (2022-04); panda2022#p2``, as links to cards and sections."""
    links = []
    for reference, _, word in (part.partition(" ") for part in (cell or "").split("; ") if part):
        label, address = evidence.cite(reference)
        file, _, anchor = address.partition("#")
        page = builder.get_relative_uri(builder.current_docname, file.removesuffix(".md"))
        links.append(
            f'<a href="{escape(page)}{"#" + nodes.make_id(anchor) if anchor else ""}">{escape(label)}</a>'
            + (f" {escape(word)}" if word else "")
        )
    return "; ".join(links) or "none of the five texts"


def _download(builder, id, columns, rows):
    """Write an exhibit's data beside the pages, at a stable address; return the link to it as seen from the page."""
    folder = Path(builder.outdir) / "figures"
    folder.mkdir(exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if v is None else v for v in row] for row in rows)
    (folder / f"{id}.csv").write_text(text.getvalue(), "utf8")
    page = builder.get_target_uri(builder.current_docname).partition("#")[0]
    return f'<a href="{"../" * page.count("/")}{quote(f"figures/{id}.csv")}" download="{id}.csv">Download the data (CSV)</a>'


# -- explorers --------------------------------------------------------------


def _controls(record):
    """A group of radio buttons for each control, with the options of the start set."""
    groups = []
    for c, control in enumerate(record["controls"]):
        name = f"{record['id']}-c{c}"
        radios = "".join(
            f'<label><input type="radio" name="{name}" id="{name}-{o}"{" checked" if o == record["start"][c] else ""}> <span>{escape(option)}</span></label>'
            for o, option in enumerate(control["options"])
        )
        groups.append(
            f"<fieldset><legend>{escape(human(control['name']))}</legend>{radios}</fieldset>\n"
        )
    return f'<form class="cb-controls" autocomplete="off">\n{"".join(groups)}</form>\n'


def _while(record, chosen):
    """The selector of the explorer while the options numbered `chosen` (None: any) are set."""
    id = record["id"]
    return f"#{id}" + "".join(
        f":has(#{id}-c{c}-{o}:checked)" for c, o in enumerate(chosen) if o is not None
    )


def _chosen(builder, record):
    """Every state, of which the style rules show the one that is chosen, and words for a choice that has none."""
    rules, parts = [f"#{record['id']} .cb-state {{display: none}}"], []
    for number, state in enumerate(record["states"], start=1):
        shape, chosen = state["data"][FIGURE], _while(record, state["choice"])
        rules += [
            f'{chosen} [data-state="{number}"] {{display: block}}',
            f"{chosen} .cb-none {{display: none}}",
        ]
        parts.append(
            f'<div class="cb-state" data-state="{number}" data-choice="{" ".join(map(str, state["choice"]))}">{_chart(themed(state["data"]["image/svg+xml"], shape))}'
            f'<p class="cb-said">{escape(shape["caption"])}</p>\n'
            f'<details class="cb-data"><summary>Data behind this choice</summary>\n{_table(builder, shape, "Data: " + shape["alt"])}</details></div>\n'
        )
    # a browser that does not know :has() shows every state, one below the other
    style = f"<style>.cb-none {{display: none}} @supports selector(:has(*)) {{.cb-none {{display: block}} {' '.join(rules)}}}</style>\n"
    none = (
        f'<p class="cb-none">The evidence has no such combination. {escape(record["gaps"])}</p>\n'
    )
    return style + none + "".join(parts) + '<p role="status" class="cb-tally cb-unseen"></p>\n'


def _filtered(builder, record):
    """One chart and the list of its rows; the style rules hide the marks and rows that the set options leave out."""
    state = record["states"][0]["data"]
    shape = state[FIGURE]
    marked = {
        row[0]: "".join(
            f' data-c{c}="{" ".join(map(str, numbers))}"'
            for c, numbers in enumerate(tags(record, row))
        )
        for row in shape["rows"]
    }
    rules = [
        f'{_while(record, [None] * c + [o])} [data-c{c}]:not([data-c{c}~="{o}"]) {{display: none}}'
        for c, control in enumerate(record["controls"])
        for o in range(1, len(control["options"]))
    ]
    listed = [0] + [shape["columns"].index(column) for column in shape["list"]]
    listing = shape | {
        "columns": [shape["columns"][i] for i in listed],
        "rows": [[row[i] for i in listed] for row in shape["rows"]],
    }
    chart = themed(state["image/svg+xml"], shape, lambda mark: marked[mark["key"]])
    return (
        f'<style>{" ".join(rules)}</style>\n{_chart(chart)}<p role="status" class="cb-tally"></p>\n'
        f'<div class="cb-list">{_table(builder, listing, record["caption"], lambda row: marked[row[0]])}</div>\n'
    )


def themed(svg, record, extra=lambda mark: ""):
    """The SVG for inline use: ids unique to the figure, the theme's colours and font, no backdrop, marks that take focus (with `extra` attributes)."""
    svg = re.sub(
        r"<style[^>]*>.*?</style>", "", svg, count=1, flags=re.S
    )  # a rule for `*` would reach the whole page
    svg = re.sub(r'<g id="patch_1">.*?</g>', "", svg, count=1, flags=re.S)  # the white backdrop
    svg = re.sub(r'\bid="', f'id="{record["id"]}-', svg)
    svg = re.sub(r'href="#', f'href="#{record["id"]}-', svg)
    svg = svg.replace("url(#", f"url(#{record['id']}-")
    svg = re.sub(
        r"font: (?:(\d+|bold) )?([\d.]+)px [^;\"]+",
        lambda m: f"font-size: {m[2]}px" + (f"; font-weight: {m[1]}" if m[1] else ""),
        svg,
    )
    svg = re.sub(r"font-family: [^;\"]+; ", "", svg)  # text of several lines names its fonts apart
    svg = re.sub(
        r'<svg ([^>]*?)\s(?:height|width)="[^"]*"([^>]*?)\s(?:height|width)="[^"]*"',
        r"<svg \1\2",
        svg,
        count=1,
    )
    colours = {c for c in [*style.COLOUR.values(), *(c for c, _ in style.SOURCE.values())]} - {
        style.INK
    }
    for hue in colours:
        svg = svg.replace(hue, f"var(--cb-{hue[1:]}, {hue})")
    svg = (
        svg.replace(style.INK, "currentColor")
        .replace(style.FAINT, "var(--cb-faint, #c8ccd1)")
        .replace("#ffffff", "var(--pst-color-background, #fff)")
    )
    names = {f'id="{record["id"]}-{mark["id"]}"': mark for mark in record["marks"]}
    first = min(
        names, key=svg.index, default=None
    )  # one stop for the Tab key; the arrow keys go on from there
    for name, mark in names.items():
        label = f'{name} class="cb-mark" role="img" tabindex="{0 if name == first else -1}" aria-label="{escape(mark["text"])}"{extra(mark)}'
        svg = svg.replace(name, label, 1)
    return svg


# -- reference pages --------------------------------------------------------


class FromData(SphinxDirective):
    """``{from-data} people``: the body of a reference page, made from the evidence when the book is built."""

    required_arguments = 1

    def run(self):
        name = self.arguments[0]
        if name not in pages.PAGES:
            raise self.error(f"from-data: found {name!r}, expected one of {', '.join(pages.PAGES)}")
        self.env.note_dependency(str(evidence.folder()))
        try:
            text = pages.PAGES[name]()
        except evidence.EvidenceError as error:
            raise self.error(str(error)) from None
        body = nodes.Element()
        self.state.nested_parse(
            StringList(text.split("\n"), source=f"data/ ({name})"),
            self.content_offset,
            body,
            match_titles=True,
        )
        return body.children


def write_bibtex(app, error):
    """The bibliography as a file that a reference manager reads."""
    if error is None and app.builder.format == "html":
        (Path(app.outdir) / "bibliography.bib").write_text(pages.bibtex(), "utf8")


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


def hint(app, doctree, docname):
    """A link to the glossary tells the meaning of its term when it is pointed at."""
    if "chapters/glossary" not in app.env.found_docs:
        return
    glossary = app.env.get_doctree("chapters/glossary")
    meanings = {
        id: next(section.findall(nodes.paragraph)).astext()
        for section in glossary.findall(nodes.section)
        for id in section["ids"]
        if any(section.findall(nodes.paragraph))
    }
    for link in doctree.findall(nodes.reference):
        page, _, term = link.get("refuri", "").partition("#")
        if page.endswith("glossary.html") and term in meanings:
            link["reftitle"] = " ".join(meanings[term].split())


def _page(link):
    """A quiz's link to a file of the book becomes one to its page, and the anchor takes the form that docutils gave it."""
    return f'{link[1]}.html{"#" + nodes.make_id(link[2]) if link[2] else ""}"'


def lean(app, pagename, templatename, context, doctree):
    """Leave out scripts that no page of this book uses (thebe's would call other hosts and complain of itself), and mend a label."""

    def needless(file):
        text = f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}".lower()
        return (
            "thebe" in text
            or "togglebutton" in text
            or "togglehint" in text
            or "toggleopenonprint" in text
        )

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
    app.add_enumerable_node(
        exhibit_explorer, "figure", title, html=(visit_explorer, depart_explorer)
    )
    app.add_enumerable_node(exhibit_table, "table", title, html=(visit_table, depart_table))
    app.add_node(exhibit_caption, html=(visit_caption, depart_caption))
    app.add_directive("from-data", FromData)
    app.connect("build-finished", write_bibtex)
    app.connect("doctree-read", tidy)
    app.connect("doctree-resolved", hint)
    app.connect("html-page-context", lean, priority=900)
    app.connect("config-inited", _own_files)
    app.add_css_file("casebook.css")
    app.add_js_file("casebook.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
