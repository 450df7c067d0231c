"""Banks of questions as typed objects, checked when they are read.

Types of question: `single` and `multiple` (options), `judgement` (options that all get their
reasons, no key), `numeric`, `order` (items in their right order), `match` (pairs). What a class
below declares is what a question of its type may hold; a field with a default may be left out.
"""

import os
import re
import types
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml

from casebook import evidence


class QuizError(ValueError):
    """A bank that cannot be shown: file and question, what was found, what was expected."""


@dataclass(frozen=True)
class Option:
    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True)
class Mistake:
    """A wrong number that a real student gives, and why it tempts."""

    answer: float
    feedback: str


@dataclass(frozen=True)
class Item:
    text: str


@dataclass(frozen=True)
class Pair:
    left: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every question has; `sources` are references such as ``cfr2022#p4``."""

    id: str
    objective: int
    type: str
    prompt: str
    sources: tuple[str, ...]

    def problems(self) -> Iterable[str]:
        """What types alone do not tell: problems, each with what was expected."""
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

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        yield from too_few("options", self.options)
        yield from twice("options", (option.text for option in self.options))
        right = sum(option.correct for option in self.options)
        expected = {"single": "one", "multiple": "at least one", "judgement": "none"}[self.type]
        if {"single": right != 1, "multiple": right == 0, "judgement": right > 0}[self.type]:
            yield f"{right} options are correct (expected {expected})"


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

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        yield from too_few("items", self.items)
        yield from twice("items", (item.text for item in self.items))


@dataclass(frozen=True, kw_only=True)
class Match(Question):
    """Pairs; a right-hand text may belong to several."""

    pairs: tuple[Pair, ...]
    feedback: str

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        yield from too_few("pairs", self.pairs)
        yield from twice("pairs", (pair.left for pair in self.pairs))


TYPES: dict[str, type[Question]] = {
    "single": Choice,
    "multiple": Choice,
    "judgement": Choice,
    "numeric": Numeric,
    "order": Order,
    "match": Match,
}


def too_few(part: str, entries: tuple[Any, ...]) -> Iterable[str]:
    if len(entries) < 2:
        yield f"{part}: found {len(entries)} (expected two or more)"


def twice(part: str, texts: Iterable[str]) -> Iterable[str]:
    for text, count in Counter(texts).items():
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


def load(name: str) -> list[Question]:
    """Return the questions of bank `name`, in order; raises QuizError naming file and question."""
    file = f"chapters/quizzes/{name}.yml"
    try:
        text = (folder() / f"{name}.yml").read_text("utf-8-sig")
        bank = yaml.load(text, Loader=Loader)
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in folder().glob("*.yml")))
        raise QuizError(f"{file}: file not found (expected one of {known})") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise QuizError(f"{file}: not readable as YAML: {error}") from None
    if not isinstance(bank, list) or not bank:
        raise QuizError(f"{file}: found {type(bank).__name__} (expected a list of questions)")
    questions = [
        question(entry, f"{file}, question {number}") for number, entry in enumerate(bank, start=1)
    ]
    for problem in twice("id", (each.id for each in questions)):
        raise QuizError(f"{file}, {problem}")
    return questions


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
    read: Question = build(TYPES[kind], entry, where)
    for problem in read.problems():
        raise QuizError(f"{where}, {problem}")
    for reference in read.sources:
        try:
            evidence.cite(reference)
        except evidence.EvidenceError as error:
            raise QuizError(f"{where}, sources: {error}") from None
    return read


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
    if isinstance(hint, types.GenericAlias):
        if not isinstance(value, list):
            raise QuizError(f"{where}: found {value!r} (expected a list)")
        (of, _) = get_args(hint)
        return tuple(typed(of, each, f"{where} {i}") for i, each in enumerate(value, start=1))
    if hint not in EXPECTED:
        return build(hint, value, where)
    accepted = (int, float) if hint is float else hint
    if not isinstance(value, accepted) or (isinstance(value, bool) and hint is not bool):
        found = str(value) if hasattr(value, "isoformat") else repr(value)
        raise QuizError(f"{where}: found {found} (expected {EXPECTED[hint]})")
    if isinstance(value, str) and not value.strip():
        raise QuizError(f"{where}: found no text (expected some)")
    return value
