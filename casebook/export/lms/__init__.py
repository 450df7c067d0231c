"""The question banks for learning platforms and for paper: one bank, many outputs.

`write` makes Moodle XML, GIFT, a QTI package for each chapter, a table, worksheets and keys from
the same items. Nothing is written before every bank was read, and the folder takes the place of the
one of before only when it is whole.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from casebook.book.typography import set_type
from casebook.export.lms import gift, items, table
from casebook.export.lms.items import Pool
from casebook.export.lms.markup import render
from casebook.quiz import bank
from casebook.teach.chapters import all_chapters

Print = Callable[[Path, Path], object]  # a page of HTML, and the PDF to make of it


@dataclass(frozen=True)
class Quiz:
    """The questions of a chapter; its title is that of the notebook."""

    name: str
    title: str
    pools: list[Pool]


def write(root: Path, folder: Path, to_pdf: Print | None = None) -> list[Quiz]:
    """Write all files into `folder` and return what they hold; `to_pdf` prints the worksheets too.

    Raises QuizError where a bank has a fault, and then leaves the folder as it was.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf8"))
    book = config["title"]
    quizzes = read(root, config["html"]["baseurl"])
    made = folder.with_name(f".{folder.name}")
    shutil.rmtree(made, ignore_errors=True)
    for path in ("canvas", "worksheets"):
        (made / path).mkdir(parents=True)
    categories = list(_categories(book, quizzes))
    (made / "moodle.xml").write_text(render("moodle.xml", categories=categories), "utf8")
    (made / "gift.txt").write_text(gift.write(categories), "utf8")
    every = [pool for quiz in quizzes for pool in quiz.pools]
    # The mark at its head tells Excel that the table is UTF-8.
    (made / "questions.csv").write_text(table.write(every), "utf-8-sig", newline="")
    for quiz in quizzes:
        _pack(made / "canvas" / f"{quiz.name}.zip", book, quiz)
        for stem, with_key in ((quiz.name, False), (f"{quiz.name}-key", True)):
            page = made / "worksheets" / f"{stem}.html"
            page.write_text(_sheet(book, quiz, with_key), "utf8")
            if to_pdf:
                to_pdf(page, page.with_suffix(".pdf"))
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)
    return quizzes


def read(root: Path, base: str) -> list[Quiz]:
    """Every bank of the book; sources link below the address `base`."""
    titles = {chapter.id: chapter.title for chapter in all_chapters(root / "chapters")}
    names = sorted(path.stem for path in bank.folder().glob("ch??.yml"))
    return [
        Quiz(name, f"{int(name[2:])} {titles.get(name, name)}", items.pools(name, base))
        for name in names
    ]


def _categories(book: str, quizzes: list[Quiz]) -> Iterator[tuple[str, Pool]]:
    """Paths in Moodle's question bank, where a stroke in a name is doubled, and what they hold."""
    for quiz in quizzes:
        names = (name.replace("/", "//") for name in (book, quiz.title))
        path = "/".join(("$course$", "top", *names))
        yield path, tuple(pool[0] for pool in quiz.pools if len(pool) == 1)
        for pool in quiz.pools:
            if len(pool) > 1:
                yield f"{path}/{pool[0].question.id}", pool


def _pack(path: Path, book: str, quiz: Quiz) -> None:
    """The package of a chapter for Canvas: QTI 1.2, its settings and its table of contents."""
    files = {
        "imsmanifest.xml": "canvas_manifest.xml",
        f"{quiz.name}/assessment_meta.xml": "canvas_settings.xml",
        f"{quiz.name}/{quiz.name}.xml": "canvas_questions.xml",
    }
    with ZipFile(path, "w") as archive:
        for name, template in files.items():
            text = render(template, name=quiz.name, title=f"{book}: {quiz.title}", pools=quiz.pools)
            # of 1980: the same bytes for the same questions
            archive.writestr(ZipInfo(name), text, ZIP_DEFLATED)


def _sheet(book: str, quiz: Quiz, with_key: bool) -> str:
    """A worksheet or its key, in one file; of a question with variants it has the first."""
    asked = {"book": book, "title": quiz.title, "items": [pool[0] for pool in quiz.pools]}
    return set_type(render("sheet.html", **asked, with_key=with_key, key=table.key))


def report(quizzes: list[Quiz]) -> Iterator[str]:
    """What was written, and what each type of question became, line by line."""
    pools = [pool for quiz in quizzes for pool in quiz.pools]
    count = sum(len(pool) for pool in pools)
    several = sum(len(pool) > 1 for pool in pools)
    yield f"{len(pools)} questions of {len(quizzes)} chapters; {several} are drawn from variants."
    yield f"{count} questions and variants in all, each in Moodle XML, QTI 1.2, GIFT and the table."
    yield ""
    row = "{:10}  {:<9}  {:11}  {:25}  {}"
    yield row.format("type", "questions", "Moodle", "Canvas (QTI)", "GIFT")
    counts = Counter(pool[0].question.type for pool in pools)
    for type, shape in items.SHAPES.items():
        yield row.format(type, counts[type], *items.BECOMES[shape])
