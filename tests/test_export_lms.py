"""Questions for other platforms, read back by readers of our own and compared with the YAML banks.

The published schema of QTI 1.2.1 cannot be had from a package: MODELS holds, for the elements that
we use, what its DTD (IMS, ims_qtiasiv1p2p1.dtd) lets stand in them, and in which order.
"""

import csv
import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
import yaml

from casebook import build
from casebook.checks.facts import Facts
from casebook.export import lms
from casebook.export.lms.items import BECOMES, SHAPES
from casebook.quiz import QuizError

SPACE = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
HOSTILE = (
    r"""<script>alert("1")</script> & 'Київ' 東京 {x} ~ = # #### : 5% \n \\ -> ]]> // [plain]"""
)


class Read(NamedTuple):
    """A question as a reader finds it: its key, and every text that stands in it."""

    key: object
    said: str


def line(text: str) -> str:
    return " ".join(text.split())


def plain(text: str | None) -> str:
    """HTML as text, on one line."""
    return line(html.unescape(re.sub("<[^>]*>", " ", text or "")))


# -- what the banks say ------------------------------------------------------------------------


def raw(folder: Path) -> dict[str, dict]:
    """Every question of the banks in `folder`, as YAML has it."""
    texts = (path.read_text("utf8") for path in sorted(folder.glob("ch*.yml")))
    return {entry["id"]: entry for text in texts for entry in yaml.safe_load(text)}


def is_template(entry: dict) -> bool:
    return "query" in entry or entry["type"] == "falsified"


def key(entry: dict) -> object:
    """A number and its tolerance, pairs (of an order: steps and places), or the right texts."""
    match entry["type"]:
        case "numeric":
            return float(entry["answer"]), float(entry.get("tolerance", 0))
        case "match":
            return {(line(pair["left"]), line(pair["right"])) for pair in entry["pairs"]}
        case "order":
            return {(line(each["text"]), str(n)) for n, each in enumerate(entry["items"], start=1)}
    return {line(each["text"]) for each in entry.get("options", ()) if each.get("correct")} or None


def texts(entry: dict, *fields: str) -> set[str]:
    """What a question and its parts say: the prompt, all that may be chosen, every feedback."""
    kinds = ("options", "mistakes", "items", "pairs", "outcomes")
    parts = [entry, *(part for kind in kinds for part in entry.get(kind, ()))]
    fields = fields or ("prompt", "sentence", "text", "left", "right", "feedback", "said")
    return {line(part[field]) for part in parts for field in fields if field in part}


# -- readers -----------------------------------------------------------------------------------


def moodle(folder: Path) -> dict[str, list[ET.Element]]:
    """The questions below the path of their category, which is a question to Moodle."""
    found: dict[str, list[ET.Element]] = {}
    for node in ET.parse(folder / "moodle.xml").getroot():
        if node.get("type") == "category":
            path = node.findtext("category/text")
        else:
            found.setdefault(path, []).append(node)
    return found


def from_moodle(folder: Path) -> dict[str, Read]:
    asked = (node for nodes in moodle(folder).values() for node in nodes)
    return {node.findtext("name/text"): moodle_question(node) for node in asked}


def moodle_question(node: ET.Element) -> Read:
    answers = {plain(each.findtext("text")): each for each in node.findall("answer")}
    earned = {text: float(each.get("fraction")) for text, each in answers.items()}
    made: object = {text for text, fraction in earned.items() if fraction > 0} or None
    match node.get("type"):
        case "numerical":
            first = node.find("answer")
            assert earned[first.findtext("text")] == 100, "Moodle takes the first that fits"
            made = float(first.findtext("text")), float(first.findtext("tolerance"))
        case "matching":
            pairs = node.findall("subquestion")
            made = {(plain(each.findtext("text")), each.findtext("answer/text")) for each in pairs}
        case "ordering":
            made = {(text, f"{place:g}") for text, place in earned.items()}
    return Read(made, "\n".join(plain(each.text) for each in node.iter("text")))


