"""How the documents are built: ``sphinx-build -W -b html docs docs/_build/html``."""

from pathlib import Path

from docutils import nodes

_INIT = Path(__file__).parent.parent / "wagtail_medborgare" / "__init__.py"

project = "wagtail-medborgare"
author = "The wagtail-medborgare contributors"
copyright = "2026, the wagtail-medborgare contributors"
_AFTER = _INIT.read_text(encoding="utf-8").partition('__version__ = "')[2]
release = _AFTER.partition('"')[0]
version = release

extensions = ["myst_parser", "sphinx_wagtail_theme"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
language = "en"
# Links lead to headings: [a setting](settings.md#...).
myst_heading_anchors = 4
# The editor guide has links to menu items of the administration: here they are words.
myst_url_schemes = ["http", "https", "mailto", "menu"]

html_theme = "sphinx_wagtail_theme"
html_theme_options = {
    "project_name": "wagtail-medborgare",
    "github_url": "",
    "footer_links": "",
}
html_show_sphinx = False
html_last_updated_fmt = None


def unlink_menu_items(_app, document):
    for link in list(document.findall(nodes.reference)):
        if link.get("refuri", "").startswith("menu:"):
            link.replace_self(link.children)


def setup(app):
    app.connect("doctree-read", unlink_menu_items)
