"""A chart's SVG in a page: what changes, and what must not."""

import re
import xml.etree.ElementTree as ET

import pytest

from casebook.book.figures import drawings

MARKS = [
    {"id": "mark-a", "key": "a", "text": 'Japan <b>"1"</b>: 1'},
    {"id": "mark-b", "key": "b", "text": "Russia: 2"},
]
TITLE = "From #b3261e to url(#p1), font: 10px, fill: #1f2328 <ok> id=1"
DRAWN = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="338pt" height="223pt" viewBox="0 0 338 223" role="group" aria-label="Bars: url(#p1)">
<defs><style>*{{stroke-linejoin: round}}</style><clipPath id="p1"><rect/></clipPath></defs>
<g id="figure_1">BACKDROP<g id="axes_1"><g id="patch_1"><path style="stroke: #1f2328"/></g>
<text style="font: bold 11.5px 'DejaVu Sans', sans-serif; fill: #1f2328"
>{TITLE.replace("<", "&lt;")}</text>
<g id="mark-b"><path clip-path="url(#p1)" style="fill: #b3261e; stroke: #123456"/></g>
<g id="mark-a"><use xlink:href="#p1" style="fill: #000000"/><path d="M 0 0"/></g>
</g></g></svg>"""


@pytest.fixture(
    params=['<g id="backdrop"><path style="fill: #ffffff"/></g>', ""], ids=["paper", "no paper"]
)
def chart(request):
    svg = DRAWN.replace("BACKDROP", request.param)
    record = {"id": "fig", "marks": MARKS}
    return ET.fromstring(drawings(svg, record, lambda mark: {"data-c0": "1"}))


def mark(chart, number):
    """The drawn mark of that number: 0 is Russia's, 1 Japan's."""
    return [element for element in chart.iter() if element.get("class") == "cb-mark"][number]


def look(chart, element):
    """The style of an element, its own or that of what holds it."""
    parents = {child: parent for parent in chart.iter() for child in parent}
    while "style" not in element.attrib:
        element = parents[element]
    return element.get("style")


def test_text_is_never_changed(chart):
    text = next(element for element in chart.iter() if element.tag.endswith("text"))
    assert text.text == TITLE and chart.get("aria-label") == "Bars: url(#p1)"


def test_ids_and_what_refers_to_them_are_the_figures_own(chart):
    ids = [element.get("id") for element in chart.iter() if "id" in element.attrib]
    assert ids == ["fig-1"]
    assert mark(chart, 1)[0].get("href") == "#fig-1"


def test_known_colours_follow_the_theme_and_others_stay(chart):
    assert look(chart, mark(chart, 0)[0]) == "fill:var(--cb-b3261e);stroke:#123456"


def test_black_follows_the_theme_said_or_unsaid(chart):
    assert look(chart, mark(chart, 1)[0]) == "fill:currentColor"
    assert chart.get("fill") == "currentColor"  # what a path inherits that says nothing


def test_only_the_paper_is_taken_away(chart):
    styles = [element.get("style") for element in chart.iter() if element.get("style")]
    assert "stroke:currentColor" in styles  # the ground of the axes stays, with its line
    assert not any("#fff" in style for style in styles)
    assert not any(element.tag.endswith("style") for element in chart.iter())


def test_fonts_and_size_are_the_pages(chart):
    text = next(element for element in chart.iter() if element.tag.endswith("text"))
    assert look(chart, text) == "font-size:11.5px;font-weight:bold;fill:currentColor"
    assert "width" not in chart.attrib and chart.get("viewBox") == "0 0 338 223"


def test_marks_take_focus_in_the_order_drawn(chart):
    marks = [mark(chart, 0), mark(chart, 1)]
    assert [one.get("tabindex") for one in marks] == ["0", None]
    assert [one.get("aria-label") for one in marks] == ["Russia: 2", 'Japan <b>"1"</b>: 1']
    assert all(one.get("role") == "img" and one.get("data-c0") == "1" for one in marks)


def test_it_can_stand_in_a_page():
    svg = DRAWN.replace("BACKDROP", "")
    both = drawings(svg, {"id": "fig", "marks": MARKS, "narrow": svg})
    assert both.startswith("<svg") and not re.search(r"<\w+:", both)  # HTML knows no prefixed tags
    ids = re.findall(r'\bid="([^"]+)"', both)
    assert len(set(ids)) == len(ids) and {"fig-1", "fig-2"} == set(ids)
    assert re.findall(r'class="(cb-[bn]\w+)"', both) == ["cb-broad", "cb-narrow"]
