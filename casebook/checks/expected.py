"""What the book is expected to say: `tests/expected/<chapter>.yml`, one file a chapter or page.

An expectation is an SQL query (or one expression) over the tables and functions of `facts` and the
views of `tests/expected/views.sql`; a list of queries means that each must agree. A word with
hyphens and no quotes is the key of a row: within brackets the row (`q(cfr2022-lng-share)`), outside
of them its day (`invasion-2022`).

figures
    figure, table or explorer id -> the query that gives its rows. The first column is the key of a
    row, the others are the record's columns by name; one named `source` (`cfr2022#p4`, several
    parted by "; ") is not shown, but must be among the figure's sources. The controls of an
    explorer are parameters (`:measure`); a column ":unit" is named by the option chosen.
presets
    explorer id -> the query that gives, for the name of each button, what it may choose: the name,
    then the option of each control.
prose
    place -> words -> query. Its columns are the numbers in the words, in order. One more column,
    or words without a number, is a claim: it must be 1. Each query reads some table, or nothing
    could contradict it.
guides
    figure id -> gid of a line or band that is no data -> its position, or both ends.
units
    figure id -> the label of its axis of values, where the data package cannot tell the unit.
quiz
    question id -> its key. A number (numeric); option, or how it begins -> 1 or 0 (single,
    multiple); a list of values that rises (order); left text, or how it begins -> right text
    (match); name and value of all that a page tells before it is falsified. Columns of a
    question's own query are parameters (`:donor`, `:item` for the items of an order), and stand as
    `{donor}` in the words of its options.
unsettled
    place or question id -> words, an option or `key` -> why no evidence can settle it.

A place is the id of a cell, figure or question, or in a Markdown page the slug of the nearest
heading above.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads ten times faster
# invasion-2022, the key of a row; what stands in quotes is none.
KEY = re.compile(r"'[^']*'|\"[^\"]*\"|[()]|[A-Za-z]\w*(?:-+\w+)+")
# How deep the names of each part go before a query comes.
DEPTH = {"figures": 1, "presets": 1, "prose": 2, "guides": 2, "units": 1, "unsettled": 2}


@dataclass(frozen=True)
class Entry:
    """One expectation: its name, its queries (or reason, or label), and where it stands."""

    file: str
    line: int
    name: str
    queries: tuple[str, ...]

    @property
    def at(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Expected:
    """All expectations of one chapter."""

    file: str
    figures: dict[str, Entry] = field(default_factory=dict)
    presets: dict[str, Entry] = field(default_factory=dict)
    prose: dict[str, dict[str, Entry]] = field(default_factory=dict)
    guides: dict[str, dict[str, Entry]] = field(default_factory=dict)
    units: dict[str, Entry] = field(default_factory=dict)
    quiz: dict[str, "Entry | list[Entry] | dict[str, Entry]"] = field(default_factory=dict)
    unsettled: dict[str, dict[str, Entry]] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)  # (line, what is wrong)


def read(path: Path) -> Expected:
    """The expectations in one file; what breaks their form is in `errors`, one each."""
    found = Expected(f"tests/expected/{path.name}")
    try:
        root = yaml.compose(path.read_text("utf8"), LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        found.errors.append((line, f"not YAML: {getattr(error, 'problem', error)}"))
        return found
    for name, node in _pairs(root, "", found):
        if name == "quiz":
            found.quiz = {id: _key(id, part, found) for id, part in _pairs(node, name, found)}
        elif name in DEPTH:
            setattr(found, name, _names(node, name, DEPTH[name], found))
        else:
            found.errors.append((_line(node), f"found the part {name!r}, expected {_known()}"))
    return found


def load(root: Path) -> dict[str, Expected]:
    """Chapter or page -> its expectations."""
    return {path.stem: read(path) for path in sorted((root / "tests/expected").glob("*.yml"))}


def _known() -> str:
    return ", ".join([*DEPTH, "quiz"])


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _pairs(node: yaml.Node | None, where: str, found: Expected) -> list[tuple[str, yaml.Node]]:
    """The names and values of a mapping; anything else, or a name said twice, is an error."""
    if node is None:
        return []
    if not isinstance(node, yaml.MappingNode):
        found.errors.append((_line(node), f"{where or 'file'}: expected names with a colon"))
        return []
    names = [key.value for key, _ in node.value]
    for number, (key, _) in enumerate(node.value):
        if key.value in names[:number]:
            found.errors.append((_line(key), f"{where}, {key.value!r} stands twice"))
    return [(key.value, value) for key, value in node.value]


def _names(node: yaml.Node, where: str, depth: int, found: Expected) -> dict:
    pairs = _pairs(node, where, found)
    if depth == 1:
        return {name: _entry(name, part, f"{where}, {name}", found) for name, part in pairs}
    return {name: _names(part, f"{where}, {name}", depth - 1, found) for name, part in pairs}


def _entry(name: str, node: yaml.Node, where: str, found: Expected) -> Entry:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    queries = [part.value.strip() for part in nodes if isinstance(part, yaml.ScalarNode)]
    if len(queries) != len(nodes) or not all(queries):
        found.errors.append((_line(node), f"{where}: expected a query, found none"))
    return Entry(found.file, _line(node), name, tuple(map(_written_out, filter(None, queries))))


def _written_out(query: str) -> str:
    """The query with its keys in quotes; one outside of brackets asks for the day of its row."""
    depth = 0

    def quoted(found: re.Match) -> str:
        nonlocal depth
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0][0] in "'\"()":
            return found[0]
        return f"'{found[0]}'" if depth else f"record('{found[0]}')"

    return KEY.sub(quoted, query)


def _key(id: str, node: yaml.Node, found: Expected) -> "Entry | list[Entry] | dict[str, Entry]":
    """What a question's key must be, in the form of its type."""
    if isinstance(node, yaml.MappingNode):
        return _names(node, f"quiz, {id}", 1, found)
    if isinstance(node, yaml.SequenceNode):
        return [_entry(id, part, f"quiz, {id}", found) for part in node.value]
    return _entry(id, node, f"quiz, {id}", found)
