"""Sentences against the evidence: what must be named is named; queries can only ask."""

import re

import pytest

from casebook.checks.expected import read
from casebook.checks.facts import Facts, FactsError
from casebook.checks.prose import read_lines, sentence_problems
from tests.promise import copied, entry, raw


@pytest.fixture(scope="module")
def facts(root):
    return Facts(root)


CARD = "([CFR 2022, ¶4](../seeds/cfr2022.md#p4))."
PERSONS = "q('cfr2022-sanctioned-individuals')"
TALLY = """select date_as_given from event_sources
where event_source_id = 'japan-sanctions-tally-2022--cfr2022'"""
WRONG = {
    "an orphan number": ("Japan listed 77 persons.", {}, "77 has no source in its sentence"),
    "a number that its paragraph does not give": (
        f"Japan listed 498 persons {CARD}",
        {},
        "says 498, but cfr2022 ¶4 gives",
    ),
    "a date that its paragraph does not give": (
        f"This stood on 13 April {CARD}",
        {},
        "says 13 April",
    ),
    "a number with neighbours of its unit": (
        f"Russia sold Japan 10 percent of its LNG {CARD}",
        {},
        "10 has neighbours of its unit in cfr2022 ¶4 (4, 11)",
    ),
    "another number of the same paragraph": (
        f"Russia sold Japan 11 percent of its LNG {CARD}",
        {"11 percent of its LNG": "q('cfr2022-lng-share-from-russia')"},
        "says 11, but quantities cfr2022-lng-share-from-russia gives 10",
    ),
    "a datum hidden in a word": (
        "Its four islands are disputed ([Panda 2022, ¶4](../seeds/panda2022.md#p4)).",
        {},
        "write it in digits",
    ),
    "a false calculation": (f"Together 720 {CARD}", {"720": PERSONS}, "says 720, but"),
    "a claim that is false": (
        "Fewer scrambles than in the year before.",
        {"Fewer": "select max(total) < min(total) from scrambles"},
        "says “Fewer”, but scrambles",
    ),
    "a link that says another paragraph": (
        "Japan listed 499 persons ([CFR 2022, ¶5](../seeds/cfr2022.md#p4)).",
        {},
        "leads to ¶4 of cfr2022",
    ),
    "a year without source": ("In 2016 it went on.", {}, "2016 has no source"),
    "a wrong day of record": (
        "It began on 25 February 2022.",
        {"25 February 2022": "record('invasion-2022')"},
        "gives 2022-02-24",
    ),
    "a query of the wrong shape": (
        "It had 3.",
        {"3": "select 3, 4, max(total) from scrambles"},
        "1 rows of 3 columns, expected 1 of 1",
    ),
    "a query that asks nothing": ("It had 3.", {"3": "3"}, "its query reads no table"),
    "a decimal comma": (f"Japan listed 499,5 persons {CARD}", {}, "5 cannot be read as a number"),
    "a sign for a fraction": (f"It sold ½ of it {CARD}", {}, "½ cannot be read as a number"),
    "a short word for billions": (f"It sold 499bn {CARD}", {}, "499 cannot be read as a number"),
    "a vote that looks like a name": (f"It won by 141/193 {CARD}", {}, "says 141, but"),
    "a large number in words": (f"Japan listed five hundred {CARD}", {}, "“hundred” beside a par"),
    "another number in words": (
        "Its three islands are disputed ([Panda 2022, ¶4](../seeds/panda2022.md#p4)).",
        {},
        "says three islands, but its paragraph gives 4",
    ),
    "another unit": (
        f"Japan listed 499 percent {CARD}",
        {},
        "says 499 percent, but its unit is pers",
    ),
    "no unit": (f"Russia sold Japan 10 of its LNG {CARD}", {}, "but not that its unit is percent"),
    "another unit than its query": (
        f"Japan listed 499 dollars {CARD}",
        {"499": "russian_individuals_total('jp-2022-04-12')"},
        "says 499 dollars, but the data are in persons",
    ),
    "another unit of time": (
        "Then lay 3 weeks.",
        {"lay 3": "days('invasion-2022', '2022-02-27')"},
        "says 3 weeks, but the data are in days",
    ),
    "a currency that its words leave out": (
        "Japan promised USD 0.6 billion.",
        {"0.6 billion": "q('pollmann2023-aid-japan')"},
        "its words leave out the currency of USD 0.6 billion",
    ),
    "percent for points": (
        "It rose by 9.9 percent.",
        {
            "rose by 9.9": """select round(max(russia_share_pct) - min(russia_share_pct)) - 3.1
            from energy_imports where importer = 'Japan' and fuel = 'coal'"""
        },
        "says 9.9 percent, but the data are in points",
    ),
    "another series": (
        "It gave more ([Kiel Release 8](context.md#kiel_r7)).",
        {},
        "leads to the series “Kiel Release 7”",
    ),
    "a number in the name of a link": (
        "Japan listed [498 persons](https://www.mofa.go.jp/a.html).",
        {},
        "the link “498 persons” hides a number",
    ),
    "a number in an alternative text": (
        '<img alt="77 persons" src="a.png">',
        {},
        "77 has no source",
    ),
    "a year in a heading": ("## Crimea, 2015", {}, "2015 has no source"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_sentence_is_named(facts, case):
    sentence, expected, problem = WRONG[case]
    entries = [entry(words, query) for words, query in expected.items()]
    found = list(sentence_problems(sentence, [], entries, facts))
    assert any(problem in one for one in found), found


PAGE = "https://www.nippon.com/en/news/yjj2022033100750/"
PAGE += "japan-not-to-withdraw-from-sakhalin-2-project-kishida.html"


def test_a_date_agrees_with_the_event_whose_page_is_linked(facts):
    def found(day, more=""):
        said = f"On {day} Kishida told parliament so ([Nippon]({PAGE})).{more}"
        return list(sentence_problems(said, [], [], facts))

    assert not found("31 March 2022") and not found("31 March")
    assert "30 March 2022 has no source" in found("30 March 2022")[0]
    row = facts.row("events", "sakhalin-2-kept-2022")["_row"]
    with facts.change("events", row, "record_date", "2022-04-01"):
        assert found("31 March 2022")
    other = facts.row("events", "sakhalin-2-decree-2022")
    with facts.change("events", other["_row"], "record_address", f"https://a.org; {PAGE}"):
        assert found("31 March 2022"), "a slip could put the day of the one event for the other's"
        assert not found("31 March 2022", " The decree came on 30 June 2022.")
        assert found("30 June 2022", " The decree came on 30 June 2022.")


def test_a_right_sentence_passes(facts):
    sentence = (
        "By 12 April Japan had listed 499 individuals, 537 with the 38 organisations, "
        f"says the G7 watcher in its 28th note {CARD}"
    )
    entries = [
        entry("537", f"{PERSONS} + q('cfr2022-sanctioned-organisations')"),
        entry("12 April", TALLY),
    ]
    assert list(sentence_problems(sentence, [], entries, facts)) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("```python\n77\n```\na", "a"),
        ("- b\n  ```\n  77\n  ```\n  a", "- b a"),
        ("> ~~~~\n> 77\n> ~~~\n> ~~~~\na", "a"),
        ("````md\n```\n77\n```\n````\na", "a"),
        ("```{code-block} python\n77\n```\na", "a"),
        ("```{note}\n77\n```", "77"),
        ("  :::{admonition} 76\n  77\n  :::", "76 77"),
        ("```{figure} a77.png\n:width: 80%\n:alt: 76\n\n77\n```", "76 77"),
        ("a<!-- 77\n78 -->", "a"),
    ],
)
def test_what_a_reader_sees_is_read_and_no_code(text, read):
    lines = read_lines(text)
    assert " ".join(" ".join(lines).split()) == read and len(lines) == text.count("\n") + 1


