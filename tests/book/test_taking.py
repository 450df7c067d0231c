"""What is taken away from an exhibit says what it is, from where, and what one may do with it."""

import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pandas as pd

from casebook.book import tables, taking

RECORD = {
    "id": "x",
    "title": "One & <two>",
    "caption": "A caption.",
    "sources": ["cfr2022#p4", "cfr2022#p5", "kiel_r7"],
    "columns": ["key", "source", "value"],
}
ROWS = [["a", "cfr2022#p4", 1.5], ["b", "", None]]
DC = "{http://purl.org/dc/elements/1.1/}"


def builder(folder):
    config = {"html_baseurl": "https://example.org/", "copyright": "2026", "author": "We"}
    return SimpleNamespace(
        config=SimpleNamespace(html_title="Book", **config),
        outdir=folder,
        current_docname="chapters/x",
        get_target_uri=lambda name: f"{name}.html",
    )


def test_a_csv_says_where_it_comes_from_and_is_read_by_pandas(tmp_path):
    here = builder(tmp_path)
    tables.download(here, "x", RECORD["columns"], ROWS)
    taking.describe(here, RECORD, taking.citation(here, RECORD, "Figure 1.1"))
    path = tmp_path / "figures" / "x.csv"
    head = [line for line in path.read_text("utf8").splitlines() if line.startswith("# ")]
    assert head[0] == "# title: One & <two>"
    assert "https://example.org/chapters/x.html#x" in head[1] and "CC BY 4.0" in head[1]
    assert len(head) == 4 and "Release 7" in head[3]
    read = pd.read_csv(path, comment="#")
    assert list(read.columns) == RECORD["columns"] and len(read) == len(ROWS)
    assert read["source"][0] == "cfr2022#p4" and read["value"][0] == 1.5


def test_an_svg_says_where_it_comes_from_in_words_and_for_programs(tmp_path):
    here = builder(tmp_path)
    cite = taking.citation(here, RECORD, "Figure 1.1")
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><metadata>of Matplotlib</metadata><g/></svg>'
    root = ET.fromstring(taking.standalone(svg, cite))
    assert [child.tag.partition("}")[2] for child in root] == ["title", "desc", "metadata", "g"]
    assert root.findtext(f".//{DC}title") == "One & <two>"
    assert root.findtext(f".//{DC}rights") == "CC BY 4.0"
    assert 'src="https://example.org/figures/x.svg" alt="One &amp; &lt;two&gt;"' in cite["embed"]
