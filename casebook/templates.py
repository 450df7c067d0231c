"""Templates of Jinja, as the quizzes, the pages and the exports use them."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader


def templates(folder: Path) -> Environment:
    """The templates in `folder`, which escape every value that is no Markup."""
    loader = FileSystemLoader(folder)
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
