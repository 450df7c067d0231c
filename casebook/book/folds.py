"""What a chapter folds away: its objectives after the opening, code below what it draws."""

from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx


class code_fold(nodes.General, nodes.Element):
    """The code of a cell, folded; it stands below the chart that it draws."""


class fold(nodes.General, nodes.Element):
    """A quiet fold: attribute `said`, its first line."""


def fold_objectives(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The section "Objectives" of a chapter becomes a fold, so that one reads on before one is told
    what to learn; its first line is what the fold says.
    """
    for section in list(doctree.findall(nodes.section)):
        if "objectives" not in section["ids"]:
            continue
        said, *rest = [child for child in section if not isinstance(child, nodes.title)]
        section.replace_self(fold("", *rest, said=f"{said.astext()} …", ids=section["ids"]))


def drop_kernels(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Jupyter Book ends each page with the scripts of a live kernel, which no page of this book
    starts.
    """
    for raw in [child for child in doctree.children if isinstance(child, nodes.raw)]:
        if "<script" in raw.astext():
            doctree.remove(raw)


def visit_fold(self: Any, node: fold) -> None:
    head = self.starttag(node, "details", CLASS="fold")
    self.body.append(f"{head}<summary>{escape(node['said'])}</summary>")


def fold_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A cell's code goes below what it shows, into a fold of its own, where MyST-NB would put it
    above; cells that show nothing have theirs in the fold of the next one that does.
    """
    waiting: list[nodes.Node] = []
    for hidden in list(doctree.findall(HideCodeCellNode)):
        cell = hidden.parent
        cell.remove(hidden)
        waiting += hidden.children
        if cell.children:
            cell += code_fold("", *waiting)
            waiting = []
        else:
            cell.parent.remove(cell)
    if waiting:
        doctree += code_fold("", *waiting)


def visit_code_fold(self: Any, node: code_fold) -> None:
    self.body.append('<details class="cb-code"><summary>Code</summary>')


def depart_fold(self: Any, node: nodes.Element) -> None:
    self.body.append("</details>")


def setup(app: Sphinx) -> None:
    app.add_node(code_fold, html=(visit_code_fold, depart_fold))
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.connect("doctree-resolved", fold_objectives)
    app.connect("doctree-resolved", fold_code)
    app.connect("doctree-resolved", drop_kernels, priority=900)
