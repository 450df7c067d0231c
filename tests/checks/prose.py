"""Prose against the evidence: a digit in this book is always a datum.

Each number or date of a sentence must agree with exactly one row of the paragraph that the sentence links,
or be declared in the line's check comment: `<!-- check: 63 = 23 + 40; 24 February 2022 = date("invasion-2022") -->`.
"""

import re
from pathlib import Path

from tests.checks.expr import ExpressionError, evaluate, typed
from tests.checks.raw import notebooks, raw, text_of

MONTHS = (
    "January February March April May June July August September October November December".split()
)
MONTH = "|".join(MONTHS)
SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
WORDS = dict(
    zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13))
)
TOKEN = re.compile(
    rf"(?P<day>\b\d{{1,2}} (?:{MONTH})(?: \d{{4}})?)"
    rf"|(?P<month>\b(?:{MONTH}) \d{{4}})"
    rf"|(?P<name>(?<![\w/])(?:A/RES/)?(?:ES-)?\d+/\d+|CC BY \d\.\d)"
    rf"|(?P<ordinal>(?<![\w.,])\d+(?:st|nd|rd|th)\b)"
    rf"|(?P<decade>\b(?:1[89]|20)\d0s\b)"
    rf"|(?P<year>(?:(?<![\w.,/-])|(?<=FY)|(?<=\d{{4}}[-–]))(?:1[89]|20)\d\d(?![\w,.]*\d)(?!\s?(?:percent|%|{'|'.join(SCALE)})))"
    rf"|(?P<number>(?<![\w.,/])\d+(?:,\d{{3}})*(?:\.\d+)?(?: (?:{'|'.join(SCALE)})\b)?)"
)
CHECK = re.compile(r"<!--\s*check:(.*?)-->", re.S)
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]*)\)")
SEED = re.compile(r"seeds/(\w+)\.md#p(\d+)$")
HERE = re.compile(r"^(\w+)\.md#p(\d+)$")


def check_prose(root: Path) -> list[str]:
    """Every sentence of the chapters (notebooks and pages): one problem a line, naming chapter, cell and sentence."""
    problems = []
    for name, notebook in notebooks(root).items():
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                problems += check_text(root, text_of(cell), f"{name}, cell {cell['id']}")
    for path in sorted((root / "chapters").glob("*.md")):
        if path.stem != "context":
            problems += check_text(root, path.read_text("utf8"), path.stem)
    return problems


def check_cards(root: Path) -> list[str]:
    """The source cards: what they say of a paragraph, and the list of its figures, agrees with some row of that paragraph."""
    problems = []
    for path in sorted((root / "seeds").glob("*.md")):
        parts = re.split(r"^## ", path.read_text("utf8"), flags=re.M)
        for part in (
            part for part in parts if part.startswith(("Paragraph by paragraph", "Its figures"))
        ):
            here = []
            for line in part.split("\n")[1:]:
                anchor = re.fullmatch(r"\{#p(\d+)\}", line)
                here = [(path.stem, anchor[1])] if anchor else here if line.strip() else []
                references = here + [(path.stem, number) for number in re.findall(r"¶(\d+)", line)]
                for token in TOKEN.finditer(_bare(re.sub(r"¶\d+|\{#p\d+\}", "", line))):
                    problem = (
                        None
                        if token.lastgroup in ("name", "ordinal")
                        else _find(root, token, references)
                    )
                    if problem and "say which" not in problem:
                        problems.append(f"seeds/{path.name}, sentence “{_short(line)}”: {problem}")
    return problems


