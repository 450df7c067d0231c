"""Pages and slides for instructors: every objective, question and exhibit, and no key in search."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from casebook.export import slides
from tests.conftest import ROOT, agree
from tests.pages.reading import Tab, renew
from tests.pages.site import Book, bare, parse

CHAPTERS = sorted((ROOT / "chapters").glob("ch*.ipynb"))
MIMES = [f"application/vnd.casebook.{kind}+json" for kind in ("figure", "table", "explorer")]
SCREEN = {"width": 1366, "height": 768}


def exhibits(path: Path) -> list[dict]:
    cells = json.loads(path.read_text("utf8"))["cells"]
    bundles = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [bundle[mime] for bundle in bundles for mime in MIMES if mime in bundle]


def questions(path: Path) -> list[dict]:
    """The questions of a chapter as they are written; words with holes are left out."""
    banks = [ROOT / f"chapters/quizzes/{path.stem[:4]}{part}.yml" for part in ("", "_more")]
    return [q for bank in banks if bank.is_file() for q in yaml.safe_load(bank.read_text("utf8"))]


def discussed(path: Path) -> list[str]:
    cells = json.loads(path.read_text("utf8"))["cells"]
    (cell,) = [c for c in cells if "".join(c["source"]).startswith("## Discussion")]
    return re.findall(r"^\d+\. ", "".join(cell["source"]), re.M)


def untold(path: Path, book: Book) -> Iterator[str]:
    matrix, keys = (book[f"chapters/instructors/{name}.html"] for name in ("matrix", "keys"))
    links = {a.get("href") for a in matrix.all("a")}
    page, text = f"../{path.stem}.html", bare(keys.text)
    for question in questions(path):
        if f"{page}#{question['id']}" not in links:
            yield f"matrix: no link to {question['id']}"
        whole = [q for q in question.get("options", []) if q.get("correct") and "{" not in str(q)]
        for option in whole:
            if bare(option["text"]) not in text or bare(option["feedback"]) not in text:
                yield f"keys: {question['id']} lacks {option['text']!r} or its reason"


def test_matrix_and_keys_tell_every_question(book: Book) -> None:
    agree(f"{path.stem}: {said}" for path in CHAPTERS for said in untold(path, book))


def test_the_search_finds_headings_for_instructors_and_no_answer(site: Path) -> None:
    index = json.loads((site / "search-index.js").read_text("utf8").partition("=")[2].strip(";\n"))
    pages = {n for n, (page, _) in enumerate(index["pages"]) if "/instructors/" in page}
    heads = {entry[2]: entry[3] for entry in index["entries"] if entry[0] in pages}
    assert "Answer keys" in heads and "Debriefing" in heads
    agree(f"the search finds what stands under {head!r}" for head, text in heads.items() if text)


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return slides.write(tmp_path_factory.mktemp("site"), ROOT / "chapters")


def test_a_deck_shows_every_exhibit_question_and_prompt(decks: list[Path]) -> None:
    assert [deck.stem for deck in decks] == [path.stem[:4] for path in CHAPTERS]
    for deck, path in zip(decks, CHAPTERS):
        source = deck.read_text("utf8")
        page = parse(source)
        kinds = [section.classes - {"slide"} for section in page.all("section", cls="slide")]
        count = {kind: kinds.count({kind}) for kind in ("question", "key", "discuss", "title")}
        asked = len(questions(path))
        talked = len(discussed(path))
        assert count == {"question": asked, "key": asked, "discuss": talked, "title": 1}, deck.name
        linked = {a.get("href").partition("#")[2] for a in page.all("a")}
        assert {record["id"] for record in exhibits(path)} <= linked
        for section in page.all("section", cls="question"):
            assert not list(section.all("li", cls="right")), "a question shows its answer"
        ids = re.findall(r'(?<![\w-])id="([^"]+)"', source)
        assert len(ids) == len(set(ids)), f"{deck.name}: an id stands twice"
        assert not re.search(r'(?:src|<link[^>]*href)="(?!data:)', source), "loads another file"


@pytest.mark.parametrize("number", [2, 3])
def test_slides_fit_a_projector_turn_by_keys_and_print_one_a_page(
    decks: list[Path], tab: Tab, number: int
) -> None:
    page, complaints = renew(tab)
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    page.goto(decks[number - 1].as_uri())
    tall = "[...document.querySelectorAll('.slide')].filter((s) => s.offsetHeight > innerHeight)"
    assert page.evaluate(f"{tall}.map((s) => s.id)") == []
    count = page.locator(".slide").count()
    for key, at in (("ArrowRight", 2), ("ArrowDown", 3), ("ArrowLeft", 2), ("End", count)):
        page.keyboard.press(key)
        assert page.evaluate("location.hash") == f"#s{at}", complaints
    page.keyboard.press("n")
    assert page.locator(".notes").first.get_attribute("open") is not None
    page.keyboard.press("n")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count
    assert complaints == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_tall_chart_takes_the_height_of_the_slide(
    decks: list[Path], tab: Tab, number: int
) -> None:
    page, _ = renew(tab)
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    page.goto(decks[number - 1].as_uri())
    boxes = [box for svg in page.locator(".tall .cb-broad").all() if (box := svg.bounding_box())]
    assert boxes and all(box["height"] > 0.8 * SCREEN["height"] for box in boxes)


MAPS = """(ids) => ids.map((id) => {
  const drawings = document.querySelectorAll(`.slide:has(a[href$="#${id}"]) svg`);
  const all = (what) => [...drawings].flatMap((svg) => [...svg.querySelectorAll(what)]);
  const tall = (e) => e.getBoundingClientRect().height;
  return { least: Math.min(...all("text").map(tall)), marks: all(".cb-mark").filter(tall).length };
})"""


@pytest.mark.parametrize("number", [1, 7, 10])
def test_maps_are_read_from_the_last_row(decks: list[Path], tab: Tab, number: int) -> None:
    """Every place has its mark, and words are as tall as a fortieth of the screen."""
    page, complaints = renew(tab)
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    page.goto(decks[number - 1].as_uri())
    maps = [one for one in exhibits(CHAPTERS[number - 1]) if one.get("kind") == "map"]
    seen = page.evaluate(MAPS, [record["id"] for record in maps])
    assert [one["marks"] for one in seen] == [len(record["marks"]) for record in maps]
    assert min(one["least"] for one in seen) >= SCREEN["height"] / 40
    assert complaints == []


def test_decks_are_linked_once_they_are_there(site: Path, tmp_path: Path) -> None:
    home = tmp_path / slides.HOME
    home.parent.mkdir(parents=True)
    home.write_text((site / slides.HOME).read_text("utf8"), "utf8")
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "ch05.html").touch()
    slides.offer(tmp_path)
    slides.offer(tmp_path)
    links = re.findall(r'href="(\.\./\.\./slides/[^"]+)"', home.read_text("utf8"))
    assert links == ["../../slides/ch05.html"]
