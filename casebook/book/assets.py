"""What a page loads of the book's own: the folder of its scripts and pictures."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent


def own_files(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(HERE / "static"))
