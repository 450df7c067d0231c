"""The promise: change one value in `data/`, and the checks name all that no longer agrees.

The book itself agrees; then each test spoils the facts, or a copy of the book, and reads what the
checks say of it.
"""

import ast
import copy
import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from casebook import cli
from casebook.checks import cards, figures, prose, quizzes, schema, spoil
from casebook.checks.book import Book
from casebook.checks.claims import untied_keys
from casebook.checks.facts import Facts, FactsError
from casebook.checks.prose import bare
from casebook.checks.quizzes import question_problems
from casebook.checks.rooms import checks, problems
from casebook.checks.words import tokens
from tests.conftest import ROOT, agree
from tests.promise import change, complaints, copied, edit, named, package

BOOK, FACTS = Book(ROOT), Facts(ROOT)


@pytest.fixture(scope="module")
def asked():
    """The checks of the book as it stands."""
    return list(checks(BOOK))


def test_everything_agrees(root):
    agree(complaints(root))


def test_the_checks_import_nothing_that_draws():
    for path in (ROOT / "casebook" / "checks").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert not name.startswith("casebook") or name.startswith("casebook.checks"), path
                assert name.partition(".")[0] not in ("pandas", "matplotlib", "numpy"), path


# What is changed, and what must be named: sentences, charts, alternative texts, tables, quiz keys.
CHANGES = {
    "a scramble count": (
        ("scrambles", "russian_aircraft", "493", "2014"),
        [
            "ch02_russia_gap, cell .*sentence .*473",
            "ch02_russia_gap, figure scrambles-by-nationality: chart, row 2014",
            "scrambles-by-nationality: alternative text",
            "ch02, quiz ",
        ],
    ),
    "the day on which one source lets Japan join": (
        (
            "event_sources",
            "date_as_given",
            "2022-02-27",
            "japan-joins-sanctions-2022--panda2022-2",
        ),
        [
            "ch03_february_2022, cell .*sentence .*28 February",
            "ch03_february_2022, figure days-by-source: chart, row japan-joins",
            "table tellings-of-joining",
        ],
    ),
    "the visa list of 2014": (
        ("japan_sanctions_rounds", "individuals_added", "24", "jp-2014-04-29"),
        [
            "ch01_crimea_2014, cell .*sentence .*23 persons",
            "ch01_crimea_2014, table designations-2014: table, row Visa ban",
            "ch01, quiz ch01-sum",
        ],
    ),
    "the day of the Cabinet's approval": (
        ("events", "record_date", "2022-03-02", "japan-cabinet-approves-2022"),
        [
            "ch03_february_2022, cell .*1 March",
            "figure days-by-source: chart, row japan-cabinet",
            "days-by-source: alternative text",
            "ch03, quiz ch03-days: key 5",
        ],
    ),
    "a running total": (
        ("quantities", "value", "498", "cfr2022-sanctioned-individuals"),
        [
            "ch04_sanctions, cell .*sentence .*499",
            "ch04_sanctions, figure rebuilding-the-total: chart",
            "rebuilding-the-total: alternative text",
            "table what-the-texts-count",
            "ch04, quiz ",
            "ch11_when_sources_disagree, cell repair, sentence .*499",
            "cfr2022, sentence .*499 persons",
            "row .* sanctions-38-or-47",
            "row .* its evidence says",
        ],
    ),
    "the words of a verdict": (
        ("claims", "claim", "The measures were severe.", "tsuruoka-2014-nominal"),
        ["ch01_crimea_2014, table judgements-2014"],
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_value_is_named_everywhere(asked, case):
    (table, column, value, key), expected = CHANGES[case]
    row = FACTS.row(table, key)["_row"]
    with FACTS.change(table, row, column, FACTS.typed(table, column, value)):
        found = [f"{p.place.name}: {p.text}" for check in asked for p in check.problems(FACTS)]
    for pattern in expected:
        assert any(re.search(pattern, one) for one in found), f"{pattern}\n" + "\n".join(found)


def test_the_readme_shows_what_the_checks_say(asked, root):
    told = (root / "README.md").read_text("utf8").partition("```text\n")[2].partition("```")[0]
    first, *lines = told.splitlines()
    with FACTS.change("scrambles", FACTS.row("scrambles", "2014")["_row"], "russian_aircraft", 474):
        found = [p.say(root) for check in asked for p in check.problems(FACTS)]
    assert first == (
        f"data/scrambles.csv:5: russian_aircraft was 473, is 474: {len(found)} no longer agree"
    )
    agree(
        f"README shows {line!r}, which no check says"
        for line in lines
        if not any(re.sub(r":\d+:", ":", one).startswith(shown(line)) for one in found)
    )


def shown(line):
    """A line of the README without the line number, up to where it is cut off."""
    return re.sub(r":\d+:", ":", line).removesuffix("…").rstrip()


def test_a_misspelt_table_is_named(root, tmp_path):
    book = copied(root, tmp_path)
    change(book, "scrambles", "russian_aircraft", "many", fiscal_year="2014")
    change(book, "scrambles", "total", "1_168", fiscal_year="2016")
    change(book, "people", "role_note", "a\u202eb", name="Shinzo Abe")
    change(book, "quantities", "unit", "euros", quantity_id="cfr2022-coal-share-from-russia")
    change(book, "events", "record_date", "2022-02-31", event_id="japan-cabinet-approves-2022")
    change(book, "people", "role", "minister\u00a0", name="Fumio Kishida")
    change(book, "quantities", "source_id", "cfr2021", quantity_id="cfr2022-evacuees-resettled")
    with open(book / "data" / "polls.csv", "a", encoding="utf8") as file:
        file.write("a,b\n")
    named(
        complaints(book),
        "total: '1_168' does not fit its type",
        "role_note: holds a space, a line break or another sign that cannot be seen",
        "its unit is euros, its evidence says",
        "record_date: '2022-02-31' is no date",
        "role: holds a space, a line break or another sign",
        ": 2 cells, expected ",
        "row 5: russian_aircraft: 'many' does not fit",
        "data/sources.csv has no 'cfr2021'",
    )


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("data/scrambles.csv", None, ":1: cannot be read: No such file"),
        ("data/scrambles.csv", "\xff", ":1: cannot be read: 'utf-8' codec"),
        ("data/datapackage.json", "{\n", ":2: cannot be read: Expecting property"),
        ("chapters/ch02_russia_gap.ipynb", "[]", ":1: cannot be read: list indices"),
        ("chapters/quizzes/ch02.yml", "- [", ":2: cannot be read: did not find"),
        ("chapters/quizzes/ch02.yml", "- a", ":1: cannot be read: question 1"),
        (
            "chapters/quizzes/ch02.yml",
            "- {id: a, objective: 1, type: single, prompt: b, sources: [c]}",
            ":1: cannot be read: question 1 has no options",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(root, tmp_path, monkeypatch, path, text, said):
    book = copied(root, tmp_path)
    (book / path).unlink()
    if text is not None:
        (book / path).write_bytes(text.encode("latin-1"))
    monkeypatch.chdir(book)
    with pytest.raises(SystemExit) as error:
        cli.main(["check", "--chapter", "ch02"])
    assert str(error.value).startswith(f"casebook: {path}{said}")


def test_a_chapter_that_is_not_there_or_not_built_is_named(root, tmp_path):
    with pytest.raises(SystemExit, match="no chapter or page has a name like ch99"):
        cli.main(["check", "--chapter", "ch99"])
    (copied(root, tmp_path) / "chapters" / "extra.md").write_text("# Extra\n", "utf8")
    assert complaints(tmp_path, "extra") == ["extra: it is not in _toc.yml, so it is not built"]


# columns in which a figure may stand inside words
TEXTS = {
    *("record", "reading_a", "reading_b", "description", "note", "label", "scope_note", "title"),
    *("claim", "release", "verified_figure", "event"),
}


def moved(cell: object, column: str, number: int) -> object:
    """Another cell: numbers and dates moved, digits in a text each by one."""
    if isinstance(cell, str) and not spoil.DATE.fullmatch(cell):
        swapped = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), cell)
        return swapped if column in TEXTS else cell
    if isinstance(cell, str):
        for _ in range(11):  # years on, or one year of a paragraph would become another of it
            cell = spoil.later(cell)
        return cell
    if isinstance(cell, float):
        return spoil.moved(spoil.moved(cell, number), number) + 1  # or shares of a sum stay alike
    return cell if cell is None else spoil.moved(cell, number)


@pytest.fixture(scope="module")
def elsewhere(root):
    """Facts in which every value that is no key differs."""
    facts = Facts(root)
    for resource in package(root)["resources"]:
        table, keys = resource["name"], resource["schema"]["primaryKey"]
        for row in facts.rows(table):
            for column, cell in row.items():
                plain = any(field["name"] == column for field in facts.fields[table])
                if plain and column not in keys and not column.startswith("paragraph"):
                    value = moved(cell, column, int(row["_row"] or 0))
                    if value != cell:
                        facts.move(table, int(row["_row"] or 0), column, value)
    return facts


def some_cell_names(check, queries):
    """Whether one cell that the queries read, moved alone, has the check find something."""
    assert not check.problems(FACTS)  # asked once, so that what the queries read is known
    for table, column in sorted({place for query in queries for place in FACTS.reads[query]}):
        if table not in FACTS.keys or column in ("_row", "", *FACTS.keys[table]):
            continue
        for row in FACTS.rows(table):
            other = moved(row[column], column, int(row["_row"] or 0))
            if other != row[column]:
                with FACTS.change(table, row["_row"], column, other):
                    if check.problems(FACTS):
                        return True
    return False


def test_no_sentence_survives_a_change_of_all_its_data(elsewhere):
    """Counts of rows do not move; where shares do not when all moves, one cell moves them."""
    seen, survivors = 0, []
    for check in prose.checks(BOOK):
        if ", cell " not in check.place.name:
            continue
        line, _, entries = check.ask.args
        queries = [query for one in entries for query in one.queries]
        unmoved = queries and all(
            re.search(r"\bdays\(|\bcount\(|sum\(vote|from asean\b|\b(fiscal_)?year\b", q)
            for q in queries
        )
        if line.startswith("#") or unmoved or not tokens(bare(line)):
            continue
        seen += 1
        if not check.problems(elsewhere) and not some_cell_names(check, queries):
            survivors.append(check.place.name)
    assert seen > 40 and not survivors, "\n".join(survivors)


def questions(*types):
    """(question, expectations) of the questions of these types whose key is tied throughout."""
    for bank, everything in BOOK.banks.items():
        expected = BOOK.expects(BOOK.chapter_of(bank))
        for question in everything:
            tied = question["id"] in expected.quiz and not list(untied_keys(question, expected))
            if question["type"] in types and tied:
                yield question, expected


def excused(text, question, expected):
    """Whether a part of the key is listed with the reason why no query settles it."""
    reasons = expected.unsettled.get(question["id"], {})
    return any(name == "key" or text.startswith(name) for name in reasons)


def survives(pair, expected):
    """Whether nothing new is said of a spoilt question, which follows the right one."""
    right, wrong = (
        {*question_problems(question, expected, FACTS), *untied_keys(question, expected)}
        for question in pair
    )
    return not wrong - right


def test_two_swapped_answers_of_a_match_are_named():
    seen, survivors = 0, []
    for question, expected in questions("match"):
        for one, other in combinations(range(len(question["pairs"])), 2):
            wrong = copy.deepcopy(question)
            first, second = wrong["pairs"][one], wrong["pairs"][other]
            first["right"], second["right"] = second["right"], first["right"]
            if first["right"] != second["right"]:
                seen += 1
                survivors += [question["id"]] if survives((question, wrong), expected) else []
    assert seen and not survivors, survivors


def test_another_option_marked_right_is_named():
    seen, survivors = 0, []
    for question, expected in questions("single", "multiple"):
        for number, option in enumerate(question["options"]):
            if not option.get("correct"):
                wrong = copy.deepcopy(question)
                if question["type"] == "single":
                    for other in wrong["options"]:
                        other.pop("correct", None)
                wrong["options"][number]["correct"] = True
                if excused(str(option["text"]), question, expected):
                    continue
                seen += 1
                survivors += [question["id"]] if survives((question, wrong), expected) else []
    assert seen and not survivors, survivors


def test_another_number_is_named():
    for question, expected in questions("numeric"):
        wrong = copy.deepcopy(question)
        wrong["answer"] += 1 + 2 * wrong.get("tolerance", 0)
        assert not survives((question, wrong), expected), question["id"]


TEMPLATES = [q for bank in BOOK.banks.values() for q in bank if "_more" in q["_path"]]


@pytest.mark.parametrize("question", TEMPLATES, ids=lambda question: question["id"])
def test_a_template_whose_key_is_spoilt_is_named(question):
    wrong, expected = copy.deepcopy(question), BOOK.expects("quizzes")
    if "answer" in wrong:
        wrong["answer"] = -987
    elif "items" in wrong:
        wrong["items"].reverse()
    elif "options" in wrong:
        for option in wrong["options"]:
            option["correct"] = not option.get("correct") if "query" not in wrong else "{wrong}"
        if "query" in wrong:
            wrong["query"] = f"select *, 2 as wrong from ({wrong['query']})"
    elif "outcomes" in wrong:
        wrong["outcomes"] = wrong["outcomes"].replace(
            "'invasion-2022'", "'swift-joint-statement-2022'"
        )
    else:
        wrong["chart"]["rows"] = "select 'x', 0"
    assert not survives((question, wrong), expected)


LINE = "[<Line2D at 0x7f26>]"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"output_type": "execute_result", "data": {"text/plain": [LINE]}}, LINE),
        ({"output_type": "stream", "text": [f"{LINE}\n"]}, LINE),
        ({"output_type": "display_data", "data": {"text/html": "498", "text/plain": "498"}}, "498"),
        ({"output_type": "display_data", "data": {"image/png": ""}}, "a picture without data"),
        ({"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}}, "without data"),
    ],
)
def test_a_cell_that_prints_or_shows_no_data_is_named(output, said):
    book, cell = Book(ROOT, "ch99"), {"cell_type": "code", "id": "rings", "outputs": [output]}
    book.notebooks = {"ch99_x": {"cells": [cell]}}
    (found,) = (p for check in figures.checks(book) for p in check.problems(FACTS))
    assert found.place.name == "ch99_x, cell rings" and said in found.text


