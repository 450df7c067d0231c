"""The banks as plain items: what the writers for each platform, and for paper, begin with.

A question of each type becomes an item of one of six shapes, and a question with variants a pool of
items.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from casebook import evidence
from casebook.quiz import bank, draws
from casebook.quiz.bank import Choice, Criterion, Falsified, Mark, Match, Numeric, Option, Order

# Type of the bank -> shape. A judgement and a criterion have no key, so a student writes; the
# sentence with a mark and the falsified page are lists of parts, of which one is chosen.
SHAPES = {
    "single": "single",
    "multiple": "multiple",
    "judgement": "essay",
    "mark": "single",
    "numeric": "numeric",
    "order": "order",
    "match": "match",
    "criterion": "essay",
    "falsified": "single",
}
# Shape -> what it is in Moodle XML, in Canvas and in GIFT: where one lacks it, the nearest.
BECOMES = {
    "single": ("multichoice", "multiple_choice_question", "multiple choice"),
    "multiple": ("multichoice", "multiple_answers_question", "multiple choice"),
    "numeric": ("numerical", "numerical_question", "numerical"),
    "match": ("matching", "matching_question", "matching"),
    "order": ("ordering", "matching_question", "matching"),
    "essay": ("essay", "essay_question", "essay"),
}


@dataclass(frozen=True)
class Answer:
    """What may be answered; `partner` is what it belongs to: a text, or its place in an order."""

    text: str
    feedback: str
    right: bool = False
    partner: str = ""
    tolerance: float = 0


@dataclass(frozen=True)
class Item:
    """A question as every platform needs it: texts are plain, numbers among them included.

    `lines` stand under the prompt; `sources` are labels with their addresses.
    """

    id: str
    chapter: str
    question: bank.Question
    lines: list[str]
    answers: list[Answer]
    sources: list[tuple[str, str]]

    @property
    def shape(self) -> str:
        """One of the values of SHAPES."""
        return SHAPES[self.question.type]

    def fraction(self, answer: Answer) -> str:
        """The percentage of the mark that an answer earns: all of them together earn nothing."""
        if self.shape != "multiple":
            return "100" if answer.right else "0"
        share = 100 / sum(each.right == answer.right for each in self.answers)
        return f"{share if answer.right else -share:.7g}"

    @property
    def partners(self) -> list[str]:
        """What the answers may be matched with, each once; places in their order."""
        texts = dict.fromkeys(answer.partner for answer in self.answers)
        return list(texts) if self.shape == "order" else bank.shuffled(self.id, texts)

    @property
    def mixed(self) -> list[Answer]:
        """The answers as a student may see them: of an order, neither in it nor in its reverse."""
        by_text = {answer.text: answer for answer in self.answers}
        ordered = self.shape == "order"
        return [by_text[text] for text in (bank.shuffled(self.id, by_text) if ordered else by_text)]


Pool = tuple[Item, ...]


def pools(name: str, base: str) -> list[Pool]:
    """The items of bank `name`, with variants as one pool; sources link below the address `base`.

    Raises QuizError where the bank has a fault.
    """
    return [
        tuple(
            _item(question, f"{question.id}-{n:02d}" if len(pool) > 1 else question.id, name, base)
            for n, question in enumerate(pool, start=1)
        )
        for pool in draws.pools(name)
    ]


def _item(question: bank.Question, id: str, name: str, base: str) -> Item:
    cited = (evidence.cite(reference) for reference in question.sources)
    sources = [(label, base + page.replace(".md", ".html")) for label, page in cited]
    return Item(id, name, question, list(_lines(question)), list(_answers(question)), sources)


def _lines(question: bank.Question) -> Iterator[str]:
    """What stands under the prompt beside the answers."""
    match question:
        case Mark():
            yield question.sentence
        case Falsified():
            yield f"Chart: {question.chart.title} ({question.chart.unit})"
        case Choice() if question.type == "judgement":
            yield from (option.text for option in question.options)
        case Criterion():
            for control, held in zip(question.controls, question.settings):
                yield f"{control}: {' / '.join(held)}"
        case Numeric():
            yield f"Give a number, in {question.unit}."


def _answers(question: bank.Question) -> Iterator[Answer]:
    match question:
        case Choice():
            for option in question.options:
                yield Answer(_option(option), option.feedback, option.correct)
        case Numeric():
            right = number(question.answer)
            yield Answer(right, question.feedback, True, tolerance=question.tolerance)
            for mistake in question.mistakes:
                text = number(mistake.answer)
                near = max(question.tolerance, _rounding(text))
                yield Answer(text, mistake.feedback, tolerance=near)
        case Order():
            for place, item in enumerate(question.items, start=1):
                yield Answer(item.text, item.feedback, True, partner=str(place))
        case Match():
            for pair in question.pairs:
                yield Answer(pair.left, pair.feedback, True, partner=pair.right)
        case Criterion():
            for one in question.outcomes:
                yield Answer(f"{one.first}, {one.second}", one.said)


def _option(option: Option) -> str:
    """The text of an option, with the values of its chart if it is one."""
    if not option.chart:
        return option.text
    rows = "; ".join(f"{row.label} {number(row.value)}" for row in option.chart.rows)
    return f"{option.text} ({option.chart.unit}): {rows}"


def number(value: float) -> str:
    """A number as the platforms read it: no thousands separator, no needless zero."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _rounding(text: str) -> float:
    """How far from a known mistake a number is still this mistake: 25.2 is, where it is 25.18."""
    digits = len(text.partition(".")[2])
    return float(0.5 * 10 ** -max(min(digits, 1), digits - 1))
