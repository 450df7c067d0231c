"""What stands around the text of a page: the order of the book, its line of time, the buttons.

`frame` gives the templates of `theme/` what they show. The places of the chapters in time come from
`data/chapters.csv`, their questions from the table of the first page.
"""

import itertools
import re
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.addnodes import pending_xref, toctree
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from casebook import evidence
from casebook.book import assets
from casebook.book.languages import mark_japanese
from casebook.book.notes import source_note
from casebook.book.typography import set_type, typeset
from casebook.teach.chapters import MINUTES

THEME = Path(__file__).parent / "theme"
# In the page itself, in one line and without its comments.
EARLY = "".join(re.findall(r"^\s*(?!//)(\S.*)", (THEME / "early.js").read_text("utf8"), re.M))
# The icon stands in the page: one request less.
FAVICON = assets.HERE / "static" / "favicon.svg"
ICON = "data:image/svg+xml," + quote(FAVICON.read_text("utf8").strip().replace('"', "'"), " /:<>='")
# The line is not even: the years of the war take more room than those before it.
SCALE = ((date(2014, 1, 1), 4.0), (date(2022, 1, 1), 27.0), (date(2023, 8, 1), 98.0))
YEARS = (2014, 2016, 2018, 2020, 2022, 2023)
GAP = 3.6  # percent of the line between two chapters, so that each is a target for a finger
# Of the many kinds of words in code the style sheet colours a few, and of links and lists none; the
# marks of the others are a third of a page's weight.
PLAIN = re.compile(
    r'<span class="(?:n|nn|nf|nb|nc|nd|ne|bp|fm|vm|o|p|w|(?:std )?std-(?:ref|doc))">([^<]*)</span>'
    r'|(?<=<a) class="reference (?:in|ex)ternal"|(?<=<[uo]l) class="(?:arabic )?simple"'
)
# A cell of code in one box, where Sphinx and MyST-NB give it three.
CELL = re.compile(
    r'<div class="cell_input docutils container">\s*<div class="highlight-\w+ notranslate">'
    r'<div class="highlight"><pre><span></span>(.*?)</pre></div>\s*</div>\s*</div>',
    re.S,
)


@dataclass
class Page:
    """What a link to a page needs; only a chapter has number and question."""

    doc: str
    number: int | None
    title: str
    question: str | None


@dataclass
class Stop:
    """A chapter on the line: its place there; first day, turn and last day of its events."""

    page: Page
    at: float  # percent
    begins: date
    turns: date
    ends: date


# -- order ------------------------------------------------------------------


@lru_cache(maxsize=1)
def parts(env: BuildEnvironment) -> list[tuple[str, list[str]]]:
    """The parts of the book in order: caption and pages."""
    root = env.get_doctree(env.config.root_doc)
    return [
        (tree.get("caption") or "", [page for _, page in tree["entries"]])
        for tree in root.findall(toctree)
    ]


@lru_cache(maxsize=1)
def order(env: BuildEnvironment) -> list[str]:
    """All pages that the book lists, in the order of reading."""
    return [env.config.root_doc, *itertools.chain(*(pages for _, pages in parts(env)))]


def number(env: BuildEnvironment, page: str) -> int | None:
    """The number of a chapter; None for a page that has none."""
    return (env.toc_secnumbers.get(page, {}).get("") or (None,))[0]


def entry(env: BuildEnvironment, page: str) -> Page:
    """What a link to a page needs."""
    title = typeset(env.titles[page].astext())
    return Page(page, number(env, page), title, questions(env).get(page))


@lru_cache(maxsize=1)
def questions(env: BuildEnvironment) -> dict[str, str]:
    """The question of each chapter, from the table of the first page that links it."""
    found = {}
    for row in env.get_doctree(env.config.root_doc).findall(nodes.row):
        link = next(row.findall(pending_xref), None)
        if link is not None and len(row) == 2:
            found[link["reftarget"]] = " ".join(row[1].astext().split())
    return found


