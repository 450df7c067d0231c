"""A deck of slides for each chapter: its question, charts, quiz and discussion, one file each.

All is made from the notebooks and the banks; nothing is written for the deck alone. A deck holds
its style, script and faces, so it opens from disk, wherever it is carried, and prints one slide a
page. `write` makes the decks, `offer` links them from the page for instructors.
"""

import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from posixpath import normpath
from typing import Any

from markupsafe import Markup

from casebook import evidence, quiz, style
from casebook.book import layout
from casebook.book.figures import drawings
from casebook.book.languages import mark_japanese
from casebook.book.slim import SVG
from casebook.book.tables import dated, worded
from casebook.book.typography import set_type
from casebook.explorer import cited, human
from casebook.export import SLIDES
from casebook.figure import FIGURE
from casebook.teach.chapters import LINK, Chapter, Exhibit, Section, all_chapters, plain
from casebook.templates import templates

HERE = Path(__file__).parent / "deck"
TEMPLATES = templates(HERE)
HOME = Path("chapters", "instructors", "index.html")
PLACE = re.compile(r"(<!--slides(?: (ch\d\d))?-->).*?(?=<!--/slides-->)", re.S)
SAID = (
    "Each deck opens from disk: arrow keys turn the slides, N shows the notes, D changes the "
    "colours; printed, a slide is a page."
)
CITED = re.compile(r"\s*\((?:\[[^\]]*\]\([^)]*\)(?:[,;] )?)+\)")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
# So many letters have room on a slide of a kind; where there are more, all its type shrinks.
ROOM = {"chart": 95, "table": 720, "question": 520, "key": 520, "list": 560, "discuss": 320}
LEAST = 0.5
TALL = 0.85
# Top of the ground on which axes draw, and the room above it for their name.
BACKDROP = re.compile(r'id="backdrop-\d+".*? L \S+ \S+ +L \S+ (\S+)', re.S)
HEAD = 20


@dataclass
class Slide:
    """What a slide shows; `kind` chooses how the template writes it."""

    kind: str
    title: str
    kicker: str = ""
    text: str = ""
    svg: str = ""
    is_tall: bool = False
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    question: quiz.Question | None = None
    source: Markup = field(default_factory=Markup)
    notes: list[str] = field(default_factory=list)
    words: int = 0

    @property
    def fit(self) -> float:
        """How far the type shrinks so that all its words have room."""
        room = ROOM.get(self.kind, self.words)
        return round(max(LEAST, (room / self.words) ** 0.5), 2) if room < self.words else 1


def write(site: Path, folder: Path) -> list[Path]:
    """Make the decks of the chapters in `folder` beside the pages in `site`."""
    chapters = all_chapters(folder)
    (site / SLIDES).mkdir(exist_ok=True)
    made = []
    for chapter, after in zip(chapters, [*chapters[1:], None]):
        path = site / SLIDES / f"{chapter.id}.html"
        path.write_text(deck(chapter, after, _title(folder)), "utf8")
        made.append(path)
    return made


def deck(chapter: Chapter, after: Chapter | None, book: str) -> str:
    """The file of a deck."""
    script = (HERE / "deck.js").read_text("utf8")
    fonts = {name: layout.THEME / "static" / f"{name.lower()}.woff2" for name in ("Serif", "Sans")}
    html = TEMPLATES.get_template("deck.html").render(
        chapter=chapter,
        book=book,
        slides=list(slides(chapter, after)),
        faces={name: b64encode(path.read_bytes()).decode() for name, path in fonts.items()},
        hues=[(hue[1:], dark) for hue, dark in style.DARK.items() if hue != style.FAINT],
        script=Markup(script),
        icon=layout.ICON,
        policy=f"{layout.policy(script, '')}; font-src data:",
    )
    return mark_japanese(set_type(html))


def _title(folder: Path) -> str:
    found = re.search(r"^# (.+)$", (folder / "index.md").read_text("utf8"), re.M)
    return found[1] if found else ""


# -- the slides of a chapter --------------------------------------------------


