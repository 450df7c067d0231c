"""A paragraph in the place of another is named, where a sentence tells nothing of it."""

from casebook.checks import retold
from casebook.checks.book import Book
from casebook.checks.facts import Facts
from tests.promise import copied, edit, named


def test_another_paragraph_is_named(root, tmp_path):
    book = copied(root, tmp_path)
    chapter = book / "chapters/ch01_crimea_2014.ipynb"
    linked = "some of them ([¶{0}](../seeds/tsuruoka2023.md#p{0}))"
    edit(chapter, (linked.format(5), linked.format(12)))
    linked = (
        "Mina Erika Pollmann writes of constitutional barriers ([Pollmann 2023, ¶{0}](../seeds/"
    )
    linked += "pollmann2023.md#p{0}))"
    edit(book / "chapters/ch08_defence.ipynb", (linked.format(4), linked.format(12)))
    facts = Facts(book)
    named(
        (p.say(book) for check in retold.checks(Book(book)) for p in check.problems(facts)),
        "in Tsuruoka, some of them",
        "it shares no telling word with tsuruoka2023 ¶12, which it names",
        "it shares no telling word with pollmann2023 ¶12, which it names",
    )


def test_most_paragraphs_cannot_stand_in_the_place_of_another(root):
    """Of all sentences that no number settles, with all other paragraphs: how many are named."""
    book, facts = Book(root), Facts(root)
    cards = retold._cards(book)
    told = retold.telling(cards, facts)
    asked = [check.ask.args for check in retold.checks(book)]
    found = tried = 0
    for words, linked, _ in asked:
        for source, paragraph in linked:
            others = [place for place in told if place[0] == source and place[1] != paragraph]
            tried += len(others)
            found += sum(not retold.words_of(words) & told[other] for other in others)
    assert tried > 5000 and found > 0.6 * tried, (found, tried)
