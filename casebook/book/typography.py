"""One typography on every page: quotation marks, apostrophes, dashes, as printers set them.

In `data/`, in question banks and in code they are as one types them and as checks compare them; in
prose Sphinx curls quotation marks. So each page, deck and picture is set here once more, as it is
written: its text, and the attributes that a reader sees or hears.
"""

import json
import re
from html import escape, unescape

# Code, which is as it was typed, and tags, which are read for their attributes; text is between.
PARTS = re.compile(r"(<(script|style|pre|code)\b.*?</\2>|<[^>]*>)", re.S)
# A tag of these does not end the words that it stands in.
WITHIN = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|q|small|span|strong|sub|sup|tspan)\b")
SAID = re.compile(
    r'(?<=\s)((?:aria-label|alt|title|placeholder|data-label|data-value(?!="[-\d.]+"))=)"([^"]*)"'
)
HELD = re.compile(r"(?<=\s)(data-(?:key|choices)=)'(\[[^']*\])'")  # as JSON, of a quiz
STRAIGHT = re.compile(r"&(?:#39|#x27|apos);|(&(?:#34|quot);)")
MARK = re.compile(r"['\"]")
# A dash between words, a range of years or days, a minus; not what parts a key (jp-2014-08-05).
DASH = re.compile(r"(?<=\w )-(?= \w)")
RANGE = re.compile(
    r"(?<![\w.-])(\d{4}(?!-0\d\b|-1[0-2]\b)|\d\d?)-(?=(?:\d{4}|\d\d?)(?![\w-]|\.\d))"
)
MINUS = re.compile(r"(?<=[\s(])-(?=\d)")
OPENS = re.compile(r"[\s\u00a0(\[{“‘—–/]")


def set_type(html: str) -> str:
    """A page or a part of one with its marks and dashes set."""
    parts, before = PARTS.split(html), " "
    for i, part in enumerate(parts):
        if i % 3 == 0 and part:
            text = STRAIGHT.sub(lambda mark: '"' if mark[1] else "'", part)
            parts[i], before = typeset(text, before), text[-1]
        elif i % 3 == 1:
            is_code = parts[i + 1] is not None
            parts[i] = part if is_code else _tag(part)
            before = "x" if is_code else before if WITHIN.match(part) else " "
    return "".join(parts[i] for i in range(len(parts)) if i % 3 < 2)


def typeset(text: str, before: str = " ") -> str:
    """Words with their marks and dashes set; `before` is the letter that stands before them.

    >>> typeset("Japan's aid, 2014-2021, the 'Russia Factor', '90s - not -1")
    'Japan’s aid, 2014–2021, the ‘Russia Factor’, ’90s – not −1'
    """

    def curl(mark: re.Match[str]) -> str:
        at = mark.start()
        opens = OPENS.match(text[at - 1] if at else before) is not None
        if mark[0] == '"':
            return "“" if opens else "”"
        return "‘" if opens and not text[at + 1 : at + 2].isdigit() else "’"

    if "-" in text:
        text = MINUS.sub("−", RANGE.sub(r"\1–", DASH.sub("–", before + text)))[1:]
    return MARK.sub(curl, text)


def _tag(tag: str) -> str:
    """A tag with those of its attributes set that are words."""
    tag = SAID.sub(lambda said: f'{said[1]}"{escape(typeset(unescape(said[2])), False)}"', tag)
    return HELD.sub(lambda held: f"{held[1]}'{_json(held[2])}'", tag)


def _json(text: str) -> str:
    words = [typeset(word) for word in json.loads(unescape(text))]
    return escape(json.dumps(words, ensure_ascii=False), False).replace("'", "&#39;")
