"""Banks of questions as typed objects, checked when they are read.

Types of question: `single` and `multiple` (options), `judgement` (options that all get their
reasons, no key), `mark` (phrases of a sentence, one of which is not supported), `numeric`, `order`
(items in their right order), `match` (pairs), `criterion` (no key: what follows from what the
reader sets), `falsified` (a page in which one part is wrong). What a class below declares is what a
question of its type may hold; a field with a default may be left out. `read` gives the entries of a
bank, `question` makes of one what its class declares.
"""

import hashlib
import os
import re
import types
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import MISSING, dataclass, fields, replace
from math import inf
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml

from casebook import evidence


class QuizError(ValueError):
    """A bank that cannot be shown: file and question, what was found, what was expected."""


# What a question asks of the reader; a type has its own, unless the question says another.
ASKS = ("recall", "read", "compute", "weigh", "date", "repair", "judge")
USUAL = {"numeric": "compute", "order": "date", "judgement": "judge", "criterion": "weigh"}
USUAL |= {"mark": "repair", "falsified": "read"}


@dataclass(frozen=True)
class Point:
    label: str
    value: float


@dataclass(frozen=True)
class Chart:
    """Bars; in a bank `rows` is a query for their labels and values."""

    unit: str
    rows: tuple[Point, ...]
    title: str = ""

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """Label, value and length in percent of the longest."""
        top = max(point.value for point in self.rows) or 1
        return [(each.label, each.value, round(100 * each.value / top, 1)) for each in self.rows]


@dataclass(frozen=True)
class Option:
    """What may be chosen; `chart` draws it, `bar` makes it one of a chart itself."""

    text: str
    feedback: str
    correct: bool = False
    chart: Chart | None = None
    bar: float | None = None


@dataclass(frozen=True)
class Mistake:
    """A wrong number that a real student gives, and why it tempts."""

    answer: float
    feedback: str


@dataclass(frozen=True)
class Item:
    """A step of an order; its feedback tells who misplaces it why it stands where it does."""

    text: str
    feedback: str = ""


@dataclass(frozen=True)
class Pair:
    """A pair; its feedback tells who gives the left text another partner why this is its own."""

    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True)
class Outcome:
    """What follows when the reader sets `first` and `second`."""

    first: str
    second: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every question has; `sources` are references such as ``cfr2022#p4``."""

    id: str
    objective: int
    type: str
    prompt: str
    sources: tuple[str, ...]
    asks: str = ""

    @property
    def task(self) -> str:
        """What it asks of the reader, one of ASKS."""
        return self.asks or USUAL.get(self.type, "recall")

    @property
    def digest(self) -> str:
        """Changes when the question does, and only then: answers are kept by it."""
        return digest(repr(self))[:8]

    def problems(self) -> Iterable[str]:
        """What types alone do not tell: problems, each with what was expected."""
        if self.asks and self.asks not in ASKS:
            yield f"asks: found {self.asks!r} (expected one of {', '.join(ASKS)})"
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.id):
            yield f"id {self.id!r} (expected lower-case words and hyphens)"
        if self.objective < 1:
            yield f"objective {self.objective} (expected its number, from 1)"
        if not self.sources:
            yield "sources: found none (expected at least one)"


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """Options, of which `single` has one right, `multiple` one or more, `judgement` none."""

    options: tuple[Option, ...]

    @property
    def digest(self) -> str:
        by_text = sorted(self.options, key=lambda option: option.text)
        return digest(repr(replace(self, options=tuple(by_text))))[:8]

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        yield from too_few("options", self.options)
        yield from twice("options", (option.text for option in self.options))
        right = sum(option.correct for option in self.options)
        expected = {"multiple": "at least one", "judgement": "none"}.get(self.type, "one")
        if {"multiple": right == 0, "judgement": right > 0}.get(self.type, right != 1):
            yield f"{right} options are correct (expected {expected})"


@dataclass(frozen=True, kw_only=True)
class Mark(Choice):
    """A sentence; its options are phrases of it, of which one says more than the source."""

    sentence: str

    @property
    def phrases(self) -> list[str]:
        """The sentence cut up: text, option, text, option, … text."""
        out, rest = [], self.sentence
        for option in sorted(self.options, key=lambda each: self.sentence.index(each.text)):
            before, _, rest = rest.partition(option.text)
            out += [before, option.text]
        return [*out, rest]

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        for option in self.options:
            if self.sentence.count(option.text) != 1:
                count = self.sentence.count(option.text)
                yield f"{option.text!r} stands {count} times in the sentence (expected once)"


