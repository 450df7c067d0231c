"""The course of a fork: its name, its teacher, the dates of its term, in one file.

`chapters/instructors/course.yml` is written as an example where it is missing, and refused with one
line where it cannot be used. The syllabus shows its schedule; `make course` prints it.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from casebook import evidence
from casebook.teach.chapters import TeachError
from casebook.teach.plans import Desk, Plan, Timed, built, read

FILE = "chapters/instructors/course.yml"
WEEK = datetime.timedelta(days=7)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
EXAMPLE = """\
# Your own course. Fill it in, then run `make course`: it says what does not fit and prints the
# schedule; after the next `make book` the syllabus shows it. While all is empty, it shows none.
course: ""          # its name, as students know it
institution: ""     # university, faculty
instructor: ""      # who teaches it
address: ""         # where students reach you: e-mail or web address
plan: ""            # which plan of plans.yml: session, unit or course
first_session: ""   # day of the first session: 2027-04-08
weekday: ""         # Thursday; it has to be the weekday of the first session
last_day: ""        # last day of the term: 2027-07-15
breaks: []          # days and periods without a session: [2027-05-06, 2027-05-31/2027-06-06]
"""


@dataclass(frozen=True)
class Course:
    """What course.yml says, as text."""

    course: str
    institution: str
    instructor: str
    address: str
    plan: str
    first_session: str
    weekday: str
    last_day: str
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """A course with its plan, and the day of each session."""

    course: Course
    plan: Plan
    days: list[datetime.date]


def load(folder: Path, desk: Desk) -> Schedule | None:
    """The schedule of the course in `folder` (instructors); None where none is filled in."""
    path = folder / "course.yml"
    if not path.is_file():
        return None
    held = {name: _as_text(value) for name, value in read(path, FILE).items()}
    if not any(held.values()):
        return None
    for name in (field.name for field in fields(Course) if field.name != "breaks"):
        if not held.get(name):
            raise TeachError(f"{FILE}, {name}: found nothing (expected text, as all is filled in)")
    return schedule(built(Course, held, FILE), desk)


def _as_text(value: object) -> object:
    """A day that YAML read as a date is text again."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return [_as_text(one) for one in value] if isinstance(value, list) else value


def schedule(course: Course, desk: Desk) -> Schedule:
    """The days of the sessions: one a week, none in a break, all within the term."""
    plans = {plan.id: plan for plan in desk.plans}
    if course.plan not in plans:
        raise TeachError(f"{FILE}, plan: found {course.plan!r} (expected {', '.join(plans)})")
    plan = plans[course.plan]
    first, last = (_day(course, name) for name in ("first_session", "last_day"))
    if course.weekday != DAYS[first.weekday()]:
        expected = f"{DAYS[first.weekday()]}, which {first} is"
        raise TeachError(f"{FILE}, weekday: found {course.weekday!r} (expected {expected})")
    free = [_period(text) for text in course.breaks]
    days: list[datetime.date] = []
    day = first
    while len(days) < len(plan.sessions) and day <= last:
        if not any(begin <= day <= end for begin, end in free):
            days.append(day)
        day += WEEK
    if len(days) < len(plan.sessions):
        room = f"{len(days)} of {len(plan.sessions)} sessions fit from {first} to {last}"
        raise TeachError(f"{FILE}, last_day: {room} (expected all: a later day, or another plan)")
    return Schedule(course, plan, days)


def _day(course: Course, name: str) -> datetime.date:
    text = getattr(course, name)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise TeachError(f"{FILE}, {name}: found {text!r} (expected a day: 2027-04-08)") from None


def _period(text: str) -> tuple[datetime.date, datetime.date]:
    try:
        return evidence.edtf(text)
    except ValueError:
        expected = "a day or a period: 2027-05-31/2027-06-06"
        raise TeachError(f"{FILE}, breaks: found {text!r} (expected {expected})") from None


def written(day: datetime.date) -> str:
    """A day as a timetable has it: "Thursday, 8 April 2027"."""
    return f"{DAYS[day.weekday()]}, {day.day} {day:%B %Y}"


def run(folder: Path) -> list[str]:
    """What `make course` says, line by line; it writes the example where there is no file."""
    path = folder / "instructors" / "course.yml"
    if not path.is_file():
        path.write_text(EXAMPLE, "utf8")
        return [f"{FILE} is new: fill it in, then run make course again."]
    desk = Desk(folder)
    found = load(path.parent, desk)
    if found is None:
        return [f"{FILE} is still empty: fill it in, then run make course again."]
    course = found.course
    head = f"{course.course}, {course.institution}: {course.instructor}, {course.address}"
    return [head, *_lines(found, desk.timed(found.plan))]


def _lines(found: Schedule, sessions: Iterable[Timed]) -> Iterator[str]:
    for day, one in zip(found.days, sessions):
        spent = f"{one.home} min at home, {one.room} of {found.plan.minutes} in class"
        over = "".join(f" OVER-FULL: {said}." for said in one.over)
        yield f"{one.number:>3}  {written(day)}: {one.title} ({spent}){over}"
