"""What was written and published, as the checks see it: chapters, pages and quizzes.

A `Place` leads an editor to a line, a `Problem` stands at a place, a `Check` asks for problems.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from xml.etree.ElementTree import ParseError

import yaml

from casebook.checks.expected import LOADER, Expected, load
from casebook.checks.facts import Facts, FactsError, readable

# What no question may lack, and what one of its type may not.
NEEDED = ("id", "objective", "type", "prompt", "sources")
NEEDED_BY = {"numeric": "answer", "order": "items", "match": "pairs"}
NEEDED_BY |= dict.fromkeys(("single", "multiple", "judgement", "mark"), "options")


@dataclass(frozen=True)
class Place:
    """Where something stands: a file, what a reader calls it, and words that lead to its line."""

    path: str
    name: str
    leads: tuple[str | int, ...] = ()

    def line(self, root: Path) -> int:
        """The line of the file at which the place begins."""
        if self.leads and isinstance(self.leads[-1], int):
            return self.leads[-1]
        path = root / self.path
        at, lines = 0, path.read_text("utf8").split("\n") if path.is_file() else []
        for lead in map(str, self.leads):
            at = next((n for n in range(at, len(lines)) if lead in lines[n]), at)
        return at + 1


@dataclass(frozen=True)
class Problem:
    """One thing that does not agree."""

    place: Place
    text: str

    def say(self, root: Path) -> str:
        """One line that an editor can follow: `path:line: place: text`."""
        return f"{self.place.path}:{self.place.line(root)}: {self.place.name}: {self.text}"


@dataclass(frozen=True)
class Check:
    """One thing that the book says, and how to ask whether it still agrees."""

    place: Place
    ask: Callable[[Facts], Iterable[str | Problem]]

    @classmethod
    def known(cls, place: Place, texts: Iterable[str]) -> "Check":
        """A check that needs no facts: what is wrong is known when it is made."""
        found = list(_caught(place, lambda: texts))
        return cls(place, lambda _: found)

    def problems(self, facts: Facts) -> list[Problem]:
        """What does not agree, one problem each."""
        return list(self.each(facts))

    def each(self, facts: Facts) -> Iterator[Problem]:
        """The same, one by one: who wants the first only need not wait for the last."""
        yield from _caught(self.place, lambda: self.ask(facts))


def _caught(place: Place, ask: Callable[[], Iterable[str | Problem]]) -> Iterator[Problem]:
    """The problems of a place; what cannot be asked is one of them."""
    try:
        for one in ask():
            yield one if isinstance(one, Problem) else Problem(place, one)
    except FactsError as error:
        yield Problem(place, str(error))
    except (AttributeError, LookupError, TypeError, ValueError, ParseError) as error:
        # broken in a way that no check foresaw: that, too, is a problem of its place
        yield Problem(place, f"cannot be checked: {error} ({type(error).__name__})")


@dataclass
class Book:
    """The book under `root`, read once; `chapter` (`ch06`, `timeline`) narrows it down."""

    root: Path
    chapter: str = ""
    used: set[tuple[str, str, str]] = field(default_factory=set)  # (chapter, part, name) found

    def wanted(self, name: str) -> bool:
        """Whether the chapter or page is to be checked."""
        return name.startswith(self.chapter)

    @cached_property
    def expected(self) -> dict[str, Expected]:
        return load(self.root)

    @cached_property
    def notebooks(self) -> dict[str, dict]:
        """Name -> notebook as JSON, those that are wanted."""
        paths = sorted((self.root / "chapters").glob("*.ipynb"))
        return {path.stem: _notebook(path) for path in paths if self.wanted(path.stem)}

    @cached_property
    def pages(self) -> dict[str, str]:
        """Name -> Markdown, those that are wanted, the instructors' pages among them."""
        return {
            name: (self.root / path).read_text("utf8")
            for name, path in self.page_paths.items()
            if self.wanted(name)
        }

    @cached_property
    def page_paths(self) -> dict[str, str]:
        """Name -> where the page stands under `root`; `instructors` is the first of theirs."""
        chapters = self.root / "chapters"
        paths = {p.stem: p for p in chapters.glob("instructors/*.md")}
        if "index" in paths:
            paths["instructors"] = paths.pop("index")
        paths |= {p.stem: p for p in chapters.glob("*.md")}
        return {name: paths[name].relative_to(self.root).as_posix() for name in sorted(paths)}

    @cached_property
    def banks(self) -> dict[str, list[dict]]:
        """`ch01` -> its questions, `ch01_more.yml` last; `_path` says where each stands."""
        found: dict[str, list[dict]] = {}
        for path in sorted((self.root / "chapters/quizzes").glob("*.yml")):
            if path.stem.startswith(self.chapter[:4]):
                found.setdefault(path.stem[:4], []).extend(_questions(path))
        return found

    def expects(self, name: str) -> Expected:
        """The expectations of a chapter or page: none, if it has no file."""
        return self.expected.get(name, Expected(f"tests/expected/{name}.yml"))

    def chapter_of(self, bank: str) -> str:
        """`ch01` -> `ch01_crimea_2014`."""
        names = sorted(p.stem for p in (self.root / "chapters").glob(f"{bank}_*.ipynb"))
        return names[0] if names else bank

    def headings(self, chapter: str) -> list[str]:
        """The headings of a chapter, wanted or not; none where there is no such chapter."""
        path = self.root / f"chapters/{chapter}.ipynb"
        notebook = self.notebooks.get(chapter) or (_notebook(path) if path.is_file() else {})
        texts = "\n".join(source_of(cell) for cell in notebook.get("cells", []))
        return re.findall(r"^#+ .+", texts, re.M)

    def cells(self) -> Iterator[tuple[str, dict]]:
        """(chapter, cell) of every notebook."""
        for name, notebook in self.notebooks.items():
            yield from ((name, cell) for cell in notebook["cells"])


