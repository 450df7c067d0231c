"""Explorers by keyboard, with and without JavaScript: what is shown is what the data hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import agree
from tests.pages.reading import Tab, look, open_page, press, renew, walk
from tests.pages.site import EXPLORERS, Book, Node, cells, fold, rows


@dataclass
class Group:
    """A group of options that stand side by side, and which of them is set."""

    name: str
    options: list[str]
    at: int
    firsts: list[str]  # the options of the first group with which it is offered; none: all


class Explorer:
    """An explorer of a page, and the rows of its CSV file that each choice calls for."""

    def __init__(self, site: Path, figure: Node) -> None:
        self.id = figure.get("id")
        heads, *body = cells(site / "figures" / f"{self.id}.csv")
        self.rows = [dict(zip(heads, row)) for row in body]
        named = {head.lower().replace("_", " "): head for head in heads}
        self.groups = []
        for group in figure.all("fieldset"):
            inputs = list(group.all("input"))
            self.groups.append(
                Group(
                    named[next(group.all("legend")).text.lower()],
                    [label.text for label in group.all("label")],
                    next(at for at, radio in enumerate(inputs) if "checked" in radio.attrs),
                    group.get("data-for").split(),
                )
            )
        self.choices = list(dict.fromkeys(group.name for group in self.groups))
        self.lists = any(figure.all("div", cls="cb-list"))  # a filter: one list and one chart
        self.key = next(head for head in heads if self.lists or head not in self.choices)
        self.shorts = {row["source_id"]: row["short"] for _, row in rows("sources")}
        self.dated = {
            fold(next(row.all("th")).text)
            for row in figure.all("tr")
            for cell in row.all("td")
            if cell.get("data-label") == "On record" and re.match(r"\d+\b.* \d{4}$", cell.text)
        }

    def offered(self) -> list[int]:
        """The groups that are offered with what is set in the first."""
        first = str(self.groups[0].at)
        return [
            n for n, group in enumerate(self.groups) if not group.firsts or first in group.firsts
        ]

    def chosen(self) -> list[str]:
        return [self.groups[n].options[self.groups[n].at] for n in self.offered()]

    def holds(self, row: dict[str, str], choice: str, option: str) -> bool:
        parts = row[choice].split("; ")
        return option in ("all", *parts, *(self.shorts.get(p.partition("#")[0]) for p in parts))

    def wanted(self, chosen: list[str]) -> list[str]:
        """Keys of the rows that a choice calls for."""
        return [
            fold(row[self.key])
            for row in self.rows
            if all(self.holds(row, *pair) for pair in zip(self.choices, chosen))
        ]

    def judge(self, chosen: list[str], seen: dict, script: bool) -> Iterator[str]:
        """What is wrong with what is seen after a choice."""
        wanted = self.wanted(chosen)
        if seen["chosen"] != chosen:
            yield f"the arrow keys choose {seen['chosen']}, not {chosen}"
        if seen["tables"] != 1:
            yield f"shows {seen['tables']} tables"
        listed = [fold(key) for key in seen["rows"]]
        if listed != wanted or not (wanted or self.lists):
            yield f"lists {listed}, the data hold {wanted}"
        if self.lists:
            yield from self.judge_marks(wanted, seen, script)
        else:
            yield from self.judge_bars(seen, script)

    def judge_bars(self, seen: dict, script: bool) -> Iterator[str]:
        """One sentence says what the bars show, each as long as its value."""
        if len(seen["said"]) != 1 or (script and seen["said"] != [seen["status"]]):
            yield f"says {seen['said']}, and aloud {seen['status']!r}"
        values = [float(text.replace(",", "")) for text, _ in seen["bars"]]
        longest = max((wide for _, wide in seen["bars"]), default=0)
        for value, (text, wide) in zip(values, seen["bars"]):
            if abs(wide / longest - value / max(values)) > 0.01:
                yield f"the bar of {text} is {wide:.0f} of {longest:.0f} px long"

    def judge_marks(self, wanted: list[str], seen: dict, script: bool) -> Iterator[str]:
        """What a filter hides in the list it hides in the chart too, and Tab still finds a mark."""
        dated = len([key for key in wanted if key in self.dated])
        if seen["marks"] != dated:
            yield f"shows {seen['marks']} marks for {dated} dated rows"
        if script and seen["stops"] != (dated > 0):
            yield f"the Tab key finds {seen['stops']} marks"
        if script and not seen["status"].startswith(f"{len(wanted)} of "):
            yield f"says {seen['status']!r}"


Seen = Iterator[tuple[list[str], dict]]  # a choice, and what is seen then


def turn(page: Page, explorer: Explorer, number: int) -> Seen:
    """All round one group of options, beginning after what is set."""
    group = explorer.groups[number]
    walk(page, page.locator(f"figure#{explorer.id} fieldset").nth(number))
    for _ in group.options:
        press(page, "ArrowRight")
        group.at = (group.at + 1) % len(group.options)
        yield explorer.chosen(), look(page, "explorer", explorer.id)


def tour(page: Page, explorer: Explorer) -> Seen:
    """All round each group; where the first decides what others offer, for each of its options."""
    look(page, "before", explorer.id)
    if explorer.lists:
        for number in range(len(explorer.groups)):
            yield from turn(page, explorer, number)
        return
    for seen in turn(page, explorer, 0):
        yield seen
        for number in explorer.offered()[1:]:
            yield from turn(page, explorer, number)
        walk(page, page.locator(f"figure#{explorer.id} fieldset").first, "Shift+Tab")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("name", EXPLORERS)
def test_explorers_by_keyboard(
    unseen: Tab, plain: Tab, site: Path, book: Book, name: str, script: bool
) -> None:
    page, complaints = renew(unseen if script else plain)
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
        if (paper["charts"], paper["labels"]) != (1, len(explorer.choices)):
            problems.append(f"{name}, {explorer.id}: paper shows not one chart and its choices")
    agree(problems + complaints)


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_button_makes_several_choices_at_once(
    tab: Tab, site: Path, book: Book, name: str
) -> None:
    page, complaints = renew(tab)
    open_page(page, site / name)
    problems = []
    for figure in book[name].all("figure", cls="cb-explorer"):
        explorer = Explorer(site, figure)
        for button in figure.all("button"):
            page.locator(f"figure#{explorer.id}").get_by_text(button.text, exact=True).click()
            seen = look(page, "explorer", explorer.id)
            found = explorer.judge(seen["chosen"], seen, script=True)
            problems += [f"{name}, {button.text}: {said}" for said in found]
    agree(problems + complaints)


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_that_shows_too_much_is_reported(site: Path, book: Book, name: str) -> None:
    """A table too many, a row that the data do not hold, marks, words or a bar that are wrong."""
    explorer = Explorer(site, next(book[name].all("figure", cls="cb-explorer")))
    chosen = explorer.chosen()
    seen = {"chosen": chosen, "tables": 2, "rows": ["one more"], "marks": -1, "stops": 2}
    seen |= {"status": "", "said": [], "bars": [["1", 10], ["2", 10]]}
    said = " ".join(explorer.judge(chosen, seen, True))
    due = ["shows 2 tables", "lists ['one more']"]
    lists = ["shows -1 marks", "finds 2 marks", "says ''"]
    due += lists if explorer.lists else ["says []", "the bar of 1 is 10 of 10 px"]
    assert all(words in said for words in due), said
