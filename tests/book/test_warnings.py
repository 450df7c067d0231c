"""What the build warns of carries a type of its own, so that one kind can be silenced."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from casebook.book import hints
from casebook.book.messages import Kind, warn


def chapter(*elements):
    document = new_document("test")
    for element in elements:
        document += nodes.container(nb_element=element)
    return document


def warned(caplog):
    return [(record.type, record.subtype, record.getMessage()) for record in caplog.records]


@pytest.mark.parametrize(
    ("elements", "kinds"),
    [
        (["cell_code", "cell_code"], ["not-run"]),
        (["cell_code", "cell_code_output", "cell_code"], []),
        ([], []),
    ],
)
def test_a_chapter_that_was_not_run_is_named(elements, kinds, caplog):
    app = SimpleNamespace(env=SimpleNamespace(docname="chapters/new"))
    hints.name_unrun_chapters(app, chapter(*elements))
    assert [kind for _, kind, _ in warned(caplog)] == kinds
    assert all("make notebooks" in said for _, _, said in warned(caplog))


@pytest.mark.parametrize("kind", Kind)
def test_every_warning_has_its_kind(kind, caplog):
    warn(kind, "said")
    assert warned(caplog) == [("casebook", kind.value, "said")]
