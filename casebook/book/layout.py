"""What stands around the text of a page: the order of the book, its line of time, the buttons.

`frame` gives the templates of `theme/` what they show. The places of the chapters in time come from
`data/chapters.csv`, their questions from the table of the first page.
"""

import datetime
import itertools
import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.addnodes import pending_xref, toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from casebook import evidence
from casebook.book import assets
from casebook.book.languages import mark_japanese
from casebook.book.notes import source_note

THEME = Path(__file__).parent / "theme"
# Runs before the first paint: the colours that the reader chose, so that a dark page does not
# flash, and the faces under way, so that no text moves (not from disk, where a browser would
# refuse and complain).
EARLY = (
    "(d=>{let m;try{m=localStorage.getItem('mode')}catch(e){}"
    "d.classList.add('js');d.dataset.mode=m=m||'auto';"
    "d.dataset.theme=m=='auto'?matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light':m;"
    "if(location.protocol=='file:')d.classList.add('disk');"
    "else for(const f of['serif','sans'])document.head.append(Object.assign("
    "document.createElement('link'),{rel:'preload',as:'font',type:'font/woff2',crossOrigin:'',"
    "href:d.dataset.content_root+'_static/'+f+'.woff2'}))"
    "})(document.documentElement)"
)
# The icon stands in the page: one request less.
FAVICON = assets.HERE / "static" / "favicon.svg"
ICON = "data:image/svg+xml," + quote(FAVICON.read_text("utf8"))
# The line is not even: the years of the war take more room than those before it.
SCALE = (("2014-01-01", 4.0), ("2022-01-01", 27.0), ("2023-08-01", 98.0))
YEARS = (2014, 2016, 2018, 2020, 2022, 2023)
GAP = 3.6  # percent of the line between two chapters, so that each is a target for a finger
# Of the many kinds of words in code the style sheet colours a few, and of links none; the marks of
# the others are a third of a page's weight.
PLAIN = re.compile(
    r'<span class="(?:n|nn|nf|nb|nc|nd|ne|bp|fm|vm|o|p|w|(?:std )?std-(?:ref|doc))">([^<]*)</span>'
    r'|(?<=<a) class="reference internal"'
)
MINUTES = re.compile(r"\b(About|Some) ([\w\s-]+? (?:minutes|hours?)(?: and a half)?)\b")


# -- order ------------------------------------------------------------------


@lru_cache(maxsize=1)
def parts(env: BuildEnvironment) -> list[tuple[str, list[str]]]:
    """The parts of the book in order: caption and pages."""
    root = env.get_doctree(env.config.root_doc)
    return [
        (tree.get("caption") or "", [page for _, page in tree["entries"]])
        for tree in root.findall(toctree)
    ]


def number(env: BuildEnvironment, page: str) -> int | None:
    """The number of a chapter; None for a page that has none."""
    return (env.toc_secnumbers.get(page, {}).get("") or (None,))[0]


def entry(env: BuildEnvironment, page: str) -> dict:
    """What a link to a page needs: its file, number, title and question."""
    return {
        "doc": page,
        "number": number(env, page),
        "title": env.titles[page].astext(),
        "question": questions(env).get(page),
    }


@lru_cache(maxsize=1)
def questions(env: BuildEnvironment) -> dict[str, str]:
    """The question of each chapter, from the table of the first page that links it."""
    found = {}
    for row in env.get_doctree(env.config.root_doc).findall(nodes.row):
        link = next(row.findall(pending_xref), None)
        if link is not None and len(row) == 2:
            found[link["reftarget"]] = " ".join(row[1].astext().split())
    return found


def neighbours(env: BuildEnvironment, page: str) -> tuple[dict | None, dict | None]:
    """The pages before and after a page in the order of reading."""
    order = [env.config.root_doc] + [page for _, pages in parts(env) for page in pages]
    if page not in order:
        return None, None
    here = order.index(page)
    before = entry(env, order[here - 1]) if here else None
    after = entry(env, order[here + 1]) if here + 1 < len(order) else None
    return before, after


def sections(env: BuildEnvironment, page: str) -> list[dict]:
    """The headings of a page, first level: id and title."""
    top = env.tocs[page].children[:1] if page in env.tocs else []
    lists = [
        child for item in top for child in item.children if isinstance(child, nodes.bullet_list)
    ]
    found = [link for item in (lists[0] if lists else ()) for link in item.findall(nodes.reference)]
    return [
        {"id": link["anchorname"][1:], "title": link.astext()}
        for link in found
        if link.parent.parent.parent is lists[0]
    ]


# -- time -------------------------------------------------------------------


def place(day: str) -> float:
    """Where a day stands on the line, in percent."""
    at = _ordinal(day)
    marks = [(_ordinal(day), percent) for day, percent in SCALE]
    (x0, y0), (x1, y1) = marks[0:2] if at < marks[1][0] else marks[1:3]
    return round(min(100.0, max(0.0, y0 + (at - x0) / (x1 - x0) * (y1 - y0))), 2)


@lru_cache(maxsize=1)
def spans() -> list[dict]:
    """Each chapter with the first day, the turn and the last day of its events, by the record."""
    events = evidence.load("events").set_index("event_id")["record_date"]
    rows = evidence.load("chapters").itertuples()
    return [
        {
            "doc": f"chapters/{row.chapter}",
            "begins": _days(events[row.begins])[0],
            "turns": _days(events[row.turns_on])[0],
            "ends": _days(events[row.ends])[1],
        }
        for row in rows
    ]