def _notebook(path: Path) -> dict:
    with readable(f"chapters/{path.name}"):
        notebook: dict = json.loads(path.read_text("utf8"))
        for cell in notebook["cells"]:
            cell.setdefault("id", "")  # Colab saves none
    return notebook


def _questions(path: Path) -> list[dict]:
    """The questions of one file; `_path` says which."""
    at = f"chapters/quizzes/{path.name}"
    with readable(at):
        questions = yaml.load(path.read_text("utf8"), LOADER)
        for number, one in enumerate(questions, start=1):
            if not isinstance(one, dict):
                raise ValueError(f"question {number} is {one!r} (expected id, type, prompt, …)")
            needed = [*NEEDED, NEEDED_BY.get(str(one.get("type")), "id")]
            if lacking := [key for key in dict.fromkeys(needed) if key not in one]:
                raise ValueError(f"question {number} has no {', '.join(lacking)}")
        return [one | {"_path": at} for one in questions]


def cell_leads(cell: dict, *words: str) -> tuple[str, ...]:
    """What leads to words in the source of a cell, through the JSON of its notebook."""
    quoted = (json.dumps(word, ensure_ascii=False)[1:-1] for word in words)
    return (f'"id": "{cell["id"]}"', *quoted)


def place_in(chapter: str, cell: dict, what: str) -> Place:
    """Where a cell of a chapter stands, or what it shows."""
    return Place(f"chapters/{chapter}.ipynb", f"{chapter}, {what}", cell_leads(cell))


def source_of(cell: dict) -> str:
    return "".join(cell["source"])


@cache
def short(line: str) -> str:
    """A sentence as a message quotes it."""
    line = re.sub(r"\s+", " ", re.sub(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)\s]*\)", r"\1", line))
    line = line.strip(" -*#")
    return line if len(line) < 90 else line[:87] + "…"
