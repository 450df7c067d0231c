"""The bibliography as a file that a reference manager reads, for a student's own paper."""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from casebook import evidence
from casebook.book.words import plain


def write_bibtex(app: Sphinx, error: Exception | None) -> None:
    """Put `bibliography.bib` beside the pages."""
    if error is None and app.builder.format == "html":
        (Path(app.outdir) / "bibliography.bib").write_text(bibtex(), "utf8")


def bibtex() -> str:
    """The five texts and the outside series, an entry each."""
    rows = evidence.load("sources").itertuples(index=False)
    return "\n\n".join(entry(row) for row in rows) + "\n"


def entry(row: Any) -> str:
    address = plain(row.address)
    fields = {
        "author": escaped(plain(row.authors).replace("; ", " and ")),
        "title": escaped(row.title),
        "publisher": escaped(row.publisher),
        "year": plain(row.published)[:4],
        "url": address if address.startswith("http") else "",
        "note": escaped(row.date_basis),
    }
    return misc(row.source_id, fields)


def misc(key: str, fields: dict[str, str]) -> str:
    """An entry of BibTeX with the fields that are not empty."""
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def escaped(cell: object) -> str:
    """A cell as text for TeX: its special characters are printed, not obeyed."""
    return re.sub(r"[{}&%$#_]", r"\\\g<0>", plain(cell).replace("\\", "/"))
