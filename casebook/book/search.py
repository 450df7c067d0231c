"""The search: an index of every section, as a script, since a page from disk may fetch nothing.

`search-index.js` holds the text of each section, exhibit, term of the glossary and row of the
timeline; `theme/static/search.js` folds case, accents and ways to write a number, and ranks. Other
names come from the glossary and from the tables of spellings, people, institutions and places.
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

from casebook import evidence, figure, quiz
from casebook.book import layout, renderers
from casebook.book.hints import GLOSSARY
from casebook.book.tables import is_code
from casebook.book.typography import typeset
from casebook.book.words import elements, values
from casebook.figure import FIGURE

# What is not text: code, and what a quiz or picture holds beside its words.
SKIPPED = (nodes.literal_block, nodes.comment, nodes.title, nodes.section, nodes.raw)
# Answers and secrets: of the pages for instructors only the headings are found.
CLOSED = "chapters/instructors/"
# How the glossary gives a term another name, and an abbreviation its words.
ALSO = re.compile(
    r"\b(?:[Aa]lso (?:written|called)|calls) (?:the )?([A-Z]\w+(?: [A-Z]?\w+)*?)(?=[,.])"
)
# Tables that give a thing several names, and the columns that hold them.
NAMED = {
    "spellings": ["name", "others"],
    "institutions": ["name", "short", "spelling"],
    "places": ["name", "second_name", "local_names"],
}
LABEL = re.compile(r"<text[^>]*>([^<]+)</text>")
LANGUAGE = re.compile(r"^[a-z]{2,3} (?=\S)")  # before a name in its own script
IN_FULL = re.compile(r"([A-Z]\w+(?: \w+)+):")


def index(app: Sphinx) -> dict:
    """Pages (address, title), entries (page, anchor, title, text), spellings and other names."""
    env, pages, entries = app.env, [], []
    for place, page in enumerate(page for page in layout.order(env) if page in env.titles):
        number = layout.number(env, page)
        title = typeset(env.titles[page].astext())
        pages.append([app.builder.get_target_uri(page), f"{number} · {title}" if number else title])
        closed = page.startswith(CLOSED)
        for anchor, head, text in _entries(env, page):
            entries.append([place, anchor, typeset(head), "" if closed else typeset(text)])
    return {"pages": pages, "entries": entries, "spellings": spellings(), "names": names(env)}


def _entries(env: BuildEnvironment, page: str) -> Iterator[tuple[str, str, str]]:
    doctree = env.get_doctree(page)
    for section in doctree.findall(nodes.section):
        head = next(section.findall(nodes.title), None)
        yield section["ids"][0], head.astext() if head else "", _text(section)
    for item in filter(_is_linked, doctree.findall(nodes.definition_list_item)):
        term, *said = elements(item)
        yield term["ids"][0], term.astext(), " ".join(map(_text, said))
    numbers = env.toc_fignumbers.get(page, {})
    for exhibit in doctree.findall(renderers.exhibit):
        anchor, record = exhibit["ids"][0], exhibit["record"]
        kind, number = next((k, of[anchor]) for k, of in numbers.items() if anchor in of)
        title = record.get("title") or record["caption"]
        told = [record["caption"]] if title != record["caption"] else []
        name = f"{kind.capitalize()} {'.'.join(map(str, number))}: {title}"
        yield anchor, name, " ".join([*told, *_shown(exhibit)])
        if record.get("mode") == "filter":
            yield from _rows(anchor, record["states"][0])


def _is_linked(node: nodes.Node) -> TypeGuard[nodes.definition_list_item]:
    """Whether a node is an entry (a person, a disagreement) that has an address of its own."""
    return isinstance(node, nodes.definition_list_item) and bool(elements(node)[0]["ids"])


def _rows(anchor: str, state: dict) -> Iterator[tuple[str, str, str]]:
    """The rows of an explorer's list, as what stands in its cells without the references.

    The address of a row is the explorer's when it is searched for the row's title.
    """
    record = state["data"][FIGURE]
    shown = [i for i, name in enumerate(record["columns"]) if name in record["list"]]
    told = [i for i in shown if record["columns"][i] not in record.get("links", ())]
    for row in record["rows"]:
        said = (figure.written(str(row[i])) for i in told if row[i])
        yield f"{anchor}?words", str(row[0]), " · ".join(said)


def _shown(exhibit: nodes.Element) -> Iterator[str]:
    """What an exhibit shows beside its title: labels of a map, rows, each state of an explorer."""
    record = exhibit["record"]
    if record.get("mode") == "filter":
        return  # each row has an entry
    if record.get("kind") == "map":  # its rows hold positions
        yield " ".join([record["measured"], *LABEL.findall(exhibit["svg"])])
    elif states := [state["data"][FIGURE] for state in record.get("states", ())]:
        said = ([state["caption"], *_cells(state)] for state in states)
        yield from dict.fromkeys(words for state in said for words in state)
    else:
        yield from _cells(record)


def _cells(record: dict) -> Iterator[str]:
    """Measure, unit, heads and rows of a chart or table."""
    heads = ", ".join(record["columns"][1:])
    yield ", ".join(filter(None, (record.get("measured"), record.get("unit"), heads))) + ":"
    for key, *cells in record["rows"]:
        named = figure.cell(key, key=True)
        first = [] if is_code(named) else [figure.written(named)]
        values = (
            figure.written(figure.cell(cell)).rstrip(".") for cell in cells if cell is not None
        )
        yield " ".join([*first, ", ".join(values)]) + ";"


def _text(node: nodes.Node) -> str:
    """The words of a section without subsections, code and comments; what its quizzes ask."""
    words = []
    for child in node.children:
        if _is_linked(child) or isinstance(child, renderers.exhibit):
            continue
        if isinstance(child, renderers.quiz_form):
            words += [question.prompt for question in quiz.load(child["bank"])]
        elif isinstance(child, (nodes.Text, nodes.TextElement)) and not isinstance(child, SKIPPED):
            said = child.astext()
            ends = isinstance(child, nodes.paragraph) and said[-1:].isalnum()
            words.append(f"{said}." if ends else said)  # a cell or a point of a list has no stop
        elif not isinstance(child, SKIPPED):
            words.append(_text(child))
    return " ".join(re.sub(r"https?://\S+", "", " ".join(words)).split())


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
    """What has several names: terms of the glossary, institutions, places, and other spellings."""
    groups = [*_terms(env)]
    for table, columns in NAMED.items():
        for row in evidence.load(table)[columns].itertuples(index=False):
            known = [name for cell in row for name in values(cell)]
            groups.append([LANGUAGE.sub("", name) for name in known])
    return [list(dict.fromkeys(group)) for group in groups if len(set(group)) > 1]


def _terms(env: BuildEnvironment) -> Iterator[list[str]]:
    """Terms of the glossary, each with its other names there."""
    for section in env.get_doctree(GLOSSARY).findall(nodes.section):
        term, said = section[0].astext(), " ".join(section[1].astext().split())
        others = ALSO.findall(said)
        if len(term) <= 5 and (full := IN_FULL.match(said)):
            others.append(full[1])
        yield [term, *others]


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