def packages(folder: Path) -> Iterator[tuple[str, dict[str, ET.Element], ET.Element]]:
    """Of each package for Canvas its name, its files and, of these, the questions."""
    for path in sorted((folder / "canvas").glob("*.zip")):
        with ZipFile(path) as archive:
            files = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
        asked = files[f"{path.stem}/{path.stem}.xml"]
        assert all(node.tag.startswith(SPACE) for node in asked.iter())
        for node in (node for root in files.values() for node in root.iter()):
            node.tag = node.tag.partition("}")[2]
        yield path.stem, files, asked


def from_canvas(folder: Path) -> dict[str, Read]:
    items = [node for *_, asked in packages(folder) for node in asked.iter("item")]
    return {node.get("ident"): canvas_question(node) for node in items}


def canvas_question(node: ET.Element) -> Read:
    shown = {each.get("linkrefid") for each in node.iter("displayfeedback")}
    kept = {each.get("ident") for each in node.iter("itemfeedback")}
    assert shown <= kept <= shown | {"correct_fb"}, "a feedback without its text, or the reverse"
    label = {}
    for each in [*node.iter("response_label"), *node.iter("response_lid")]:
        for text in each.findall("material/mattext"):
            is_html = text.get("texttype") == "text/html"
            label[each.get("ident")] = plain(text.text) if is_html else line(text.text)
    scored = [each for each in node.iter("respcondition") if each.find("setvar") is not None]
    equal = [each for case in scored for each in case.iter("varequal")]
    match next(node.iter("fieldentry")).text:
        case "numerical_question":
            number = [*node.iter("vargte"), equal[0], *node.iter("varlte")]
            low, exact, high = (float(each.text) for each in number)
            assert low <= exact <= high
            made: object = (exact, round(high - exact, 6))
        case "matching_question":
            made = {(label[each.get("respident")], label[each.text]) for each in equal}
        case _:
            denied = {each.text for each in node.iterfind(".//not/varequal")}
            made = {label[each.text] for each in equal if each.text not in denied} or None
    return Read(made, "\n".join(plain(each.text) for each in node.iter("mattext")))


def revealed(text: str) -> str:
    """A text of the GIFT file in which a sign after a backslash was hidden as another."""
    return re.sub("[\ue000-\ue0ff]", lambda sign: chr(ord(sign[0]) - 0xE000), text)


def from_gift(folder: Path) -> dict[str, Read]:
    text = (folder / "gift.txt").read_text("utf8")
    hidden = re.sub(r"\\(.)", lambda sign: chr(0xE000 + ord(sign[1])), text)
    found = {}
    for block in hidden.strip().split("\n\n"):
        if not block.startswith("$CATEGORY: "):
            form = r"::([a-z0-9-]+)::\[html\]([^{}~=#]*)\{(#?)([^{}]*)\n####([^{}~=#]*)\n\}"
            name, prompt, number, answers, general = re.fullmatch(form, block).groups()
            parts = re.findall(r"([=~])(?:%(-?[\d.]+)%)?([^=~#]*)(?:#([^=~#]*))?", answers)
            said = [prompt, general, *(text for part in parts for text in part[2:])]
            made = gift_key(parts, bool(number))
            found[name] = Read(made, "\n".join(plain(revealed(text)) for text in said))
    return found


def gift_key(parts: list[tuple[str, ...]], is_number: bool) -> object:
    earned = [(float(weight or 100 * (sign == "=")), text) for sign, weight, text, _ in parts]
    right = [text for fraction, text in earned if fraction > 0]
    if is_number:
        return tuple(float(part) for part in right[0].split(":"))
    if right and "->" in right[0]:
        pairs = (map(revealed, text.split("->", 1)) for text in right)
        return {(plain(left), line(partner)) for left, partner in pairs}  # a partner is no HTML
    return {plain(revealed(text)) for text in right} or None


