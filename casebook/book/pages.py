"""Reference pages made from the evidence: people, institutions, disagreements, bibliography and data dictionary.

Each function returns the Markdown of one page's body, read from `data/` when the book is built, so it can never be out of date.
A page asks for it with the directive ``{from-data}``; Sphinx parses it like any other text of the book.
"""

import json
import re
from pathlib import Path

import pandas as pd
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from casebook import evidence


def people() -> str:
    """Everybody whom the five texts name: role, spellings, what they are quoted with, and where they come first."""
    quotes = {speaker: rows for speaker, rows in evidence.load("quotes").groupby("speaker")}
    quotes["nobody"] = evidence.load("quotes").iloc[:0]
    parts = []
    table = evidence.load("people")
    for actor, rows in _groups(
        table.assign(actor=table["actor"].fillna("Scholars and others")), "actor"
    ):
        parts.append(f"## {actor}")
        for row in rows.sort_values("family_name", na_position="first").itertuples():
            spellings = [s for s in _values(row.spellings) if s != row.name]
            lines = [
                f"{row.role}.",
                _sentence(row.role_note),
                f"Also written {', '.join(spellings)}." if spellings else "",
                f"First in {_link(row.source_id, row.paragraph)}.",
            ]
            parts.append(f"({row.person_id})=\n**{row.name}**\n: " + " ".join(filter(None, lines)))
            for words, said in _groups(quotes.get(row.name, quotes["nobody"]), "words"):
                places = ", ".join(
                    _link(*place) for place in zip(said["source_id"], said["paragraph"])
                )
                parts[-1] += f"\n  - “{words}” ({said['occasion'].iloc[0]}; {places})"
    return "\n\n".join(parts)


def institutions() -> str:
    """Every institution and group that the five texts name: what it does in the story and where it stands."""
    parts = []
    for kind, rows in _groups(evidence.load("institutions"), "kind"):
        parts.append(f"## {kind[:1].upper()}{kind[1:]}")
        for row in rows.sort_values("name").itertuples():
            places = [(row.source_id, row.paragraph)] + [
                tuple(place.split("#p")) for place in _values(row.also_in)
            ]
            short = f" ({row.short})" if _text(row.short) else ""
            facts = [
                _sentence(row.role),
                f"Seat: {row.seat}." if _text(row.seat) else "",
                f"Founded {row.founded}." if _text(row.founded) else "",
            ]
            facts.append("In " + ", ".join(_link(*place) for place in places) + ".")
            parts.append(f"**{row.name}**{short}\n: " + " ".join(filter(None, facts)))
    return "\n\n".join(parts)


def conflicts() -> str:
    """Each conflict by topic: title, readings, the record and how we know it, and so what."""
    parts = []
    for topic, rows in _groups(evidence.load("conflicts"), "topic"):
        parts.append(f"## {topic[:1].upper()}{topic[1:]}")
        for row in rows.itertuples():
            readings = [f"- {_link(row.source_a, row.paragraph_a)}: {row.reading_a}"]
            if _text(row.reading_b):
                readings.append(
                    f"- {_link(row.source_b, row.paragraph_b) if _text(row.source_b) else 'Beside it'}: {row.reading_b}"
                )
            record = (
                f"**The record.** {_sentence(row.record)} *How we know:* {_sentence(_addresses(row.record_basis))}"
                if _text(row.record)
                else ""
            )
            head = f"({row.conflict_id})=\n**{row.title}** ({row.kind})"
            parts += filter(
                None, [head, "\n".join(readings), record, f"**So what?** {_sentence(row.lesson)}"]
            )
    return "\n\n".join(parts)


def bibliography() -> str:
    """The five texts, the outside series and the single pages behind the dates of record."""
    sources = evidence.load("sources")
    parts = []
    for kind, head in (("seed", "The five texts"), ("context", "Outside series")):
        parts.append(f"## {head}")
        for row in sources[sources["kind"] == kind].sort_values("short").itertuples():
            label, address = evidence.cite(row.source_id)
            when = " ".join(
                filter(
                    None,
                    [_text(row.published), f"({row.date_basis})" if _text(row.date_basis) else ""],
                )
            )
            facts = [
                row.authors,
                f"*{row.title}*",
                row.publisher,
                when,
                row.release,
                f"Licence: {row.licence}",
                _addresses(row.address) if kind == "seed" else "",
            ]
            parts.append(
                f"[{label}]({_href(address)})\n: "
                + " ".join(
                    f"{said[:1].upper()}{said[1:].rstrip('.')}."
                    for said in map(_text, facts)
                    if said
                )
            )
    parts.append("## Pages behind dates of record")
    parts.append(
        "Each was read as a stored copy or excerpt; [Outside evidence](context.md#record_pages) says what that means."
    )
    events = (
        evidence.load("events").dropna(subset=["record_address"]).sort_values("record_date_start")
    )
    parts += [
        f"**{row.title}**, {row.record_date}\n: {_addresses(row.record_address)}"
        for row in events.itertuples()
    ]
    return "\n\n".join(parts)


