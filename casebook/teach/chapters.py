"""A chapter as its notebook tells it to a teacher: minutes, objectives, sections, exhibits.

A chapter says its minutes in words ("About fifty minutes."). They are shared out over its sections
by what there is to read in each, so that a part of a chapter has its minutes too.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes

from casebook import evidence, quiz
from casebook.explorer import EXPLORER
from casebook.figure import FIGURE, TABLE

MINUTES = re.compile(r"\b(?:About|Some) ([a-z]+(?:-[a-z]+)?) minutes\b")
ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TENS = ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
NUMBER = r"\d+\."
HEADING = re.compile(r"^(#{2,3}) (.+)$")
OPENING = "opening"  # what stands before the first heading
# To read a chart takes as long as so many words; a quiz is weighed by the words that it shows.
EXHIBIT_WORDS = 60


class TeachError(ValueError):
    """What a plan or a course cannot be made from: file, field, found, expected."""


@dataclass(frozen=True)
class Exhibit:
    """A chart, table or explorer: its number in the book and what the chapter published of it."""

    kind: str
    number: int
    record: dict[str, Any]
    svg: str = ""

    @property
    def id(self) -> str:
        return str(self.record["id"])


@dataclass
class Section:
    """A section of a chapter; `anchor` is its id on the page, `minutes` its share of the time."""

    anchor: str
    title: str
    text: str = ""
    exhibits: list[Exhibit] = field(default_factory=list)
    minutes: int = 0
    weight: int = 0

    @property
    def cited(self) -> set[str]:
        """The references that it links: paragraphs of texts and outside series."""
        found = {address for _, address in LINK.findall(self.text)}
        named = {ref for exhibit in self.exhibits for ref in exhibit.record["sources"]}
        return named | {reference(address) for address in found if reference(address)}


@dataclass(frozen=True)
class Chapter:
    """A chapter; `sections` in order, the first of them what stands before all headings."""

    stem: str
    number: int
    title: str
    question: str
    minutes: int
    sections: list[Section]

    @property
    def id(self) -> str:
        return self.stem[:4]

    @property
    def story(self) -> list[Section]:
        """The sections that tell the story: between the objectives and the summary."""
        anchors = [section.anchor for section in self.sections]
        return self.sections[anchors.index("objectives") + 1 : anchors.index("summary")]

    def section(self, anchor: str) -> Section | None:
        return next((one for one in self.sections if one.anchor == anchor), None)

    def points(self, anchor: str, mark: str = "-") -> list[str]:
        """The points of a section that is a list, as Markdown of one line each.

        `mark` is the pattern of what stands before a point.
        """
        section = self.section(anchor)
        text = section.text if section else ""
        found = re.findall(rf"^{mark} (.*(?:\n  .*)*)", text, re.M)
        return [" ".join(point.split()) for point in found]

    @property
    def objectives(self) -> list[str]:
        return [plain(one).rstrip(";.") for one in self.points("objectives", NUMBER)]

    @property
    def discussion(self) -> list[str]:
        """The questions for discussion, as Markdown."""
        return self.points("discussion", NUMBER)


def reference(address: str) -> str:
    """The reference of a link into the evidence, such as ``cfr2022#p4``; empty for another link."""
    if found := re.fullmatch(r"(?:\.\./)+seeds/(\w+)\.md(#p\d+)?", address):
        return found[1] + (found[2] or "")
    return address[11:] if address.startswith("context.md#") else ""


def plain(markdown: str) -> str:
    """Markdown of a line as text."""
    return " ".join(re.sub(r"[*`]", "", LINK.sub(r"\1", markdown)).split())


def minutes_of(text: str, where: str) -> int:
    """The minutes that a chapter says in words; raises TeachError where it does not."""
    found = MINUTES.search(text)
    ten, _, one = (found[1] if found else "").partition("-")
    if ten not in TENS or (one and one not in ONES):
        said = repr(found[0]) if found else "no minutes"
        raise TeachError(f"{where}, objectives: found {said} (expected “About fifty minutes.”)")
    return 10 * (TENS.index(ten) + 1) + (ONES.index(one) + 1 if one else 0)


