"""Quotation marks and apostrophes on a page: set in text and in what is read aloud, not in code."""

import re

import pytest

from casebook.book.typography import set_type
from tests.conftest import agree
from tests.pages.site import Book, Node

CODE = ("script", "style", "pre", "code")


@pytest.mark.parametrize(
    "typed, due",
    [
        ("Japan's allies' aid, '90s", "Japan’s allies’ aid, ’90s"),
        ("The &#34;gap&#34; (&quot;so&#39;)", "The “gap” (“so’)"),
        ("<em>Japan</em>&#39;s", "<em>Japan</em>’s"),
        ("said: <em>'no'</em>", "said: <em>‘no’</em>"),
        ("<p>It is</p><p>'so'</p>", "<p>It is</p><p>‘so’</p>"),
        ("<code>a['b']</code>'s", "<code>a['b']</code>’s"),
        ("<pre>'a'</pre><script>'b'</script>", "<pre>'a'</pre><script>'b'</script>"),
        (
            '<svg aria-label="Japan&#39;s" style="a:\'b\'">',
            '<svg aria-label="Japan’s" style="a:\'b\'">',
        ),
        ("""<form data-key='["Japan\\u0027s"]'>""", """<form data-key='["Japan’s"]'>"""),
        (
            '<a href="x?a=\'b\'" title="a &lt; &quot;b&quot;">',
            '<a href="x?a=\'b\'" title="a &lt; “b”">',
        ),
        ("In 2014-2021, 17-18 March - so", "In 2014–2021, 17–18 March – so"),
        (
            "jp-2014-08-05, ES-11-1, 2022-03, <b>F</b>-35",
            "jp-2014-08-05, ES-11-1, 2022-03, <b>F</b>-35",
        ),
        ("<td>-1.5</td><td>(-2)</td>", "<td>−1.5</td><td>(−2)</td>"),
        (
            '<li data-value="-0.5"><li data-value="it\'s">',
            '<li data-value="-0.5"><li data-value="it’s">',
        ),
        ("&amp;#39; &lt;'a'&gt;", "&amp;#39; &lt;’a’&gt;"),
    ],
)
def test_marks_are_set_where_words_are(typed: str, due: str) -> None:
    assert set_type(typed) == due


def words(node: Node) -> str:
    """What a page shows without being asked: no code, no meaning of a term."""
    kept = (one if isinstance(one, str) else words(one) for one in node.children)
    return "" if node.tag in CODE or "cb-meaning" in node.classes else "".join(kept)


def test_no_page_shows_a_straight_mark_or_two_stops(book: Book) -> None:
    agree(
        f"{name}: {found!r}"
        for name, page in book.items()
        for found in re.findall(r".{0,20}(?:['\"]|\.;|\.\.(?!\.)|\?\.).{0,20}", words(page))
    )
