"""The page of progress: what was answered, what to read again, and a record to take along."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.reading import COARSE, Tab, renew

CHAPTER = "chapters/ch01_crimea_2014.html"
BASE, SHARE, OTHER = "ch01-base", "ch01-share", "ch02-part"


# Whether a page finds that this was answered, and where the reader stopped.
KEPT = """([id, text]) => localStorage.getItem("casebook:last")
  && (JSON.parse(localStorage.getItem(`casebook:${id}`)) || {}).given == text"""


@pytest.fixture(scope="module")
def looker(browser: Browser, site: Path) -> Iterator[Page]:
    """The same for tests that only look at the page of progress."""
    yield from reading_on(browser, site)


@pytest.fixture
def reader(browser: Browser, site: Path) -> Iterator[Page]:
    """A reader who gave a wrong answer in the first chapter, and now sees her progress."""
    yield from reading_on(browser, site)


def reading_on(browser: Browser, site: Path) -> Iterator[Page]:
    context = browser.new_context(**COARSE)
    page = context.new_page()
    answer(page, site, "1")
    yield page
    context.close()


def answer(page: Page, site: Path, text: str) -> None:
    """Answer a question and open the page of progress.

    On a busy machine the browser now and then ends the process of a page that is left together
    with what the page had just stored; nobody leaves within milliseconds, so it is done again.
    """
    for _ in range(5):
        page.goto((site / CHAPTER).as_uri())
        submit(page, BASE, text)
        page.goto((site / "chapters/progress.html").as_uri())
        if page.evaluate(KEPT, [BASE, text]):
            return
    pytest.fail("five times the browser kept no answer")


def submit(page: Page, question: str, text: str) -> None:
    page.fill(f"#{question} input", text)
    page.press(f"#{question} input", "Enter")
    expect(page.locator(f"#{question} [role=status]")).not_to_be_empty()


def test_what_was_wrong_is_to_be_read_again_until_it_is_right(reader: Page, site: Path) -> None:
    assert reader.locator(".cb-reread li").count() == 1
    assert "1 of" in reader.locator(".cb-score span").first.inner_text()
    assert reader.inner_text(f"li:has(> [data-question={BASE}]) .cb-result").startswith("not yet")
    right = reader.locator(f"[data-question={BASE}]").inner_text()
    yes, no, none = (int(word) for word in right.split() if word.isdigit())
    answer(reader, site, f"{100 * yes / (yes + no + none):.1f}")
    result = reader.locator(f"li:has(> [data-question={BASE}]) .cb-result")
    expect(result).to_have_text(re.compile(r"^right, \d answers"))
    assert not reader.locator(".cb-reread").is_visible()


def test_one_goes_on_where_one_stopped(looker: Page) -> None:
    order = looker.eval_on_selector_all(
        "[data-question]", "all => all.map(a => a.dataset.question)"
    )
    following = re.compile(f"#{order[order.index(BASE) + 1]}$")
    expect(looker.locator(".cb-on a")).to_have_attribute("href", following)


def test_what_is_answered_in_another_tab_is_marked(reader: Page, site: Path) -> None:
    reader.evaluate(
        """([from, to]) => {
          const hash = document.querySelector(`[data-question=${to}]`).dataset.hashes;
          const kept = JSON.parse(localStorage.getItem(`casebook:${from}`));
          localStorage.setItem(`casebook:${to}`, JSON.stringify({ ...kept, hash }));
          window.dispatchEvent(new StorageEvent("storage", { key: `casebook:${to}` }));
        }""",
        [BASE, SHARE],
    )
    assert reader.inner_text(f"li:has(> [data-question={SHARE}]) .cb-result").startswith("not yet")
    assert "2 of" in reader.locator(".cb-score span").first.inner_text()


def test_each_question_has_a_link_of_its_own(keys: Tab, site: Path) -> None:
    page, _ = renew(keys)
    page.goto((site / CHAPTER).as_uri())
    links = page.locator("form .cb-link")
    assert links.count() == page.locator("form.cb-question").count()
    links.last.click()
    page.wait_for_function("document.querySelector('form:target .cb-link') !== null")


def test_the_record_holds_answer_time_and_objective(looker: Page) -> None:
    with looker.expect_download() as saved:
        looker.click("[data-do=save]")
    lines = saved.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith('"chapter","objective","question","answer"') and len(lines) == 2
    assert re.search(r',"1","not yet","not yet","\d","20', lines[1])


def test_a_reset_forgets_all(reader: Page, site: Path) -> None:
    reader.on("dialog", lambda dialog: dialog.accept())
    reader.click("[data-do=reset]")
    reader.wait_for_function("document.querySelector('[role=status]').textContent != ''")
    assert reader.evaluate("localStorage.getItem('casebook:ch01-base')") is None


def test_another_variant_comes_and_stays_after_a_reload(reader: Page, site: Path) -> None:
    said = {}
    for _ in range(5):  # as in `answer`
        reader.goto((site / "chapters/ch02_russia_gap.html").as_uri())
        first = reader.inner_text(f"#{OTHER} legend")
        reader.click(f"#{OTHER} .cb-another")
        reader.wait_for_function(
            f"document.querySelector('#{OTHER} legend') === document.activeElement"
        )
        submit(reader, OTHER, "1")
        said = {part: reader.inner_text(f"#{OTHER} {part}") for part in ("legend", "[role=status]")}
        assert said["legend"] != first
        reader.reload()
        if reader.evaluate(KEPT, [OTHER, "1"]):
            break
    for part, text in said.items():
        expect(reader.locator(f"#{OTHER} {part}")).to_have_text(text, use_inner_text=True)
