"""Japanese words are marked as such, in text only."""

import pytest

from casebook.book.languages import mark_japanese

MARKED = '<span lang="ja">{}</span>'.format


@pytest.mark.parametrize(
    "body, expected",
    [
        ("<p>Tokyo, Kyiv, Київ, é ¶4</p>", None),
        ("<p>called 避難民.</p>", f"<p>called {MARKED('避難民')}.</p>"),
        ("<em>「反撃能力」</em>", f"<em>{MARKED('「反撃能力」')}</em>"),
        ("すべき、だ and だ", f"{MARKED('すべき、だ')} and {MARKED('だ')}"),
        ('<a title="支援" href="政府.html">x</a>', None),
        (
            "<svg><text>支援</text></svg><b>支</b>",
            f"<svg><text>支援</text></svg><b>{MARKED('支')}</b>",
        ),
        ("<select><option>支援</option></select>", None),
    ],
)
def test_japanese_is_marked_in_text(body, expected):
    assert mark_japanese(body) == (expected or body)
