"""What a page loads: the book's own files, and none of the theme's that are not used."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from casebook import quiz
from casebook.book.renderers import quiz_form

HERE = Path(__file__).parent
# thebe's would call other hosts and complain of themselves; the others serve folds not used here
UNUSED = ("thebe", "togglebutton", "togglehint", "toggleopenonprint")


def add_own_files(app: Sphinx, config: Config) -> None:
    """Style sheets, scripts and templates of this package and of the quizzes."""
    config.html_static_path += [str(HERE / "static"), str(quiz.STATIC)]
    config.templates_path.append(str(HERE / "templates"))


def choose_files(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add what a quiz needs to the pages that have one; leave out what no page uses."""
    # the fold over a cell's code would be announced by other words than it shows
    context["body"] = context.get("body", "").replace(' aria-label="Toggle hidden content"', "")
    if isinstance(doctree, nodes.document) and any(doctree.findall(quiz_form)):
        app.add_css_file("quiz.css")
        app.add_js_file("quiz.js", loading_method="defer")
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not is_unused(file)]


def is_unused(file: Any) -> bool:
    body = getattr(file, "attributes", {}).get("body", "")
    text = f"{getattr(file, 'filename', file)} {body}".lower()
    return any(name in text for name in UNUSED)
