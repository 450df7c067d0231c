"""A quiz as an HTML form (by `templates/quiz.html`, everything escaped) and as plain text."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from IPython.display import publish_display_data
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from casebook import evidence
from casebook.quiz.bank import Choice, Match, Numeric, Order, Question, load

QUIZ = "application/vnd.casebook.quiz+json"
HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass
class Source:
    label: str
    href: str


def show(name: str) -> None:
    """Publish the quiz `name` as a form and as text; raises QuizError if it cannot be shown."""
    questions = load(name)
    style, script = ((STATIC / f"quiz.{kind}").read_text("utf8") for kind in ("css", "js"))
    html = as_html(name, in_notebook, style=style, script=script)
    plain = "\n\n".join(as_text(each, number) for number, each in enumerate(questions, start=1))
    publish_display_data({"text/html": html, "text/plain": plain, QUIZ: {"bank": name}})


def in_notebook(address: str) -> str:
    """A file of the book as a notebook in `chapters/` links it."""
    return f"../{address}"


def as_html(name: str, link: Callable[[str], str], style: str = "", script: str = "") -> str:
    """The form of the quiz `name`; `link` makes an address from the root one for this place."""
    return TEMPLATES.get_template("quiz.html").render(
        name=name,
        questions=load(name),
        sources=lambda question: [
            Source(label, link(address)) for label, address in map(evidence.cite, question.sources)
        ],
        key=key,
        shuffled=shuffled,
        choices=choices,
        style=Markup(style),  # our own files
        script=Markup(script),
    )


def key(question: Question) -> list[str]:
    """The right answer as the form gives one: a value for each control or chosen option."""
    match question:
        case Choice():
            return [str(i) for i, option in enumerate(question.options) if option.correct]
        case Numeric():
            return [str(question.answer)]
        case Order():
            items = [item.text for item in question.items]
            return [str(items.index(item) + 1) for item in shuffled(question, items)]
        case Match():
            return [pair.right for pair in question.pairs]
    raise TypeError(f"no form for {type(question).__name__}")


def shuffled(question: Question, texts: Iterable[str]) -> list[str]:
    """A fixed order that is not the key: by a hash of the question's id and the text."""
    return sorted(
        dict.fromkeys(texts),
        key=lambda text: hashlib.sha256(f"{question.id}{text}".encode()).hexdigest(),
    )


def choices(question: Match) -> list[str]:
    """What the left-hand texts can be matched with."""
    return shuffled(question, (pair.right for pair in question.pairs))


def as_text(question: Question, number: int) -> str:
    """The question for a front end that shows no HTML."""
    lines = [f"{number}. {question.prompt}"]
    match question:
        case Choice():
            lines += [f"[ ] {option.text}" for option in question.options]
        case Numeric():
            lines += [f"____ {question.unit}"]
        case Order():
            lines += [f"__ {text}" for text in shuffled(question, (i.text for i in question.items))]
        case Match():
            lines += [f"{pair.left} -> __" for pair in question.pairs]
            lines += ["Choose from:", *(f"- {text}" for text in choices(question))]
    return "\n   ".join(lines)
