"""A cell is text on every page: what stands in `data/` or in an output shows and runs nothing."""

import json
import re
import shutil
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_from_doctree
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from docutils.writers.html5_polyglot import HTMLTranslator, Writer

from casebook.book import conflicts, explorers, folds, html, pages, tables
from tests.promise import read, write

HOSTILE = (
    " <script>alert(1)</script><img src=x onerror=alert(1)> `code` **bold**"
    " [a](javascript:alert(1))"
    " {ref}`x` <!-- --> ```{eval-rst} ``` # head &amp; {{ 7 }} {% x %}"
)
FOLDED = " ".join(HOSTILE.split())


class Read(HTMLParser):
    """The tags and the words of a piece of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.attributes = set(), [], []
        self.feed(text)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [f"{name}={value}" for name, value in attrs]

    def handle_data(self, data):
        self.words.append(data)


def is_harmless(read):
    return not read.tags & {"script", "img", "iframe"} and not any(
        attribute.startswith("on") or attribute.startswith("href=javascript")
        for attribute in read.attributes
    )


class Translator(HTMLTranslator):
    """Writes what folds as the page has it."""

    visit_fold = folds.visit_fold
    depart_fold = folds.depart_fold
    visit_conflict_row = conflicts.visit_row
    visit_conflict_filter = conflicts.visit_filter


def page(name):
    """A reference page as docutils alone writes it; what Sphinx resolves becomes plain text."""
    document = new_document("test", get_default_settings(Parser))
    document.extend(pages.body(name, document, f"chapters/{name}"))
    for link in list(document.findall(nodes.Element)):
        if link.tagname in ("pending_xref", "download_reference"):
            link.replace_self(nodes.inline("", link.astext()))
    settings = {"embed_stylesheet": False, "stylesheet_path": "", "doctitle_xform": False}
    writer = Writer()
    writer.translator_class = Translator
    written = publish_from_doctree(document, writer=writer, settings_overrides=settings)
    return Read(written.decode().partition("<body")[2].partition(">")[2])


def takes_anything(schema):
    """Columns whose cells may end with anything; a paragraph's number or a key may not."""
    keys = [schema.get("primaryKey", []), *(key["fields"] for key in schema.get("foreignKeys", []))]
    bound = {name for key in keys for name in ([key] if isinstance(key, str) else key)}
    for field in schema["fields"]:
        rule = field.get("constraints", {})
        fits = re.fullmatch(rule.get("pattern", ".*"), "https://example.org/a" + HOSTILE)
        is_bound = field["name"] in bound or "enum" in rule or not fits
        if field["type"] == "string" and not is_bound:
            yield field["name"]


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory, root):
    """A copy of `data/` in which every free cell ends with what must not run; the old cells."""
    folder = tmp_path_factory.mktemp("spoilt") / "data"
    shutil.copytree(root / "data", folder)
    cells = {}
    for resource in json.loads((folder / "datapackage.json").read_text("utf8"))["resources"]:
        columns = list(takes_anything(resource["schema"]))
        path = folder / resource["path"]
        rows = read(path)
        cells[resource["name"]] = [
            (column, row[column]) for row in rows for column in columns if row[column]
        ]
        for row in rows:
            row.update({column: row[column] + HOSTILE for column in columns if row[column]})
        write(path, rows)
    return folder, cells


SHOWN = {  # page -> table -> columns that it shows and that may hold any text
    "people": {"people": ["name", "role", "role_note"], "quotes": ["occasion"]},
    "institutions": {"institutions": ["name", "short", "seat", "role"]},
    "conflicts": {"conflicts": ["title", "reading_a", "reading_b", "record", "lesson"]},
    "bibliography": {
        "sources": ["authors", "title", "publisher", "release", "licence", "date_basis"],
        "events": ["title"],
        "conflicts": ["title", "record_basis"],
    },
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_reference_page_shows_every_cell_as_text(name, spoilt, monkeypatch):
    folder, cells = spoilt
    clean = page(name)
    monkeypatch.setenv("CASEBOOK_DATA", str(folder))
    read, found = page(name), set()
    assert is_harmless(read) and read.tags <= clean.tags
    for table, columns in SHOWN[name].items():
        for column, cell in cells[table]:
            text = " ".join(cell.split())[1:]  # a sentence begins with a capital
            if column in columns and text in clean.text:  # not one whose words became links
                found.add((table, column))
                assert f"{text} {FOLDED}" in read.text, f"{table}, {column}: {cell!r}"
    assert found == {(table, column) for table in SHOWN[name] for column in SHOWN[name][table]}


def test_the_dictionary_shows_descriptions_as_text(spoilt, monkeypatch, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(spoilt[0], folder)
    package = json.loads((folder / "datapackage.json").read_text("utf8"))
    package["resources"][0]["description"] = package["resources"][0]["title"] = HOSTILE
    package["resources"][0]["schema"]["fields"][0]["description"] = HOSTILE
    (folder / "datapackage.json").write_text(json.dumps(package), "utf8")
    monkeypatch.setenv("CASEBOOK_DATA", str(folder))
    read = page("dictionary")
    assert is_harmless(read)
    assert read.text.count(FOLDED) == 3


BUILDER = SimpleNamespace(
    current_docname="chapters/x", get_relative_uri=lambda at, to: f"../{to}.html"
)
RECORD = {
    "id": "x",
    "title": HOSTILE,
    "caption": HOSTILE,
    "alt": HOSTILE,
    "columns": ["key", HOSTILE],
    "rows": [[HOSTILE, HOSTILE], ["2022", 1168], ["empty", None]],
    "measured": HOSTILE,
    "unit": HOSTILE,
}
TABLE = tables.rows_of(BUILDER, RECORD)
VALUES = {
    "id": "x",
    "record": RECORD,
    "table": TABLE,
    "cite": dict.fromkeys(("finding", "text", "bibtex", "embed"), HOSTILE),
    "groups": [explorers.Group(HOSTILE, "x-c0", {0: HOSTILE}, 0)],
    "firsts": {0: ["x-c0-0"]},
    "presets": [{"name": HOSTILE, "radios": "x-c0-0"}],
    "states": [
        {"svg": "", "record": RECORD, "table": TABLE},
        {"bars": {"2022": {"long": 1, "hue": "#000"}}, "record": RECORD, "table": TABLE},
    ],
}


@pytest.mark.parametrize("exhibit", ["table", "figure", "explorer_states", "explorer_filter"])
def test_an_exhibit_shows_every_cell_as_text(exhibit):
    read = Read(html.render(f"{exhibit}.html", **VALUES))
    assert is_harmless(read) and read.text.count(FOLDED) >= 3
    assert "1,168" in read.text and "not given" in read.text and "2,022" not in read.text
