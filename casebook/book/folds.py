"""What a chapter folds away: its objectives after the opening, code below what it draws."""

from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx


class fold(nodes.General, nodes.Element):
    """A quiet fold: attribute `said`, its first line; `classes` if it is not like the others."""


def fold_objectives(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The objectives of a chapter go into a fold, whose first line is their first paragraph.

    So one reads on before one is told what to learn.
    """
    for section in list(doctree.findall(nodes.section)):
        if "objectives" in section["ids"]:
            said, *rest = [child for child in section if not isinstance(child, nodes.title)]
            section.replace_self(fold("", *rest, said=f"{said.astext()} …", ids=section["ids"]))


def fold_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A cell's code goes into a fold below what it shows; MyST-NB would put it above.

    Cells that show nothing have theirs in the fold of the next one that does.
    """
    waiting: list[nodes.Node] = []
    for hidden in list(doctree.findall(HideCodeCellNode)):
        cell = hidden.parent
        cell.remove(hidden)
        waiting += hidden.children
        if cell.children:
            cell += fold("", *waiting, said="Code", classes=["cb-code"])
            waiting = []
        else:
            cell.parent.remove(cell)
    if waiting:
        doctree += fold("", *waiting, said="Code", classes=["cb-code"])


def drop_kernels(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Without the scripts of a live kernel with which Jupyter Book ends each page."""
    for raw in [child for child in doctree.children if isinstance(child, nodes.raw)]:
        if "<script" in raw.astext():
            doctree.remove(raw)


def visit_fold(self: Any, node: fold) -> None:
    head = self.starttag(node, "details", "", CLASS="" if node["classes"] else "fold")
    self.body.append(f"{head}<summary>{escape(node['said'])}</summary>")


def depart_fold(self: Any, node: fold) -> None:
    self.body.append("</details>")


def setup(app: Sphinx) -> None:
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.connect("doctree-resolved", fold_objectives)
    app.connect("doctree-resolved", fold_code)
    app.connect("doctree-resolved", drop_kernels, priority=900)