def test_a_finding_that_no_query_tells_is_named(root, tmp_path):
    book = copied(root, tmp_path)
    edit(book / "chapters/ch07_people.ipynb", ("From India he flew to", "From Japan he flew to"))
    named(
        complaints(book, "ch07"),
        "ch07_people, figure way-to-kyiv: its finding “From Japan he flew to Poland, and there",
    )


def test_a_month_that_is_none_is_named_and_breaks_no_other_check(root, tmp_path):
    book = copied(root, tmp_path)
    change(book, "exchange_rates", "period", "2022-13", period="2022-12")
    asked = (p.text for check in schema.checks(Book(book)) for p in check.problems(Facts(book)))
    named(asked, "period: '2022-13' breaks pattern")


@pytest.mark.parametrize("name", ["notes.txt", "old/scrambles.csv", "scrambles.xlsx", "x.csv"])
def test_what_is_no_table_of_the_package_is_named(root, tmp_path, name):
    path = copied(root, tmp_path) / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a\n1\n", "utf8")
    first = name.partition("/")[0]
    (found,) = (
        p.say(tmp_path) for check in schema.checks(Book(tmp_path)) for p in check.problems(FACTS)
    )
    assert found.startswith(f"data/{first}:1: table: data/{first} is not described in")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda tables: tables.append(tables[0]), "a table stands twice in it"),
        (lambda tables: tables[0].update(path="new.csv"), "sources has the path 'new.csv'"),
    ],
)
def test_a_package_that_names_a_table_twice_or_elsewhere_is_refused(root, tmp_path, change, said):
    described = package(root)
    change(described["resources"])
    (tmp_path / "datapackage.json").write_text(json.dumps(described), "utf8")
    with pytest.raises(FactsError, match=f"data/datapackage.json:1: cannot be read: {said}"):
        Facts(root, tmp_path)


