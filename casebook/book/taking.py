"""An exhibit as it is written, and what a reader takes away from it.

That is its picture and its data as files, its address, and the words to cite it by.
"""

import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes

from casebook import evidence
from casebook.book.bibtex import escaped, misc
from casebook.book.html import inner, render, write
from casebook.book.typography import set_type

LICENCE = "CC BY 4.0"
FACTS = ("short", "title", "publisher", "release", "licence", "address")  # said of each source


def write_exhibit(translator: Any, node: nodes.Element, template: str, **values: Any) -> None:
    """Write an exhibit whole, with its caption and its sources where the template wants them."""
    builder, record = translator.builder, node["record"]
    caption, sources = inner(translator, node[0]), inner(translator, *node[1:])
    number = re.search(r'"caption-number">([^<]+?)\s*<', caption)
    cite = citation(builder, record, number[1] if number else "exhibit")
    describe(builder, record, cite)
    if svg := node.get("svg"):
        values["picture"] = publish(builder, f"{record['id']}.svg", standalone(svg, cite))
    values |= {"id": node["ids"][0], "record": record, "cite": cite}
    write(translator, template, caption=caption, sources=sources, **values)


def publish(builder: Any, name: str, text: str, folder: str = "figures") -> str:
    """Write a file beside the pages; return its address as seen from the page being written."""
    path = Path(builder.outdir) / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf8")
    page = builder.get_target_uri(builder.current_docname).partition("#")[0]
    return "../" * page.count("/") + quote(f"{folder}/{name}")


def citation(builder: Any, record: dict[str, Any], number: str) -> dict[str, str]:
    """How to cite an exhibit; `finding` is its title where that says more than the axes."""
    config, id = builder.config, record["id"]
    address = f"{config.html_baseurl}{builder.get_target_uri(builder.current_docname)}#{id}"
    title = record.get("title") or record["caption"]
    year = str(config.copyright)[:4]
    sources = "; ".join(evidence.cite(source)[0] for source in record["sources"])
    text = f"“{title}”, {number} in {config.author}, {config.html_title} ({year}), "
    text += f"{address}, {LICENCE}."
    fields = {
        "author": f"{{{escaped(config.author)}}}",
        "title": escaped(title),
        "howpublished": escaped(f"{number} in {config.html_title}"),
        "year": year,
        "url": address,
        "note": escaped(f"{LICENCE}; data: {sources}"),
    }
    return {
        "text": f"{text} Data: {sources}.",
        "bibtex": misc(id, fields),
        "finding": title if title != record.get("measured", title) else "",
        "address": address,
        "title": title,
        "embed": f'<a href="{address}"><img src="{config.html_baseurl}figures/{id}.svg"'
        f' alt="{escape(title)}"></a>',
    }


def describe(builder: Any, record: dict[str, Any], cite: dict[str, str]) -> None:
    """Begin an exhibit's CSV file, already written, with what it is, from where, under what terms.

    pandas skips these lines by ``comment="#"``.
    """
    path = Path(builder.outdir) / "figures" / f"{record['id']}.csv"
    lines = [f"title: {cite['title']}", f"cite: {cite['text']}"]
    for id in dict.fromkeys(source.partition("#")[0] for source in record["sources"]):
        row = evidence.source(id)
        facts = (row[name] for name in FACTS if row[name])
        lines.append(f"source: {'; '.join(facts)}")
    head = "".join(f"# {' '.join(line.split())}\n" for line in lines)
    path.write_text(head + path.read_text("utf8"), "utf8")


def standalone(svg: str, cite: dict[str, str]) -> str:
    """An SVG file that says, in words and as Dublin Core, what it is and where it comes from."""
    head = render("standalone.xml", cite=cite, licence=LICENCE)
    own = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)  # Matplotlib's, of itself
    own, head = set_type(own), set_type(head)
    return re.sub(r"(<svg\b[^>]*>)", lambda m: m[1] + head, own, count=1)
