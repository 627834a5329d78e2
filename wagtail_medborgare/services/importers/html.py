"""HTML from another system: cleaned, its headings lowered, its links mended."""

import html
import re
from urllib.parse import urljoin, urlsplit

import nh3

TAGS = {"p", "br", "h3", "ul", "ol", "li", "a", "b", "i"}

_RENAMED = {
    "h1": "h3", "h2": "h3", "h4": "h3", "h5": "h3", "h6": "h3",
    "strong": "b", "em": "i", "div": "p",
}  # fmt: skip

_TAG = re.compile(r"(</?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_EMPTY = re.compile(r"<(p|li|h3|b|i|a)(?: [^>]*)?>(?:\s|<br>)*</\1>")
_SPACES = re.compile(r"\s+")
_MAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")
_PLACEHOLDER = re.compile(r"\?\?[A-Z_]+\?\?/?")


def clean_html(raw: str, *, base_url: str = "") -> str:
    """Return HTML that a rich text field may hold; relative links lead to the source."""

    def link(tag: str, attribute: str, value: str) -> str | None:
        return mend_link(value, base_url=base_url) if attribute == "href" else None

    renamed = _TAG.sub(_rename, _plain_spaces(raw))
    cleaned = nh3.clean(
        renamed,
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=link,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    return _tidy(cleaned)


def plain_text(raw: str, *, longest: int) -> str:
    """Return the text of some HTML on one line, cut at a word."""
    spaced = re.sub(r"</?(p|br|li|div|h[1-6]|tr)\b", r" \g<0>", _plain_spaces(raw))
    text = html.unescape(nh3.clean(spaced, tags=set()))
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"


def mend_link(href: str, *, base_url: str) -> str | None:
    """Return a link that works, or None: ``http://mailto:…`` and the like are common."""
    href = _PLACEHOLDER.sub("/", _INVISIBLE.sub("", href).strip())
    bare = re.sub(r"^https?:/*", "", href)
    if bare.startswith("mailto:"):
        return bare
    if _MAIL.fullmatch(bare.rstrip("/")):
        return f"mailto:{bare.rstrip('/')}"
    try:
        absolute = urljoin(base_url, href) if base_url else href
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme in {"http", "https"} and parts.hostname:
        return absolute
    return absolute if parts.scheme in {"mailto", "tel"} else None


def _rename(match: re.Match[str]) -> str:
    name = match.group(2).lower()
    return match.group(1) + _RENAMED.get(name, name)


def _plain_spaces(raw: str) -> str:
    return re.sub(r"&nbsp;|&#160;|\u00a0|\r\n?", " ", _INVISIBLE.sub("", raw))


def _tidy(cleaned: str) -> str:
    tidy = _SPACES.sub(" ", cleaned.replace("&nbsp;", " "))
    before = ""
    while before != tidy:
        before = tidy
        tidy = _EMPTY.sub("", tidy)
    tidy = re.sub(r"\s*(</?(?:p|h3|ul|ol|li)>)\s*", r"\1", tidy).strip()
    return f"<p>{tidy}</p>" if tidy and "<p>" not in tidy else tidy