def neighbours(env: BuildEnvironment, page: str) -> tuple[Page | None, Page | None]:
    """The pages before and after a page in the order of reading."""
    pages = [None, *order(env), None]
    if page not in pages:
        return None, None
    here = pages.index(page)
    before, after = pages[here - 1], pages[here + 1]
    return entry(env, before) if before else None, entry(env, after) if after else None


def sections(env: BuildEnvironment, page: str) -> list[tuple[str, str]]:
    """The headings of a page, first level: id and title."""
    if page not in env.tocs:
        return []
    top = env.tocs[page].children[:1]
    return [
        (link["anchorname"][1:], typeset(link.astext()))
        for item in top
        for below in item.children
        if isinstance(below, nodes.bullet_list)
        for link in below.findall(nodes.reference)
        if link.parent.parent.parent is below
    ]


# -- time -------------------------------------------------------------------


def place(day: date) -> float:
    """Where a day stands on the line, in percent."""
    (x0, y0), (x1, y1) = SCALE[0:2] if day < SCALE[1][0] else SCALE[1:3]
    return round(min(100.0, max(0.0, y0 + (day - x0) / (x1 - x0) * (y1 - y0))), 2)


@lru_cache(maxsize=1)
def stops(env: BuildEnvironment) -> list[Stop]:
    """The chapters in time, by the record; on the line no two are closer than `GAP`."""
    days = evidence.load("events").set_index("event_id")["record_date"].dropna().map(evidence.edtf)
    found = []
    for row in evidence.load("chapters").itertuples():
        if (page := f"chapters/{row.chapter}") in env.titles:
            begins, turns, ends = days[row.begins][0], days[row.turns_on][0], days[row.ends][1]
            found.append(Stop(entry(env, page), place(turns), begins, turns, ends))
    _apart(sorted(found, key=lambda stop: stop.at))
    return found


def when(stop: Stop) -> str:
    """The time of a chapter as a person writes it: "15 February to 1 March 2022"."""
    first, last = stop.begins, stop.ends
    year = "" if first.year == last.year else f" {first.year}"
    if (last - first).days < 60:
        return f"{first.day} {first:%B}{year} to {last.day} {last:%B %Y}"
    return f"{first:%B}{year} to {last:%B %Y}"


def years() -> list[tuple[int, float]]:
    """The years on the line, each with its place."""
    return [(year, place(date(year, 1, 1))) for year in YEARS]


def _apart(stops: list[Stop]) -> None:
    """Move stops (in order of time) until all stand on the line and none closer than `GAP`."""
    for before, stop in itertools.pairwise(stops):
        stop.at = round(max(stop.at, before.at + GAP), 2)
    limit = SCALE[-1][1]
    for stop in reversed(stops):
        stop.at = round(min(stop.at, limit), 2)
        limit = stop.at - GAP


def draw_line(app: Sphinx, builder: Builder) -> None:
    """Give the style sheet the places on the line, which are the same on each page."""
    app.config.html_context["line"] = [f"--at:{at}%" for _, at in years()] + [
        f"--at:{stop.at}%;--from:{place(stop.begins)}%;--to:{place(stop.ends)}%"
        for stop in stops(builder.env)
    ]


# -- one page ---------------------------------------------------------------


