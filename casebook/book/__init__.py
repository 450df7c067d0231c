"""The Sphinx and MyST-NB extension: makes pages of what the chapters publish.

`renderers` makes nodes of outputs; `figures`, `tables`, `explorers` and `quizzes` write them as
HTML by `templates/`; `pages` makes the reference pages from the evidence by `words`, `conflicts`
the list of disagreements, `desk` the pages for instructors; `hints` links and completes each
document, `notes` takes the citations out of its sentences, `terms` explains its words, `folds`
folds its objectives and code, `typography` sets its marks and dashes; `layout` says what stands
around it, `story` draws the first page's picture, `search` indexes all; `bibtex` writes the
bibliography; `assets` says what a page loads; `messages` names the warnings. The look is in
`theme/`.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from casebook.book import (
    assets,
    bibtex,
    conflicts,
    desk,
    explorers,
    figures,
    folds,
    hints,
    html,
    layout,
    notes,
    pages,
    quizzes,
    renderers,
    search,
    story,
    tables,
    terms,
)

EXHIBITS: list[tuple[type[nodes.Element], str, Any]] = [
    (renderers.exhibit_figure, "figure", (figures.visit_figure, None)),
    (renderers.exhibit_explorer, "figure", (explorers.visit_explorer, None)),
    (renderers.exhibit_table, "table", (tables.visit_table, None)),
]


def setup(app: Sphinx) -> dict[str, Any]:
    for node, counted_as, written_by in EXHIBITS:
        app.add_enumerable_node(node, counted_as, html=written_by)
    app.add_node(renderers.exhibit_caption, html=(html.visit_caption, html.depart_caption))
    app.add_node(renderers.quiz_form, html=(quizzes.visit_quiz, None))
    app.add_node(quizzes.quiz_progress, html=(quizzes.visit_progress, None))
    app.add_directive("from-data", pages.FromData)
    app.add_directive("quiz-progress", quizzes.QuizProgress)
    app.connect("config-inited", assets.add_own_files)
    app.connect("doctree-read", hints.make_linkable)
    app.connect("doctree-read", hints.attribute_quotes)
    app.connect("doctree-read", hints.name_unrun_chapters)
    app.connect("doctree-resolved", hints.add_paper_notes)
    app.connect("build-finished", bibtex.write_bibtex)
    for room in (conflicts, desk, notes, terms, folds, layout, story, search):
        room.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
