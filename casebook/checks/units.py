"""The units of numbers: those that a query reads, and the one that a sentence gives a number."""

import re

from casebook.checks.facts import Facts

# The words by which a unit is known, and how labels and sentences write them short.
SHORT = {
    "usd": "dollars",
    "$": "dollars",
    "eur": "euros",
    "€": "euros",
    "jpy": "yen",
    "¥": "yen",
    "%": "percent",
    "cent": "percent",
    "bn": "billion",
    "entities": "bodies",
}
MONEY = {"dollars", "euros", "yen"}
SAID = {"percent", "points", "days", "nights", "weeks", "months", *MONEY}
BEHIND = re.compile(
    r"\s?(?:percentage points|percent|per cent|%|(?:\w+ )?(?:dollars|euros|yen)\b"
    r"|(?:days|nights|weeks|months|points)\b)"
)
BEFORE = re.compile(r"(?:\$|€|¥|\b(?:USD|EUR|JPY)) ?$")


def words_of(text: str) -> set[str]:
    """The words of a label or unit, written out."""
    return {SHORT.get(word, word) for word in re.findall(r"[%$€¥]|[a-z]+", text.lower())}


def said_of(token: re.Match, text: str) -> set[str]:
    """Percent, points, days, weeks, months, dollars, euros or yen, as a text has a number of it."""
    found = BEHIND.match(text, token.end()) or BEFORE.search(text[: token.start()])
    return words_of(found[0]) & SAID if found else set()


def measured(token: re.Match, text: str) -> tuple[int, int]:
    """Where a number stands in a text, with the sign or word of its unit."""
    before, behind = BEFORE.search(text[: token.start()]), BEHIND.match(text, token.end())
    end = behind.end() if behind and not before else token.end()
    return before.start() if before else token.start(), end


def units_of(query: str, facts: Facts) -> set[str]:
    """The units of the numeric columns that a query has read; where rows have their own, those."""
    found = set()
    for table, column in facts.reads.get(query, ()):
        for field in facts.fields.get(table, ()):
            unit = field.get("unit", "")
            if field["name"] != column or field["type"] not in ("integer", "number"):
                continue
            if unit == "see column unit":
                asked = facts.ask(f'select distinct "unit" from "{table}"')
                found |= {str(one) for (one,) in asked.rows}
            elif unit != "paragraph number" and not unit.startswith("ordinal"):
                found.add(unit)
    if any("money" in unit or "column currency" in unit for unit in found):
        found |= {"US dollars", "euros", "yen"}
    for sign, unit in {r"days\(": "days", r"100(\.0)? \*": "percent"}.items():
        if re.search(sign, query):
            found.add(unit)
    if found and all("percent" in words_of(unit) for unit in found) and " - " in query:
        lies_between = set() if "/" in query else {"points"}  # of two shares
        found = found | lies_between if "," in query else lies_between or found
    return set() if re.search(r"\b(count|rank)\(", query) else found