def slides(chapter: Chapter, after: Chapter | None) -> Iterator[Slide]:
    """From the title to what is read next."""
    yield _opening(chapter)
    yield _list("After this chapter you can", "Objectives", chapter.objectives)
    for section in chapter.sections:
        for exhibit in section.exhibits:
            yield shown(chapter, section, exhibit)
    questions = quiz.load(chapter.id)
    for number, question in enumerate(questions, start=1):
        yield from asked(question, f"Question {number} of {len(questions)}")
    for number, text in enumerate(chapter.discussion, start=1):
        kicker = f"Discussion, {number} of {len(chapter.discussion)}"
        yield Slide("discuss", plain(text), kicker, words=len(plain(text)))
    yield _list("What we keep", "Summary", [plain(point) for point in chapter.points("summary")])
    yield _last(chapter, after)


def _list(title: str, kicker: str, items: list[str]) -> Slide:
    return Slide("list", title, kicker, items=items, words=sum(map(len, items)))


def _opening(chapter: Chapter) -> Slide:
    """The scene in its first words; the whole of it in the notes."""
    first = chapter.sections[0].text.strip().split("\n\n")[0]
    begins, *more = SENTENCE.split(plain(CITED.sub("", first)))
    scene = f"{begins} {more[0]}" if more and len(begins) < 90 else begins
    kicker = f"Chapter {chapter.number}"
    return Slide("title", chapter.title, kicker, scene, notes=[plain(first)])


def shown(chapter: Chapter, section: Section, exhibit: Exhibit) -> Slide:
    """An exhibit under its finding, with its sources; the caption is the speaker's note."""
    record, svg = exhibit.record, exhibit.svg
    if "states" in record:
        record, svg = _start(record)
        record = record | {"title": exhibit.record["caption"], "caption": record["title"]}
    title, caption = record.get("title") or record["caption"], record["caption"]
    said, *more = SENTENCE.split(title)
    notes = [" ".join(more), caption if caption != title else "", record.get("alt", "")]
    slide = Slide(
        "chart" if svg else "table",
        said,
        section.title,
        source=_source(chapter, exhibit, record["sources"]),
        notes=list(filter(None, notes)),
    )
    if svg:
        slide.svg, slide.words = _drawn(svg, record), len(said)
        _, _, width, height = map(float, ET.fromstring(svg).get("viewBox", "").split())
        slide.is_tall = record["kind"] != "map" and height > TALL * width
        return slide
    names, linked = record["columns"], record.get("links", ())
    slide.heads = [human(name) for name in names]
    slide.rows = [
        [_cell(name, value, name == names[0], name in linked) for name, value in zip(names, row)]
        for row in record["rows"]
    ]
    slide.words = sum(len(text) for row in slide.rows for text in row)
    return slide


def _drawn(svg: str, record: dict[str, Any]) -> Markup:
    """The drawings of a chart.

    A map is read from the last row as the phone's drawing, whose words are large, and what the page
    sets one above the other stands side by side.
    """
    if record["kind"] != "map":
        return drawings(svg, record)
    narrow = ET.fromstring(record["narrow"])
    _, _, width, height = map(float, narrow.get("viewBox", "").split())
    axes = [group for group in narrow.iter() if group.get("id", "").startswith("axes_")]
    heads = [float(BACKDROP.findall(ET.tostring(one, "unicode"))[0]) - HEAD for one in axes]
    plain_record = {name: value for name, value in record.items() if name != "narrow"}
    others = {one.get("id") for one in axes}
    drawn = Markup()
    for n, (start, end) in enumerate(pairwise([0, *heads[1:], height])):
        own = ET.fromstring(record["narrow"])
        own.set("viewBox", f"0 {start:.0f} {width:.0f} {end - start:.0f}")
        for parent in list(own.iter()):
            for other in [g for g in parent if g.get("id") in others - {axes[n].get("id")}]:
                parent.remove(other)
                parent.extend(other.iter(f"{SVG}defs"))  # symbols that the rest may use
        single = plain_record | {"id": f"{record['id']}-{n + 1}"}
        drawn += drawings(ET.tostring(own, "unicode"), single)
    return drawn


