"""HTML from another system, rewritten as the few blocks that a rich text field holds.

The markup is read sign by sign in one pass, so that unclosed and crossed tags cost
neither words nor time; what comes out is judged by nh3 all the same.
"""

import html
import re
from collections.abc import Iterator

import nh3

from wagtail_medborgare.services.importers.blocks import Blocks
from wagtail_medborgare.services.importers.links import mend_link, without_invisible

TAGS = {"p", "br", "h3", "ul", "ol", "li", "a", "b", "i"}

_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "a": "a"}
_LISTS = {"ul": "ul", "menu": "ul", "dir": "ul", "ol": "ol"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CELLS = {"td", "th"}
_OTHER_BLOCKS = {
    "p", "div", "tr", "table", "caption", "dl", "dt", "dd", "hr", "pre", "blockquote",
    "address", "article", "aside", "center", "details", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "legend", "main", "nav", "option", "section",
    "summary",
}  # fmt: skip
_BREAKING = _HEADINGS | _OTHER_BLOCKS | _CELLS | set(_LISTS) | {"li", "br"}

# The second kind of tag is one with a quotation mark too many.
_TOKEN = re.compile(
    r"""<!--.*?(?:-->|\Z)
    |<(?P<dropped>script|style|template|title|svg|math|iframe|object)\b
        .*?(?:</(?P=dropped)\s*>|\Z)
    |<(?P<end>/?)(?P<name>[a-z][a-z0-9:-]*+)
        (?P<attributes>(?:[^<>"']++|"[^"]{0,3000}"|'[^']{0,3000}'){0,100}+)>
    |<(?P<end2>/?)(?P<name2>[a-z][a-z0-9:-]*+)(?P<attributes2>[^<>]*+)>
    |<[!?/][^<>]*+>""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_HREF = re.compile(
    r"""(?:^|[\s"'/])href\s*=\s*(?:"([^"]*)|'([^']*)|([^\s"'>]+))""", re.IGNORECASE
)
_MARKUP = re.compile(r"<[a-z/!]", re.IGNORECASE)
_NEW_LINE = re.compile(r"\r\n?|\n")
_SPACES = re.compile(r"\s+")
# Private signs: what Word's symbol fonts leave behind is read by nobody.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# nh3 needs quadratic time for a long text full of entities: they are hidden from it.
_HIDE = {ord("&"): "\ue000", ord("<"): "\ue001", ord(">"): "\ue002"}
_SHOW = {0xE000: "&amp;", 0xE001: "&lt;", 0xE002: "&gt;"}

# Text, or the opening (True) or closing (False) of a tag with its attributes.
_Piece = tuple[str, bool | None, str]


def clean_html(raw: str, *, base_url: str = "") -> str:
    """Return HTML that a rich text field may hold; relative links lead to the source."""
    blocks = Blocks()
    if not _MARKUP.search(raw):
        raw = _NEW_LINE.sub("<br>", raw)
    for content, is_opening, attributes in _pieces(raw):
        if is_opening is None:
            blocks.text(content.translate(_HIDE))
        elif content in _INLINE:
            _inline(blocks, _INLINE[content], is_opening, attributes, base_url)
        else:
            _block(blocks, content, is_opening)
    cleaned = nh3.clean(
        blocks.html(),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    # Draftail refuses to open a text with a <br> that is not closed.
    return cleaned.replace("<br>", "<br/>").translate(_SHOW)


def plain_text(raw: str, *, longest: int) -> str:
    """Return the text of some HTML on one line, cut at a word."""
    parts: list[str] = []
    for content, is_opening, _attributes in _pieces(raw):
        if is_opening is None:
            parts.append(content)
        elif content in _BREAKING:
            parts.append(" ")
    text = _SPACES.sub(" ", "".join(parts)).strip()
    if len(text) <= longest:
        return text
    start = text[: longest - 1]
    cut = start.rpartition(" ")[0]
    # One word that fills most of the line is cut in the middle.
    kept = cut if len(cut) > longest // 2 else start
    return kept.rstrip(" ,.;:–-") + "…"


def _pieces(raw: str) -> Iterator[_Piece]:
    end = 0
    for match in _TOKEN.finditer(raw):
        yield _text(raw[end : match.start()]), None, ""
        end = match.end()
        name = match["name"] or match["name2"]
        if name:
            is_closing = bool(match["end"] or match["end2"])
            attributes = match["attributes"] or match["attributes2"] or ""
            yield name.lower(), not is_closing, attributes
    yield _text(raw[end:]), None, ""


def _text(raw: str) -> str:
    return without_invisible(_PRIVATE.sub(" ", html.unescape(raw)))


def _inline(
    blocks: Blocks, name: str, is_opening: bool, attributes: str, base_url: str
) -> None:
    if not is_opening or name == "a":
        blocks.close(name)
    if not is_opening:
        return
    if name != "a":
        blocks.open(name)
        return
    found = _HREF.search(attributes)
    href = html.unescape(found[1] or found[2] or found[3] or "") if found else ""
    link = mend_link(href, base_url=base_url)
    if link:
        blocks.open("a", href=link)


def _block(blocks: Blocks, name: str, is_opening: bool) -> None:
    if name in _LISTS:
        blocks.open_list(_LISTS[name]) if is_opening else blocks.close_list()
    elif name == "li":
        blocks.open_item() if is_opening else blocks.close_item()
    elif name in _CELLS:
        blocks.cell()
    elif name in _HEADINGS and is_opening:
        blocks.paragraph("h3")
    elif name in _HEADINGS or name in _OTHER_BLOCKS:
        blocks.paragraph()
    elif name == "br":
        blocks.line_break()
