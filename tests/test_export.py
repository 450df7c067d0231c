"""What is taken along: one archive, whole and always the same; pages bound into one for print."""

import hashlib
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from casebook import export
from casebook.export import offline, pdf

PAGE = (
    '<html><body class="chapter"><main id="main"><p class="opener">Chapter 1</p><article>'
    '<section id="{0}"><h1>{1}<a class="headerlink" href="#{0}">#</a></h1>{2}</section></article>'
    '<a class="next" href="x.html">Next</a></main><footer><p>Free</p>'
    "<ul><!--take--><!--/take--></ul></footer></body></html>"
)
TEXT = (
    '<input id="open-1"><label for="open-1">1</label><a href="two.html#note">two</a>'
    '<a href="two.html">page</a><a href="#note">here</a><a href="../figures/a.csv">CSV</a>'
    '<a href="https://example.org/#note">out</a><p id="note" data-id="note">1</p>'
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two pages, the first of which links the second, and a file."""
    for name, title in {"chapters/index": "One", "chapters/two": "Two"}.items():
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        nav = '<li class="on"><a href="two.html">Two</a></li>' if title == "One" else ""
        path.write_text(nav + PAGE.format(title.lower(), title, TEXT), "utf8")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.csv").write_text("a,b\n", "utf8")
    (tmp_path / ".buildinfo").write_text("of Sphinx", "utf8")
    return tmp_path


def test_the_archive_is_always_the_same_and_its_sums_agree(site, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = offline.write(site).read_bytes()
    export.offer(site)  # links to what lies outside the archive do not get into it
    (site / "figures" / "a.csv").touch()
    archive = offline.write(site)
    assert archive.read_bytes() == first
    digest = archive.with_name(f"{archive.name}.sha256").read_text("utf8").split()[0]
    assert digest == hashlib.sha256(first).hexdigest()
    with ZipFile(archive) as zipped:
        files = {name.partition("/")[2]: zipped.read(name) for name in zipped.namelist()}
        assert {info.date_time[:3] for info in zipped.infolist()} == {(2023, 11, 14)}
    sums = dict(
        reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines()
    )
    assert sums == {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}
    assert files.keys() == {"chapters/index.html", "chapters/two.html", "figures/a.csv"}


def test_a_changed_page_changes_the_archive(site):
    before = offline.write(site).read_bytes()
    page = site / "chapters" / "two.html"
    page.write_text(page.read_text("utf8").replace("Two", "Three"), "utf8")
    assert offline.write(site).read_bytes() != before


def test_pages_link_what_is_there_to_take_along_and_nothing_else(site):
    page = site / "chapters" / "two.html"
    export.offer(site)
    assert "take/" not in page.read_text("utf8")
    offline.write(site)
    (site / "take" / "two.pdf").write_bytes(b"")
    export.offer(site)
    links = re.findall(r'href="\.\./take/([^"]+)"', page.read_text("utf8"))
    assert links == ["two.pdf", f"{export.BOOK}.zip", f"{export.BOOK}.zip.sha256"]
    once = page.read_text("utf8")
    export.offer(site)
    assert page.read_text("utf8") == once


def test_bound_pages_keep_their_links_and_have_ids_of_their_own(site):
    order = pdf.contents(site)
    assert order == ["chapters/index.html", "chapters/two.html"]
    bound = pdf.bind(site, order, "https://example.org/book/")
    assert "<p>Free</p>" in bound, "on the cover"
    ids = re.findall(r'(?<![\w-])id="([^"]+)"', bound)
    assert len(ids) == len(set(ids)) and "two" in ids, "only what stands twice is renamed"
    inside = set(re.findall(r'href="#([^"]+)"', bound))
    assert inside - {"main"} <= set(ids) and {"two--note", "index--note", "page--two"} <= inside
    assert 'for="two--open-1"' in bound and 'data-id="note"' in bound
    assert 'href="https://example.org/book/figures/a.csv"' in bound
    assert 'href="https://example.org/#note"' in bound
    assert bound.count('<div id="page--') == 2 and "Next</a>" not in bound


def test_a_browser_that_prints_nothing_is_an_error(tmp_path):
    with pytest.raises(pdf.PrintError, match="was not printed"):
        pdf.print_page(tmp_path / "x.html", tmp_path / "x.pdf", "true")