def test_an_orphan_number_is_named(root, tmp_path):
    path: Path = copied(root, tmp_path) / "chapters" / "index.md"
    path.write_text(path.read_text("utf8") + "\nJapan listed 77 persons.\n", "utf8")
    said = "index, sentence “Japan listed 77 persons.”: 77 has no source"
    assert any(one.startswith(said) for one in complaints(tmp_path, "index"))


def test_a_link_that_gives_a_chapter_another_year_is_named(root, tmp_path):
    edit(copied(root, tmp_path) / "chapters/index.md", ("gap, 2014-2021]", "gap, 2014-2031]"))
    named(complaints(tmp_path, "index"), "says 2031, which no heading of ch02_russia_gap does")


def test_a_number_in_a_plan_is_named(root, tmp_path):
    path = copied(root, tmp_path) / "chapters/instructors/plans.yml"
    edit(path, ("title: Four weeks", "title: 14 weeks"))
    named(complaints(tmp_path, "plans"), "plans, sentence “14 weeks”: 14 has no source")


def test_what_a_card_says_of_its_text_and_of_conflicts_is_named(root, tmp_path):
    book = copied(root, tmp_path)
    for path, old, new in (
        ("seeds/cfr2022", "About 28 April 2022", "About 28 May 2022"),
        ("seeds/cfr2022", "9 percent in [Pajon", "8 percent in [Pajon"),
        ("seeds/panda2022", "23, 25 and 27 February", "29, 25 and 27 February"),
        ("seeds/pollmann2023", "**¶4** ", "**¶4** Some twenty states. "),
        ("seeds/cfr2022", "- 10 percent of LNG and 4 percent", "- 4 percent of LNG and 10 percent"),
        ("seeds/panda2022", "crude for 240 days", "crude for 240 weeks"),
        ("seeds/README", "late March 2023", "late April 2023"),
        ("chapters/context", "at 1.01 percent", "at 1.31 percent"),
        ("chapters/context", "fiscal years 2011 to", "fiscal years 1911 to"),
        ("chapters/context", "table of 2017 to 2023", "table of 2018 to 2023"),
        ("chapters/context", "- Licence: CC BY 4.0", "- Licence: CC BY 3.0"),
        ("seeds/cfr2022", "CC BY-NC-ND 4.0", "CC BY-NC-SA 4.0"),
    ):
        edit(book / f"{path}.md", (old, new))
    named(
        (p.text for check in cards.checks(Book(book)) for p in check.problems(FACTS)),
        "says 28 May 2022, but data/sources.csv gives 2022-04",
        "says 8, but no row of its conflicts does (lng-9-or-10)",
        "says 29 February, but no row of its conflicts does",
        "“twenty” beside a paragraph that gives numbers",
        "says “4 percent of LNG and”, but 4 is told of something else there",
        "says 240 weeks, but its unit is days",
        "says April 2023, but data/sources.csv gives 2023-03",
        "says 1.31, but no row of ",
        "says 1911, but no row of jmod_scrambles does",
        "the range 2018 to 2023 is tied to no query",
        "says CC BY 3.0, but no row of geonames does",
        "says CC BY-NC-SA 4.0, but data/sources.csv has another licence for cfr2022",
    )


