"""A voice set apart: few words, with whose they are and where they stand."""

import json
import re
from collections.abc import Iterator

from tests.conftest import ROOT, agree
from tests.pages.site import CHAPTERS, Book, fold

SET_APART = re.compile(r'^> "([^"\n]+)"\n>\n> — (.+?) \(\[.+\]\(\S+\)\)$', re.M)


def straight(text: str) -> str:
    """Words with the marks that a keyboard has."""
    return fold(text).translate(str.maketrans("“”’", '""\''))


def wrong(book: Book, name: str) -> Iterator[str]:
    cells = json.loads((ROOT / name).with_suffix(".ipynb").read_text("utf8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    written = SET_APART.findall(text)
    if len(written) != text.count("\n> — ") or len(written) > 1:
        yield f"{name}: not one quotation with words, speaker and source, but {written}"
    quotes = [q for q in book[name].all("blockquote") if any(q.all("p", cls="attribution"))]
    shown = [
        tuple(straight(next(q.all("p", cls=cls)).text) for cls in (None, "attribution"))
        for q in quotes
    ]
    for (words, speaker), (said, whose) in zip(written, shown, strict=True):
        if len(words.split()) > 12 or said != f'"{words}"' or speaker not in whose:
            yield f"{name}: {words!r} of {speaker!r} is shown as {said!r} of {whose!r}"
        if not any(quotes[0].all("span", cls="cb-note")):
            yield f"{name}: {words!r} has no note that says where it stands"


def test_a_quotation_says_whose_words_it_is(book: Book) -> None:
    agree(said for name in CHAPTERS for said in wrong(book, name))
    assert any(any(book[name].all("p", cls="attribution")) for name in CHAPTERS)
