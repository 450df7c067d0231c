"""What a page loads: the book's own style sheet and script, and none of the theme's that no page uses."""

from pathlib import Path

HERE = Path(__file__).parent


def lean(app, pagename, templatename, context, doctree):
    """Leave out scripts that no page of this book uses (thebe's would call other hosts and complain of itself), and mend a label."""

    def needless(file):
        text = f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}".lower()
        return (
            "thebe" in text
            or "togglebutton" in text
            or "togglehint" in text
            or "toggleopenonprint" in text
        )

    # the fold over a cell's code would be announced by other words than it shows
    context["body"] = context.get("body", "").replace(' aria-label="Toggle hidden content"', "")
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not needless(file)]


def own_files(app, config):
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))
