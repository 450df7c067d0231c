"""The search finds from disk what a reader types: numbers, signs, accents left out, other spellings; sections, titles first."""

import pytest

from tests.theme.site import opened

WANTED = {
    "499": ("ch04_sanctions", "499"),
    "2%": ("ch08_defence", "2 percent"),
    "2 percent": ("ch08_defence", "2 percent"),
    "Zelensky": ("chapters/", "Zelensky"),
    "Celine": ("", "Céline"),
    "Rzeszow": ("conflicts.html", "Rzeszów"),
    "1168": ("", "1,168"),
    "strategic compass": ("glossary.html#strategic-compass", "Compass"),
}


@pytest.fixture(scope="module")
def search(site, chromium):
    with opened(chromium) as (page, complaints):

        def results(query):
            page.goto(f"{(site / 'search.html').as_uri()}?q={query.replace('%', '%25')}")
            page.wait_for_function("document.getElementById('found').textContent.includes('“')")
            assert not complaints, complaints
            links = page.locator("#results li").all()
            return [(li.locator("a").get_attribute("href"), li.inner_text()) for li in links]

        yield results


@pytest.mark.parametrize("query", WANTED)
def test_a_query_finds_its_section(search, query):
    address, words = WANTED[query]
    found = search(query)[:8]
    assert any(address in href and words in text for href, text in found), found
    assert all("#" in href for href, _ in found), "results lead to sections"


def test_what_the_book_does_not_say_is_not_found(search):
    assert search("xylophone") == []
