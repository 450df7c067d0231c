"""The evidence: the package is what it says, and every row stands in its source."""

import calendar
import hashlib
import json
import re
from collections import defaultdict

import pytest
from frictionless import Package

from casebook import evidence
from tests.conftest import agree
from tests.promise import raw, read

SEEDS = {
    "cfr2022": "000",
    "pajon_pejsova2022": "001",
    "panda2022": "002",
    "pollmann2023": "003",
    "tsuruoka2023": "004",
}
PACKAGE = json.loads((evidence.folder() / "datapackage.json").read_text("utf8"))
TABLES = [resource["name"] for resource in PACKAGE["resources"]]


def fold(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="session")
def paragraphs(seeds):
    """(source id, paragraph) -> text of the paragraph, each checked against its sha-256."""
    found = {}
    files = {
        name: next(seeds.glob(f"{number}_*.txt")).read_text("utf8").split("\n")
        for name, number in SEEDS.items()
    }
    names = {number: name for name, number in SEEDS.items()}
    for row in read(seeds / "paragraphs.csv"):
        name = names[row["source_id"]]
        text = fold(files[name][int(row["line_in_file"]) - 1])
        assert hashlib.sha256(text.encode()).hexdigest() == row["sha256"], (
            f"{name} ¶{row['paragraph']}: the text at hand is not the one that was read"
        )
        found[name, row["paragraph"]] = text
    return found


def test_package_is_valid(root):
    """Frictionless, which knows nothing of casebook, finds no error in any table."""
    report = Package(str(root / "data" / "datapackage.json")).validate()
    assert report.valid, "\n".join(
        str(row) for row in report.flatten(["name", "rowNumber", "fieldName", "note"])[:20]
    )


@pytest.mark.parametrize("resource", PACKAGE["resources"], ids=TABLES)
def test_every_column_is_described(resource):
    assert resource.get("licenses") and resource.get("description"), (
        "licence or description is missing"
    )
    for field in resource["schema"]["fields"]:
        assert len(field.get("description", "")) > 10, f"column {field['name']} has no description"
        if field["type"] in ("number", "integer"):
            assert field.get("unit"), f"column {field['name']} has no unit"


@pytest.mark.parametrize("table", TABLES)
def test_load_gives_every_row(root, table):
    assert len(evidence.load(table)) == len(raw(root, table))


def test_outside_series_have_a_section(root):
    """Every source has a card or, for an outside series, a section with its anchor."""
    page = (root / "chapters" / "context.md").read_text("utf8")
    for row in raw(root, "sources"):
        if row["kind"] == "seed":
            assert (root / row["card"]).is_file(), row["source_id"]
        else:
            assert f"({row['source_id']})=" in page, (
                f"chapters/context.md has no section {row['source_id']}"
            )


@pytest.mark.parametrize("source", SEEDS)
def test_card_tells_every_paragraph(root, source, paragraphs):
    anchors = re.findall(
        r"^\{#p(\d+)\}$", (root / "seeds" / f"{source}.md").read_text("utf8"), re.M
    )
    assert sorted(anchors, key=int) == sorted((p for s, p in paragraphs if s == source), key=int)


@pytest.mark.parametrize(
    ("table", "column", "most"),
    [("quantities", "evidence", 8), ("claims", "evidence", 8), ("quotes", "words", 12)],
)
def test_evidence_stands_in_its_paragraph(root, paragraphs, table, column, most):
    problems = []
    for row in raw(root, table):
        where = f"data/{table}.csv, row {row['_row']}, column {column}: {row[column]!r}"
        text = paragraphs.get((row["source_id"], row["paragraph"]))
        if text is None:
            problems.append(f"{where}: {row['source_id']} has no ¶{row['paragraph']}")
        elif fold(row[column]) not in text:
            problems.append(f"{where} does not stand in {row['source_id']} ¶{row['paragraph']}")
        if len(row[column].split()) > most:
            problems.append(f"{where} has more than {most} words")
    agree(problems)


def test_every_paragraph_is_the_source_of_a_row(root, paragraphs):
    """No paragraph is passed over: each carries a number, an event, a quotation or a claim."""
    used = {
        (row["source_id"], row["paragraph"])
        for table in ("quantities", "event_sources", "quotes", "claims")
        for row in raw(root, table)
    }
    unused = sorted((source, int(paragraph)) for source, paragraph in set(paragraphs) - used)
    assert not unused, "\n".join(
        f"{source} ¶{paragraph} is no source in quantities, event_sources, quotes, claims"
        for source, paragraph in unused
    )


def test_institutions_stand_in_their_paragraphs(root, paragraphs):
    problems = []
    for row in raw(root, "institutions"):
        where = f"data/institutions.csv, row {row['_row']}"
        if row["paragraph"] and row["spelling"] not in paragraphs.get(
            (row["source_id"], row["paragraph"]), ""
        ):
            problems.append(
                f"{where}: {row['spelling']!r} stands not in {row['source_id']} ¶{row['paragraph']}"
            )
        if not row["paragraph"] and not row["note"].startswith(
            "Named outside the numbered paragraphs"
        ):
            problems.append(
                f"{where}: no paragraph, and the note does not say where the name stands"
            )
        places = filter(None, row["also_in"].split("; "))
        problems += [
            f"{where}: there is no {place}"
            for place in places
            if tuple(place.split("#p")) not in paragraphs
        ]
    assert not problems, "\n".join(problems)


