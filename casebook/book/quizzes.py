"""A quiz on the page: the same form as in a notebook, its links leading to pages, and other
variants of its questions in a file beside it; and the page on which a reader sees how far she is.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from casebook import evidence, quiz
from casebook.book.html import render
from casebook.book.messages import Kind, warn
from casebook.book.tables import page_address
from casebook.book.taking import publish

LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|\*")


def visit_quiz(translator: Any, node: nodes.Element) -> None:
    builder, name = translator.builder, node["bank"]

    def link(address: str) -> str:
        return page_address(builder, address)

    try:
        more = publish(builder, f"{name}.js", quiz.as_script(name, link), "quizzes")
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
    builder = translator.builder
    try:
        told = list(chapters(builder))
        translator.body.append(render("progress.html", chapters=told))
    except quiz.QuizError as error:
        warn(Kind.OUTPUT, str(error), builder.current_docname)
    raise nodes.SkipNode


def chapters(builder: Any) -> Iterator[dict[str, Any]]:
    """Each chapter with a quiz: title, address, objectives, each with its questions."""
    for name in evidence.load("chapters")["chapter"]:
        page = f"chapters/{name}"
        if page not in builder.env.titles or not (quiz.folder() / f"{name[:4]}.yml").is_file():
            continue
        pools = quiz.pools(name[:4])
        stated = objectives(Path(builder.env.srcdir, f"{page}.ipynb"))
        yield {
            "title": builder.env.titles[page].astext(),
            "address": page_address(builder, page),
            "objectives": [
                {
                    "text": text,
                    "questions": [pool for pool in pools if pool[0].objective == number],
                }
                for number, text in enumerate(stated, start=1)
            ],
        }


def objectives(path: Path) -> list[str]:
    """The objectives that a chapter states, as plain text."""
    cells = json.loads(path.read_text("utf8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    part = re.search(r"^## Objectives\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    found = re.findall(r"^\d+\. (.*?)[;.]?$", part[1], re.M) if part else []
    return [LINK.sub(lambda link: link[1] or "", one) for one in found]
