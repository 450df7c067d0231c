"""What the extension warns of; behind each warning Sphinx prints its kind: `[casebook.not-run]`."""

from enum import StrEnum
from typing import Any

from sphinx.util import logging

LOGGER = logging.getLogger(__name__)


class Kind(StrEnum):
    """The kinds of warning; one alone is silenced by `suppress_warnings: ["casebook.not-run"]`."""

    DATA = "data"
    """A reference page cannot be made: its name is unknown, or a table breaks its schema."""
    DESK = "desk"
    """A page for instructors cannot be made: a plan, course.yml or a chapter's minutes fails."""
    NOT_RUN = "not-run"
    """A chapter with code cells has no output at all, so no chart, table or quiz of it is shown."""
    OUTPUT = "output"
    """An output of a chapter names a source or a quiz that cannot be read any more."""


def warn(kind: Kind, message: str, location: Any = None) -> None:
    """Say what was found and what to do; with `-W` the build fails."""
    LOGGER.warning(message, type="casebook", subtype=kind.value, location=location)
