"""The book and each chapter as PDF: tagged, with an outline, in the light, printed by a browser.

The built pages are put one after the other into one page, which has their style sheet: what they
say on paper (notes with addresses, open folds, worksheets and their answers) is the theme's.
"""

import re
import subprocess
from collections import Counter
from html import escape, unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from tempfile import TemporaryDirectory

from markupsafe import Markup

from casebook.export import BOOK, FOLDER
from casebook.templates import templates

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--virtual-time-budget=20000"),
)
CONTENTS = re.compile(r'<li[^>]*><a href="([^"#]+\.html)"')
ARTICLE = re.compile(r"<main[^>]*>(.*?</article>)", re.S)
CLASS = re.compile(r'<body( class="[^"]*")?>')
TITLE = re.compile(
    r'<h1>(?:<span class="section-number">.*?</span>)?(.*?)<a class="headerlink', re.S
)
FOOT = re.compile(r"<footer>\s*<p>(.*?)</p>", re.S)
NUMBER = re.compile(r"/ch0?(\d+)")
ID = re.compile(r'(?<![\w-])id="([^"]+)"')
# What names an element of the page or leads to one.
NAMING = re.compile(
    r'(?<![\w-])(id|for|href|xlink:href|aria-(?:labelledby|describedby|controls))="([^"]*)"'
)
TEMPLATES = templates(Path(__file__).parent)


class PrintError(RuntimeError):
    """A PDF that the browser did not make."""


def write(site: Path, browser: str, base: str) -> list[Path]:
    """Print the book and every chapter in `site` into its folder of files to take along.

    Links to what is not in a PDF lead to the address `base`.
    """
    order, folder = contents(site), site / FOLDER
    folder.mkdir(exist_ok=True)
    jobs = {BOOK: order} | {Path(name).stem: [name] for name in order if NUMBER.search(name)}
    made = []
    for stem, names in jobs.items():
        sheet = folder / f"{stem}.print.html"
        sheet.write_text(bind(site, names, base), "utf8")
        made.append(print_page(sheet, folder / f"{stem}.pdf", browser))
        sheet.unlink()
    return made


def contents(site: Path) -> list[str]:
    """The pages in the order of reading, as addresses from the folder `site`."""
    first = "chapters/index.html"
    found = CONTENTS.findall((site / first).read_text("utf8"))
    order = dict.fromkeys([first, *(normpath(join("chapters", href)) for href in found)])
    # progress lives on a screen, and each chapter prints its own answers
    return [name for name in order if not name.endswith(("progress.html", "keys.html"))]


def bind(site: Path, names: list[str], base: str) -> str:
    """The pages `names` as one, whose ids are unique and whose links stay inside where they can.

    Where they are several, what the first says at its foot stands on a cover, above the contents.
    """
    pages = {name: (site / name).read_text("utf8") for name in names}
    counts = Counter(id for page in pages.values() for id in set(ID.findall(_first(ARTICLE, page))))
    twice = {id for id, count in counts.items() if count > 1}
    return TEMPLATES.get_template("bound.html").render(
        pages=[_bound(name, pages, twice, base) for name in pages],
        cover=_first(FOOT, pages[names[0]]) if len(names) > 1 else "",
        base=base,
    )


def _bound(name: str, pages: dict[str, str], twice: set[str], base: str) -> dict[str, str]:
    """A page as the template wants it; `twice` are the ids that more than one page has."""

    def named(page: str, id: str) -> str:
        return f"{Path(page).stem}--{id}" if id in twice else id

    def lead(href: str) -> str:
        if re.match(r"[a-z]+:", href):
            return href
        file, _, id = href.partition("#")
        target = normpath(join(dirname(name), file)) if file else name
        if target in pages:
            return f"#{named(target, id)}" if id else f"#page--{Path(target).stem}"
        return f"{base}{target}{'#' + id if id else ''}"

    def renamed(found: re.Match[str]) -> str:
        attribute, value = found[1], unescape(found[2])
        is_link = attribute.endswith("href")
        new = lead(value) if is_link else " ".join(named(name, id) for id in value.split())
        return f'{attribute}="{escape(new)}"'

    page = pages[name]
    return {
        "stem": Path(name).stem,
        "number": _first(NUMBER, name),
        "title": _first(TITLE, page).striptags(),
        "kind": _first(CLASS, page),
        "body": Markup(NAMING.sub(renamed, _first(ARTICLE, page))),
    }


def _first(pattern: re.Pattern[str], page: str) -> Markup:
    """What the pattern finds first; nothing where there is no such part."""
    found = pattern.search(page)
    return Markup(found[1] or "" if found else "")


def print_page(sheet: Path, pdf: Path, browser: str) -> Path:
    """Print the page `sheet` as the file `pdf`; raises PrintError if the browser does not."""
    pdf.unlink(missing_ok=True)
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}"]
        done = subprocess.run([*command, sheet.as_uri()], capture_output=True, text=True)
    if done.returncode or not pdf.is_file():
        raise PrintError(f"{pdf.name} was not printed: {done.stderr.strip()[-300:]}")
    return pdf
