"""The book and each chapter as PDF: tagged, with an outline, in the light, printed by a browser.

The built pages are put one after the other into one page, which has their style sheet: what they
say on paper (notes with addresses, open folds, worksheets and their answers) is the theme's.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape, unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from tempfile import TemporaryDirectory

from casebook.export import BOOK, FOLDER

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--virtual-time-budget=20000"),
)
CONTENTS = re.compile(r'<li[^>]*><a href="([^"#]+\.html)"')
ARTICLE = re.compile(r"<main[^>]*>(.*?</article>)", re.S)
CLASS = re.compile(r"<body( class=\"[^\"]*\")?>")
TITLE = re.compile(
    r"<h1>(?:<span class=\"section-number\">.*?</span>)?(.*?)<a class=\"headerlink", re.S
)
ID = re.compile(r'(?<![\w-])id="([^"]+)"')
# What names an element of the page or leads to one.
NAMING = re.compile(
    r'(?<![\w-])(id|for|href|xlink:href|aria-(?:labelledby|describedby|controls))="([^"]*)"'
)
SHEET = """<!DOCTYPE html>
<html lang="en" class="disk" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="../_static/theme.css"><script defer src="../_static/theme.js"></script>
</head><body><button class="theme" hidden></button><main id="main" class="bound">
{cover}{body}</main></body></html>
"""


class PrintError(RuntimeError):
    """A PDF that the browser did not make."""


def write(site: Path, browser: str, base: str) -> list[Path]:
    """Print the book and every chapter in `site` into its folder of files to take along.

    Links to what is not in a PDF lead to the address `base`.
    """
    order = contents(site)
    chapters = [name for name in order if re.search(r"/ch\d\d", name)]
    folder = site / FOLDER
    folder.mkdir(exist_ok=True)
    jobs = {BOOK: order} | {Path(name).stem: [name] for name in chapters}
    made = []
    for stem, names in jobs.items():
        sheet = folder / f"{stem}.print.html"
        sheet.write_text(bind(site, names, base, with_cover=len(names) > 1), "utf8")
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


def bind(site: Path, names: Iterable[str], base: str, with_cover: bool = False) -> str:
    """The pages `names` as one, whose ids are unique and whose links stay inside where they can."""
    pages = {name: (site / name).read_text("utf8") for name in names}
    counts = Counter(id for page in pages.values() for id in set(ID.findall(_text(page))))

    def named(name: str, id: str) -> str:
        return f"{Path(name).stem}--{id}" if counts[id] > 1 else id

    def lead(name: str, href: str) -> str:
        if re.match(r"[a-z]+:", href):
            return href
        file, _, id = href.partition("#")
        target = normpath(join(dirname(name), file)) if file else name
        if target in pages:
            return f"#{named(target, id)}" if id else f"#page--{Path(target).stem}"
        return f"{base}{target}{'#' + id if id else ''}"

    body = "".join(_bound(name, page, named, lead) for name, page in pages.items())
    titles = {name: unescape(re.sub("<[^>]+>", "", title(page))) for name, page in pages.items()}
    cover = _cover(pages[next(iter(pages))], titles, base) if with_cover else ""
    return SHEET.format(title=escape(next(iter(titles.values()))), cover=cover, body=body)


def _bound(
    name: str, page: str, named: Callable[[str, str], str], lead: Callable[[str, str], str]
) -> str:
    def renamed(found: re.Match[str]) -> str:
        attribute, value = found[1], unescape(found[2])
        if attribute.endswith("href"):
            value = lead(name, value)
        else:
            value = " ".join(named(name, id) for id in value.split())
        return f'{attribute}="{escape(value)}"'

    kind = CLASS.search(page)
    body = NAMING.sub(renamed, _text(page))
    return f'<div id="page--{Path(name).stem}"{kind[1] or "" if kind else ""}>{body}</div>\n'


def _text(page: str) -> str:
    found = ARTICLE.search(page)
    return found[1] if found else ""


def title(page: str) -> str:
    """The heading of a page."""
    found = TITLE.search(page)
    return found[1].strip() if found else ""


def _cover(first: str, titles: dict[str, str], base: str) -> str:
    said = re.search(r"<footer>\s*<p>(.*?)</p>", first, re.S)
    items = "".join(
        f'<li><a href="#page--{Path(name).stem}">{_number(name)}{escape(title)}</a></li>'
        for name, title in list(titles.items())[1:]
    )
    return (
        f'<div class="cb-cover"><p class="cb-name">{escape(next(iter(titles.values())))}</p>'
        f"<p>{said[1] if said else ''}</p><p>{escape(base)}</p>"
        f'<nav aria-label="Contents"><ul>{items}</ul></nav></div>\n'
    )


def _number(name: str) -> str:
    found = re.search(r"/ch(\d\d)", name)
    return f"{int(found[1])} · " if found else ""


def print_page(sheet: Path, pdf: Path, browser: str) -> Path:
    """Print the page `sheet` as the file `pdf`; raises PrintError if the browser does not."""
    pdf.unlink(missing_ok=True)
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}"]
        done = subprocess.run([*command, sheet.as_uri()], capture_output=True, text=True)
    if done.returncode or not pdf.is_file():
        raise PrintError(f"{pdf.name} was not printed: {done.stderr.strip()[-300:]}")
    return pdf
