"""A quiz on the page, and the page on which a reader sees how far she is.

A quiz is the same form as in a notebook, but its links lead to pages, and other variants of its
questions stand in a file beside it.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from casebook import quiz
from casebook.book.html import write
from casebook.book.messages import Kind, warn
from casebook.book.tables import page_address
from casebook.book.taking import publish
from casebook.book.typography import set_type
from casebook.book.words import upper_first
from casebook.teach.chapters import TeachError, all_chapters


def visit_quiz(translator: Any, node: nodes.Element) -> None:
    builder, name = translator.builder, node["bank"]
    link = partial(page_address, builder)
    try:
        more = publish(builder, f"{name}.js", quiz.as_script(name, link, set_type), "quizzes")
        translator.body.append(quiz.as_html(name, link, more=more))
    except quiz.QuizError as error:
        warn(Kind.OUTPUT, str(error), builder.current_docname)
    raise nodes.SkipNode


class quiz_progress(nodes.General, nodes.Element):
    """All objectives and questions of the book, which a script marks by the reader's answers."""


class QuizProgress(SphinxDirective):
    """``{quiz-progress}``: the body of the page on which a reader sees how far she is."""

    def run(self) -> list[nodes.Node]:
        for path in [*quiz.folder().glob("*.yml"), *Path(self.env.srcdir, "chapters").glob("ch*")]:
            self.env.note_dependency(str(path))
        return [quiz_progress()]


def visit_progress(translator: Any, node: nodes.Element) -> None:
    try:
        write(translator, "progress.html", chapters=list(chapters(translator.builder)))
    except (quiz.QuizError, TeachError) as error:
        warn(Kind.OUTPUT, str(error), translator.builder.current_docname)
        raise nodes.SkipNode from None


def chapters(builder: Any) -> Iterator[dict[str, Any]]:
    """Each chapter with a quiz: title, address, objectives, each with its questions."""
    for chapter in all_chapters(Path(builder.env.srcdir, "chapters")):
        page = f"chapters/{chapter.stem}"
        if page in builder.env.titles and (quiz.folder() / f"{chapter.id}.yml").is_file():
            pools = quiz.pools(chapter.id)
            yield {
                "title": f"{chapter.number} · {builder.env.titles[page].astext()}",
                "address": page_address(builder, page),
                "objectives": [
                    (upper_first(text), [pool for pool in pools if pool[0].objective == number])
                    for number, text in enumerate(chapter.objectives, start=1)
                ],
            }
