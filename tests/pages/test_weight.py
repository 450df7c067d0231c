"""What a page weighs on the wire, as a server that compresses sends it: no page grows without being
named.
"""

import gzip
import re
from pathlib import Path
from statistics import median

from tests.conftest import agree
from tests.pages.site import attributes, texts

LIMITS = {"page": 150_000, "js": 20_000, "css": 15_000, "woff2": 45_000, "next page": 40_000}
# Heavier than a page should be: all states of an explorer; ninety-eight notes; all disagreements.
HEAVY = {
    "chapters/ch06_aid.html": 90_000,
    "chapters/ch12_east_asia_tomorrow.html": 53_000,
    "chapters/conflicts.html": 43_000,
}
MEDIAN, REQUESTS = 100_000, 8
HEADERS = 400  # bytes that each answer carries beside its content
EVERYWHERE = ("theme.css", "theme.js", "woff2", "favicon")  # in the cache after the first page


def wire(path: Path) -> int:
    content = path.read_bytes()
    packed = content if path.suffix == ".woff2" else gzip.compress(content, mtime=0)
    return len(packed) + HEADERS


def loaded(site: Path, name: str, text: str) -> dict[Path, int]:
    """The page and every file that it loads, with the weight of each."""
    folder = (site / name).parent
    tags = map(attributes, re.findall(r"<(?:link|script|img|source|iframe)\b[^>]*>", text))
    used = [
        tag.get("href") or tag["src"]
        for tag in tags
        if tag.get("rel", "stylesheet") in ("stylesheet", "icon")
        and not (tag.get("href") or tag.get("src", "data:")).startswith("data:")
    ]
    files = [site / name, *((folder / file.partition("?")[0]).resolve() for file in used)]
    for sheet in [file for file in files if file.suffix == ".css"]:
        files += [
            sheet.parent / face for face in re.findall(r"url\(([^)]+)\)", sheet.read_text("utf8"))
        ]
    return {file: wire(file) for file in files}


def too_heavy(name: str, files: dict[Path, int]) -> list[str]:
    sums = {"page": sum(files.values())}
    sums |= {
        kind: sum(weight for file, weight in files.items() if file.suffix == f".{kind}")
        for kind in ("js", "css", "woff2")
    }
    fresh = {f: w for f, w in files.items() if not any(known in f.name for known in EVERYWHERE)}
    sums["next page"] = sum(fresh.values()) if name != "search.html" else 0
    heaviest = ", ".join(
        f"{file.name} {weight:,}"
        for file, weight in sorted(files.items(), key=lambda kv: -kv[1])[:3]
    )
    limits = LIMITS | ({"next page": HEAVY[name]} if name in HEAVY else {})
    said = [
        f"{name}: {kind} weighs {sums[kind]:,} bytes, at most {limit:,} ({heaviest})"
        for kind, limit in limits.items()
        if sums[kind] > limit
        and (kind, name) not in {("page", "search.html"), ("js", "search.html")}
    ]
    if len(files) > REQUESTS:
        said.append(f"{name}: {len(files)} files ({', '.join(f.name for f in files)})")
    return said


def test_no_page_is_heavier_than_it_may_be(site):
    weights = {name: loaded(site, name, text) for name, text in texts(site).items()}
    agree(said for name, files in weights.items() for said in too_heavy(name, files))
    middle = median(sum(files.values()) for files in weights.values())
    assert middle <= MEDIAN, f"the median page weighs {middle:,.0f} bytes, at most {MEDIAN:,}"


def test_the_search_index_is_light_and_loaded_by_the_search_alone(site):
    index = wire(site / "search-index.js")
    assert index <= 200_000, f"search-index.js weighs {index:,} bytes, at most 200,000"
    agree(
        f"{name} loads the index"
        for name, text in texts(site).items()
        if "search-index.js" in text and name != "search.html"
    )


def test_a_heavier_page_is_named(tmp_path):
    (tmp_path / "a.html").write_text('<script src="big.js"></script>', "utf8")
    (tmp_path / "big.js").write_bytes(bytes(range(256)))
    files = loaded(tmp_path, "a.html", (tmp_path / "a.html").read_text("utf8"))
    assert [file.name for file in files] == ["a.html", "big.js"]
    files[tmp_path / "big.js"] = 21_000
    assert "a.html: js weighs 21,000" in "".join(too_heavy("a.html", files))
