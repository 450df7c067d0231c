"""What a page loads: one style sheet, the script of the theme, and those of what stands on it."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from casebook import quiz, style

HERE = Path(__file__).parent
SCRIPTS = {
    "cb-exhibit": "_static/casebook.js",
    "cb-quiz": "_static/quiz.js",
    "cb-sieve": "_static/casebook.js",
    "cb-progress": "_static/progress.js",
}


def add_own_files(app: Sphinx, config: Config) -> None:
    """Scripts and pictures of this package and of the quizzes, and what the theme's sheet takes."""
    config.html_static_path += [str(HERE / "static"), str(quiz.STATIC)]
    hues = [(hue, dark) for hue, dark in style.DARK.items() if hue != style.FAINT]
    config.html_context |= {
        "hues": hues,
        "chart_type": style.TYPE,
        "rest": style.COLOUR["rest"][1:],
        "quiz_css": (quiz.STATIC / "quiz.css").read_text("utf8"),
    }


def scripts(body: str) -> list[str]:
    """The scripts that the text of a page needs."""
    return [file for sign, file in SCRIPTS.items() if f'class="{sign}' in body]
