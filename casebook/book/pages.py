"""Reference pages made from the evidence: people, institutions, bibliography, dictionary.

A page asks for its body with the directive ``{from-data}``. Each function here makes it
from `data/` when the book is built, so it can never be out of date; it makes nodes, so no cell is
ever read as Markdown or HTML.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.util.docutils import SphinxDirective

from casebook import evidence, figure
from casebook.book.conflicts import conflicts, grounds
from casebook.book.folds import fold
from casebook.book.messages import Kind, warn
from casebook.book.words import (
    Part,
    Words,
    bullets,
    emphasis,
    entry,
    inline,
    joined,
    paragraph,
    plain,
    strong,
    upper_first,
    values,
    web_link,
)

Term: TypeAlias = nodes.definition_list_item
LINKED = re.compile(r"\]\((https?://(?:[^\s()]|\([^\s()]*\))+)\)")  # a link in Markdown


class FromData(SphinxDirective):
    """``{from-data} people``: the body of a reference page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        for path in (*evidence.folder().iterdir(), *chapters()):
            self.env.note_dependency(str(path))
        try:
            return list(body(name, self.state.document, self.env.docname))
        except evidence.EvidenceError as error:
            warn(Kind.DATA, f"from-data {name}: {error}", self.get_location())
            return []


def body(name: str, document: nodes.document, docname: str) -> Sequence[nodes.Element]:
    """The blocks of the reference page `name`; raises EvidenceError for an unknown one."""
    if name not in PAGES:
        raise evidence.EvidenceError(f"found {name!r}, expected one of {', '.join(PAGES)}")
    blocks = PAGES[name](Words(docname))
    for block in blocks:
        if isinstance(block, nodes.section):
            document.note_implicit_target(block, block)
        for node in block.findall(nodes.Element):
            if node["names"]:
                document.note_explicit_target(node, node)
    return blocks


def heading(title: str, *blocks: nodes.Node) -> nodes.section:
    """A section; its id comes from its title."""
    return nodes.section("", nodes.title("", title), *blocks)


def entries(title: str, rows: pd.DataFrame, by: str, make: Callable[[Any], Term]) -> nodes.section:
    """A section that is one list of terms: what `make` makes of each row, in the order `by`."""
    sorted_rows = rows.sort_values(by, na_position="first").itertuples(index=False)
    return heading(title, nodes.definition_list("", *map(make, sorted_rows)))


def folded(said: str, items: Sequence[nodes.Node]) -> fold:
    """A long list of terms behind the line `said`; a link to one of them opens it."""
    return fold("", nodes.definition_list("", *items), said=said)


# -- people -------------------------------------------------------------------


def people(words: Words) -> list[nodes.section]:
    """Everybody whom the five texts name: role, spellings, quotations, first place."""
    table = evidence.load("people").fillna({"actor": "Scholars and others"})
    make = partial(person, words, evidence.load("quotes"))
    actors = table.groupby("actor", sort=False)
    return [entries(actor, rows, "family_name", make) for actor, rows in actors]


def person(words: Words, quotes: pd.DataFrame, row: Any) -> Term:
    """A person: role, spellings, where first named, and the words that are quoted."""
    spellings = [spelling for spelling in values(row.spellings) if spelling != row.name]
    facts: list[Part] = [
        f"{row.role}.",
        words.sentence(row.role_note),
        f"Also written {', '.join(spellings)}." if spellings else "",
        inline("First in ", words.cite(row.source_id, row.paragraph), "."),
    ]
    said = quotes[quotes["speaker"] == row.name].groupby("words", sort=False)
    quoted = [quotation(words, text, rows) for text, rows in said]
    said_of = [paragraph(joined(facts, " ")), *bullets(quoted)]
    return entry([strong(row.name)], *said_of, name=row.person_id)


def quotation(words: Words, text: str, rows: pd.DataFrame) -> list[nodes.Node]:
    """Words, the occasion and every place that quotes them."""
    places = [
        words.cite(*place) for place in zip(rows["source_id"], rows["paragraph"], strict=True)
    ]
    return inline(f"“{text}” ({rows['occasion'].iloc[0]}; ", joined(places, ", "), ")")