def test_a_date_in_what_is_chosen_and_an_id_given_twice_are_named(root, tmp_path):
    edit(
        copied(root, tmp_path) / "chapters/quizzes/ch02.yml",
        ("poisoning in Salisbury", "poisoning of March 2017"),
        ("id: ch02-oil", "id: ch02-benign"),
        ("the share fell by 2.6 points", "the share fell by 2.9 points"),
        ('"panda2022#p6"', '"panda2022#p99"'),
        ("A neighbour has to be talked to", "In 1871 a neighbour has to be talked to"),
    )
    asked = quizzes.checks(Book(tmp_path, "ch02"))
    named(
        (p.text for check in asked for p in check.problems(FACTS)),
        "item “Japan joins the G7 statement on the poisoning of March 2017” holds a number",
        "option “In a single year, from 2015 to 2016, the share fell by 2.9 points” holds a number",
        "pair “In 1871 a neighbour has to be talked to” holds a number",
        "2 questions have this id",
        "its source panda2022#p99: the card has no such paragraph",
    )


def test_a_claim_that_nothing_ties_is_listed_until_a_query_or_a_reason_does(root, tmp_path):
    book = copied(root, tmp_path)
    page = book / "chapters" / "about.md"
    told = "Slowed by the islands, Japan was the last"
    line = f"{told} ([Panda 2022, ¶9](../seeds/panda2022.md#p9))."
    page.write_text(f"# About\n\n## Rank\n\n{line}\n", "utf8")
    expected = book / "tests" / "expected" / "about.yml"
    expected.unlink()

    def listed():
        return [p.text for p in problems(book, "about")]

    assert ["“last” in “Slowed by the islands" in one for one in listed()] == [True]
    expected.write_text("prose: {rank: {the last: select count(*) > 0 from sources}}\n", "utf8")
    assert listed() == []
    expected.write_text("unsettled: {rank: {the last: who was asked is not known}}\n", "utf8")
    assert listed() == []
    expected.write_text("unsettled: {rank: {the first: because, the last: a b c}}\n", "utf8")
    assert listed() == [
        "“the first” stands nowhere there",
        "“the first”: expected a reason of a sentence",
    ]
