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
BEHIND = re.compile(r"\s?(?:percent|per cent|%|(?:\w+ )?(?:dollars|euros|yen)\b)")
BEFORE = re.compile(r"(?:\$|€|¥|\b(?:USD|EUR|JPY)) ?$")


def words_of(text: str) -> set[str]:
    """The words of a label or unit, written out."""
    return {SHORT.get(word, word) for word in re.findall(r"[%$€¥]|[a-z]+", text.lower())}


def said_of(token: re.Match, text: str) -> set[str]:
    """Percent, dollars, euros or yen, where a number in a text is said to be of these."""
    found = BEHIND.match(text, token.end()) or BEFORE.search(text[: token.start()])
    return words_of(found[0]) & {"percent", *MONEY} if found else set()


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
    return set() if re.search(r"\b(count|rank)\(", query) else found
