"""The document after it is read: anchors, meanings of terms, who is quoted, notes for paper."""

import re
from contextlib import suppress
from functools import partial

from docutils import nodes
from sphinx.application import Sphinx

from casebook import evidence, figure, quiz
from casebook.book.html import render
from casebook.book.messages import Kind, warn
from casebook.book.renderers import exhibit, quiz_form

COMMIT = re.compile(r"(?<=@ )([0-9a-f]{7})[0-9a-f]{33}")  # nobody types forty letters
GLOSSARY = "chapters/glossary"


def make_linkable(app: Sphinx, doctree: nodes.document) -> None:
    """Explicit anchors (`{#p4}`) and questions can be linked as `file.md#p4`; comments go."""
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for name, explicit in doctree.nametypes.items():
        if explicit and doctree.nameids.get(name):
            slugs.setdefault(name, (0, doctree.nameids[name], name))
    for form in doctree.findall(quiz_form):
        with suppress(quiz.QuizError):  # which is told when the page is written
            slugs |= {one.id: (0, one.id, one.prompt) for one in quiz.load(form["bank"])}
    for raw in list(doctree.findall(nodes.raw)):
        if raw.astext().lstrip().startswith("<!--"):
            raw.parent.remove(raw)


def attribute_quotes(app: Sphinx, doctree: nodes.document) -> None:
    """The last paragraph of a quotation, if it begins with a dash, says whose words they are."""
    for quote in doctree.findall(nodes.block_quote):
        last = quote[-1]
        if not isinstance(last, nodes.paragraph):
            continue
        words = last[0]
        if isinstance(words, nodes.Text) and words.startswith("— "):
            quote[-1] = nodes.attribution("", "", nodes.Text(words[2:]), *last[1:])
            quote[-1].source, quote[-1].line = last.source, last.line


def name_unrun_chapters(app: Sphinx, doctree: nodes.document) -> None:
    """A chapter that was not run (as text, `.md`, it cannot be) would be a page without charts."""
    parts = [part.get("nb_element") for part in doctree.findall(nodes.container)]
    cells = parts.count("cell_code")
    if cells and "cell_code_output" not in parts:
        message = f"{cells} code cells and no output: save it as .ipynb and run `make notebooks`"
        warn(Kind.NOT_RUN, message, app.env.docname)


def add_paper_notes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """For paper, where links are of no use: the sources of exhibits and quizzes, with addresses.

    Of those that the list of notes names in full, nothing more is said.
    """
    sources = evidence.load("sources").fillna("")
    if not (cited := cited_sources(doctree)):
        return
    named: list[str] = doctree.get("named", [])
    others = sources[sources["source_id"].isin(cited.difference(named))]
    html = render(
        "paper_notes.html",
        named=named,
        sources=others.to_dict("records"),
        written=figure.written,
        shortened=partial(COMMIT.sub, r"\1"),
        page=f"{app.config.html_baseurl}{app.builder.get_target_uri(docname)}",
    )
    # raw, so that the search index does not find each source on each page
    next(doctree.findall(nodes.section)).append(nodes.raw("", html, format="html"))


def cited_sources(doctree: nodes.document) -> set[str]:
    """Ids of the sources of the exhibits and questions of a page."""
    references = {ref for shown in doctree.findall(exhibit) for ref in shown["record"]["sources"]}
    for form in doctree.findall(quiz_form):
        references |= {ref for question in quiz.load(form["bank"]) for ref in question.sources}
    return {reference.partition("#")[0] for reference in references}
