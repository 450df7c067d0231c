"""What a reader takes away from an exhibit: its picture and its data as files, its address, and the
words to cite it by.
"""

import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from casebook import evidence

LICENCE = "CC BY 4.0"
STANDALONE = (
    "<title>{title}</title><desc>{text}</desc>"
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="{address}">'
    "<dc:title>{title}</dc:title><dc:source>{text}</dc:source><dc:rights>{licence}</dc:rights>"
    "</rdf:Description></rdf:RDF></metadata>"
)


def publish(builder: Any, name: str, text: str, folder: str = "figures") -> str:
    """Write a file beside the pages; return its address as seen from the page that is being
    written.
    """
    path = Path(builder.outdir) / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf8")
    page = builder.get_target_uri(builder.current_docname).partition("#")[0]
    return "../" * page.count("/") + quote(f"{folder}/{name}")


def citation(builder: Any, record: dict[str, Any], number: str) -> dict[str, str]:
    """How to cite an exhibit: `text`, `bibtex`, and `finding`, its title where that says more than
    the caption or axes.
    """
    config, id = builder.config, record["id"]
    address = f"{config.html_baseurl}{builder.get_target_uri(builder.current_docname)}#{id}"
    title = record.get("title") or record["caption"]
    year = str(config.copyright)[:4]
    sources = "; ".join(evidence.cite(source)[0] for source in record["sources"])
    text = f"“{title}”, {number} in {config.author}, {config.html_title} ({year}), "
    text += f"{address}, {LICENCE}."
    fields = {
        "author": f"{{{config.author}}}",
        "title": title,
        "howpublished": f"{number} in {config.html_title}",
        "year": year,
        "url": address,
        "note": f"{LICENCE}; data: {sources}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return {
        "text": f"{text} Data: {sources}.",
        "bibtex": f"@misc{{{id},\n" + ",\n".join(lines) + "\n}",
        "finding": title if title != record.get("measured", title) else "",
        "address": address,
        "title": title,
        "embed": f'<a href="{address}"><img src="{config.html_baseurl}figures/{id}.svg"'
        f' alt="{escape(title)}"></a>',
    }


def describe(builder: Any, record: dict[str, Any], cite: dict[str, str]) -> None:
    """Begin an exhibit's CSV file, already written, with lines that say what it is, from where, and
    what one may do with it; pandas skips them by ``comment="#"``.
    """
    path = Path(builder.outdir) / "figures" / f"{record['id']}.csv"
    table = evidence.load("sources").fillna("").set_index("source_id")
    ids = dict.fromkeys(source.partition("#")[0] for source in record["sources"])
    lines = [f"title: {cite['title']}", f"cite: {cite['text']}"]
    for row in table.loc[list(ids)].itertuples():
        facts = (row.short, row.title, row.publisher, row.release, row.licence, row.address)
        lines.append(f"source: {'; '.join(filter(None, facts))}")
    head = "".join(f"# {' '.join(line.split())}\n" for line in lines)
    path.write_text(head + path.read_text("utf8"), "utf8")


def standalone(svg: str, cite: dict[str, str]) -> str:
    """An SVG file that says what it is and where it comes from, whoever finds it: in words, and as
    Dublin Core for programs.
    """
    said = {name: escape(cite[name]) for name in ("title", "text", "address")}
    head = STANDALONE.format(licence=LICENCE, **said)
    own = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)  # Matplotlib's, of itself
    return re.sub(r"(<svg\b[^>]*>)", lambda m: m[1] + head, own, count=1)