def dictionary() -> str:
    """Every table and column of the data package: what it holds, in which unit, within which limits."""
    package = json.loads((evidence.folder() / "datapackage.json").read_text("utf-8-sig"))
    parts = []
    for resource in package["resources"]:
        name, schema = resource["name"], resource["schema"]
        key = schema.get("primaryKey", [])
        facts = [
            f"{len(evidence.load(name))} rows",
            f"key: `{key if isinstance(key, str) else ', '.join(key)}`",
        ]
        facts += [
            f"`{', '.join(_list(k['fields']))}` refers to [`{k['reference']['resource'] or name}`](#table-{k['reference']['resource'] or name})"
            for k in schema.get("foreignKeys", [])
        ]
        parts.append(
            f"(table-{name})=\n## {resource['title']}\n\n{_sentence(resource['description'])}"
        )
        parts.append(
            f"{{download}}`{resource['path']} <../data/{resource['path']}>`: "
            + "; ".join(facts)
            + "."
        )
        parts.append(
            "Licence: "
            + "; ".join(licence.get("title", licence["name"]) for licence in resource["licenses"])
            + "."
        )
        parts.append(
            "\n".join(
                f"`{field['name']}`\n: {_text(field['description'])} {_limits(field)}\n"
                for field in schema["fields"]
            )
        )
    return "\n\n".join(parts)


PAGES = {
    page.__name__: page for page in (people, institutions, conflicts, bibliography, dictionary)
}


def bibtex() -> str:
    """The five texts and the outside series as BibTeX, for a student's own bibliography."""
    entries = []
    for row in evidence.load("sources").itertuples():
        fields = {
            "author": _text(row.authors).replace("; ", " and "),
            "title": row.title,
            "publisher": row.publisher,
            "year": _text(row.published)[:4],
            "url": row.address,
            "note": row.date_basis,
        }
        lines = [
            f"  {name} = {{{_text(value)}}}"
            for name, value in fields.items()
            if _text(value) and (name != "url" or value.startswith("http"))
        ]
        entries.append(f"@misc{{{row.source_id},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries)


# -- the directive --------------------------------------------------------


class FromData(SphinxDirective):
    """``{from-data} people``: the body of a reference page, made from the evidence when the book is built."""

    required_arguments = 1

    def run(self):
        name = self.arguments[0]
        if name not in PAGES:
            raise self.error(f"from-data: found {name!r}, expected one of {', '.join(PAGES)}")
        self.env.note_dependency(str(evidence.folder()))
        try:
            text = PAGES[name]()
        except evidence.EvidenceError as error:
            raise self.error(str(error)) from None
        body = nodes.Element()
        self.state.nested_parse(
            StringList(text.split("\n"), source=f"data/ ({name})"),
            self.content_offset,
            body,
            match_titles=True,
        )
        return body.children


def write_bibtex(app, error):
    """The bibliography as a file that a reference manager reads."""
    if error is None and app.builder.format == "html":
        (Path(app.outdir) / "bibliography.bib").write_text(bibtex(), "utf8")


# -- words ------------------------------------------------------------------


def _groups(table, column):
    """The rows by the value of `column`, in the order in which the values first appear."""
    return [(value, table[table[column] == value]) for value in table[column].unique()]


def _values(cell):
    return cell.split("; ") if isinstance(cell, str) else []


def _list(names):
    return [names] if isinstance(names, str) else names


def _href(address):
    """An address from the book's root as seen from a page in `chapters/`."""
    return address.removeprefix("chapters/") if address.startswith("chapters/") else f"../{address}"


def _link(source_id, paragraph=None):
    label, address = evidence.cite(
        f"{source_id}#p{int(paragraph)}" if pd.notna(paragraph) else source_id
    )
    return f"[{label}]({_href(address)})"


def _text(cell):
    """A cell as text; nothing where the source says nothing."""
    return cell.strip() if isinstance(cell, str) else ""


def _sentence(cell):
    """Text with its full stop; sources by their short names, with their paragraph as a link (``panda2022, paragraph 8``)."""
    text = re.sub(
        r"(\w+\d{4}), (?:paragraph|para\.) (\d+)", lambda m: _link(m[1], m[2]), _text(cell)
    )
    text = re.sub(r"(?<![\w/#(])[a-z]+(?:_[a-z]+)?20\d\d\b(?!\.md)", lambda m: _short(m[0]), text)
    return text if text == "" or text[-1] in ".!?" else f"{text}."


def _short(source_id):
    known = evidence.load("sources").set_index("source_id")["short"]
    return known.get(source_id, source_id)


def _addresses(text):
    """Bare addresses as links that do not break the line."""
    return re.sub(
        r"https?://[^\s;,()]+(?:\([^\s;,()]*\)[^\s;,()]*)*", lambda m: f"<{m[0]}>", _text(text)
    )


def _limits(field):
    rule = field.get("constraints", {})
    said = [field["type"]] + ([field["unit"]] if field.get("unit") else [])
    said += ["a date of reduced precision (EDTF)"] if field.get("rdfType") else []
    said += ["one of " + ", ".join(map(str, rule["enum"]))] if "enum" in rule else []
    said += [
        f"at {end} {rule[name]}"
        for end, name in (("least", "minimum"), ("most", "maximum"))
        if name in rule
    ]
    return "*" + "; ".join(said + ["required"] * bool(rule.get("required"))) + ".*"