@pytest.mark.parametrize(
    "query",
    [
        "delete from scrambles",
        "select 1; drop table scrambles",
        "attach 'x' as y",
        "q('x')",
        "select (",
    ],
)
def test_a_query_can_only_ask(facts, query):
    with pytest.raises(FactsError):
        facts.ask(query)
    assert facts.value("select count(*) from scrambles")


@pytest.mark.parametrize(
    ("query", "table", "key", "column"),
    [
        (
            "pct_gdp_vintage_2025('JPN-2021')",
            "military_expenditure",
            "JPN-2021",
            "pct_gdp_vintage_2025",
        ),
        ("q('fnn-2023-01-defence-against')", "polls", "fnn-2023-01-defence-against", "share_pct"),
        ("q('jpf5-2023-07-20')", "aid_pledges_japan", "jpf5-2023-07-20", "value_usd"),
        ("record('invasion-2022')", "events", "invasion-2022", "record_date"),
        ("record('nato-2014-05-06')", "chronology", "nato-2014-05-06", "date"),
        ("record('pajon_pejsova2022')", "sources", "pajon_pejsova2022", "published"),
        ("replace(cite('cfr2022', 4), ', ¶4', '')", "sources", "cfr2022", "short"),
    ],
)
def test_a_row_is_asked_for_by_its_key(root, facts, query, table, key, column):
    (row,) = (row for row in raw(root, table) if key in row.values())
    value = facts.value(query)
    assert value == (row[column] if isinstance(value, str) else float(row[column]))


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("days('invasion-2022', '2022-03-01')", 5),
        ("days('crimea-recognised-2014', 'jp-2014-03-18')", 1),
        ("days(null, 'invasion-2022') is null", 1),
        ("before('crimea-recognised-2014', 'crimea-annexation-2014', 'mh17-2014')", 1),
        ("before('crimea-annexation-2014', 'crimea-recognised-2014', 'mh17-2014')", 0),
        ("before('japan-first-step-2014', 'crimea-annexation-2014')", 0),  # the same day
        ("said('coal-cause', 'gave both grounds')", 1),
        ("said('coal-cause', 'gave both grounds', 'gave a third')", 0),
        ("date_as_given_end('g7-brussels-summit-2022--cfr2022')", "2022-04-30"),
    ],
)
def test_days_and_words_of_rows(facts, query, value):
    assert facts.value(query) == value


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q('cfr2022-x')", "data/ has no row 'cfr2022-x' with a column value or share_pct"),
        ("gas('1999')", "data/ has no row '1999' with a column gas"),
        ("share_pct('invasion-2022')", "no row 'invasion-2022' with a column share_pct"),
        ("year('JPN-2021')", "data/ has 2 rows 'JPN-2021' with a column year"),
    ],
)
def test_a_key_without_its_one_row_is_named(facts, query, said):
    with pytest.raises(FactsError, match=re.escape(said)):
        facts.ask(query)


