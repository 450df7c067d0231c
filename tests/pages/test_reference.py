"""Reference pages tell every row of their tables; the glossary is at hand for its words."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, agree
from tests.pages.site import Book, Node, bare, resolve, rows

# page -> table, columns whose text it shows, columns of references that it links
REFERENCE = {
    "people": ("people", ["name", "role"], [("source_id", "paragraph")]),
    "institutions": ("institutions", ["name", "seat"], [("source_id", "paragraph")]),
    "conflicts": (
        "conflicts",
        ["kind", "reading_a", "reading_b", "record", "lesson"],
        [("source_a", "paragraph_a"), ("source_b", "paragraph_b")],
    ),
    "bibliography": ("sources", ["title", "publisher"], []),
}


def untold(page: Node, table: str, columns: list[str]) -> Iterator[str]:
    text = bare(page.text)
    for number, row in rows(table):
        for column in columns:
            if bare(row[column]) not in text:
                yield f"row {number}, column {column}: {row[column]!r} is not on the page"


def unlinked(page: Node, table: str, references: list[tuple[str, str]]) -> Iterator[str]:
    links = {a.get("href") for a in page.all("a")}
    cards = {path.stem for path in (ROOT / "seeds").glob("*.md")}
    for number, row in rows(table):
        for source, paragraph in ((row[source], row[column]) for source, column in references):
            expected = source in cards and paragraph
            if expected and f"../seeds/{source}.html#p{paragraph}" not in links:
                yield f"row {number}: no link to {source} ¶{paragraph}"


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_page_tells_every_row(book: Book, name: str) -> None:
    """Each row of the table stands on its page, with a link to the paragraph that it comes from."""
    table, columns, references = REFERENCE[name]
    page = book[f"chapters/{name}.html"]
    problems = [*untold(page, table, columns), *unlinked(page, table, references)]
    agree(f"{name}: data/{table}.csv {problem}" for problem in problems)


def test_the_dictionary_tells_every_column_and_gives_every_table(book: Book) -> None:
    page = book["chapters/dictionary.html"]
    text = page.text
    links = [a.get("href") for a in page.all("a")]
    given = {Path(href).name for href in links if "_downloads" in href}
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf8"))
    for resource in package["resources"]:
        assert resource["path"] in given, f"no link to {resource['path']}"
        for field in resource["schema"]["fields"]:
            told = field["name"] in text and bare(field["description"]) in bare(text)
            assert told, f"{resource['name']}, column {field['name']} is not told"


def shown_meanings(page: Node) -> Iterator[tuple[str, str]]:
    """Each link of a page that shows a meaning: where it leads, what it shows."""
    for term in page.all("span", cls="cb-term"):
        shown = next(term.all("span", cls="cb-meaning"), None)
        yield next(term.all("a")).get("href"), shown.text if shown else ""


def glossary() -> dict[str, str]:
    """The id of each entry -> what it says."""
    text = (ROOT / "chapters" / "glossary.md").read_text("utf8")
    entries = re.findall(r"^### (.+)\n((?:.+\n)+)", text, re.M)
    return {
        re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"): " ".join(said.split())
        for name, said in entries
    }


def test_a_link_to_the_glossary_tells_the_meaning(book: Book) -> None:
    """Pointed at, it shows the words of the entry; every entry is linked from some page."""
    meanings, linked, problems = glossary(), set(), []
    for name, page in book.items():
        if name == "chapters/glossary.html":
            continue
        shown = {resolve(name, href): said for href, said in shown_meanings(page)}
        for target in (resolve(name, a.get("href")) for a in page.all("a")):
            file, id = target or ("", "")
            if file != "chapters/glossary.html" or id not in meanings:
                continue
            linked.add(id)
            if bare(shown.get(target, "")) != bare(meanings[id]):
                problems.append(f"{name}: the link to {id} says {shown.get(target)!r}")
    problems += [f"chapters/glossary.md: no page links {id!r}" for id in meanings.keys() - linked]
    agree(sorted(problems))
