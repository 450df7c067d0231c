"""What a note calls a page elsewhere: no publisher is named twice, none is left out."""

import pytest

from casebook.book.notes import named_once

MINISTRY = "Ministry of Foreign Affairs of Japan"
SAID = [
    ("ministry", MINISTRY, (MINISTRY, "")),
    ("ministry, in Japanese", MINISTRY, (f"{MINISTRY}, in Japanese", "")),
    ("EFE", "EFE, in La Prensa Latina", ("EFE, in La Prensa Latina", "")),
    ("Reuters, in Asahi", "Reuters, in The Asahi Shimbun", ("Reuters, in The Asahi Shimbun", "")),
    (
        "Asahi, in a copy, in Japanese",
        "Asahi, copy at x.com",
        ("Asahi, copy at x.com, in Japanese", ""),
    ),
    ("Reuters on a round", "Reuters, in Nippon.com", ("Reuters on a round", "")),
    ("Double standards", "The Japan Times", ("Double standards", "The Japan Times")),
    ("Japan's approach", "Government of Japan", ("Japan's approach", "Government of Japan")),
]


@pytest.mark.parametrize("label, publisher, said", SAID)
def test_no_name_stands_twice(label: str, publisher: str, said: tuple[str, str]) -> None:
    assert named_once(label, publisher) == said
