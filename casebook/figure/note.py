"""The notes round an exhibit in a live notebook: its finding above, caption and sources below.

The book's page says all this itself, so its renderer leaves out every output that holds `NOTE`.
"""

from html import escape
from typing import Any

from casebook import evidence
from casebook.figure.rows import Record
from casebook.figure.words import finding

NOTE = "application/vnd.casebook.note+json"
Output = dict[str, Any]  # MIME type -> content


def with_notes(output: Output, record: Record, kind: str) -> list[Output]:
    """The outputs of a cell that shows one exhibit: `output` between its notes."""
    title, anchor = finding(record), f'<p id="{record["id"]}">'  # where links to the exhibit lead
    if title is None:
        return [output, _below(record, kind, anchor)]
    above = _note(record, f"{anchor}<b>{escape(title)}</b></p>", title)
    return [above, output, _below(record, kind, "<p>")]


def _below(record: Record, kind: str, paragraph: str) -> Output:
    """Name, caption and sources, whose links start from the folder of the chapters."""
    name = f"{kind} “{record['id']}”."
    cited = [evidence.cite(reference) for reference in record["sources"]]
    word, caption = "Sources" if len(cited) > 1 else "Source", record["caption"]
    links = "; ".join(f'<a href="../{escape(to)}">{escape(label)}</a>' for label, to in cited)
    html = (
        f"{paragraph}<b>{escape(name)}</b> {escape(caption)}<br>\n"
        f"<small>{word}: {links}.</small></p>"
    )
    labels = "; ".join(label for label, _ in cited)
    return _note(record, html, f"{name} {caption}\n{word}: {labels}.")


def _note(record: Record, html: str, plain: str) -> Output:
    return {"text/html": html, "text/plain": plain, NOTE: {"id": record["id"]}}
