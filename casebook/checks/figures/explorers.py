"""An explorer shows each combination for which its query gives rows, and no other."""

from collections.abc import Iterable, Iterator
from itertools import product

from casebook.checks.expected import Entry
from casebook.checks.facts import Facts
from casebook.checks.figures.caption import long
from casebook.checks.figures.shown import FIGURE, SVG, chosen
from casebook.checks.words import contradicted, spans, tokens, within


def explorer_problems(
    data: dict,
    record: dict,
    entry: Entry | None,
    presets: Entry | None,
    entries: Iterable[Entry],
    facts: Facts,
) -> Iterator[str]:
    """What is wrong with an explorer as a whole; each of its states is checked as a chart."""
    shown = [chosen(record, state["choice"]) for state in record["states"]]
    for choice in shown:
        if shown.count(choice) > 1:
            yield f"{', '.join(choice.values())} is shown {shown.count(choice)} times"
    if record["mode"] == "filter":
        yield from _filters(record, facts)
    elif entry is not None:
        yield from _combinations(record, shown, entry, facts)
    yield from _presets(record, presets, facts)
    yield from _words(record, entries, facts)
    yield from _faces(data, record)


def _combinations(
    record: dict, shown: list[dict[str, str]], entry: Entry, facts: Facts
) -> Iterator[str]:
    """Combinations that have rows but no chart; controls that the query does not ask for."""
    for control in record["controls"]:
        if f":{control['name']}" not in entry.queries[0]:
            yield f"the query does not ask for :{control['name']} ({entry.at})"
    names = [control["name"] for control in record["controls"]]
    for options in product(*(control["options"] for control in record["controls"])):
        choice = dict(zip(names, options))
        if choice not in shown and facts.ask(entry.queries[0], choice).rows:
            yield f"no chart for {', '.join(options)}"


def _presets(record: dict, entry: Entry | None, facts: Facts) -> Iterator[str]:
    """What a button chooses is one of the combinations that the query gives for its name."""
    wanted = facts.ask(entry.queries[0]).rows if entry else []
    for preset in record["presets"]:
        options = tuple(chosen(record, preset["choice"]).values())
        mine = [row[1:] for row in wanted if row[0] == preset["name"]]
        if options not in mine:
            expected = " or ".join(", ".join(map(str, row)) for row in mine) or "no such name"
            at = entry.at if entry else "no entry in part presets"
            yield f"{preset['name']!r} chooses {', '.join(options)}, expected {expected} ({at})"


def _filters(record: dict, facts: Facts) -> Iterator[str]:
    """Every option of a filter keeps some row."""
    figure = record["states"][0]["data"][FIGURE]
    for control in record["controls"]:
        at = figure["columns"].index(control["name"])
        cells = [row[at] or "" for row in figure["rows"]]
        parts = {part for cell in cells for part in cell.split("; ")}
        if control["name"] in figure["links"]:
            parts = {facts.short(part.split("#")[0]) for part in parts}
        for option in control["options"][1:]:
            if option not in parts:
                yield f"no row has {option!r} as {control['name']}"


def own_words(record: dict) -> list[str]:
    """What an explorer says as a whole, in every state: caption, title, names of its buttons."""
    texts = [record["caption"], record.get("title", "")]
    return [long(text) for text in (*texts, *(one["name"] for one in record["presets"])) if text]


def _words(record: dict, entries: Iterable[Entry], facts: Facts) -> Iterator[str]:
    """The numbers in its own words are options, or expected."""
    known = long(
        " ".join(option for control in record["controls"] for option in control["options"])
    )
    for text in own_words(record):
        mine = [entry for entry in entries if spans(long(entry.name), text)]
        for entry in mine:
            yield from contradicted(entry, facts)
        covered = [span for entry in mine for span in spans(long(entry.name), text)]
        for token in tokens(text):
            if not within(token, covered) and not spans(token[0], known):
                yield f"its words say {token[0]}, which is no option"


def _faces(data: dict, record: dict) -> Iterator[str]:
    """What front ends without explorers show is the state chosen at the start."""
    start = next(state for state in record["states"] if state["choice"] == record["start"])["data"]
    text = " ".join("".join(data["text/plain"]).split())
    rows = [start["text/plain"]]
    if record["mode"] == "filter":  # the text lists its rows by name only
        rows = [str(row[0]) for row in start[FIGURE]["rows"]]
    if not all(" ".join("".join(row).split()) in text for row in rows):
        yield f"its text lacks the rows of {start[FIGURE]['id']}"
    if "".join(data[SVG]) != "".join(start[SVG]):
        yield "the picture for front ends without explorers is not that of its start"
