"""Explorers by keyboard, with and without JavaScript: what is shown is what the data hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import agree
from tests.pages.reading import Tab, look, open_page, press, renew, walk
from tests.pages.site import EXPLORERS, Book, Node, cells, fold, rows


class Explorer:
    """An explorer of a page, and the rows of its CSV file that each choice calls for."""

    def __init__(self, site: Path, figure: Node) -> None:
        self.id = figure.get("id")
        heads, *body = cells(site / "figures" / f"{self.id}.csv")
        self.rows = [dict(zip(heads, row)) for row in body]
        groups = list(figure.all("fieldset"))
        self.options = [[label.text for label in group.all("label")] for group in groups]
        named = {head.lower().replace("_", " "): head for head in heads}
        self.choices = [named[legend.text.lower()] for legend in figure.all("legend")]
        self.lists = any(figure.all("div", cls="cb-list"))  # a filter: one list and one chart
        self.key = next(head for head in heads if self.lists or head not in self.choices)
        self.shorts = {row["source_id"]: row["short"] for _, row in rows("sources")}
        self.dated = {
            fold(next(row.all("th")).text)
            for row in figure.all("tr")
            for cell in row.all("td")
            if cell.get("data-label") == "On record" and cell.text != "not given"
        }

    def holds(self, row: dict[str, str], choice: str, option: str) -> bool:
        parts = row[choice].split("; ")
        return option in ("all", *parts, *(self.shorts.get(p.partition("#")[0]) for p in parts))

    def wanted(self, chosen: list[str]) -> list[str] | None:
        """Keys of the rows that a choice calls for; None where there is no such combination."""
        kept = [
            fold(row[self.key])
            for row in self.rows
            if all(self.holds(row, *pair) for pair in zip(self.choices, chosen))
        ]
        return kept if kept or self.lists else None

    def judge(self, chosen: list[str], seen: dict, script: bool) -> Iterator[str]:
        """What is wrong with what is seen after a choice."""
        wanted = self.wanted(chosen)
        if seen["chosen"] != chosen:
            yield f"the arrow keys choose {seen['chosen']}"
        if seen["none"] != (wanted is None):
            yield "says that there is nothing, or does not say so"
        if seen["tables"] != (wanted is not None):
            yield f"shows {seen['tables']} tables"
        listed = [fold(key) for key in seen["rows"]]
        if listed != (wanted or []):
            yield f"lists {listed}, the data hold {wanted}"
        if self.lists:
            yield from self.judge_marks(wanted or [], seen, script)

    def judge_marks(self, wanted: list[str], seen: dict, script: bool) -> Iterator[str]:
        """What a filter hides in the list it hides in the chart too, and Tab still finds a mark."""
        dated = len([key for key in wanted if key in self.dated])
        if seen["marks"] != dated:
            yield f"shows {seen['marks']} marks for {dated} dated rows"
        if script and seen["stops"] != (dated > 0):
            yield f"the Tab key finds {seen['stops']} marks"
        if script and not seen["said"].startswith(f"{len(wanted)} of "):
            yield f"says {seen['said']!r}"


def tour(page: Page, explorer: Explorer) -> Iterator[tuple[list[str], dict]]:
    """(choice, what is seen) all round each group of options, the others as they were at first."""
    groups = page.locator(f"figure#{explorer.id} fieldset")
    chosen = look(page, "explorer", explorer.id)["chosen"]
    look(page, "before", explorer.id)
    for number, options in enumerate(explorer.options):
        walk(page, groups.nth(number))
        at = options.index(chosen[number])
        for option in [*options[at + 1 :], *options[: at + 1]]:
            press(page, "ArrowRight")
            chosen[number] = option
            yield list(chosen), look(page, "explorer", explorer.id)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("name", EXPLORERS)
def test_explorers_by_keyboard(
    tab: Tab, plain: Tab, site: Path, book: Book, name: str, script: bool
) -> None:
    page, complaints = renew(tab if script else plain)
    open_page(page, site / name)
    look(page, "unfold")
    problems = []
    for figure in book[name].all("figure", cls="cb-explorer"):
        explorer = Explorer(site, figure)
        for chosen, seen in tour(page, explorer):
            found = explorer.judge(chosen, seen, script)
            problems += [f"{name}, {explorer.id}, {chosen}: {said}" for said in found]
        page.emulate_media(media="print")
        paper = look(page, "explorer", explorer.id)
        page.emulate_media(media="screen")
        if (paper["charts"], paper["labels"]) != (1, len(explorer.options)):
            problems.append(f"{name}, {explorer.id}: paper shows not one chart and its choices")
    agree(problems + complaints)


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_that_shows_too_much_is_reported(site: Path, book: Book, name: str) -> None:
    """A table too many, a row that the data do not hold, a filter's marks and tally."""
    explorer = Explorer(site, next(book[name].all("figure", cls="cb-explorer")))
    chosen = [options[0] for options in explorer.options]
    seen = {"chosen": chosen, "none": 0, "tables": 2, "rows": ["one more"]}
    said = " ".join(explorer.judge(chosen, seen | {"marks": -1, "stops": 2, "said": ""}, True))
    due = ["shows 2 tables", "lists ['one more']"]
    due += ["shows -1 marks", "finds 2 marks", "says ''"] if explorer.lists else []
    assert all(words in said for words in due), said
