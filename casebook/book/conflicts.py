"""Every disagreement as a row that folds, and the filters above the rows.

A row that is shut tells title, kind and what there is to learn. The filters are native lists:
style rules alone choose, as in an explorer; the page's script adds a search and a count. How each
record is known stands in the bibliography, so that this page stays light: each topic links it, and
by the script each row.
"""

from typing import Any

import pandas as pd
from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders import Builder

from casebook import evidence
from casebook.book.html import inner, write
from casebook.book.words import (
    Words,
    bullets,
    elements,
    entry,
    inline,
    paragraph,
    plain,
    strong,
    upper_first,
    values,
)

PAGE = "chapters/conflicts.md"
BIBLIOGRAPHY = "chapters/bibliography.md"


class conflict_row(nodes.definition_list_item):
    """A disagreement: title, lesson and the rest; `kind` and `classes` choose it.

    Attribute `known`: whether the bibliography says how the record is known.
    """


class conflict_filter(nodes.General, nodes.Element):
    """Lists to choose from: attribute `lists`, each with name, id, options and what it hides."""


# -- from the evidence to nodes -----------------------------------------------


def conflicts(words: Words) -> list[nodes.Element]:
    """Filters, then every disagreement by topic."""
    table = evidence.load("conflicts")
    topics = table.groupby("topic", sort=False)
    return [filters(words, table), *(topic(words, name, rows) for name, rows in topics)]


def filters(words: Words, table: pd.DataFrame) -> conflict_filter:
    """The lists to choose from: kind, topic, text and chapter."""
    topics = {nodes.make_id(each): headed(each) for each in table["topic"]}
    seeds = sorted({*table["source_a"], *table["source_b"].dropna()})
    chapters = sorted({chapter for cell in table["chapters"] for chapter in values(cell)})
    return conflict_filter(
        lists=[
            choice("Kind", {kind: upper_first(kind) for kind in sorted(set(table["kind"]))}),
            choice("Topic", topics, hides=".cb-topic"),
            # a row that links a text is about it
            choice("Text", {each: words.short[each] for each in seeds}, by=':has([href*="/{}."])'),
            choice("Chapter", {each: f"Chapter {int(each[2:])}" for each in chapters}),
        ]
    )


def choice(
    name: str, options: dict[str, str], hides: str = ".cb-topic .cb-row", by: str = ".{}"
) -> dict[str, Any]:
    """A list of `options`, value and label.

    One that is chosen hides each element `hides` that `by`, a selector with its value in it,
    does not match.
    """
    shown = [(value, label, Markup(by).format(value)) for value, label in options.items()]
    return {"name": name, "id": f"by-{name.lower()}", "options": shown, "hides": hides}


def headed(topic: str) -> str:
    return "NATO" if topic == "nato" else upper_first(topic)


def topic(words: Words, name: str, rows: pd.DataFrame) -> nodes.section:
    """The disagreements on one topic."""
    made = [conflict(words, row) for row in rows.itertuples(index=False)]
    first = rows.dropna(subset=["record_basis"])["conflict_id"].iloc[0]
    there = words.page("the bibliography", f"{BIBLIOGRAPHY}#read-for-{first}")
    how = paragraph("How each of these records is known stands in ", there, ".")
    title, classes = nodes.title("", headed(name)), ["cb-topic", nodes.make_id(name)]
    return nodes.section("", title, *made, how, classes=classes)


def conflict(words: Words, row: Any) -> conflict_row:
    """The lesson, the readings and the record."""
    item = entry(
        [strong(row.title)],
        paragraph(words.sentence(row.lesson)),
        *bullets(readings(words, row)),
        paragraph(strong("The record."), " ", words.sentence(row.record)),
        name=row.conflict_id,
    )
    classes = [row.kind, *values(row.chapters)]
    known = bool(plain(row.record_basis))
    return conflict_row("", *item.children, kind=row.kind, classes=classes, known=known)


def readings(words: Words, row: Any) -> list[list[nodes.Node]]:
    """What the one source says, and what the other, or the record, says against it."""
    found = [inline(words.cite(row.source_a, row.paragraph_a), f": {row.reading_a}")]
    if plain(row.reading_b):
        against = words.cite(row.source_b, row.paragraph_b) if plain(row.source_b) else "Beside it"
        found.append(inline(against, f": {row.reading_b}"))
    return found


def grounds(words: Words) -> list[nodes.definition_list_item]:
    """For the bibliography: how the record of each row is known, under its title, by topic."""
    table = evidence.load("conflicts")
    known = table.dropna(subset=["record_basis"])
    return [
        entry(
            [words.page(row.title, f"{PAGE}#{row.conflict_id}")],
            paragraph(words.sentence(row.record_basis)),
            name=f"read-for-{row.conflict_id}",
        )
        for topic in table["topic"].unique()
        for row in known[known["topic"] == topic].itertuples(index=False)
    ]


def name_conflicts(app: Sphinx, doctree: nodes.document) -> None:
    """Where a card names a row by its key, the page links it by its title."""
    titles = evidence.load("conflicts").set_index("conflict_id")["title"]
    words = Words(app.env.docname)
    for key in list(doctree.findall(nodes.literal)):
        if key.astext() in titles.index:
            name = key.astext()
            key.replace_self(words.page(titles[name], f"{PAGE}#{name}"))


# -- HTML -------------------------------------------------------------------


def visit_row(translator: Any, node: conflict_row) -> None:
    term, said = elements(node)
    write(
        translator,
        "conflict_row.html",
        id=term["ids"][0],
        title=term.astext(),
        kind=node["kind"],
        lesson=said[0].astext(),
        classes=" ".join(node["classes"]),
        known=node["known"],
        blocks=inner(translator, *said[1:]),
    )


def visit_filter(translator: Any, node: conflict_filter) -> None:
    write(translator, "conflict_filter.html", lists=node["lists"])


def add_rules(app: Sphinx, builder: Builder) -> None:
    """Give the style sheet the rules by which the lists choose."""
    node = filters(Words(PAGE.removesuffix(".md")), evidence.load("conflicts"))
    app.config.html_context["sieve"] = node["lists"]


def setup(app: Sphinx) -> None:
    app.add_node(conflict_row, html=(visit_row, None))
    app.add_node(conflict_filter, html=(visit_filter, None))
    app.connect("doctree-read", name_conflicts)
    app.connect("write-started", add_rules)