def when(span: dict) -> str:
    """The time of a chapter as a person writes it: "15 February to 1 March 2022"."""
    first, last = (datetime.date.fromisoformat(span[end]) for end in ("begins", "ends"))
    if (last - first).days < 60:
        start = f"{first.day} {first:%B}" + ("" if first.year == last.year else f" {first.year}")
        return f"{start} to {last.day} {last:%B %Y}"
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{start} to {last:%B %Y}"


@lru_cache(maxsize=1)
def line(env: BuildEnvironment) -> dict:
    """The line under the header: years and chapters with their places in percent."""
    stops = [
        entry(env, span["doc"])
        | {
            "at": place(span["turns"]),
            "from": place(span["begins"]),
            "to": place(span["ends"]),
            "when": when(span),
        }
        for span in spans()
        if span["doc"] in env.titles
    ]
    _apart(sorted(stops, key=lambda stop: stop["at"]))
    years = [{"name": year, "at": place(f"{year}-01-01")} for year in YEARS]
    return {"stops": stops, "years": years}


def _apart(stops: list[dict]) -> None:
    """Move stops (in order of time) until all stand on the line and none closer than `GAP`."""
    for before, stop in itertools.pairwise(stops):
        stop["at"] = round(max(stop["at"], before["at"] + GAP), 2)
    limit = SCALE[-1][1]
    for stop in reversed(stops):
        stop["at"] = round(min(stop["at"], limit), 2)
        limit = stop["at"] - GAP


def _days(date: str) -> tuple[str, str]:
    """First and last day of a date of record, which may be a month, a year or a period."""
    first, _, last = date.partition("/")
    last = last or first
    first = first + "-01-01"[len(first) - 4 :]
    if len(last) == 7:
        year, month = int(last[:4]), int(last[5:])
        after = datetime.date(year + month // 12, month % 12 + 1, 1)
        last = (after - datetime.timedelta(days=1)).isoformat()
    return first, last + "-12-31"[len(last) - 4 :]


def _ordinal(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


# -- one page ---------------------------------------------------------------


def frame(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the templates what they show around the text, and the policy of what a page may run."""
    env = app.builder.env
    plain = PLAIN.sub(lambda found: found[1] or "", context.get("body", ""))
    context["body"] = mark_japanese(plain)
    current = next((span for span in spans() if span["doc"] == pagename), None)
    before, after = neighbours(env, pagename)
    context |= {
        "title": env.titles[pagename].astext()
        if pagename in env.titles
        else context.get("title", ""),
        "parts": _contents(env, pagename),
        "sections": sections(env, pagename),
        "line": line(env),
        "prev_page": before,
        "next_page": after,
        "chapter": current and doctree and _opener(env, current, doctree),
        "description": describe(doctree) if doctree else context["docstitle"],
        "launch": _launch(context, env, pagename),
        "source": _source(context, env, pagename),
        "early_script": EARLY,
        "icon_address": ICON,
        "page_scripts": assets.scripts(context["body"]),
        "policy": policy(EARLY, context["body"]),
    }


def _contents(env: BuildEnvironment, current: str) -> list[dict]:
    """The parts of the side bar; of one with an index only that, until a page of it is open."""
    here = current if current in env.titles else env.config.root_doc
    root = env.get_doctree(env.config.root_doc)
    named = {page: title for tree in root.findall(toctree) for title, page in tree["entries"]}
    shown = []
    for i, (caption, pages) in enumerate(parts(env)):
        opened = here in pages or (i == 0 and here == env.config.root_doc)
        entries = [
            entry(env, page)
            | {"current": page == current, "title": named.get(page) or env.titles[page].astext()}
            for page in (pages if opened or not pages[0].endswith("/index") else pages[:1])
        ]
        shown.append({"caption": caption, "pages": entries, "open": opened})
    return shown


def _opener(env: BuildEnvironment, span: dict, doctree: nodes.document) -> dict:
    said = MINUTES.search(" ".join(doctree.astext().split()))
    minutes = f"{said[1].lower()} {said[2]}" if said else None
    return {"number": number(env, span["doc"]), "minutes": minutes, "when": when(span)}


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


def _launch(context: dict, env: BuildEnvironment, page: str) -> list[dict]:
    """The ways to open a notebook: Binder, Colab, the file itself."""
    file = env.doc2path(page, False) if page in env.found_docs else ""
    if not file.endswith(".ipynb"):
        return []
    buttons = context.get("theme_launch_buttons") or {}
    repository = context["theme_repository_url"].removeprefix("https://github.com/")
    at = f"{repository}/%s{context['theme_repository_branch']}"
    ways = [
        (
            "Binder",
            "binderhub_url",
            f"/v2/gh/{at % ''}?urlpath={quote('lab/tree/' + file, safe='')}",
        ),
        ("Colab", "colab_url", f"/github/{at % 'blob/'}/{quote(file)}"),
    ]
    opened = [{"name": n, "href": buttons[key] + rest} for n, key, rest in ways if key in buttons]
    download = context["pathto"](f"_sources/{context['sourcename']}", True)
    return [*opened, {"name": "Download", "href": download, "download": True}]


def _source(context: dict, env: BuildEnvironment, page: str) -> str | None:
    if page not in env.found_docs:
        return None
    file = quote(env.doc2path(page, False))
    return f"{context['theme_repository_url']}/blob/{context['theme_repository_branch']}/{file}"


def setup(app: Sphinx) -> None:
    app.add_html_theme("casebook", str(THEME))
    app.connect("html-page-context", frame, priority=900)
