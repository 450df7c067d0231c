"""A chapter's questions on paper: a worksheet without answers, and its key with the reasons."""

from collections.abc import Sequence

from casebook.export.lms.items import Pool
from casebook.export.lms.markup import TEMPLATES
from casebook.export.lms.table import key


def write(book: str, title: str, pools: Sequence[Pool], with_key: bool = False) -> str:
    """A page of HTML that needs no other file; of a question with variants it has the first."""
    items = [pool[0] for pool in pools]
    sheet = TEMPLATES.get_template("sheet.html")
    return sheet.render(book=book, title=title, items=items, with_key=with_key, key=key)
