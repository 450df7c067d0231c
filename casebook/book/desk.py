"""Pages for instructors: what lies where, the syllabus, the matrix, the keys.

A page asks for its body with the directive ``{desk}``. Each is made when the book is built, from
the notebooks and the banks (`casebook.teach`), so a changed minute, heading or key changes it. The
bodies are written as HTML by templates, so no key gets into the index of the search.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from casebook import evidence, quiz
from casebook.book import layout
from casebook.book.html import write
from casebook.book.messages import Kind, warn
from casebook.book.tables import page_address
from casebook.book.words import upper_first
from casebook.teach import course
from casebook.teach.chapters import OPENING, Chapter, TeachError
from casebook.teach.plans import Desk

HOME = "chapters/instructors/index"
GUIDE = re.compile(r"chapters/instructors/guide_(ch\d\d)$")


class desk_page(nodes.General, nodes.Element):
    """The body of a page for instructors: attribute `what`, the function that makes it."""


class DeskPage(SphinxDirective):
    """``{desk} syllabus``: the body of a page for instructors."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        what = self.arguments[0]
        if what not in PAGES:
            expected = f"found {what!r}, expected one of {', '.join(PAGES)}"
            warn(Kind.DESK, f"desk: {expected}", self.get_location())
            return []
        for path in read_by(Path(self.env.srcdir, "chapters")):
            self.env.note_dependency(str(path))
        return [desk_page(what=what)]


def read_by(chapters: Path) -> list[Path]:
    """The files from which the pages are made."""
    found = [*chapters.glob("ch*.ipynb"), *quiz.folder().glob("*.yml")]
    return [*found, *(chapters / "instructors").glob("*.yml")]


def visit_page(translator: Any, node: nodes.Element) -> None:
    builder, what = translator.builder, node["what"]
    links = Links(builder)
    try:
        desk = Desk(Path(builder.env.srcdir, "chapters"))
        shown = PAGES[what](links, desk)
        write(translator, f"desk_{what}.html", desk=desk, links=links, **shown)
    except (TeachError, quiz.QuizError) as error:
        warn(Kind.DESK, str(error), builder.current_docname)
        raise nodes.SkipNode from None


class Links:
    """Addresses as seen from the page that is being written."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.env = builder.env

    def chapter(self, chapter: Chapter, anchor: str = "") -> str:
        page = page_address(self.builder, f"chapters/{chapter.stem}")
        return f"{page}#{anchor}" if anchor and anchor != OPENING else page

    def page(self, docname: str) -> str:
        return page_address(self.builder, docname)

    def title(self, docname: str) -> str:
        return str(self.env.titles[docname].astext())


# -- what the template of each page shows -------------------------------------


def rooms(links: Links, desk: Desk) -> dict[str, Any]:
    """The pages for instructors, each with its first sentence, and what there is per chapter."""
    listed = next((pages for _, pages in layout.parts(links.env) if HOME in pages), [])
    guides = {found[1]: page for page in listed if (found := GUIDE.fullmatch(page))}
    others = [page for page in listed if page not in (HOME, *guides.values())]
    said = {page: first_sentence(links.env.get_doctree(page)) for page in others}
    return {"pages": said, "guides": guides}


def first_sentence(doctree: nodes.document) -> str:
    """What a page says of itself: the first sentence of its first paragraph."""
    said = layout.describe(doctree, 400).removeprefix("For instructors: ")
    return upper_first(re.split(r"(?<=[.!?])\s", said, maxsplit=1)[0])


def syllabus(links: Links, desk: Desk) -> dict[str, Any]:
    """Every plan, session by session; the fork's own first, with its dates."""
    own = course.load(Path(links.env.srcdir, "chapters", "instructors"), desk)
    mine = own.plan.id if own else ""
    days = {mine: [course.written(day) for day in own.days]} if own else {}
    plans = sorted(desk.plans, key=lambda plan: plan.id != mine)
    return {"own": own, "plans": plans, "days": days}


def matrix(links: Links, desk: Desk) -> dict[str, Any]:
    """Objective, section, question and exhibit of each chapter."""
    return {"untested": untested}


def untested(chapter: Chapter, rows: list[Any]) -> list[Any]:
    """The sections of the story on which no question rests."""
    used = {section.anchor for _, sections, _ in rows for section in sections}
    return [section for section in chapter.story if section.anchor not in used]


def keys(links: Links, desk: Desk) -> dict[str, Any]:
    """The questions of all chapters with their keys and reasons."""
    return {"pools": quiz.pools, "cite": evidence.cite}


PAGES: dict[str, Callable[[Links, Desk], dict[str, Any]]] = {
    page.__name__: page for page in (rooms, syllabus, matrix, keys)
}


def setup(app: Sphinx) -> None:
    app.add_node(desk_page, html=(visit_page, None))
    app.add_directive("desk", DeskPage)
