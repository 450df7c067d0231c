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
    text = (
        f"“{title}”, {number} in {config.author}, {config.project} ({year}), {address}, {LICENCE}."
    )
    fields = {
        "author": f"{{{config.author}}}",
        "title": title,
        "howpublished": f"{number} in {config.project}",
        "year": year,
        "url": address,
        "note": f"{LICENCE}; data: {sources}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return {
        "text": f"{text} Data: {sources}.",
        "bibtex": f"@misc{{{id},\n" + ",\n".join(lines) + "\n}",
        "finding": title if title != record.get("measured", title) else "",
    }


def standalone(svg: str, record: dict[str, Any], said: str) -> str:
    """An SVG file that says what it is and where it comes from, whoever finds it."""
    title = record.get("title") or record["caption"]
    head = f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
    return re.sub(r"(<svg\b[^>]*>)", lambda m: m[1] + head, svg, count=1)