def test_a_changed_cell_changes_what_its_key_gives(facts):
    row = facts.row("events", "invasion-2022")["_row"]
    with facts.change("events", row, "record_date", "2022-02-25"):
        assert facts.value("record('invasion-2022')") == "2022-02-25"
    assert facts.value("record('invasion-2022')") == "2022-02-24"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("mh17-2014", "record('mh17-2014')"),
        ("5 - 2, 'a-1', \"b-2\"", "5 - 2, 'a-1', \"b-2\""),
        ("a-1, q(b-2--c)", "record('a-1'), q('b-2--c')"),
        ("days(a-1, iif(q(b-2), c-3, 'd-4')) < e-5", "days('a-1', iif(q('b-2'), 'c-3', 'd-4'))"),
    ],
)
def test_a_key_is_a_row_within_brackets_and_its_day_outside(tmp_path, written, asked):
    path = tmp_path / "ch00.yml"
    path.write_text(f"prose:\n  a:\n    1 May: |\n      {written}\n")
    (query,) = read(path).prose["a"]["1 May"].queries
    assert query.startswith(asked)


def test_the_views_add_up(root, facts):
    """What Japan had promised by March 2023, in euros and dollars, added up by hand."""
    rates = {row["period"]: float(row["eur_per_usd"]) for row in raw(root, "exchange_rates")}
    months = [
        (row["month"], float(row["committed_eur_bn"] or 0))
        for row in raw(root, "aid_monthly")
        if row["donor"] == "Japan" and row["month"] <= "2023-03"
    ]
    for column, view, total in (
        ("committed", "aid_to_date", sum(eur for _, eur in months)),
        ("committed_usd", "aid_in_dollars", sum(eur / rates[month] for month, eur in months)),
    ):
        where = f"from {view} where donor = 'Japan' and month = '2023-03'"
        for query in (f"{column} {where}", f"{column}('Japan 2023-03')"):
            assert facts.value(query) == pytest.approx(1e9 * total)


def test_each_view_is_asked(root):
    """A view that no expectation and no other view asks is dropped."""
    folder = root / "tests" / "expected"
    views = (folder / "views.sql").read_text("utf8")
    asked = views + "".join(path.read_text("utf8") for path in folder.glob("*.yml"))
    for name in re.findall(r"create view (\w+)", views):
        assert re.search(rf"(from|join|in|,) {name}\b", asked), name


def test_a_broken_view_is_one_line(root, tmp_path):
    book = copied(root, tmp_path)
    for broken in ("create view a as select (", "create view a (id) as select no_such_column"):
        (book / "tests" / "expected" / "views.sql").write_text(broken, "utf8")
        with pytest.raises(FactsError, match=r"^tests/expected/views\.sql:1: cannot be read: "):
            Facts(book)
