"""The Sphinx and MyST-NB extension: turns what `casebook.figure` publishes into elements of the page.

It reads outputs only. `renderers` makes nodes of them, `figures`, `tables` and `explorers` write those as HTML,
`pages` makes the reference pages from the evidence, `hints` links them, `assets` says what a page loads.
"""

from casebook.book import (
    assets,
    explorers,
    figures,
    folds,
    hints,
    layout,
    notes,
    pages,
    renderers,
    search,
    story,
    tables,
    terms,
)


def setup(app):
    def title(node):
        return node["record"]["caption"]

    app.add_enumerable_node(
        renderers.exhibit_figure,
        "figure",
        title,
        html=(figures.visit_figure, figures.depart_figure),
    )
    app.add_enumerable_node(
        renderers.exhibit_explorer,
        "figure",
        title,
        html=(explorers.visit_explorer, explorers.depart_explorer),
    )
    app.add_enumerable_node(
        renderers.exhibit_table, "table", title, html=(tables.visit_table, tables.depart_table)
    )
    app.add_node(renderers.exhibit_caption, html=(tables.visit_caption, tables.depart_caption))
    app.add_directive("from-data", pages.FromData)
    app.connect("build-finished", pages.write_bibtex)
    app.connect("doctree-read", hints.tidy)
    folds.setup(app)
    terms.setup(app)
    notes.setup(app)
    layout.setup(app)
    story.setup(app)
    search.setup(app)
    app.connect("config-inited", assets.own_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
