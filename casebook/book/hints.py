"""The document itself: anchors that can be linked, glossary terms that tell their meaning, no check comments."""

import re
from functools import lru_cache
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def tidy(app, doctree):
    """Make explicit anchors reachable as `file.md#anchor`; drop check comments; point quiz links at pages."""
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for name, explicit in doctree.nametypes.items():
        if explicit and doctree.nameids.get(name):
            slugs.setdefault(name, (0, doctree.nameids[name], name))
    for raw in list(doctree.findall(nodes.raw)):
        text = raw.astext()
        if text.lstrip().startswith("<!--"):
            raw.parent.remove(raw)
        elif 'class="cb-quiz"' in text:
            raw.children[0] = nodes.Text(re.sub(r'(href="[^"]+)\.md(?:#([\w-]+))?"', _page, text))


class glossary_link(nodes.Inline, nodes.TextElement):
    """A link to the glossary (its one child) and the meaning that it shows: attributes `meaning` and `count`, its number on the page."""


class code_fold(nodes.General, nodes.Element):
    """The code of a cell, folded; it stands below the chart that it draws."""


def hint(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A link to the glossary shows the meaning of its term when it is pointed at, focused or touched."""
    if "chapters/glossary" not in app.env.found_docs or docname == "chapters/glossary":
        return
    known = meanings(app.env)
    links = [link for link in doctree.findall(nodes.reference) if _term(link) in known]
    for count, link in enumerate(links, start=1):
        shown = glossary_link(meaning=known[_term(link)], count=count)
        link.replace_self(shown)
        shown += link


def _term(link: nodes.reference) -> str:
    page, _, anchor = link.get("refuri", "").partition("#")
    return anchor if page.endswith("glossary.html") else ""


@lru_cache(maxsize=1)
def meanings(env: BuildEnvironment) -> dict[str, str]:
    """What each term of the glossary means, by its anchor."""
    return {
        anchor: " ".join(next(section.findall(nodes.paragraph)).astext().split())
        for section in env.get_doctree("chapters/glossary").findall(nodes.section)
        for anchor in section["ids"]
        if any(section.findall(nodes.paragraph))
    }


def visit_term(self, node: glossary_link) -> None:
    node[0]["described"] = f"term-{node['count']}"
    self.body.append('<span class="cb-term">')


def depart_term(self, node: glossary_link) -> None:
    self.body.append(
        f'<span class="cb-meaning" role="tooltip" id="term-{node["count"]}">{escape(node["meaning"])}</span></span>'
    )


class objectives(nodes.General, nodes.Element):
    """What a reader can do after the chapter, folded: one reads on before one is told what to learn."""


def fold_objectives(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The section "Objectives" of a chapter becomes a quiet fold; its first line is what the fold says while it is shut."""
    for section in list(doctree.findall(nodes.section)):
        if "objectives" not in section["ids"]:
            continue
        said, *rest = [child for child in section if not isinstance(child, nodes.title)]
        section.replace_self(objectives("", *rest, said=said.astext(), ids=section["ids"]))


def visit_objectives(self, node: objectives) -> None:
    head = self.starttag(node, "details", CLASS="fold")
    self.body.append(f"{head}<summary>{escape(node['said'])} …</summary>")


def fold_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A cell's code goes below what it shows, into a fold of its own, where MyST-NB would put it above."""
    for fold in list(doctree.findall(HideCodeCellNode)):
        cell = fold.parent
        cell.remove(fold)
        cell += code_fold("", *fold.children)


def visit_code_fold(self, node: code_fold) -> None:
    self.body.append('<details class="cb-code"><summary>Code</summary>')


def depart_fold(self, node: nodes.Element) -> None:
    self.body.append("</details>")


def _page(link):
    """A quiz's link to a file of the book becomes one to its page, and the anchor takes the form that docutils gave it."""
    return f'{link[1]}.html{"#" + nodes.make_id(link[2]) if link[2] else ""}"'


def setup(app: Sphinx) -> None:
    app.add_node(glossary_link, html=(visit_term, depart_term))
    app.add_node(code_fold, html=(visit_code_fold, depart_fold))
    app.add_node(objectives, html=(visit_objectives, depart_fold))
    app.connect("doctree-read", tidy)
    app.connect("doctree-resolved", hint)
    app.connect("doctree-resolved", fold_objectives)
    app.connect("doctree-resolved", fold_code)
