"""Plans of a course: sessions made of chapters, with the minutes that these say.

`chapters/instructors/plans.yml` holds who reads, works on and discusses what; the minutes come from
the chapters, so a chapter that grows fills the sessions that use it, and the one that is over-full
is named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from casebook import quiz
from casebook.quiz.bank import build, in_yaml
from casebook.teach.chapters import Chapter, Section, TeachError, all_chapters, plain, rests_on

FILE = "chapters/instructors/plans.yml"


@dataclass(frozen=True)
class Part:
    """Sections of a chapter; none named means all of them."""

    chapter: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """Questions for discussion of a chapter, by their numbers."""

    chapter: str
    questions: tuple[int, ...]


@dataclass(frozen=True)
class Also:
    """What no chapter tells, and its minutes in class."""

    what: str
    minutes: int


@dataclass(frozen=True)
class Session:
    """What is read before a session, and done in it."""

    title: str = ""
    read: tuple[Part, ...] = ()
    work: tuple[Part, ...] = ()
    discuss: tuple[Talk, ...] = ()
    also: tuple[Also, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Sessions of `minutes` each, `home` minutes at most before one, `question` for each talk."""

    id: str
    title: str
    about: str
    minutes: int
    home: int
    question: int
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Read:
    """Sections of one chapter, and whether they are all that there is to read of it."""

    chapter: Chapter
    sections: list[Section]
    is_whole: bool

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)


@dataclass(frozen=True)
class Timed:
    """A session of a plan with its minutes, computed from the chapters."""

    number: int
    title: str
    read: list[Read]
    work: list[Read]
    discuss: list[tuple[Chapter, int, str]]  # chapter, number and text of the question
    also: tuple[Also, ...]
    plan: Plan

    @cached_property
    def home(self) -> int:
        return sum(part.minutes for part in self.read)

    @cached_property
    def talk(self) -> int:
        return self.plan.question * len(self.discuss)

    @cached_property
    def room(self) -> int:
        """The minutes in class."""
        worked = sum(part.minutes for part in self.work)
        return worked + self.talk + sum(one.minutes for one in self.also)

    @property
    def over(self) -> list[str]:
        """By how much it is over-full; empty where all fits."""
        found = []
        if self.room > self.plan.minutes:
            found.append(f"{self.room - self.plan.minutes} minutes too many in class")
        if self.home > self.plan.home:
            found.append(f"{self.home - self.plan.home} minutes too many at home")
        return found


class Desk:
    """The chapters and plans of the book whose chapters are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.chapters = {chapter.id: chapter for chapter in all_chapters(folder)}
        held = read(folder / "instructors" / "plans.yml", FILE)
        if held.keys() != {"plans", "rests_on"}:
            raise TeachError(f"{FILE}: found {_listed(held)} (expected plans, rests_on)")
        plans = enumerate(held["plans"], start=1)
        self.plans: list[Plan] = [built(Plan, plan, f"{FILE}, plan {n}") for n, plan in plans]
        self.named: dict[str, str] = held["rests_on"]
        for id, anchor in self.named.items():
            where = f"{FILE}, rests_on, {id}"
            self.section(self.chapter(id[:4], where), anchor, where)
            if id not in (asked := [question.id for question in quiz.load(id[:4])]):
                raise TeachError(f"{where}: found no such question (expected {_listed(asked)})")

    def chapter(self, id: str, where: str) -> Chapter:
        """The chapter `id`; TeachError, which begins with `where`, if there is none."""
        if id not in self.chapters:
            raise TeachError(f"{where}: found {id!r} (expected one of {_listed(self.chapters)})")
        return self.chapters[id]

    def section(self, chapter: Chapter, anchor: str, where: str) -> Section:
        """A section of a chapter; TeachError, which begins with `where`, if there is none."""
        if found := chapter.section(anchor):
            return found
        known = _listed(section.anchor for section in chapter.sections)
        raise TeachError(f"{where}: found section {anchor!r} of {chapter.id} (expected {known})")

    def timed(self, plan: Plan) -> list[Timed]:
        """The sessions of a plan with their minutes."""
        sessions = enumerate(plan.sessions, start=1)
        return [self._timed(plan, number, session) for number, session in sessions]

    def _timed(self, plan: Plan, number: int, session: Session) -> Timed:
        where = f"{FILE}, plan {plan.id}, session {number}"
        work = [self._part(part, f"{where}, work") for part in session.work]
        taken = {section.anchor for part in work for section in part.sections}
        read = [self._part(part, f"{where}, read", taken) for part in session.read]
        talks = list(self._talks(session, f"{where}, discuss"))
        asked = dict.fromkeys(part.chapter.question for part in [*read, *work])
        title = session.title or " ".join(asked)
        return Timed(number, title, read, work, talks, session.also, plan)

    def _part(self, part: Part, where: str, taken: Iterable[str] = ()) -> Read:
        chapter = self.chapter(part.chapter, where)
        if part.sections:
            sections = [self.section(chapter, anchor, where) for anchor in part.sections]
            return Read(chapter, sections, False)
        timed = [section for section in chapter.sections if section.minutes]
        return Read(chapter, [one for one in timed if one.anchor not in taken], True)

    def _talks(self, session: Session, where: str) -> Iterator[tuple[Chapter, int, str]]:
        for talk in session.discuss:
            chapter = self.chapter(talk.chapter, where)
            asked = chapter.discussion
            for number in talk.questions:
                if not 1 <= number <= len(asked):
                    count = f"1 to {len(asked)}, as {chapter.id} asks"
                    raise TeachError(f"{where}: found question {number} (expected {count})")
                yield chapter, number, plain(asked[number - 1])

    def by_objective(
        self, chapter: Chapter
    ) -> Iterator[tuple[str, list[Section], list[tuple[int, quiz.Question]]]]:
        """Each objective with the sections that its questions rest on, and these, numbered."""
        asked = list(enumerate(quiz.load(chapter.id), start=1))
        for number, objective in enumerate(chapter.objectives, start=1):
            mine = [(n, question) for n, question in asked if question.objective == number]
            anchors = {self.rests_on(chapter, question) for _, question in mine}
            yield objective, [one for one in chapter.story if one.anchor in anchors], mine

    def rests_on(self, chapter: Chapter, question: quiz.Question) -> str:
        """The anchor of the section that a question rests on: as named, else as computed."""
        return self.named.get(question.id) or rests_on(chapter, question).anchor


def read(path: Path, file: str) -> dict[str, Any]:
    """The fields that a file of YAML holds; TeachError says `file` and why where it does not."""
    try:
        held = in_yaml(path, file)
    except quiz.QuizError as error:
        raise TeachError(str(error)) from None
    if not isinstance(held, dict):
        raise TeachError(f"{file}: found {type(held).__name__} (expected fields)")
    return held


def built(kind: type[Any], entry: object, where: str) -> Any:
    """What a file holds as an object of `kind`, each value of its type; else TeachError."""
    try:
        return build(kind, entry, where)
    except quiz.QuizError as error:
        raise TeachError(str(error)) from None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
