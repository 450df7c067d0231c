"""What the book says of its own things: another count, title, number or id is named."""

import pytest

from casebook.checks import house
from tests.promise import named, said_of_spoilt

# where it stands, what is put in its place, what must be named
SPOILT = {
    "a count in the README": (
        "README.md",
        ("Twelve chapters of", "Eleven chapters of"),
        "Eleven is tied to no query (tests/expected/readme.yml",
    ),
    "a year in the README": (
        "README.md",
        ("partner of Europe and NATO by 2023", "partner of Europe and NATO by 2022"),
        "2022 is tied to no query",
    ),
    "the oldest Python": (
        "README.md",
        ("Python 3.11 or newer", "Python 3.10 or newer"),
        "says 3.10, but pyproject.toml has 3.11",
    ),
    "the version": (
        "README.md",
        ("(version 1.1.0)", "(version 1.9.0)"),
        "says 1.9.0, but CITATION.cff has ",
    ),
    "the title to cite": (
        "CITATION.cff",
        ("Ukraine and Europe, 2014-2023", "Ukraine and Europe, 2014-2024"),
        "but CITATION.cff has Japan, Ukraine and Europe, 2014-2024",
    ),
    "a count of the evidence": (
        "data/README.md",
        ("twelve donors", "eleven donors"),
        "eleven is tied to no query (tests/expected/data.yml",
    ),
    "a limit in CONTRIBUTING": (
        "CONTRIBUTING.md",
        ("`evidence` is at most 8 words", "`evidence` is at most 9 words"),
        "9 is tied to no query (tests/expected/contributing.yml",
    ),
    "a title in the table of contents": (
        "_toc.yml",
        ("Guide to chapter 3", "Guide to chapter 4"),
        "the heading of chapters/instructors/guide_ch03 is “Guide to chapter three",
    ),
    "a title on the front page": (
        "chapters/index.md",
        ("[Nine days in February]", "[Ten days in February]"),
        "leads to the chapter “Nine days in February”",
    ),
    "the number of a chapter": (
        "chapters/ch08_defence.ipynb",
        ("[the seventh chapter](ch07", "[the eighth chapter](ch07"),
        "the link “the eighth chapter” leads to chapter 7",
    ),
    "the number of the texts": (
        "chapters/ch03_february_2022.ipynb",
        ("In the five texts neither", "In the six texts neither"),
        "says “the six texts”, but the data give 5",
    ),
    "the number of the G7": (
        "chapters/ch06_aid.ipynb",
        ("(glossary.md#g7), seven rich", "(glossary.md#g7), eight rich"),
        "says “eight rich democracies”, but the data give 7",
    ),
    "the number of the partners": (
        "chapters/glossary.md",
        ("The four Indo-Pacific partners", "The five Indo-Pacific partners"),
        "says “five Indo-Pacific partners”, but the data give 4",
    ),
    "the points of a plan": (
        "chapters/ch02_russia_gap.ipynb",
        ("a plan of eight points", "a plan of nine points"),
        "says “plan of nine points”, but the data give 8",
    ),
    "the kinds of conflict": (
        "chapters/ch11_when_sources_disagree.ipynb",
        ("into five kinds", "into six kinds"),
        "says “into six kinds”, but the data give 5",
    ),
    "the number of the cards": (
        "seeds/README.md",
        ("for each of the five published", "for each of the six published"),
        "six is tied to no query (tests/expected/seeds.yml",
    ),
    "the title of a guide": (
        "chapters/instructors/guide_ch05.md",
        ("chapter five: Energy and its price", "chapter six: Energy and its price"),
        "its title is “Guide to chapter six: Energy",
    ),
    "an objective of a guide": (
        "chapters/instructors/guide_ch02.md",
        ("- Objective five: every", "- Objective six: every"),
        "shares out the objectives [1, 2, 3, 4, 6], its chapter states [1, 2, 3, 4, 5]",
    ),
    "a prompt of a guide": (
        "chapters/instructors/guide_ch04.md",
        ("\n2. **", "\n9. **"),
        "comments on the prompts [1, 9, 3, 4, 5], its chapter asks [1, 2, 3, 4, 5]",
    ),
    "the minutes of a plan": (
        "chapters/instructors/plans.yml",
        ("One session of ninety minutes", "One session of twelve minutes"),
        "says twelve minutes, but it has 90",
    ),
    "the weeks of a plan": (
        "chapters/instructors/plans.yml",
        ("title: Four weeks", "title: Five weeks"),
        "says Five weeks, but it has 4",
    ),
    "an id in inline code": (
        "chapters/instructors/guide_ch03.md",
        ('put `"crimea-parliament-seized-2014"`', 'put `"crimea-parliament-seized-2015"`'),
        "`crimea-parliament-seized-2015` stands in no table",
    ),
    "a number in inline code": (
        "chapters/instructors/platforms.md",
        ("`158 MiB`", "`258 MiB`"),
        "`258 MiB` stands in no table",
    ),
    "the order of a chapter": (
        "data/chapters.csv",
        ("putin-visits-japan-2016", "shimoda-treaty-1855"),
        "begins, turns and ends in another order than the days: japan-sanctions-2014 (2014-03-18)",
    ),
    "the event on which a chapter turns": (
        "data/chapters.csv",
        ("world-bank-guarantee-2023", "japan-g7-presidency-2023"),
        "turns on japan-g7-presidency-2023, but the chapter tells nothing of January 2023",
    ),
    "a foundation": (
        "data/institutions.csv",
        (",,1998,", ",,1997,"),
        "founded: 1997, but tsuruoka2023 ¶4 gives",
    ),
}


@pytest.fixture(scope="module")
def spoilt(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    return said_of_spoilt(root, folder, SPOILT.values(), house.checks)


@pytest.mark.parametrize("case", SPOILT)
def test_what_no_longer_agrees_is_named(spoilt, case):
    path, _, said = SPOILT[case]
    path = {"CITATION.cff": "README.md"}.get(path, path)  # where the README says otherwise
    named((text for place, text in spoilt if place == path), said)


def test_what_is_settled_elsewhere_is_found_there(root):
    """Each of the project's own numbers that a document says has its file and its words."""
    for words, file, settled in house.OWN:
        assert house.re.search(settled, (root / file).read_text("utf8")), (words, file)
