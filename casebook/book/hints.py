"""The document itself: anchors that can be linked, glossary terms that tell their meaning, no check comments."""

import re

from docutils import nodes


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


def hint(app, doctree, docname):
    """A link to the glossary tells the meaning of its term when it is pointed at."""
    if "chapters/glossary" not in app.env.found_docs:
        return
    glossary = app.env.get_doctree("chapters/glossary")
    meanings = {
        id: next(section.findall(nodes.paragraph)).astext()
        for section in glossary.findall(nodes.section)
        for id in section["ids"]
        if any(section.findall(nodes.paragraph))
    }
    for link in doctree.findall(nodes.reference):
        page, _, term = link.get("refuri", "").partition("#")
        if page.endswith("glossary.html") and term in meanings:
            link["reftitle"] = " ".join(meanings[term].split())


def _page(link):
    """A quiz's link to a file of the book becomes one to its page, and the anchor takes the form that docutils gave it."""
    return f'{link[1]}.html{"#" + nodes.make_id(link[2]) if link[2] else ""}"'