@dataclass(frozen=True, kw_only=True)
class Falsified(Choice):
    """Sentences and the bars of a chart, of which one was falsified: made by `falsified`."""

    chart: Chart


@dataclass(frozen=True, kw_only=True)
class Criterion(Question):
    """Two things that the reader sets, and what follows from each choice."""

    controls: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def settings(self) -> list[list[str]]:
        """What can be set, control by control."""
        firsts = dict.fromkeys(outcome.first for outcome in self.outcomes)
        seconds = dict.fromkeys(outcome.second for outcome in self.outcomes)
        return [list(firsts), list(seconds)]

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        if len(self.controls) != 2:
            yield f"controls: found {len(self.controls)} (expected two)"
        yield from too_few("outcomes", self.outcomes)
        yield from twice("outcomes", (f"{one.first}, {one.second}" for one in self.outcomes))


@dataclass(frozen=True, kw_only=True)
class Numeric(Question):
    """A number in `unit`; right within `tolerance`."""

    answer: float
    unit: str
    feedback: str
    tolerance: float = 0
    mistakes: tuple[Mistake, ...] = ()

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        if self.tolerance < 0:
            yield f"tolerance {self.tolerance} (expected zero or more)"
        yield from twice("mistakes", (str(mistake.answer) for mistake in self.mistakes))
        for mistake in self.mistakes:
            if abs(mistake.answer - self.answer) <= self.tolerance:
                yield f"{mistake.answer} is a mistake, but would be judged right"


@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """Items in their right order."""

    items: tuple[Item, ...]
    feedback: str

    @property
    def steps(self) -> list[str]:
        """The items as they are shown, neither in their order nor in its reverse."""
        return shuffled(self.id, (item.text for item in self.items))

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        yield from too_few("items", self.items, 3)  # of two one order is right, and one reversed
        yield from twice("items", (item.text for item in self.items))


@dataclass(frozen=True, kw_only=True)
class Match(Question):
    """Pairs; a right-hand text may belong to several."""

    pairs: tuple[Pair, ...]
    feedback: str

    @property
    def choices(self) -> list[str]:
        """What the left-hand texts can be matched with."""
        return shuffled(self.id, (pair.right for pair in self.pairs))

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        yield from too_few("pairs", self.pairs)
        yield from twice("pairs", (pair.left for pair in self.pairs))
        yield from twice("partners", dict.fromkeys(pair.right for pair in self.pairs))


TYPES: dict[str, type[Question]] = {
    "single": Choice,
    "multiple": Choice,
    "judgement": Choice,
    "mark": Mark,
    "numeric": Numeric,
    "order": Order,
    "match": Match,
    "criterion": Criterion,
    "falsified": Falsified,
}


def too_few(part: str, entries: tuple[Any, ...], least: int = 2) -> Iterable[str]:
    """The problem of a part that holds fewer than `least` entries (2 or 3)."""
    if len(entries) < least:
        words = {2: "two", 3: "three"}
        yield f"{part}: found {len(entries)} (expected {words[least]} or more)"


def twice(part: str, texts: Iterable[str]) -> Iterable[str]:
    """The problems of texts that stand in a part more than once, however they are spaced."""
    for text, count in Counter(" ".join(text.split()) for text in texts).items():
        if count > 1:
            yield f"{part}: {text!r} stands {count} times (expected texts that differ)"


# -- reading ------------------------------------------------------------------


def folder() -> Path:
    """The banks' folder: `CASEBOOK_QUIZZES` if set, else the checkout's, else the wheel's copy."""
    if os.environ.get("CASEBOOK_QUIZZES"):
        return Path(os.environ["CASEBOOK_QUIZZES"])
    package = Path(__file__).resolve().parent.parent
    inside = package / "_quizzes"
    return inside if inside.is_dir() else package.parent / "chapters" / "quizzes"


def read(name: str) -> list[tuple[Any, str]]:
    """The entries of bank `name`, and where each stands: those of `<name>_more.yml` come last."""
    if not (folder() / f"{name}.yml").is_file():
        known = ", ".join(sorted(path.stem for path in folder().glob("ch??.yml")))
        raise QuizError(f"chapters/quizzes/{name}.yml: file not found (expected one of {known})")
    more = [f"{name}_more"] if (folder() / f"{name}_more.yml").is_file() else []
    return [
        (entry, f"chapters/quizzes/{part}.yml, question {number}")
        for part in [name, *more]
        for number, entry in enumerate(entries(part), start=1)
    ]