def all_chapters(folder: Path) -> list[Chapter]:
    """The chapters in `folder`, in the order of `data/chapters.csv`."""
    questions = asked(folder / "index.md")
    paths = [folder / f"{name}.ipynb" for name in evidence.load("chapters")["chapter"]]
    return [
        read(path, questions.get(path.stem, ""), path.stat().st_mtime_ns)
        for path in paths
        if path.is_file()
    ]


def asked(first: Path) -> dict[str, str]:
    """The question of each chapter, from the table of the first page."""
    rows = re.findall(r"^\| \[[^\]]*\]\((\w+)\.ipynb\) \| (.*?) \|$", first.read_text("utf8"), re.M)
    return {stem: plain(question) for stem, question in rows}


@lru_cache(maxsize=32)
def read(path: Path, question: str, saved: int) -> Chapter:
    """One chapter; `saved` is when its file was, so that a change is read again."""
    sections = _sections(json.loads(path.read_text("utf8"))["cells"])
    objectives = "\n".join(one.text for one in sections if one.anchor == "objectives")
    chapter = Chapter(
        stem=path.stem,
        number=int(path.stem[2:4]),
        title=sections[0].title,
        question=question,
        minutes=minutes_of(objectives, f"chapters/{path.name}"),
        sections=sections,
    )
    _share(chapter)
    return chapter


def _sections(cells: list[dict[str, Any]]) -> list[Section]:
    found = [Section(OPENING, "")]
    counts = {"figure": 0, "table": 0}
    for cell in cells:
        if cell["cell_type"] == "markdown":
            _take_text(found, "".join(cell["source"]))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if exhibit := _exhibit(data, counts):
                found[-1].exhibits.append(exhibit)
            elif found[-1].anchor == "quiz":
                found[-1].weight += len("".join(data.get("text/plain", "")).split())
    return found


def _take_text(found: list[Section], source: str) -> None:
    for line in source.splitlines():
        if line.startswith("# "):
            found[0].title = plain(line[2:])
        elif begins := HEADING.match(line):
            title = plain(begins[2])
            found.append(Section(nodes.make_id(title), title))
        else:
            found[-1].text += f"{line}\n"


def _exhibit(data: dict[str, Any], counts: dict[str, int]) -> Exhibit | None:
    for mime, kind in ((FIGURE, "figure"), (EXPLORER, "figure"), (TABLE, "table")):
        if mime in data:
            counts[kind] += 1
            svg = "".join(data.get("image/svg+xml", ""))
            return Exhibit(kind, counts[kind], data[mime], svg)
    return None


def _share(chapter: Chapter) -> None:
    """Share the minutes out, whole ones, so that they add up (by the largest remainder)."""
    timed = [one for one in chapter.sections if one.anchor in (OPENING, "summary", "quiz")]
    timed += chapter.story
    for one in timed:
        one.weight += len(plain(one.text).split()) + EXHIBIT_WORDS * len(one.exhibits)
    whole = sum(one.weight for one in timed)
    exact = {id(one): chapter.minutes * one.weight / whole for one in timed}
    for one in timed:
        one.minutes = int(exact[id(one)])
    left = chapter.minutes - sum(one.minutes for one in timed)
    for one in sorted(timed, key=lambda each: exact[id(each)] % 1, reverse=True)[:left]:
        one.minutes += 1


# -- which section a question rests on -----------------------------------------


def rests_on(chapter: Chapter, question: quiz.Question) -> Section:
    """The section of the story that shares most with a question: its sources and its words.

    What fewer sections hold counts more, and a long section has no advantage from its length.
    """
    words = _words(repr(question))

    def shared(section: Section) -> float:
        sources = set(question.sources)
        cited = _rarity(chapter, sources & section.cited, lambda one: one.cited)
        told = _told(section)
        said = _rarity(chapter, words & told, _told) / len(told) ** 0.5
        return cited / len(sources) + said + 0.5 * len(words & _words(section.title))

    return max(chapter.story, key=shared)


def _told(section: Section) -> set[str]:
    shown = " ".join(
        f"{one.record.get('title')} {one.record['caption']}" for one in section.exhibits
    )
    return _words(f"{section.title} {plain(section.text)} {shown}")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{5,}|\d[\d.,]*\d", text.lower()))


def _rarity(chapter: Chapter, shared: set[str], of: Callable[[Section], set[str]]) -> float:
    held = [of(section) for section in chapter.story]
    return sum(1 / sum(each in one for one in held) for each in shared)
