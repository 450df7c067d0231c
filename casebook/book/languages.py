"""Words in Japanese script say so, wherever they stand in a page.

So a screen reader changes its voice, and a browser takes the right forms of the signs. Only what
the signs tell is marked: kana, and Chinese characters, which in this book are Japanese.
"""

import re

# Pictures and lists to choose from hold no elements but their own.
WHOLE = re.compile(r"(<(svg|script|style|option|title)\b.*?</\2>)", re.S)
TEXT = re.compile(r"(?:^|(?<=>))[^<]+")
SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
JAPANESE = re.compile(rf"「?[{SIGNS}](?:[{SIGNS}\u3000-\u303f\uff01-\uff5e]*[{SIGNS}」])?")


def mark_japanese(body: str) -> str:
    """The HTML `body` with every run of Japanese signs in its text marked."""
    if not JAPANESE.search(body):
        return body
    parts = WHOLE.split(body)  # text, a whole element, the name of its tag, text and so on
    parts[::3] = [TEXT.sub(_mark, text) for text in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def _mark(text: re.Match[str]) -> str:
    return JAPANESE.sub(r'<span lang="ja">\g<0></span>', text[0])
