"""Quizzes for self-study: one bank of questions for each chapter, published as an accessible form.

`show("ch01")` reads `chapters/quizzes/ch01.yml`. The form needs no kernel and no library; without JavaScript the questions,
answers and reasons can still be read, with it each answer is judged on the spot and remembered in the reader's browser.

Types of question: `single` and `multiple` (options), `numeric`, `order` (items in their right order), `match` (pairs),
`judgement` (no key: every option gets its reasons). `check:` expressions tie a key to the evidence; the tests evaluate them.
"""

import hashlib
import os
from html import escape
from pathlib import Path

import yaml
from IPython.display import publish_display_data

from casebook import evidence

# type -> the keys that such a question has beside the common ones
TYPES = {
    "single": {"options"},
    "multiple": {"options"},
    "judgement": {"options"},
    "numeric": {"answer", "unit", "feedback", "check"},
    "order": {"items", "feedback"},
    "match": {"pairs", "feedback"},
}
COMMON = {"id", "objective", "type", "prompt", "sources"}
OPTIONAL = {"checks", "tolerance", "mistakes", "check"}
STATIC = Path(__file__).parent / "static"


class QuizError(ValueError):
    """A bank that cannot be shown; the message names file and question, what was found and what was expected."""


def folder() -> Path:
    """The folder of the banks: `CASEBOOK_QUIZZES` if set, else the checkout's, else the wheel's copy."""
    if os.environ.get("CASEBOOK_QUIZZES"):
        return Path(os.environ["CASEBOOK_QUIZZES"])
    here = Path(__file__).resolve().parent
    inside = here / "_quizzes"
    return inside if inside.is_dir() else here.parent / "chapters" / "quizzes"


