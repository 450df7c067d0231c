"""Each colour of the charts has its lighter twin on the dark paper of the page."""

from pathlib import Path

from casebook import style
from tests.conftest import agree


def test_every_hue_has_its_twin_in_the_style_sheet(site: Path) -> None:
    sheet = (site / "_static" / "theme.css").read_text("utf8")
    hues = {hue: dark for hue, dark in style.DARK.items() if hue != style.FAINT}
    assert f"--cb-faint: {style.DARK[style.FAINT]}" in sheet
    agree(
        f"theme.css.jinja: --cb-{hue[1:]} is not {hue} in the light theme"
        for hue in hues
        if f"--cb-{hue[1:]}: {hue}" not in sheet
    )
    agree(
        f"theme.css.jinja: --cb-{hue[1:]} is not {dark} in the dark theme"
        for hue, dark in hues.items()
        if f"--cb-{hue[1:]}: {dark}" not in sheet
    )
