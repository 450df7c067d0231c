"""What a page weighs on the wire, compressed as servers do: none grows without being named."""

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from statistics import median

import pytest

from tests.conftest import agree
from tests.pages.site import PAGES, attributes

LIMITS = {"page": 150_000, "js": 20_000, "css": 15_000, "woff2": 45_000, "next page": 40_000}
SEARCH = "search.html"  # loads the index, which has a limit of its own
MEDIAN, REQUESTS, INDEX = 100_000, 8, 200_000
HEADERS = 400  # bytes that each answer carries beside its content
# In the cache after the first chapter.
EVERYWHERE = ("theme.css", "theme.js", "woff2", "favicon", "casebook.js", "quiz.js")


@lru_cache
def wire(path: Path) -> int:
    content = path.read_bytes()
    packed = content if path.suffix == ".woff2" else gzip.compress(content, mtime=0)
    return len(packed) + HEADERS


def loaded(site: Path, name: str) -> dict[Path, int]:
    """The page and every file that it loads, with the weight of each."""
    folder, text = (site / name).parent, (site / name).read_text("utf8")
    tags = map(attributes, re.findall(r"<(?:link|script|img|source|iframe)\b[^>]*>", text))
    fetched = [tag for tag in tags if tag.get("rel", "stylesheet") in ("stylesheet", "icon")]
    used = [tag.get("href") or tag.get("src") or "data:" for tag in fetched]
    files = [
        site / name,
        *((folder / file.partition("?")[0]).resolve() for file in used if file[:5] != "data:"),
    ]
    for sheet in [file for file in files if file.suffix == ".css"]:
        faces = re.findall(r"url\(([^)]+)\)", sheet.read_text("utf8"))
        files += [sheet.parent / face for face in faces]
    return {file: wire(file) for file in files}


def weights(files: dict[Path, int]) -> dict[str, int]:
    """The sum of a page, of each kind of file, and of what a reader fetches for a second page."""
    fresh = {f: w for f, w in files.items() if not any(known in f.name for known in EVERYWHERE)}
    kinds = {
        kind: sum(weight for file, weight in files.items() if file.suffix == f".{kind}")
        for kind in ("js", "css", "woff2")
    }
    return {"page": sum(files.values()), "next page": sum(fresh.values()), **kinds}


def too_heavy(name: str, files: dict[Path, int]) -> Iterator[str]:
    limits = {kind: LIMITS[kind] for kind in ("css", "woff2")} if name == SEARCH else LIMITS
    heaviest = sorted(files.items(), key=lambda item: -item[1])[:3]
    named = ", ".join(f"{file.name} {weight:,}" for file, weight in heaviest)
    said = weights(files)
    for kind, limit in limits.items():
        if said[kind] > limit:
            yield f"{name}: {kind} weighs {said[kind]:,} bytes, at most {limit:,} ({named})"
    if len(files) > REQUESTS:
        yield f"{name}: {len(files)} files ({', '.join(file.name for file in files)})"


def test_no_page_is_heavier_than_it_may_be(site: Path) -> None:
    files = {name: loaded(site, name) for name in PAGES}
    agree(said for name in PAGES for said in too_heavy(name, files[name]))
    middle = median(sum(some.values()) for some in files.values())
    assert middle <= MEDIAN, f"the median page weighs {middle:,.0f} bytes, at most {MEDIAN:,}"


def test_the_search_index_is_light_and_loaded_by_the_search_alone(site: Path) -> None:
    index = site / "search-index.js"
    assert wire(index) <= INDEX, f"{index.name} weighs {wire(index):,} bytes, at most {INDEX:,}"
    agree(
        f"{name} loads the index"
        for name in PAGES
        if name != SEARCH and index.name in (site / name).read_text("utf8")
    )


@pytest.mark.parametrize("spoilt, said", [(21_000, "js weighs 21,000"), (0, "")])
def test_a_heavier_page_is_named(tmp_path: Path, spoilt: int, said: str) -> None:
    (tmp_path / "a.html").write_text('<script src="big.js"></script>', "utf8")
    (tmp_path / "big.js").write_bytes(bytes(range(256)))
    files = loaded(tmp_path, "a.html")
    assert [file.name for file in files] == ["a.html", "big.js"]
    found = list(too_heavy("a.html", files | {tmp_path / "big.js": spoilt}))
    assert len(found) == bool(said) and said in "".join(found)
