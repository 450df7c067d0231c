"""Quizzes against the evidence: every key follows from the data, every number in a question has its row."""

import re
from pathlib import Path

import yaml

from tests.checks.expr import ExpressionError, evaluate
from tests.checks.prose import TOKEN, check_text
from tests.checks.raw import notebooks, text_of


def banks(root: Path) -> dict[str, list[dict]]:
    return {
        path.stem: yaml.safe_load(path.read_text("utf8"))
        for path in sorted((root / "chapters" / "quizzes").glob("*.yml"))
    }


def check_quizzes(root: Path) -> list[str]:
    """One problem a line, naming chapter, question and option."""
    problems = []
    chapters = {
        name[:4]: notebook
        for name, notebook in notebooks(root).items()
        if re.match(r"ch\d\d_", name)
    }
    everything = banks(root)
    for name in sorted(chapters.keys() ^ everything.keys()):
        problems.append(f"{name}: a chapter without quiz, or a quiz without chapter")
    for name, questions in everything.items():
        for question in questions:
            problems += [
                f"{name}, quiz {question['id']}: {problem}" for problem in _question(root, question)
            ]
        if name in chapters:
            problems += [
                f"{name}, quiz: {problem}" for problem in _whole(chapters[name], name, questions)
            ]
    return problems


def _whole(notebook, name, questions):
    text = "\n".join(text_of(cell) for cell in notebook["cells"])
    if not 5 <= len(questions) <= 8:
        yield f"{len(questions)} questions (expected 5 to 8)"
    if f'quiz.show("{name}")' not in text:
        yield f'the chapter does not show it (expected quiz.show("{name}"))'
    part = re.search(r"^## Objectives\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    stated = set(map(int, re.findall(r"^(\d+)\. ", part[1], re.M))) if part else set()
    tested = {question["objective"] for question in questions}
    if stated != tested:
        yield f"objectives stated {sorted(stated)}, tested {sorted(tested)}"


def _value(root, expression):
    try:
        return evaluate(expression, root)
    except (ExpressionError, TypeError, ValueError) as error:
        return error


def _question(root, question):
    problems = []
    for number, option in enumerate(question.get("options", []), start=1):
        where = f"option {number} “{option['text']}”"
        if "check" in option:
            value = _value(root, option["check"])
            if not isinstance(value, bool):
                problems.append(
                    f"{where}: {option['check']} gives {value} (expected true or false)"
                )
            elif value != bool(option.get("correct")) and question["type"] != "judgement":
                problems.append(
                    f"{where}: marked {'right' if option.get('correct') else 'wrong'}, but {option['check']} is {value}"
                )
        elif TOKEN.search(str(option["text"])) and question["type"] != "judgement":
            problems.append(f"{where}: holds a number or date but no check")
    if question["type"] == "numeric":
        value = _value(root, question["check"])
        if (
            isinstance(value, Exception)
            or abs(value - question["answer"]) > question.get("tolerance", 0) + 1e-9
        ):
            problems.append(f"key {question['answer']}, but {question['check']} is {value}")
        for mistake in question.get("mistakes", []):
            if (
                not isinstance(value, Exception)
                and abs(mistake["answer"] - value) <= question.get("tolerance", 0) + 1e-9
            ):
                problems.append(f"{mistake['answer']} is listed as a mistake, but it is the answer")
    if question["type"] == "order":
        values = [
            _value(root, item["check"]) if "check" in item else None for item in question["items"]
        ]
        if any(not isinstance(value, str) for value in values) or any(
            a >= b for a, b in zip(values, values[1:])
        ):
            problems.append(f"the order does not follow from the dates {values}")
    for pair in question.get("pairs", []):
        value = _value(root, pair.get("check", ""))
        if value is not True:
            problems.append(
                f"pair “{pair['left']} – {pair['right']}”: {pair.get('check', 'no check')} is {value}"
            )
    return problems + _words(root, question)


def _words(root, question):
    """Numbers in what a question states (its prompt, its right answers, its feedback) are prose like any other."""
    references = [
        tuple(reference.split("#p")) for reference in question["sources"] if "#p" in reference
    ]
    parts = [question["prompt"], question.get("feedback", "")]
    parts += [option["feedback"] for option in question.get("options", [])]
    parts += [mistake["feedback"] for mistake in question.get("mistakes", [])]
    declared = question.get("checks", [])
    problems = []
    for part in filter(None, parts):
        mine = [
            item
            for item in declared
            if re.search(rf"(?<![\w.,]){re.escape(item.partition(' = ')[0])}(?!\w)", part)
        ]
        problems += check_text(root, part, "text", references, mine)
    used = [item for item in declared if any(item.partition(" = ")[0] in part for part in parts)]
    problems += [
        f"check {item!r} belongs to no text of the question"
        for item in declared
        if item not in used
    ]
    return problems