def load(name: str) -> list[dict]:
    """Return the questions of bank `name`, in order; raises QuizError naming file and question."""
    file = f"chapters/quizzes/{name}.yml"
    try:
        bank = yaml.safe_load((folder() / f"{name}.yml").read_text("utf-8-sig"))
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in folder().glob("*.yml")))
        raise QuizError(f"{file}: file not found (expected one of {known})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise QuizError(f"{file}: not readable as YAML: {error}") from None
    if not isinstance(bank, list) or not bank:
        raise QuizError(f"{file}: expected a list of questions")
    seen = set()
    for number, question in enumerate(bank, start=1):
        _check(question, f"{file}, question {number}", seen)
    return bank


def show(name: str) -> None:
    """Publish the quiz `name` as a form (HTML) and as plain text; raises QuizError for a bank that cannot be shown."""
    questions = load(name)
    forms = "\n".join(
        _form(question, number, len(questions))
        for number, question in enumerate(questions, start=1)
    )
    html = (
        f'<div class="cb-quiz" id="quiz-{escape(name)}">\n<style>{(STATIC / "quiz.css").read_text("utf8")}</style>\n{forms}\n'
        f"<script>{(STATIC / 'quiz.js').read_text('utf8')}</script>\n</div>"
    )
    publish_display_data(
        {
            "text/html": html,
            "text/plain": "\n\n".join(_text(q, n) for n, q in enumerate(questions, start=1)),
        }
    )


def _check(question, where, seen):
    if not isinstance(question, dict):
        raise QuizError(
            f"{where}: found {question!r} (expected a question with {', '.join(sorted(COMMON))})"
        )
    where += f" ({question.get('id', 'no id')})"
    kind = question.get("type")
    if kind not in TYPES:
        raise QuizError(f"{where}: type {kind!r} (expected one of {', '.join(TYPES)})")
    needed = COMMON | TYPES[kind]
    for key in sorted(needed - question.keys()):
        raise QuizError(f"{where}: {key!r} is missing")
    for key in sorted(question.keys() - needed - OPTIONAL):
        raise QuizError(
            f"{where}: {key!r} is not known (expected {', '.join(sorted(needed | OPTIONAL))})"
        )
    if question["id"] in seen:
        raise QuizError(f"{where}: the id stands twice in the bank")
    seen.add(question["id"])
    for reference in question["sources"]:
        evidence.cite(reference)
    for part, need in (
        ("options", {"text", "feedback"}),
        ("items", {"text"}),
        ("pairs", {"left", "right"}),
    ):
        for number, entry in enumerate(question.get(part, []), start=1):
            for key in sorted(need - entry.keys()):
                raise QuizError(f"{where}, {part} {number}: {key!r} is missing")
    if kind in ("single", "multiple"):
        right = sum(bool(option.get("correct")) for option in question["options"])
        if right == 0 or (kind == "single" and right != 1):
            raise QuizError(
                f"{where}: {right} options are correct (expected {'one' if kind == 'single' else 'at least one'})"
            )
    if kind == "numeric" and (
        isinstance(question["answer"], bool) or not isinstance(question["answer"], (int, float))
    ):
        raise QuizError(f"{where}: answer {question['answer']!r} is not a number")


def _shuffled(question, texts):
    """A fixed order that is not the key: by a hash of the question's id and the text."""
    return sorted(
        dict.fromkeys(texts),
        key=lambda text: hashlib.sha256(f"{question['id']}{text}".encode()).hexdigest(),
    )


def _form(question, number, of):
    kind, name = question["type"], escape(question["id"])
    body, key, reasons = {"numeric": _numeric, "order": _order, "match": _match}.get(
        kind, _options
    )(question, name)
    links = ", ".join(
        f'<a href="../{escape(address)}">{escape(label)}</a>'
        for label, address in map(evidence.cite, question["sources"])
    )
    button = "See what your choice implies" if kind == "judgement" else "Check"
    return f"""<form class="cb-question" id="{name}" data-type="{kind}"{key}>
<fieldset><legend><span class="cb-count">Question {number} of {of}</span> {escape(question["prompt"])}</legend>
{body}
</fieldset>
<p class="cb-actions"><button type="submit">{button}</button> <small>Tests objective {question["objective"]}. Source: {links}</small></p>
<div role="status" class="cb-status"></div>
<details><summary>{"The reasons" if kind == "judgement" else "Answer and reasons"}</summary>
{reasons}
</details>
</form>"""


def _options(question, name):
    control = "checkbox" if question["type"] == "multiple" else "radio"
    rows, reasons = [], []
    for i, option in enumerate(question["options"]):
        rows.append(
            f'<label><input type="{control}" name="{name}" value="{i}"> <span>{escape(str(option["text"]))}</span></label>'
        )
        verdict = (
            ""
            if question["type"] == "judgement"
            else "Right. "
            if option.get("correct")
            else "Not this. "
        )
        reasons.append(
            f'<li data-value="{i}"><em>{escape(str(option["text"]))}</em> <span class="cb-reason">{verdict}{escape(option["feedback"])}</span></li>'
        )
    if question["type"] == "multiple":
        rows.insert(0, '<p class="cb-hint">Choose all that apply.</p>')
    key = [str(i) for i, option in enumerate(question["options"]) if option.get("correct")]
    return (
        "\n".join(rows),
        f' data-key="{",".join(key)}"',
        "<ul>\n" + "\n".join(reasons) + "\n</ul>",
    )


def _numeric(question, name):
    body = f'<label class="cb-number">Your answer <input type="text" inputmode="decimal" autocomplete="off" name="{name}"> {escape(question["unit"])}</label>'
    reasons = [
        f'<li data-value="right"><em>{question["answer"]:,} {escape(question["unit"])}</em> <span class="cb-reason">Right. {escape(question["feedback"])}</span></li>'
    ]
    for mistake in question.get("mistakes", []):
        reasons.append(
            f'<li data-value="{mistake["answer"]}"><em>{mistake["answer"]:,}</em> <span class="cb-reason">Not this. {escape(mistake["feedback"])}</span></li>'
        )
    key = f' data-key="{question["answer"]}" data-tolerance="{question.get("tolerance", 0)}"'
    return body, key, "<ul>\n" + "\n".join(reasons) + "\n</ul>"


def _select(name, label, choices, first):
    options = "".join(
        f'<option value="{escape(choice)}">{escape(choice)}</option>' for choice in choices
    )
    return f'<label class="cb-pick"><span>{escape(label)}</span> <select name="{name}"><option value="">{first}</option>{options}</select></label>'


def _order(question, name):
    items = [item["text"] for item in question["items"]]
    places = [str(i) for i in range(1, len(items) + 1)]
    shown = _shuffled(question, items)
    rows = ['<p class="cb-hint">Give each its place, from the earliest.</p>'] + [
        _select(name, item, places, "place") for item in shown
    ]
    key = "|".join(str(items.index(item) + 1) for item in shown)
    reasons = (
        "<ol>"
        + "".join(f"<li>{escape(item)}</li>" for item in items)
        + f'</ol><p class="cb-reason" data-value="right">{escape(question["feedback"])}</p>'
    )
    return "\n".join(rows), f' data-key="{key}"', reasons


def _match(question, name):
    rights = _shuffled(question, [pair["right"] for pair in question["pairs"]])
    rows = [_select(name, pair["left"], rights, "choose") for pair in question["pairs"]]
    key = escape("|".join(pair["right"] for pair in question["pairs"]))
    reasons = "<ul>" + "".join(
        f"<li>{escape(p['left'])}: <em>{escape(p['right'])}</em></li>" for p in question["pairs"]
    )
    return (
        "\n".join(rows),
        f' data-key="{key}"',
        reasons
        + f'</ul><p class="cb-reason" data-value="right">{escape(question["feedback"])}</p>',
    )


def _text(question, number):
    lines = [f"{number}. {question['prompt']}"]
    lines += [f"   [ ] {option['text']}" for option in question.get("options", [])]
    lines += [
        f"   __ {item}"
        for item in _shuffled(question, [item["text"] for item in question.get("items", [])])
    ]
    lines += [f"   {pair['left']} -> __" for pair in question.get("pairs", [])]
    return "\n".join(
        lines + ([f"   ____ {question['unit']}"] if question["type"] == "numeric" else [])
    )
