"""A chart is taken away as PNG: by key, from disk, in light colours on white, in any theme.

What an explorer shows is taken away too, as SVG, PNG and CSV.
"""

import csv
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.pages.reading import PHONE, Tab, open_page, press, renew


@pytest.mark.parametrize(
    "name, id", [("ch05_energy", "fuels-given-up"), ("ch01_crimea_2014", "map-2014")]
)
def test_a_figure_is_saved_as_png(tab: Tab, site: Path, tmp_path: Path, name: str, id: str) -> None:
    page, complaints = renew(tab)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE, "height": 800})
    open_page(page, site / f"chapters/{name}.html")
    page.locator(f"#{id} [data-take=png]").focus()
    with page.expect_download() as download:
        press(page, "Enter")
    assert download.value.suggested_filename == f"{id}.png"
    download.value.save_as(tmp_path / "taken.png")
    taken = Image.open(tmp_path / "taken.png").convert("RGB")
    file = (site / f"figures/{id}.svg").read_text("utf8")
    width, height = map(float, re.findall(r'viewBox="0 0 (\S+) ([\d.]+)"', file)[0])
    assert taken.width == 2 * (width + 32)  # a margin on each side
    # Title and source stand above and below.
    assert 2 * (height + 50) < taken.height < 2 * (height + 150)
    assert taken.getpixel((0, 0)) == (255, 255, 255)
    seen = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in taken.getcolors(taken.width**2)}
    drawn = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", file))
    hues = {hue for hue in drawn if len(set(re.findall("..", hue[1:]))) == 3}
    assert len(hues & seen) >= 2, f"of {sorted(hues)} the picture shows {sorted(hues & seen)}"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"  # as before
    assert not complaints


def take(page: Page, id: str, kind: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(f"#{id} [data-take={kind}]").click()
    download.value.save_as(path := folder / download.value.suggested_filename)
    return path


def table(path: Path) -> list[list[str]]:
    lines = path.read_text("utf8").splitlines()
    return list(csv.reader(line for line in lines if not line.startswith("#")))


def test_what_an_explorer_shows_is_taken_away(tab: Tab, site: Path, tmp_path: Path) -> None:
    """The chosen state of bars, in any theme: rows of the whole file, drawn and cited."""
    page, complaints = renew(tab)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{(site / 'chapters/ch06_aid.html').as_uri()}#aid-explorer?unit=USD+bn")
    shown = table(rows := take(page, "aid-explorer", "csv", tmp_path))[1:]
    chosen = re.search(r"^# chosen: (.*)", rows.read_text("utf8"), re.M)[1]
    options = dict(part.split(": ") for part in chosen.split("; "))
    names, *whole = table(site / "figures/aid-explorer.csv")
    wanted = {name.lower().replace("_", " "): at for at, name in enumerate(names)}
    due = [
        [row[wanted["donor"]], row[names.index(options["Unit"])]]
        for row in whole
        if all(row[wanted[name.lower()]] == option for name, option in options.items())
    ]
    assert options["Unit"] == "USD bn" and shown == due and len(due) > 5
    drawn = take(page, "aid-explorer", "svg", tmp_path).read_text("utf8")
    assert "var(" not in drawn and drawn.count("<rect") == len(due)
    assert all(f">{name}<" in drawn and f">{value}<" in drawn for name, value in due)
    picture = Image.open(take(page, "aid-explorer", "png", tmp_path)).convert("RGB")
    assert picture.getpixel((0, 0)) == (255, 255, 255) and (179, 38, 30) in {
        colour for _, colour in picture.getcolors(picture.width**2)
    }
    address = "#aid-explorer?unit=USD+bn"
    assert address in page.locator("#aid-explorer .cb-cite p").first.text_content()
    assert not complaints


def test_a_filter_is_taken_away_without_what_it_leaves_out(
    tab: Tab, site: Path, tmp_path: Path
) -> None:
    page, complaints = renew(tab)
    page.goto(f"{(site / 'chapters/timeline.html').as_uri()}#timeline-explorer?theme=aid")
    listed = page.locator(".cb-list tbody tr:visible")
    titles = [row[0] for row in table(take(page, "timeline-explorer", "csv", tmp_path))[1:]]
    assert titles == listed.locator("th").all_text_contents()
    drawn = take(page, "timeline-explorer", "svg", tmp_path).read_text("utf8")
    rings = page.locator("#timeline-explorer .cb-mark:visible").count()
    assert drawn.count('class="cb-mark"') == rings > 0 and "var(" not in drawn
    assert not complaints


def test_without_a_script_no_png_is_offered(plain: Tab, site: Path) -> None:
    page, _ = renew(plain)
    page.goto((site / "chapters/ch05_energy.html").as_uri())
    assert (
        page.locator("[data-take=png]").count()
        and not page.locator("[data-take=png]:visible").count()
    )