def entries(stem: str) -> list[Any]:
    """The list that a file of a bank holds."""
    file = f"chapters/quizzes/{stem}.yml"
    bank = in_yaml(folder() / f"{stem}.yml", file)
    if not isinstance(bank, list) or not bank:
        raise QuizError(f"{file}: found {type(bank).__name__} (expected a list of questions)")
    return bank


def in_yaml(path: Path, file: str) -> Any:
    """What a file of YAML holds; QuizError names it as `file`, and the line, where it cannot."""
    try:
        return yaml.load(path.read_text("utf-8-sig"), Loader=Loader)
    except QuizError as error:
        raise QuizError(f"{file}: {error}") from None
    except (OSError, yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error)
        line = f", line {mark.line + 1}" if mark else ""
        raise QuizError(f"{file}{line}: not readable as YAML: {why}") from None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def shuffled(seed: str, texts: Iterable[str]) -> list[str]:
    """Texts in a fixed order; that of three or more is neither the given one nor its reverse."""
    given = list(dict.fromkeys(texts))
    for salt in range(99):
        mixed = sorted(given, key=lambda text: digest(f"{seed}{salt or ''}{text}"))
        if len(given) < 3 or mixed not in (given, given[::-1]):
            return mixed
    raise AssertionError("unreachable: four of six orders are allowed")


class Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is an error, not silently the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                line = node.start_mark.line + 1
                raise QuizError(f"the entry at line {line} has the key {key!r} twice")
        return super().construct_mapping(node, deep)


def question(entry: Any, where: str) -> Question:
    """One entry of a bank as a Question of its type, or QuizError."""
    if not isinstance(entry, dict):
        raise QuizError(f"{where}: found {entry!r} (expected a question: id, type, prompt, …)")
    where += f" ({entry.get('id', 'no id')})"
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise QuizError(f"{where}, type: found {kind!r} (expected one of {', '.join(TYPES)})")
    built: Question = build(TYPES[kind], entry, where)
    for problem in built.problems():
        raise QuizError(f"{where}, {problem}")
    for reference in built.sources:
        try:
            evidence.cite(reference)
        except evidence.EvidenceError as error:
            raise QuizError(f"{where}, sources: {error}") from None
    return built


def build(kind: type[Any], entry: Any, where: str) -> Any:
    """A mapping as an object of the dataclass `kind`, every value of the declared type."""
    if not isinstance(entry, dict):
        names = ", ".join(field.name for field in fields(kind))
        raise QuizError(f"{where}: found {entry!r} (expected {names})")
    declared = {field.name: field for field in fields(kind)}
    for key in entry:
        if key not in declared:
            quoted = "" if entry[key] is not None else "; inside {} a text with a comma is quoted"
            known = ", ".join(declared)
            raise QuizError(f"{where}: {key!r} is not known (expected {known}{quoted})")
    for name, field in declared.items():
        if field.default is MISSING and name not in entry:
            raise QuizError(f"{where}: {name!r} is missing")
    hints = get_type_hints(kind)
    return kind(
        **{key: typed(hints[key], value, f"{where}, {key}") for key, value in entry.items()}
    )


EXPECTED: dict[Any, str] = {
    str: "text; quote it",
    int: "a whole number, unquoted",
    float: "a number, unquoted",
    bool: "true or false, unquoted",
}


def typed(hint: Any, value: Any, where: str) -> Any:
    """`value` if it is of the declared type; lists become tuples of what they hold."""
    if isinstance(hint, types.UnionType):
        (hint, _) = get_args(hint)
    if isinstance(hint, types.GenericAlias):
        if not isinstance(value, list):
            raise QuizError(f"{where}: found {value!r} (expected a list)")
        (of, _) = get_args(hint)
        return tuple(typed(of, each, f"{where} {i}") for i, each in enumerate(value, start=1))
    if hint not in EXPECTED:
        return build(hint, value, where)
    accepted = (int, float) if hint is float else hint
    strange = (isinstance(value, bool) and hint is not bool) or value in (inf, -inf)
    if not isinstance(value, accepted) or strange or value != value:  # not a number, in YAML .nan
        found = str(value) if hasattr(value, "isoformat") else repr(value)
        raise QuizError(f"{where}: found {found} (expected {EXPECTED[hint]})")
    if isinstance(value, str) and not value.strip():
        raise QuizError(f"{where}: found no text (expected some)")
    return value