def frame(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the templates what they show around the text, and the policy of what a page may run."""
    env = app.builder.env
    context["body"] = body = dressed(context.get("body", ""))
    title = env.titles.get(pagename)
    before, after = neighbours(env, pagename)
    context |= {
        "title": typeset(title.astext()) if title else context.get("title", ""),
        "parts": _contents(env, pagename),
        "sections": sections(env, pagename),
        "years": years(),
        "stops": stops(env),
        "when": when,
        "prev_page": before,
        "next_page": after,
        "chapter": _opener(env, pagename, doctree),
        "description": describe(doctree) if doctree else context["docstitle"],
        "launch": _launch(context, env, pagename),
        "source": _source(context, env, pagename),
        "early_script": EARLY,
        "icon_address": ICON,
        "page_scripts": assets.scripts(body),
        "policy": policy(EARLY, body),
    }


def dressed(body: str) -> str:
    """The text of a page, set and its Japanese marked, without marks that have no style."""
    plain = PLAIN.sub(lambda found: found[1] or "", body)
    cells = CELL.sub(r'<div class="highlight"><pre>\1</pre></div>', plain)
    return mark_japanese(set_type(cells))


def _contents(env: BuildEnvironment, current: str) -> list[dict[str, Any]]:
    """The parts of the side bar; of one with an index only that, until a page of it is open."""
    here = current if current in env.titles else env.config.root_doc
    root = env.get_doctree(env.config.root_doc)
    named = {page: title for tree in root.findall(toctree) for title, page in tree["entries"]}
    shown = []
    for i, (caption, pages) in enumerate(parts(env)):
        opened = here in pages or (i == 0 and here == env.config.root_doc)
        listed = pages if opened or not pages[0].endswith("/index") else pages[:1]
        entries = [entry(env, page) for page in listed]
        entries = [replace(one, title=named.get(one.doc) or one.title) for one in entries]
        shown.append({"caption": caption, "pages": entries, "open": opened})
    return shown


def _opener(
    env: BuildEnvironment, page: str, doctree: nodes.document | None
) -> dict[str, Any] | None:
    """What stands above the title of a chapter: number, minutes and time."""
    stop = next((stop for stop in stops(env) if stop.page.doc == page), None)
    if stop is None or doctree is None:
        return None
    said = MINUTES.search(" ".join(doctree.astext().split()))
    minutes = said[0].lower() if said else None
    return {"number": stop.page.number, "minutes": minutes, "when": when(stop)}


def describe(doctree: nodes.document, length: int = 155) -> str:
    """The beginning of a page's first paragraph, without its notes: what a search engine shows."""
    first = next(
        (p for p in doctree.findall(nodes.paragraph) if len(p.astext()) > 60),
        next(doctree.findall(nodes.title), nodes.title()),
    ).deepcopy()
    for mark in list(first.findall(source_note)):
        mark.parent.remove(mark)
    text = " ".join(first.astext().split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def policy(early: str, body: str) -> str:
    """The Content-Security-Policy of a page: its own inline scripts, and nothing from elsewhere."""
    scripts = [early, *re.findall(r"<script>(.*?)</script>", body, re.S)]
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    # Charts set colours and places by style attributes, explorers by rules of their own.
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
    )


def _launch(context: dict[str, Any], env: BuildEnvironment, page: str) -> list[dict[str, Any]]:
    """The ways to open a notebook: Binder, Colab, the file itself."""
    file = env.doc2path(page, False) if page in env.found_docs else ""
    if not file.endswith(".ipynb"):
        return []
    buttons = context.get("theme_launch_buttons") or {}
    repository = context["theme_repository_url"].removeprefix("https://github.com/")
    at = f"{repository}/%s{context['theme_repository_branch']}"
    in_lab = quote(f"lab/tree/{file}", safe="")
    ways = [
        ("Binder", "binderhub_url", f"/v2/gh/{at % ''}?urlpath={in_lab}"),
        ("Colab", "colab_url", f"/github/{at % 'blob/'}/{quote(file)}"),
    ]
    opened = [{"name": n, "href": buttons[key] + rest} for n, key, rest in ways if key in buttons]
    download = context["pathto"](f"_sources/{context['sourcename']}", True)
    return [*opened, {"name": "Download", "href": download, "download": True}]


def _source(context: dict[str, Any], env: BuildEnvironment, page: str) -> str | None:
    if page not in env.found_docs:
        return None
    file = quote(env.doc2path(page, False))
    return f"{context['theme_repository_url']}/blob/{context['theme_repository_branch']}/{file}"


def setup(app: Sphinx) -> None:
    app.add_html_theme("casebook", str(THEME))
    app.connect("write-started", draw_line)
    app.connect("html-page-context", frame, priority=900)
