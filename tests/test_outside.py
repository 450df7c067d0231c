"""Pages elsewhere: each address that is cited has its row; a spoilt row is named."""

import pytest

from casebook.checks import outside
from casebook.checks.book import Book
from casebook.checks.facts import Facts
from tests.conftest import agree
from tests.promise import change, copied, raw, write


def named(book):
    found = [one for check in outside.checks(Book(book)) for one in check.problems(Facts(book))]
    return [f"{one.place.path}: {one.text}" for one in found]


@pytest.fixture(scope="module")
def whole(root, tmp_path_factory):
    return copied(root, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def book(whole):
    """The copy of the book, whose table is put back after each test."""
    table = whole / "data" / "pages.csv"
    before = table.read_bytes()
    yield whole
    table.write_bytes(before)


def test_the_book_agrees(whole):
    agree(named(whole))


DATED = (
    "https://www.pri.org/stories/2014-02-22/"
    "ukraine-s-yanukovych-flees-capital-kyiv-opposition-hands"
)
SPOILT = {
    "another day than the address": ("published", "2014-02-23", "2014-02-23 does not stand in"),
    "less than the address, from the page": ("published", "2015", "2015 does not stand in"),
    "no date": ("published", "", "empty, although date_basis says 'in the address'"),
    "no basis": ("date_basis", "not found", "2014-02-22, although date_basis says 'not found'"),
    "another address": ("address", "https://example.org/", "nothing cites https://example.org/"),
}


@pytest.mark.parametrize("column, value, said", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_row_is_named(book, column, value, said):
    change(book, "pages", column, value, address=DATED)
    assert any(one.startswith("data/pages.csv: ") and said in one for one in named(book))


def test_a_date_read_on_the_page_may_not_contradict_the_address(book):
    change(book, "pages", "date_basis", "stated on the page", address=DATED)
    assert named(book) == []
    change(book, "pages", "published", "2014-02-23", address=DATED)
    assert named(book) == ["data/pages.csv: published: 2014-02-23, but the address says 2014-02-22"]


def test_an_address_without_row_is_named_where_it_stands(root, book):
    rows = [{k: v for k, v in row.items() if k != "_row"} for row in raw(root, "pages")]
    write(book / "data" / "pages.csv", [row for row in rows if row["address"] != DATED])
    (said,) = named(book)
    assert said.endswith(f"{DATED} has no row in data/pages.csv") and said.startswith("chapters/ch")


@pytest.mark.parametrize(
    "address, dates",
    [
        ("https://example.org/news/2022/3/9/word", ["2022-03-09"]),
        ("https://example.org/20220310/a", ["2022-03-10"]),
        ("https://example.org/en/news/yjj2022031000776/a.html", ["2022-03-10"]),
        ("https://example.org/a-2022-03-10/", ["2022-03-10"]),
        ("https://example.org/202203/a", ["2022-03"]),
        ("https://example.org/2022/03/a", ["2022-03"]),
        ("https://example.org/2022/1310/a", []),
        ("https://example.org/1995/0213/a", ["1995-02-13"]),
        ("https://example.org/2023/7/3_1.html", ["2023-07-03"]),
        ("https://example.org/a-idINL3N0N10Y920140409", ["2014-04-09"]),
        ("https://example.org/140319/exd1403190942001-n3", ["2014-03-19"]),
        ("https://example.org/140319/a", []),
        ("https://example.org/news-02-28-22/a", ["2022-02-28"]),
        ("https://example.org/news-25-02-23", []),
        ("https://example.org/h092719/", ["2019-09-27"]),
        ("https://example.org/a101222_2.html", []),
        ("https://example.org/2006/s060504d.htm", ["2006-05-04"]),
        ("https://example.org/a+25022022162000", ["2022-02-25"]),
        ("https://example.org/a+04032022162000", []),
        ("https://example.org/id/120220310", []),
        ("https://example.org/20041016062723/http://example.net/a", []),
    ],
)
def test_the_dates_of_an_address(address, dates):
    assert outside.dates_in(address) == dates