def _start(explorer: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The chart that an explorer shows first."""
    states = explorer["states"]
    state = next((one for one in states if one["choice"] == explorer["start"]), states[0])
    return state["data"][FIGURE], state["data"]["image/svg+xml"]


def _cell(name: str, value: Any, is_key: bool, is_linked: bool) -> str:
    if not is_linked:
        return worded(name, value, key=is_key)
    return dated(cited(value)) or "none of the five texts"


def _source(chapter: Chapter, exhibit: Exhibit, references: list[str]) -> Markup:
    """The line of sources, and where the exhibit stands in the book."""
    name = f"{exhibit.kind.capitalize()} {chapter.number}.{exhibit.number}"
    page = f"../chapters/{chapter.stem}.html#{exhibit.id}"
    labels = "; ".join(evidence.cite(reference)[0] for reference in references)
    word = "Sources" if len(references) > 1 else "Source"
    return Markup('<a href="{}">{}</a>. {}: {}.').format(page, name, word, labels)


def asked(question: quiz.Question, kicker: str) -> Iterator[Slide]:
    """A question, and on the next slide its answer."""
    options = getattr(question, "options", ())
    ways = {"judgement": "what each answer implies", "criterion": "what follows"}
    told = question.type == "judgement"  # each of its reasons stands on the slide
    notes = [f"{one.text}: {one.feedback}" for one in options if not one.correct and not told]
    notes += [f"{one.answer:,.10g}: {one.feedback}" for one in getattr(question, "mistakes", ())]
    sources = "; ".join(evidence.cite(reference)[0] for reference in question.sources)
    words = _letters(question)  # of both, so that nothing jumps when the answer comes
    yield Slide("question", question.prompt, kicker, question=question, words=words)
    yield Slide(
        "key",
        question.prompt,
        f"{kicker}: {ways.get(question.type, 'the answer')}",
        question=question,
        source=Markup("Source: {}.").format(sources),
        notes=notes,
        words=words,
    )


def _letters(question: quiz.Question) -> int:
    """How much room a question takes with its answer, in letters; a line of its own counts more."""
    options = getattr(question, "options", ())
    others = [getattr(question, name, ()) for name in ("items", "pairs", "outcomes")]
    count = len(question.prompt) + len(getattr(question, "feedback", ""))
    count += sum(len(one.text) + 30 + 45 * (one.bar is not None) for one in options)
    told = question.type == "judgement"
    said = sum(len(one.feedback) for one in options if one.correct or told)
    count += said * 2 // 3 if told else said  # in full lines, which leave less room empty
    count += sum(60 * len(one.chart.rows) for one in options if one.chart)
    texts = [vars(one) | {"feedback": ""} for some in others for one in some]
    lines = sum(30 + sum(map(len, held.values())) for held in texts)
    return count + (lines * 2 // 3 if question.type == "criterion" else lines)  # two columns


def _last(chapter: Chapter, after: Chapter | None) -> Slide:
    links = [_link(f"{after.stem}.ipynb", after.title, after.question)] if after else []
    for point in chapter.points("further-reading")[: 2 if after else 3]:
        if found := LINK.search(point):
            said = plain(point.partition(found[0])[2]).lstrip(",: ")
            links.append(_link(found[2], plain(found[1]), said))
    return Slide("last", "What to read next", links=links)


def _link(address: str, title: str, said: str) -> dict[str, str]:
    """A link of a chapter as a deck has it."""
    if not re.match(r"[a-z]+:", address):
        page = re.sub(r"\.(?:md|ipynb)\b", ".html", address)
        address = normpath(f"../chapters/{page}")
    return {"address": address, "title": title, "said": said[:1].upper() + said[1:]}


# -- links --------------------------------------------------------------------


def offer(site: Path) -> None:
    """Link the decks that there are from the page for instructors."""
    page = site / HOME

    def linked(found: re.Match[str]) -> str:
        begin, id = found.groups()
        if id is None:
            return f"{begin}{SAID}"
        there = (site / SLIDES / f"{id}.html").is_file()
        return begin + (f' · <a href="../../{SLIDES}/{id}.html">Slides</a>' if there else "")

    page.write_text(PLACE.sub(linked, page.read_text("utf8")), "utf8")
