"""A quiz as an HTML form (by `templates/quiz.html`, everything escaped) and as plain text."""

import json
from collections.abc import Callable
from pathlib import Path

from IPython.display import publish_display_data
from jinja2 import Template
from markupsafe import Markup

from casebook import evidence
from casebook.quiz import draws
from casebook.quiz.bank import (
    Chart,
    Choice,
    Criterion,
    Mark,
    Match,
    Numeric,
    Order,
    Question,
    digest,
)
from casebook.templates import templates

QUIZ = "application/vnd.casebook.quiz+json"
HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = templates(HERE / "templates")

Link = Callable[[str], str]


def show(name: str, draw: int = 0) -> None:
    """Publish the quiz `name` as a form and as text; raises QuizError if it cannot be shown.

    Another `draw` takes other variants of the questions that have some.
    """
    questions = draws.load(name, draw)
    style, script = ((STATIC / f"quiz.{kind}").read_text("utf8") for kind in ("css", "js"))
    html = as_html(name, in_notebook, style, script, draw)
    plain = "\n\n".join(as_text(each, number) for number, each in enumerate(questions, start=1))
    publish_display_data({"text/html": html, "text/plain": plain, QUIZ: {"bank": name}})


def in_notebook(address: str) -> str:
    """A file of the book as a notebook in `chapters/` links it."""
    return f"../{address}"


def as_html(
    name: str, link: Link, style: str = "", script: str = "", draw: int = 0, more: str = ""
) -> str:
    """The form of the quiz `name`; `link` makes an address from the root one for this place.

    `more` is the address of the file that holds the other variants (`as_script`), if there is one.
    """
    return _quiz(link).render(
        name=name,
        questions=[(pool, pool[draw % len(pool)]) for pool in draws.pools(name)],
        repeated=draws.repeated(name),
        progress=link("chapters/progress.md"),
        style=Markup(style),  # our own files
        script=Markup(script),
        more=more,
    )


def as_script(name: str, link: Link, finish: Callable[[str], str] = str) -> str:
    """All variants of the quiz `name` as a script, which a page from disk may load too.

    `finish` is what the page does to its HTML before it is written.
    """
    write = getattr(_quiz(link).module, "variant")  # noqa: B009 - a macro of the template
    pools = [*draws.pools(name), *(pool for pool, _ in draws.repeated(name))]
    held = {pool[0].id: [finish(write(one)) for one in pool] for pool in pools if len(pool) > 1}
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return f"casebookVariants({text})\n"


def _quiz(link: Link) -> Template:
    """The template, with what its macros ask for."""
    return TEMPLATES.get_template(
        "quiz.html",
        globals={"cite": evidence.cite, "link": link, "key": key, "value": value},
    )


def value(text: str) -> str:
    """The value of an option: short, and the same wherever the option stands."""
    return digest(text)[:4]


def key(question: Question) -> list[str]:
    """The right answer as the form gives one: a value for each control or chosen option."""
    match question:
        case Choice():
            return [value(option.text) for option in question.options if option.correct]
        case Numeric():
            return [str(question.answer)]
        case Order():
            items = [item.text for item in question.items]
            return [str(items.index(item) + 1) for item in question.steps]
        case Match():
            return [pair.right for pair in question.pairs]
        case Criterion():
            return []
    raise TypeError(f"no form for {type(question).__name__}")


def as_text(question: Question, number: int) -> str:
    """The question for a front end that shows no HTML."""
    lines = [f"{number}. {question.prompt}"]
    match question:
        case Mark():
            lines += [question.sentence, *(f"[ ] {option.text}" for option in question.options)]
        case Choice():
            lines += [f"[ ] {option.text}{_bars(option.chart)}" for option in question.options]
        case Numeric():
            lines += [f"____ {question.unit}"]
        case Order():
            lines += [f"__ {text}" for text in question.steps]
        case Match():
            lines += [f"{pair.left} -> __" for pair in question.pairs]
            lines += ["Choose from:", *(f"- {text}" for text in question.choices)]
        case Criterion():
            for name, held in zip(question.controls, question.settings):
                lines += [f"{name}: {' / '.join(held)}"]
    return "\n   ".join(lines)


def _bars(chart: Chart | None) -> str:
    """What an option that is a chart shows, in words."""
    if chart is None:
        return ""
    bars = ", ".join(f"{point.label} {point.value:,.10g}" for point in chart.rows)
    return f" ({chart.unit}): {bars}"
