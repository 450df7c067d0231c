"""A chart on the page: inline SVG in the theme's colours, marks that take focus, its data as a table and a CSV file."""

import re
from html import escape

from casebook import style
from casebook.book.tables import download, table


def visit_figure(self, node):
    self.body.append(self.starttag(node, "figure", CLASS="cb-exhibit cb-figure"))
    self.body.append(chart(themed(node["svg"], node["record"])))


def depart_figure(self, node):
    record = node["record"]
    self.body.append(
        f'<details class="cb-data"><summary>Data behind this figure</summary>\n{table(self.builder, record, "Data: " + record["caption"])}'
        f"<p>{download(self.builder, record['id'], record['columns'], record['rows'])}</p></details>\n</figure>\n"
    )


def chart(svg):
    """A chart and the line in which the page's script shows the mark that is pointed at (whose own label says the same)."""
    return f'<div class="cb-chart">{svg}</div>\n<p class="cb-readout" aria-hidden="true"></p>\n'


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