def test_paragraph_numbers_exist(root, paragraphs):
    columns = [
        ("event_sources", "source_id", "paragraph"),
        ("people", "source_id", "paragraph"),
        ("institutions", "source_id", "paragraph"),
        ("conflicts", "source_a", "paragraph_a"),
        ("conflicts", "source_b", "paragraph_b"),
    ]
    problems = [
        f"data/{table}.csv, row {row['_row']}: {row[source]} has no ¶{row[paragraph]}"
        for table, source, paragraph in columns
        for row in raw(root, table)
        if row[paragraph]
        and row[source] in SEEDS
        and (row[source], row[paragraph]) not in paragraphs
    ]
    agree(problems)


# Digits of the texts that are no data: the numbers of list items.
LIST_NUMBER = re.compile(r"^\d\. |\(\d\)")
MONTHS = {name: number for number, name in enumerate(calendar.month_name[1:], 1)}
NAMES = "|".join(MONTHS)
DAY = re.compile(rf"({NAMES})\.? (\d{{1,2}})\b|\b(\d{{1,2}}) ({NAMES})")
YEAR = re.compile(r"(?<![\d,.])((?:19|20)\d\d)(\b)?")  # a decade (2010s) is an interval, no year
FIGURE = re.compile(r"(?<![\w,.-])[€$]?(\d[\d,]*(?:\.\d+)?)\s*(million|billion)?")


def held(root):
    """The values and the dates of the rows, by source and paragraph."""
    values, dates = defaultdict(set), defaultdict(str)
    for row in raw(root, "quantities"):
        place = row["source_id"], row["paragraph"]
        values[place].add(float(row["value"]))
        dates[place] += f" {row['as_of_start']} {row['as_of_end']}"
    for row in raw(root, "event_sources"):
        dates[row["source_id"], row["paragraph"]] += f" {row['date_as_given']}"
    return values, dates


def untold(text, values, dates):
    """What a paragraph prints in digits and has no row: days, years, figures."""
    text = LIST_NUMBER.sub("", text)
    for day in DAY.finditer(text):
        if f"-{MONTHS[day[1] or day[4]]:02}-{int(day[2] or day[3]):02}" not in dates:
            yield f"{day[0]} has no row in event_sources.csv"
        text = text.replace(day[0], " " * len(day[0]))
    for year in YEAR.finditer(text):
        if year[2] is not None and year[1] not in dates:
            yield f"year {year[1]} has no row"
    for digits, scale in FIGURE.findall(YEAR.sub(" ", text)):
        times = {"million": 1e6, "billion": 1e9}.get(scale, 1)
        if float(digits.replace(",", "")) * times not in values:
            yield f"{digits} {scale}".strip() + " has no quantity"


def test_no_number_of_the_texts_is_missing(root, paragraphs):
    """Every figure, day and year in digits that the five texts print has a row of its paragraph."""
    values, dates = held(root)
    agree(
        f"{source} ¶{paragraph}: {problem}"
        for (source, paragraph), text in paragraphs.items()
        for problem in untold(text, values[source, paragraph], dates[source, paragraph])
    )


RUN = 9  # this many equal words in a row are somebody else's sentence


def shingles(text):
    words = re.findall(r"[^\W_]+", text.lower().replace("’", "'"))
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def borrowed(root, texts):
    """Runs of nine words that a file of the project shares with one of the texts."""
    stolen = set().union(*map(shingles, texts))
    problems = []
    for path in sorted(
        p
        for folder in ("seeds", "data", "chapters", "casebook")
        for p in (root / folder).rglob("*")
        if p.suffix in (".md", ".csv", ".ipynb", ".yml", ".json", ".py")
    ):
        if "originals" in path.parts:
            continue
        text = path.read_text("utf8")
        if path.name == "quotes.csv":
            continue  # official and spoken words, at most twelve, marked as such
        if path.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        problems += [
            f"{path.relative_to(root)}: “{run}” is a run of {RUN} words of a seed text"
            for run in sorted(shingles(text) & stolen)[:1]
        ]
    return problems


def test_no_sentence_of_a_text_is_copied(root, paragraphs):
    agree(borrowed(root, paragraphs.values()))


def test_a_copied_sentence_would_be_found(tmp_path, paragraphs):
    (tmp_path / "seeds").mkdir()
    sentence = " ".join(paragraphs["tsuruoka2023", "14"].split()[:14])
    (tmp_path / "seeds" / "tsuruoka2023.md").write_text(f"# Card\n\n{sentence}\n", "utf8")
    assert any(
        "seeds/tsuruoka2023.md" in problem for problem in borrowed(tmp_path, paragraphs.values())
    )
