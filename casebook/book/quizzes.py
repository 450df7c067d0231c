"""A quiz on the page: the same form as in a notebook, its links leading to pages."""

from typing import Any

from docutils import nodes

from casebook import quiz
from casebook.book.messages import Kind, warn
from casebook.book.tables import page_address


def visit_quiz(translator: Any, node: nodes.Element) -> None:
    builder = translator.builder

    def link(address: str) -> str:
        return page_address(builder, address)

    try:
        translator.body.append(quiz.as_html(node["bank"], link))
    except quiz.QuizError as error:
        warn(Kind.OUTPUT, str(error), builder.current_docname)
    raise nodes.SkipNode