# -- institutions -------------------------------------------------------------


def institutions(words: Words) -> list[nodes.section]:
    """Every institution and group that the five texts name: what it does in the story."""
    kinds = evidence.load("institutions").groupby("kind", sort=False)
    make = partial(institution, words)
    return [entries(upper_first(kind), rows, "name", make) for kind, rows in kinds]


def institution(words: Words, row: Any) -> Term:
    """An institution: role, seat, foundation, and every place that names it."""
    also = [words.cite(*place.split("#p")) for place in values(row.also_in)]
    places = joined([words.cite(row.source_id, row.paragraph), *also], ", ")
    facts: list[Part] = [
        words.sentence(row.role),
        f"Seat: {row.seat}." if plain(row.seat) else "",
        f"Founded {figure.written(plain(row.founded))}." if plain(row.founded) else "",
        inline("In ", places, "."),
    ]
    short = f" ({row.short})" if plain(row.short) else ""
    head, said = inline(strong(row.name), short), paragraph(joined(facts, " "))
    return entry(head, said, name=row.institution_id)


# -- bibliography -------------------------------------------------------------


def bibliography(words: Words) -> list[nodes.section]:
    """The five texts, the outside series and the single pages behind the dates of record."""
    sources, known = evidence.load("sources"), grounds(words)
    return [
        *(
            entries(title, sources[sources["kind"] == kind], "short", partial(source, words))
            for kind, title in (("seed", "The five texts"), ("context", "Outside series"))
        ),
        dates_of_record(words),
        heading(
            "What was read for the disagreements", folded(f"{len(known)} disagreements", known)
        ),
        publishers(words),
    ]


def dates_of_record(words: Words) -> nodes.section:
    """The pages behind each event's date of record."""
    dated = evidence.load("events").dropna(subset=["record_address"])
    pages = [
        entry(
            inline(strong(row.title), f", {figure.written(row.record_date)}"),
            paragraph(words.cell(row.record_address)),
        )
        for row in dated.sort_values("record_date_start").itertuples(index=False)
    ]
    said = paragraph(
        "Each was read as a stored copy or excerpt; ",
        words.page("Outside evidence", "chapters/context.md#record_pages"),
        " says what that means.",
    )
    return heading(
        "Pages behind dates of record", said, folded(f"{len(pages)} events by date", pages)
    )


def publishers(words: Words) -> nodes.section:
    """Who published the pages elsewhere that chapters link: how many, from which years."""
    pages = evidence.load("pages")
    cited = pages[pages["address"].isin(linked())]
    by_publisher = sorted(cited.groupby("publisher")["published"], key=most_first)
    several = [(name, dates) for name, dates in by_publisher if len(dates) > 1]
    points = [inline(strong(name), f": {len(dates)}{years(dates)}") for name, dates in several]
    single = [name for name, dates in by_publisher if len(dates) == 1]
    points.append(inline(strong("One page each"), f": {'; '.join(single)}"))
    said = paragraph(
        f"The chapters link {len(cited)} single pages elsewhere. The title, date and address of"
        " each, how the date is known and whether a copy was read stand in the table ",
        words.page("Outside pages", "chapters/dictionary.md#table-pages"),
        "; a note beside each link says publisher and date.",
    )
    return heading(
        "Publishers of single pages",
        said,
        fold("", *bullets(points), said=f"{len(by_publisher)} publishers"),
    )


def most_first(publisher: tuple[str, pd.Series]) -> tuple[int, str]:
    name, dates = publisher
    return -len(dates), name.removeprefix("The ").casefold()


def years(published: pd.Series) -> str:
    """The years of those pages whose date is known."""
    known = sorted({date[:4] for date in published.dropna()})
    return f", {' to '.join(dict.fromkeys((known[0], known[-1])))}" if known else ""


