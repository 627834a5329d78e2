"""The editor guide: one text for the administration and for the documentation.

It is written in Markdown, a file for each chapter and language. The pictures are static
files, taken by ``docs/take_pictures.py``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from posixpath import basename

from markdown_it import MarkdownIt
from markdown_it.token import Token

_FOLDER = Path(__file__).parent

LANGUAGES = {"sv": "Svenska", "en": "English"}

CHAPTERS = (
    "first-hour",
    "tag-pages",
    "personalise-a-block",
    "preview-as",
    "who-sees-what",
    "blocks",
    "services",
    "modules",
    "units",
    "what-is-missing",
    "import",
    "life-situations",
)
"""The chapters in their order, by the names of their files."""

MENU = "menu:"

Address = Callable[[str], str]
MenuAddress = Callable[[str], str | None]


@dataclass(frozen=True)
class Chapter:
    """One chapter in one language."""

    slug: str
    language: str
    title: str
    text: str
    """Markdown, without the title."""

    def to_html(
        self, *, chapter_url: Address, picture_url: Address, menu_url: MenuAddress
    ) -> str:
        """Render it; links to chapters and pictures lead where the caller says.

        ``chapter_url`` is given the slug of a chapter, ``picture_url`` a file name, and
        ``menu_url`` the name of a menu item of the administration, written as
        ``[Suggestions](menu:medborgare-suggestions)``. Where it has no address, the
        words stand without a link.
        """
        parser = MarkdownIt("commonmark", {"html": False}).enable("table")
        tokens = parser.parse(self.text)
        url: str | None = None
        for token in _with_children(tokens):
            if token.type == "link_open":
                target = str(token.attrGet("href"))
                if target.startswith(MENU):
                    url = menu_url(target.removeprefix(MENU))
                else:
                    url = _link(target, chapter_url)
                token.attrSet("href", url or "")
                token.hidden = url is None
            elif token.type == "link_close":
                token.hidden = url is None
            elif token.type == "image":
                token.attrSet("src", picture_url(basename(str(token.attrGet("src")))))
                token.attrSet("loading", "lazy")
        return str(parser.renderer.render(tokens, parser.options, {}))


def guide_language(wanted: str | None) -> str:
    """Return the language of the guide for somebody who reads this language.

    Norwegians and Danes understand Swedish better than they need to: all who read a
    Scandinavian language get it, others English.
    """
    code = (wanted or "").lower().split("-")[0]
    if code in LANGUAGES:
        return code
    return "sv" if code in {"nb", "nn", "no", "da"} else "en"


@cache
def chapters(language: str) -> tuple[Chapter, ...]:
    """Return all chapters in one of ``LANGUAGES``."""
    return tuple(_read(slug, language) for slug in CHAPTERS)


def _read(slug: str, language: str) -> Chapter:
    source = (_FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")
    found = re.match(r"# (.+)\n+", source)
    if found is None:
        raise ValueError(f"{language}/{slug}.md does not begin with a title.")
    return Chapter(slug, language, found[1], source[found.end() :])


def _with_children(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _link(target: str, chapter_url: Address) -> str:
    path, _hash, fragment = target.partition("#")
    if not path.endswith(".md"):
        return target
    url = chapter_url(path.removesuffix(".md"))
    return f"{url}#{fragment}" if fragment else url