def check_readings(root: Path) -> list[str]:
    """What `conflicts.csv` has a paragraph say, and the words that carry a quantity, hold the figures of that paragraph's rows."""
    problems = []
    for row in raw(root, "conflicts"):
        for side in "ab":
            references = [(row[f"source_{side}"], row[f"paragraph_{side}"])]
            for token in TOKEN.finditer(
                _bare(row[f"reading_{side}"]) if row[f"paragraph_{side}"] else ""
            ):
                problem = (
                    None
                    if token.lastgroup in ("name", "ordinal", "year")
                    else _find(root, token, references)
                )
                if problem and "say which" not in problem:
                    problems.append(
                        f"data/conflicts.csv row {row['_row']}, {row['conflict_id']}, reading “{_short(row[f'reading_{side}'])}”: {problem}"
                    )
    for row in raw(root, "quantities"):
        figures = [
            number(f"{token[1]} {token[2] or ''}".strip())
            for token in re.finditer(
                rf"(\d[\d,]*(?:\.\d+)?)(?:\s*({'|'.join(SCALE)}))?", row["evidence"]
            )
        ]
        in_words = [
            value
            for word, value in {
                **WORDS,
                "only": 1,
                "first": 1,
                "half": 50,
                "three-quarters": 75,
            }.items()
            if re.search(rf"\b{word}\b", row["evidence"])
        ]
        if figures and float(row["value"]) not in figures + in_words:
            problems.append(
                f"data/quantities.csv row {row['_row']}, {row['quantity_id']}: its value is {row['value']}, its evidence says “{row['evidence']}”"
            )
    return problems


def check_text(root, text, where, references=(), declared=()):
    """The problems of one text, one sentence a line; `references` and `declared` are added to each line's own."""
    problems = []
    text = re.sub(
        r"^(```|:::).*?^\1\s*$", lambda m: m[0] if m[1] == ":::" else "", text, flags=re.S | re.M
    )
    for line in text.split("\n"):
        problems += [
            f"{where}, sentence “{_short(line)}”: {problem}"
            for problem in _check_line(root, line, list(references), list(declared))
        ]
    return problems


def _check_line(root, line, references, declared):
    declared += [
        part.strip()
        for comment in CHECK.findall(line)
        for part in comment.split(";")
        if part.strip()
    ]
    if any("--" in comment for comment in CHECK.findall(line)):
        return ["a check comment may not hold two hyphens in a row: the page would print it"]
    line = CHECK.sub("", line)
    problems, spoken = [], {}
    for label, target in LINK.findall(line):
        found = SEED.search(target) or HERE.search(target)
        if found:
            references.append((found[1], found[2]))
            short = next(
                (row["short"] for row in raw(root, "sources") if row["source_id"] == found[1]), None
            )
            if label not in (f"{short}, ¶{found[2]}", f"¶{found[2]}"):
                problems.append(
                    f"the link “{label}” leads to ¶{found[2]} of {found[1]} (expected “{short}, ¶{found[2]}” or “¶{found[2]}”)"
                )
    sentence = _bare(line)
    for item in declared:
        said, equals, expression = item.partition(" = ")
        if not equals:
            problems.append(f"check {item!r} is not of the form 'text = expression'")
        elif not re.search(rf"(?<![\w.,]){re.escape(said)}(?!\w)", sentence):
            problems.append(f"check {said!r} does not stand in the sentence")
        else:
            spoken.setdefault(said, []).append(expression)
    covered = []
    for said, expressions in spoken.items():
        covered += [m.span() for m in re.finditer(rf"(?<![\w.,]){re.escape(said)}(?!\w)", sentence)]
        problems += filter(None, (_compare(root, said, expression) for expression in expressions))
    for token in TOKEN.finditer(sentence):
        if token.lastgroup in ("name", "ordinal") or any(
            a <= token.start() and token.end() <= b for a, b in covered
        ):
            continue
        if token.lastgroup == "year" and line.startswith("#"):
            continue  # a heading may carry its year
        problems += filter(None, [_find(root, token, references)])
    return problems + _words(root, sentence, references)


def _bare(line):
    """The sentence as it is read: no link targets, no labels of sources, chapters or figures, no code."""
    line = LINK.sub(
        lambda m: (
            " " if re.search(r"seeds/|context\.md|^\w+\.md#p\d|ch\d\d_|^https?:", m[2]) else m[1]
        ),
        line,
    )
    line = re.sub(r"\{[\w:-]+\}`[^`]*`|`[^`]*`|<[^>]+>|https?://\S+|\{#[^}]*\}", " ", line)
    return (
        re.sub(r"^\s*\d+\.\s", "", line).replace("*", "").replace("\u00a0", " ").replace("–", "-")
    )


