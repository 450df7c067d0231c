"""What an instructor is told: minutes that add up, plans that name what does not fit, dates."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from casebook.teach import course
from casebook.teach.chapters import TeachError
from casebook.teach.plans import Desk
from tests.conftest import ROOT, agree

CHAPTERS = ROOT / "chapters"
SAID = {"fifty": 50, "fifty-five": 55, "sixty": 60, "seventy": 70}
PLANS = yaml.safe_load((CHAPTERS / "instructors" / "plans.yml").read_text("utf8"))["plans"]
GOOD = {
    "course": "Reading the war",
    "institution": "A university",
    "instructor": "A teacher",
    "address": "teacher@example.org",
    "plan": "unit",
    "first_session": "2027-04-08",
    "weekday": "Thursday",
    "last_day": "2027-05-13",
    "breaks": ["2027-04-15", "2027-04-26/2027-05-02"],
}


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(CHAPTERS)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of the chapters that may be spoilt."""
    shutil.copytree(CHAPTERS, tmp_path / "chapters", ignore=shutil.ignore_patterns("images"))
    return tmp_path / "chapters"


def markdown(path: Path) -> str:
    cells = json.loads(path.read_text("utf8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_the_minutes_are_those_that_each_chapter_says(desk: Desk) -> None:
    paths = sorted(CHAPTERS.glob("ch*.ipynb"))
    assert [chapter.stem for chapter in desk.chapters.values()] == [path.stem for path in paths]
    for path in paths:
        chapter = desk.chapters[path.stem[:4]]
        (said,) = re.findall(r"^About ([a-z-]+) minutes", markdown(path), re.M)
        assert chapter.minutes == SAID[said] == sum(one.minutes for one in chapter.sections)
        assert all(section.minutes for section in chapter.story), path.stem
        headings = set(re.findall(r"^##+ (.+)$", markdown(path), re.M))
        assert {section.title for section in chapter.story} <= headings


def test_no_session_of_the_book_is_over_full(desk: Desk) -> None:
    for raw, plan in zip(PLANS, desk.plans, strict=True):
        agree(f"{plan.id}, session {s.number}: {said}" for s in desk.timed(plan) for said in s.over)
        for told, session in zip(raw["sessions"], desk.timed(plan), strict=True):
            talks = sum(len(talk["questions"]) for talk in told.get("discuss", []))
            assert session.talk == talks * raw["question"]
            parts = [*session.read, *session.work]
            anchors = [(p.chapter.id, one.anchor) for p in parts for one in p.sections]
            assert len(anchors) == len(set(anchors)), "a section is read at home or taken in class"


def test_a_chapter_that_grows_names_the_session_that_it_fills(elsewhere: Path) -> None:
    path = elsewhere / "ch06_aid.ipynb"
    path.write_text(path.read_text("utf8").replace("About sixty", "About ninety-nine"), "utf8")
    desk = Desk(elsewhere)
    over = {(p.id, s.number): s.over for p in desk.plans for s in desk.timed(p) if s.over}
    assert ("course", 6) in over and over.keys() <= {("course", 6), ("unit", 3)}, over
    assert re.fullmatch(r"\d+ minutes too many in class", over["course", 6][0])


@pytest.mark.parametrize(
    "file, old, new, said",
    [
        ("ch01_crimea_2014.ipynb", "About fifty", "About many", "found 'About many minutes' (exp"),
        ("instructors/plans.yml", "chapter: ch03", "chapter: ch33", "found 'ch33' (expected one o"),
        ("instructors/plans.yml", "[opening, what", "[beginning, what", "found section 'beginning"),
        ("instructors/plans.yml", "[1, 4, 5]", "[1, 9]", "found question 9 (expected 1 to 5"),
        ("instructors/plans.yml", "home: 30", "house: 30", "'house' is not known (expected id, "),
        ("instructors/plans.yml", "home: 30", "home: half", "home: found 'half' (expected a whol"),
        ("instructors/plans.yml", "ch03-clock", "ch03-cuckoo", "no such question (expected ch03-"),
        ("instructors/plans.yml", "ch03-clock: one", "ch03-clock: two", "section 'two-night-two-"),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(
    elsewhere: Path, file: str, old: str, new: str, said: str
) -> None:
    path = elsewhere / file
    path.write_text(path.read_text("utf8").replace(old, new, 1), "utf8")
    with pytest.raises(TeachError, match=re.escape(said)) as error:
        desk = Desk(elsewhere)
        [desk.timed(plan) for plan in desk.plans]
    assert str(error.value).startswith(f"chapters/{file}") and "\n" not in str(error.value)


# -- the fork's own course ----------------------------------------------------


def scheduled(tmp_path: Path, desk: Desk, **changes: object) -> course.Schedule | None:
    held = {name: value for name, value in (GOOD | changes).items() if value is not None}
    (tmp_path / "course.yml").write_text(yaml.safe_dump(held, allow_unicode=True), "utf8")
    return course.load(tmp_path, desk)


def test_sessions_are_weekly_and_leave_the_breaks_free(tmp_path: Path, desk: Desk) -> None:
    found = scheduled(tmp_path, desk)
    assert found is not None
    expected = ["2027-04-08", "2027-04-22", "2027-05-06", "2027-05-13"]
    assert [day.isoformat() for day in found.days] == expected
    assert course.written(date(2027, 4, 8)) == "Thursday, 8 April 2027"


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"weekday": "Friday"}, "weekday: found 'Friday' (expected Thursday, which 2027-04-08 is)"),
        ({"first_session": "8 April"}, "first_session: found '8 April' (expected a day: 2027"),
        ({"last_day": "2027-05-12"}, "last_day: 3 of 4 sessions fit from 2027-04-08 to 2027-05"),
        ({"plan": "year"}, "plan: found 'year' (expected session, unit, course)"),
        ({"breaks": ["Golden Week"]}, "breaks: found 'Golden Week' (expected a day or a period"),
        ({"breaks": "2027-04-15"}, "breaks: found '2027-04-15' (expected a list)"),
        ({"instructor": ""}, "instructor: found nothing (expected text, as all is filled in)"),
        ({"address": None}, "address: found nothing"),
        ({"course": 2027}, "course: found 2027 (expected text; quote it)"),
        ({"room": "101"}, "'room' is not known (expected course, institution,"),
    ],
)
def test_a_course_that_cannot_be_is_one_line(
    tmp_path: Path, desk: Desk, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(TeachError, match=re.escape(said)) as error:
        scheduled(tmp_path, desk, **changes)
    assert str(error.value).startswith(course.FILE) and "\n" not in str(error.value)


def test_make_course_writes_an_example_once_and_then_reads_it(elsewhere: Path) -> None:
    path = elsewhere / "instructors" / "course.yml"
    assert not path.exists() and "is new" in course.run(elsewhere)[0]
    example = yaml.safe_load(path.read_text("utf8"))
    assert example.keys() == GOOD.keys() and not any(example.values())
    assert "still empty" in course.run(elsewhere)[0]
    path.write_text(yaml.safe_dump(GOOD), "utf8")
    head, *lines = course.run(elsewhere)
    assert GOOD["course"] in head and len(lines) == 4 and "22 April 2027" in lines[1]
