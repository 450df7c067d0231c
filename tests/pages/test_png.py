"""A chart is taken away as PNG: by key, from disk, in light colours on white, in any theme."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.pages.reading import PHONE, Tab, open_page, press, renew


@pytest.mark.parametrize(
    "name, id", [("ch05_energy", "fuels-given-up"), ("ch01_crimea_2014", "map-2014")]
)
def test_a_figure_is_saved_as_png(tab: Tab, site: Path, tmp_path: Path, name: str, id: str) -> None:
    page, complaints = renew(tab)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE, "height": 800})
    open_page(page, site / f"chapters/{name}.html")
    page.locator(f"#{id} .cb-png").focus()
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


def test_without_a_script_no_png_is_offered(plain: Tab, site: Path) -> None:
    page, _ = renew(plain)
    page.goto((site / "chapters/ch05_energy.html").as_uri())
    assert page.locator(".cb-png").count() and not page.locator(".cb-png:visible").count()
