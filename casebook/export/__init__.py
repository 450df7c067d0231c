"""What a reader takes along: the book and each chapter as PDF, and all pages as one archive.

`pdf` prints the built pages with a browser, `offline` packs them; both put their files into the
folder `take/` beside the pages, and `offer` links what lies there from the foot of every page.
For who teaches, `slides` makes decks, and `lms` brings the quizzes to other platforms.
"""

import re
from html import escape
from pathlib import Path

FOLDER = "take"
SLIDES = "slides"  # where `slides` puts its decks
BOOK = "from-crimea-to-vilnius"
PLACE = re.compile(r"(?<=<!--take-->).*?(?=<!--/take-->)", re.S)


def offer(site: Path) -> None:
    """Link the files that there are from the foot of every page, and no others."""
    for page in site.rglob("*.html"):
        old = page.read_text("utf8")
        new = PLACE.sub(_links(site, page), old)
        if new != old:
            page.write_text(new, "utf8")


def _links(site: Path, page: Path) -> str:
    up = "../" * len(page.relative_to(site).parent.parts)
    ways = [
        (f"{page.stem}.pdf", "This chapter as PDF"),
        (f"{BOOK}.pdf", "The book as PDF"),
        (f"{BOOK}.zip", "All pages for a USB stick"),
        (f"{BOOK}.zip.sha256", "Its checksum"),
    ]
    return "".join(
        f'<li><a href="{up}{FOLDER}/{escape(name)}">{label}</a></li>'
        for name, label in ways
        if (site / FOLDER / name).is_file()
    )