def from_table(folder: Path) -> dict[str, Read]:
    with (folder / "questions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["id"]: Read(table_key(row), "\n".join(map(line, row.values()))) for row in rows}


def table_key(row: dict[str, str]) -> object:
    lines = row["key"].split("\n")
    match row["type"]:
        case "numeric":
            value, _, tolerance = lines[0].partition(" ± ")
            return float(value), float(tolerance or 0)
        case "match":
            return {tuple(map(line, each.split(" → "))) for each in lines}
        case "order":
            return {tuple(map(line, each.split(". ", 1)[::-1])) for each in lines}
    return set(map(line, filter(None, lines))) or None


READERS = {"Moodle": from_moodle, "Canvas": from_canvas, "GIFT": from_gift, "table": from_table}

# -- the book's own banks ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(root, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "export"
    lms.write(root, folder)
    return folder


@pytest.fixture(scope="module")
def banks(root) -> dict[str, dict]:
    return raw(root / "chapters" / "quizzes")


def differences(read: dict[str, Read], entries: dict[str, dict]) -> list[str]:
    """Where a question is not as its bank has it."""
    found = []
    for id, entry in entries.items():
        if id not in read:
            found.append(f"{id} is missing")
            continue
        given = read[id].key
        if any("chart" in option for option in entry.get("options", ())):
            given = {text.partition(" (")[0] for text in given}  # values of its chart follow
        if given != key(entry):
            found.append(f"{id}: key {given} (expected {key(entry)})")
        found += [f"{id}: without {text!r}" for text in texts(entry) if text not in read[id].said]
    return found


@pytest.mark.parametrize("reader", READERS)
def test_every_question_is_read_back_as_its_bank_has_it(reader, made, banks, root):
    read = READERS[reader](made)
    facts = Facts(root)
    plain_ones = {id: entry for id, entry in banks.items() if not is_template(entry)}
    assert not differences(read, plain_ones)
    variants = set(read) - set(plain_ones)
    for id, entry in banks.items():
        charts = (option["chart"] for option in entry.get("options", ()) if "chart" in option)
        for label, value in (row for chart in charts for row in facts.ask(chart["rows"]).rows):
            assert f"{label} {value:g}" in read[id].said
        if "query" in entry:
            answer = facts.ask(entry["query"])
            own = sorted(name for name in variants if re.fullmatch(rf"{id}-\d\d", name))
            assert len(own) == len(answer.rows), f"{id}: as many variants as its query has rows"
            if entry["type"] == "numeric" and re.fullmatch(r"\{\w+\}", str(entry["answer"])):
                column = answer.columns.index(entry["answer"].strip("{}"))
                keys = [read[name].key[0] for name in own]
                assert keys == pytest.approx([float(row[column]) for row in answer.rows])
    ids = {name.rpartition("-")[0] for name in variants}
    assert ids == {id for id, entry in banks.items() if is_template(entry)}


def test_all_files_hold_the_same_questions_and_each_falsified_page_one_false_part(made, banks):
    moodle, canvas, gift, table = (reader(made) for reader in READERS.values())
    assert set(moodle) == set(canvas) == set(gift) == set(table)
    for name, question in table.items():
        others = (canvas[name].key, gift[name].key, moodle[name].key)
        assert others == (question.key,) * 3, name
        if "-falsified-" in name:
            assert len(question.key) == 1 and "Falsified." in moodle[name].said


def test_variants_are_pools_from_which_one_is_drawn(made, banks):
    templates = {id for id, entry in banks.items() if is_template(entry)}
    categories = moodle(made)
    assert all(path.startswith("$course$/top/From Crimea to Vilnius/") for path in categories)
    pools = {
        path.rpartition("/")[2]: [node.findtext("name/text") for node in nodes]
        for path, nodes in categories.items()
        if path.rpartition("/")[2] in templates
    }
    groups = {}
    for section in (each for *_, asked in packages(made) for each in asked.iter("section")):
        if section.get("ident") != "root_section":
            assert section.findtext("selection_ordering/selection/selection_number") == "1"
            names = [item.get("ident") for item in section.findall("item")]
            groups[section.get("title")] = names
    assert pools == groups and set(pools) == templates


# -- form ------------------------------------------------------------------------------------------

MODELS = {
    "questestinterop": "assessment ",
    "assessment": "(section )+",
    "section": "(selection_ordering )?((item |section ))*",
    "selection_ordering": "selection ",
    "selection": "selection_number selection_extension ",
    "selection_extension": ".*",  # ANY
    "item": "itemmetadata presentation resprocessing (itemfeedback )*",
    "itemmetadata": "qtimetadata ",
    "qtimetadata": "(qtimetadatafield )+",
    "qtimetadatafield": "fieldlabel fieldentry ",
    "presentation": "material ((response_lid |response_str ))+",
    "response_lid": "(material )?render_choice ",
    "response_str": "render_fib ",
    "render_choice": "(response_label )+",
    "render_fib": "response_label ",
    "response_label": "(material )?",
    "resprocessing": "outcomes (respcondition )+",
    "outcomes": "decvar ",
    "respcondition": "conditionvar (setvar )*(displayfeedback )*",
    "conditionvar": "((not |and |or |other |varequal |vargte |varlte ))+",
    "and": "((not |varequal |vargte |varlte ))+",
    "or": "((and |varequal ))+",
    "not": "varequal ",
    "itemfeedback": "flow_mat ",
    "flow_mat": "(material )+",
    "material": "mattext ",
}
# Of canvas.instructure.com/xsd/cccv1p0.xsd, element quiz.
SETTINGS = {"title", "description", "quiz_type", "points_possible", "allowed_attempts"}
SETTINGS |= {"shuffle_answers", "show_correct_answers"}


def test_a_package_for_canvas_has_the_form_that_its_schemas_ask(made):
    for name, files, asked in packages(made):
        listed = {node.get("href") for node in files["imsmanifest.xml"].iter("file")}
        assert listed == set(files) - {"imsmanifest.xml"}
        meta = files[f"{name}/assessment_meta.xml"]
        settings = {node.tag: node.text for node in meta}
        assert set(settings) <= SETTINGS and settings["quiz_type"] == "practice_quiz"
        for node in asked.iter():
            inside = "".join(f"{child.tag} " for child in node)
            assert re.fullmatch(MODELS.get(node.tag, ""), inside), f"{name}: {node.tag}: {inside}"
        idents = [node.get("ident") for node in asked.iter("item")]
        assert len(idents) == len(set(idents))


# Those that Moodle's question/engine/bank.php allows; the import refuses others.
FRACTIONS = {0, 100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20}
FRACTIONS |= {16.66667, 14.28571, 12.5, 11.11111, 10, 5}


def test_moodle_is_given_what_its_import_reads(made):
    asked = [node for nodes in moodle(made).values() for node in nodes]
    names = [node.findtext("name/text") for node in asked]
    assert len(names) == len(set(names))
    for name, node in zip(names, asked):
        assert node.find("questiontext").get("format") == "html"
        fractions = [float(each.get("fraction")) for each in node.findall("answer")]
        if node.get("type") == "multichoice":
            assert {abs(each) for each in fractions} <= FRACTIONS
            assert sum(each for each in fractions if each > 0) == pytest.approx(100, abs=1e-4)
            assert node.findtext("single") == str(100 in fractions and min(fractions) == 0).lower()
        elif node.get("type") == "ordering":
            assert fractions == sorted(fractions) and len(name) <= 42  # it cuts longer ones


def test_a_known_mistake_is_known_when_it_is_rounded(made):
    numbers = ET.parse(made / "moodle.xml").getroot().findall("question/answer[tolerance]")
    mistakes = [each for each in numbers if each.get("fraction") == "0"]
    assert any("." in each.findtext("text") for each in mistakes)
    for each in mistakes:
        text, tolerance = each.findtext("text"), float(each.findtext("tolerance"))
        digits = len(text.partition(".")[2])
        given = round(float(text), max(digits - 1, 1))  # as a student gives it
        assert tolerance > 0 and abs(given - float(text)) <= tolerance + 1e-9


TYPED = str.maketrans("‘’“”–−", "''\"\"--")  # paper has set marks, a bank those one types


def test_a_worksheet_tells_no_reason_and_its_key_all(made, banks):
    for id, entry in banks.items():
        if not is_template(entry):
            stems = (id[:4], f"{id[:4]}-key")
            pages = [(made / "worksheets" / f"{stem}.html").read_text("utf8") for stem in stems]
            sheet, answers = (plain(page).translate(TYPED) for page in pages)
            reasons = {text.translate(TYPED) for text in texts(entry, "feedback")}
            prompt = line(entry["prompt"]).translate(TYPED)
            assert prompt in sheet and prompt in answers
            assert not [text for text in reasons if text in sheet or text not in answers], id


def test_the_page_says_what_each_type_becomes(root):
    page = (root / "chapters" / "instructors" / "lms.md").read_text("utf8")
    rows = re.findall(r"^\| \*\*(\w+)\*\*: [^|]+ \| (.+) \| (.+) \| (.+) \|$", page, re.M)
    named = {
        type: tuple(name.removesuffix("_question").replace("_", " ") for name in BECOMES[shape])
        for type, shape in SHAPES.items()
    }
    assert {type: tuple(names) for type, *names in rows} == named


# -- what may go wrong --------------------------------------------------------------------------


def hostile() -> list[dict]:
    """A question of each type in which every text holds signs that the formats use."""
    common = {"objective": 1, "sources": ["cfr2022#p4"], "prompt": HOSTILE}
    why = f"{HOSTILE} why"
    said = [f"{HOSTILE} {n}" for n in range(3)]
    options = [{"text": text, "feedback": f"{why} {n}"} for n, text in enumerate(said)]
    right = [options[0] | {"correct": True}, *options[1:]]
    outcomes = [{"first": text, "second": "b", "said": f"{why} {text}"} for text in said[:2]]
    mistakes = [{"answer": -5, "feedback": f"{why} 5"}]
    pairs = [{"left": text, "right": f"{HOSTILE} r{n}"} for n, text in enumerate(said[:2])]
    more = {
        "single": {"options": right},
        "multiple": {"options": right},
        "judgement": {"options": options},
        "mark": {"options": right[:2], "sentence": f"{said[0]}, {said[1]}."},
        "numeric": {"answer": -0.5, "unit": HOSTILE, "feedback": why, "mistakes": mistakes},
        "order": {"items": [{"text": text} for text in said], "feedback": why},
        "match": {"pairs": pairs, "feedback": why},
        "criterion": {"controls": ["a", "b"], "outcomes": outcomes},
    }
    return [common | {"id": f"ch01-{type}", "type": type, **rest} for type, rest in more.items()]


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """Write the bank of chapter 1, the only one, and return its folder."""
    folder = tmp_path / "quizzes"
    folder.mkdir()
    monkeypatch.setenv("CASEBOOK_QUIZZES", str(folder))

    def write(questions: list[dict]) -> Path:
        text = yaml.safe_dump(questions, allow_unicode=True)
        (folder / "ch01.yml").write_text(text, "utf8")
        return folder

    return write


@pytest.mark.parametrize("reader", ["Moodle", "Canvas", "GIFT"])
def test_signs_that_a_format_uses_and_other_scripts_come_through(reader, bank, root, tmp_path):
    folder = bank(hostile())
    lms.write(root, tmp_path / "export")
    assert not differences(READERS[reader](tmp_path / "export"), raw(folder))
    for page in (tmp_path / "export" / "worksheets").glob("*.html"):
        assert "<script" not in page.read_text("utf8")


def test_a_bank_with_a_fault_stops_the_export_and_what_was_there_stays(
    bank, root, tmp_path, capsys, monkeypatch
):
    bank(hostile())
    folder = tmp_path / "_build" / "export"
    lms.write(root, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    faulty = hostile()
    faulty[0]["options"][1]["correct"] = True
    bank(faulty)
    with pytest.raises(QuizError):
        lms.write(root, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["export"]
    monkeypatch.setenv("CHROME_PATH", shutil.which("true") or "")
    assert build.main(["export"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "chapters/quizzes/ch01.yml, question 1 (ch01-single)" in said