def linked() -> set[str]:
    """The addresses elsewhere that the chapters' text links."""
    return {address for path in chapters() for address in LINKED.findall(path.read_text("utf8"))}


def chapters() -> list[Path]:
    return sorted((evidence.folder().parent / "chapters").glob("ch*.ipynb"))


def source(words: Words, row: Any) -> Term:
    """A source as an entry; a text's publisher links to the text."""
    address = plain(row.address) if row.kind == "seed" else ""
    publisher = ended(row.publisher)
    day, basis = figure.written(plain(row.published)), plain(row.date_basis)
    when = f"{day} ({basis})" if day and basis else day or basis[:1].upper() + basis[1:]
    facts: list[Part] = [
        ended(row.authors),
        inline(emphasis(plain(row.title)), "."),
        [web_link(address, publisher)] if address.startswith("http") else publisher,
        ended(when),
        ended(row.release),
        ended(f"Licence: {row.licence}"),
    ]
    return entry([words.cite(row.source_id)], paragraph(joined(facts, " ")))


def ended(cell: object) -> str:
    """A cell as a sentence of a bibliography: a capital, one full stop."""
    text = plain(cell).rstrip(".")
    return f"{upper_first(text)}." if text else ""


# -- data dictionary ----------------------------------------------------------


def dictionary(words: Words) -> list[nodes.section]:
    """Every table and column of the data package: what it holds, its unit, its limits."""
    return [table_of(words, resource) for resource in evidence.package()["resources"]]


def table_of(words: Words, resource: dict[str, Any]) -> nodes.section:
    """A table of the data package: what it holds, its file and keys, licence and columns."""
    schema, path = resource["schema"], resource["path"]
    file = download_reference("", "", reftarget=f"/data/{path}", refdoc=words.docname)
    file += nodes.literal("", path)
    licences = "; ".join(each.get("title", each["name"]) for each in resource["licenses"])
    columns = [
        entry(
            [nodes.literal("", column["name"])],
            paragraph(f"{column['description']} ", emphasis(f"{limits(column)}.")),
        )
        for column in schema["fields"]
    ]
    section = heading(
        resource["title"],
        paragraph(words.sentence(resource["description"])),
        paragraph(file, ": ", joined(keys_of(resource["name"], schema), "; "), "."),
        paragraph(f"Licence: {licences}."),
        folded(f"{len(columns)} columns", columns),
    )
    section["names"].append(f"table-{resource['name']}")
    return section


def keys_of(name: str, schema: dict[str, Any]) -> list[list[nodes.Node]]:
    """How many rows a table has, its key, and the tables that it refers to."""
    facts = [inline(f"{len(evidence.load(name))} rows")]
    facts.append(inline("key: ", nodes.literal("", listed(schema.get("primaryKey", [])))))
    for key in schema.get("foreignKeys", []):
        other = key["reference"]["resource"] or name
        link = nodes.reference("", "", refid=nodes.make_id(f"table-{other}"), internal=True)
        link += nodes.literal("", other)
        facts.append(inline(nodes.literal("", listed(key["fields"])), " refers to ", link))
    return facts


def listed(names: str | list[str]) -> str:
    return names if isinstance(names, str) else ", ".join(names)


def limits(column: dict[str, Any]) -> str:
    """Type, unit and constraints of a column in words."""
    rule = column.get("constraints", {})
    said = [column["type"], column.get("unit", "")]
    said += ["a date of reduced precision (EDTF)"] if column.get("rdfType") else []
    said += ["one of " + ", ".join(map(str, rule["enum"]))] if "enum" in rule else []
    said += [f"at least {rule['minimum']}"] if "minimum" in rule else []
    said += [f"at most {rule['maximum']}"] if "maximum" in rule else []
    return "; ".join(filter(None, [*said, "required" if rule.get("required") else ""]))


PAGES: dict[str, Callable[[Words], Sequence[nodes.Element]]] = {
    page.__name__: page for page in (people, institutions, conflicts, bibliography, dictionary)
}
