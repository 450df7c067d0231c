"""The search: an index of every section, as a script, since a page from disk may fetch nothing.

`search-index.js` holds the text of each section, term of the glossary and row of the timeline;
`theme/static/search.js` folds case, accents and ways to write a number, and ranks. Other spellings
come from `people.csv` and from the glossary.
"""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import TypeGuard

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from casebook import evidence, quiz
from casebook.book import layout, renderers
from casebook.book.hints import GLOSSARY
from casebook.book.words import elements
from casebook.figure import FIGURE

# What is not text: code, and what a quiz or picture holds beside its words.
SKIPPED = (nodes.literal_block, nodes.comment, nodes.title, nodes.section, nodes.raw)
# Answers and secrets: of the pages for instructors only the headings are found.
CLOSED = "chapters/instructors/"
# How the glossary gives a term another name, and an abbreviation its words.
ALSO = re.compile(
    r"\b(?:[Aa]lso (?:written|called)|calls) (?:the )?([A-Z]\w+(?: [A-Z]?\w+)*?)(?=[,.])"
)
IN_FULL = re.compile(r"([A-Z]\w+(?: \w+)+):")


def index(app: Sphinx) -> dict:
    """Pages (address, title), entries (page, anchor, title, text), spellings and other names."""
    env, pages, entries = app.env, [], []
    order = [env.config.root_doc] + [page for _, part in layout.parts(env) for page in part]
    for place, page in enumerate(page for page in order if page in env.titles):
        number = layout.number(env, page)
        title = env.titles[page].astext()
        pages.append([app.builder.get_target_uri(page), f"{number} · {title}" if number else title])
        closed = page.startswith(CLOSED)
        for anchor, head, text in _entries(env.get_doctree(page)):
            entries.append([place, anchor, head, "" if closed else text])
    return {"pages": pages, "entries": entries, "spellings": spellings(), "names": names(env)}


def _entries(doctree: nodes.document) -> Iterator[tuple[str, str, str]]:
    for section in doctree.findall(nodes.section):
        head = next(section.findall(nodes.title), None)
        yield section["ids"][0], head.astext() if head else "", _text(section)
    for item in filter(_is_linked, doctree.findall(nodes.definition_list_item)):
        term, *said = elements(item)
        yield term["ids"][0], term.astext(), " ".join(map(_text, said))
    for explorer in doctree.findall(renderers.exhibit_explorer):
        if explorer["record"]["mode"] == "filter":
            yield from _rows(explorer["ids"][0], explorer["record"]["states"][0])


def _is_linked(node: nodes.Node) -> TypeGuard[nodes.definition_list_item]:
    """Whether a node is an entry (a person, a disagreement) that has an address of its own."""
    return isinstance(node, nodes.definition_list_item) and bool(elements(node)[0]["ids"])


def _rows(anchor: str, state: dict) -> Iterator[tuple[str, str, str]]:
    """The rows of an explorer's list, as what stands in its cells without the references."""
    record = state["data"][FIGURE]
    shown = [i for i, name in enumerate(record["columns"]) if name in record["list"]]
    told = [i for i in shown if record["columns"][i] not in record.get("links", ())]
    for row in record["rows"]:
        yield anchor, str(row[0]), " · ".join(str(row[i]) for i in told if row[i])


def _text(node: nodes.Node) -> str:
    """The words of a section without subsections, code and comments; what its quizzes ask."""
    words = []
    for child in node.children:
        if _is_linked(child):
            continue
        if isinstance(child, renderers.quiz_form):
            words += [question.prompt for question in quiz.load(child["bank"])]
        elif isinstance(child, (nodes.Text, nodes.TextElement)) and not isinstance(child, SKIPPED):
            words.append(child.astext())
        elif not isinstance(child, SKIPPED):
            words.append(_exhibited(child) + _text(child))
    return " ".join(re.sub(r"https?://\S+", "", " ".join(words)).split())


def _exhibited(node: nodes.Node) -> str:
    """The cells of a table that stands on the page."""
    if not isinstance(node, renderers.exhibit_table):
        return ""
    return " ".join(str(cell) for row in node["record"]["rows"] for cell in row if cell) + " "


def spellings() -> list[list[str]]:
    """Words that mean one thing: the names of a person that differ in spelling only."""
    groups = []
    people = evidence.load("people").dropna(subset=["spellings"])
    for written in people["name"] + " " + people["spellings"]:
        words = sorted(set(re.findall(r"[^\W\d_]{4,}", written)))
        for word in words:
            like = [w for w in words if w != word and _alike(w, word)]
            if like:
                groups.append(sorted([word, *like]))
    return [list(group) for group in dict.fromkeys(map(tuple, groups))]


def names(env: BuildEnvironment) -> list[list[str]]:
    """Terms of the glossary, each with its other names there."""
    groups = []
    for section in env.get_doctree(GLOSSARY).findall(nodes.section):
        term, said = section[0].astext(), " ".join(section[1].astext().split())
        others = ALSO.findall(said)
        if len(term) <= 5 and (full := IN_FULL.match(said)):
            others.append(full[1])
        if others:
            groups.append([term, *others])
    return groups


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio() >= 0.72


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the index beside the pages."""
    if error is None and app.builder.format == "html":
        text = json.dumps(index(app), ensure_ascii=False, separators=(",", ":"))
        Path(app.outdir, "search-index.js").write_text(f"const CASEBOOK={text};\n", "utf8")


def only_ours(app: Sphinx) -> None:
    """Sphinx's own index and scripts stay away."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The search page."""
    yield "search", {"title": "Search"}, "search.html"


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", only_ours)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write)