def number(text):
    figure, _, scale = text.replace(",", "").partition(" ")
    return float(figure) * SCALE.get(scale, 1)


def iso(text):
    """'1990s' -> 1990/1999; '24 February 2022' -> 2022-02-24; '24 February' -> -02-24; 'February 2022' -> 2022-02; '2022' -> 2022."""
    if text.endswith("0s"):
        return f"{text[:4]}/{text[:3]}9"
    words = text.split()
    year = words.pop() if re.fullmatch(r"\d{4}", words[-1]) else ""
    out = year
    if words and words[-1] in MONTHS:
        out += f"-{MONTHS.index(words[-1]) + 1:02}"
        out += f"-{int(words[0]):02}" if len(words) == 2 else ""
    return out


def _compare(root, said, expression):
    try:
        value = evaluate(expression, root)
    except (ExpressionError, TypeError, ValueError, ZeroDivisionError) as error:
        return f"{said} = {expression}: {error}"
    token = TOKEN.search(said)
    if isinstance(value, str) or (token and token.lastgroup in ("day", "month")):
        value = str(value)
        same = (
            token is not None
            and token.lastgroup in ("day", "month", "year")
            and _same_date(iso(token[0]), value)
        )
    elif token is None:  # a word such as “half” or “twice” stands for nothing here
        return f"{said} = {expression}: no number or date on the left side"
    else:
        digits = len(token[0].split()[0].partition(".")[2])
        scale = SCALE.get(token[0].partition(" ")[2], 1)
        same = (
            abs(number(token[0]) - value) <= 0.5 * scale * 10**-digits + 1e-9
            if digits or scale > 1
            else abs(number(token[0]) - value) < 1e-9
        )
    return None if same else f"says {said}, but {expression} is {value}"


def _same_date(said, given):
    """A day equals that day, a month or year equals a date that lies in it; an interval counts by both its ends."""
    if said.startswith("-"):
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", given) is not None and given.endswith(said)
    ends = given.split("/")
    return given == said or (len(said) < 10 and all(end.startswith(said) for end in ends))


def _find(root, token, references):
    text = token[0]
    if not references:
        return f"{text} has no source in its sentence and no check (a digit is always a datum)"
    rows = _rows(root, references)
    if token.lastgroup == "number":
        hits = [row for row, value, kind in rows if kind == "value" and value == number(text)]
        known = sorted({value for _, value, kind in rows if kind == "value"})
    else:
        hits = {
            id(row): row
            for row, value, kind in rows
            if kind == "date" and _same_date(iso(text), value)
        }.values()
        known = sorted({value for _, value, kind in rows if kind == "date"})
    places = ", ".join(f"{source} ¶{paragraph}" for source, paragraph in references)
    if not hits:
        return f"{text} agrees with no row of {places} (there: {', '.join(f'{k:g}' if isinstance(k, float) else k for k in known) or 'none'})"
    if len(hits) > 1 and token.lastgroup != "year":
        return f"{text} agrees with {len(hits)} rows of {places}: say which in a check comment"
    return None


def _rows(root, references):
    """(row, number or date, kind) of every datum that the linked paragraphs carry."""
    wanted, found = set(references), []
    for row in raw(root, "quantities"):
        if (row["source_id"], row["paragraph"]) in wanted:
            found.append((row, float(typed(row["value"])), "value"))
            found += [(row, row[c], "date") for c in ("as_of_start", "as_of_end") if row[c]]
    for row in raw(root, "event_sources"):
        if (row["source_id"], row["paragraph"]) in wanted and row["date_as_given"]:
            found.append((row, row["date_as_given"], "date"))
    return found


def _words(root, sentence, references):
    """A datum written as a word would escape the check: in a sentence with a source it must stand in digits."""
    values = {value for _, value, kind in _rows(root, references) if kind == "value"}
    return [
        f"“{word}” is a datum of the linked paragraph: write it in digits"
        for word, value in WORDS.items()
        if value in values and re.search(rf"\b{word}\b", sentence, re.I)
    ]


def _short(line):
    line = re.sub(r"\s+", " ", LINK.sub(r"\1", CHECK.sub("", line))).strip(" -*#")
    return line if len(line) < 90 else line[:87] + "…"
