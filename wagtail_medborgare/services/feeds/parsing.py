"""Read RSS, Atom and JSON Feed; nothing of the markup in them comes further."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import nh3
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils import timezone

from wagtail_medborgare.core.http import InvalidJson
from wagtail_medborgare.core.http.strict_json import parse_text
from wagtail_medborgare.services.importers.base import InvalidFeed
from wagtail_medborgare.services.importers.decoding import decode
from wagtail_medborgare.services.importers.links import mend_link, without_invisible
from wagtail_medborgare.services.models.modules import MOST_ENTRIES
from wagtail_medborgare.services.models.services import is_web_address

LONGEST_TITLE = 200
LONGEST_MARKUP = 5000
YEARS = range(1990, 2100)

_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,200}\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml\s[^>]{0,150}encoding=["']([\w.-]{1,40})["']""")
# Signs that turn the direction of what follows, or none that is written.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One piece of news: plain text, and a web address or none."""

    title: str
    url: str = ""
    published: datetime | None = None


def parse_feed(
    data: bytes, *, base_url: str, charset: str = ""
) -> tuple[FeedEntry, ...]:
    """Return the first entries of a feed, in its own order.

    Raises InvalidFeed for what is not one of the three formats. ``base_url`` is where the
    feed was read: relative links are resolved against it.
    """
    declared = _ENCODING.match(data)
    text = decode(data, charset=charset or (declared[1].decode() if declared else ""))
    found = _json_entries(text) if text.lstrip()[:1] == "{" else _xml_entries(text)
    entries: list[FeedEntry] = []
    for title, url, published in found:
        entry = FeedEntry(
            title=_plain(title), url=_link(url, base_url), published=_moment(published)
        )
        if entry.title:
            entries.append(entry)
        if len(entries) == MOST_ENTRIES:
            break
    return tuple(entries)


Found = Iterator[tuple[str, str, str]]


def _json_entries(text: str) -> Found:
    """Yield what a JSON Feed holds (jsonfeed.org, version 1 and 1.1)."""
    try:
        feed = parse_text(text)
    except InvalidJson as error:
        raise InvalidFeed(error.reason) from None
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version/1" not in version:
        raise InvalidFeed("not a JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise InvalidFeed("a JSON Feed without items")
    for item in items:
        if isinstance(item, dict):
            title, url, published = (
                _string(item.get(name)) for name in ("title", "url", "date_published")
            )
            # Short posts have no title.
            yield title or _string(item.get("content_text")), url, published


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _xml_entries(text: str) -> Found:
    """Yield what RSS 0.9 to 2.0 and Atom hold.

    Refuses a document type, and so every entity that a file could define and every file
    that it could name (XXE, the billion laughs).
    """
    text = _DECLARATION.sub("", text, count=1)
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise InvalidFeed(f"not XML that is read ({type(error).__name__})") from None
    if _name(root) not in {"rss", "RDF", "feed"}:
        raise InvalidFeed("neither RSS nor Atom")
    for element in root.iter():
        if _name(element) in {"item", "entry"}:
            parts = {"title": "", "link": "", "date": ""}
            for child in element:
                _note(child, parts)
            yield parts["title"], parts["link"], parts["date"]


def _note(child: Element, parts: dict[str, str]) -> None:
    """Keep what a child of an entry tells, if nothing told it before."""
    name = _name(child)
    if name == "title" and not parts["title"]:
        parts["title"] = "".join(child.itertext())[:LONGEST_MARKUP]
    elif name == "link" and not parts["link"]:
        if child.get("rel", "alternate") == "alternate":
            parts["link"] = child.get("href") or (child.text or "")
    elif name == "guid" and not parts["link"]:
        if child.get("isPermaLink", "true") == "true":
            parts["link"] = child.text or ""
    elif name in {"pubDate", "published", "date"} or (
        name == "updated" and not parts["date"]
    ):
        parts["date"] = (child.text or "").strip()


def _name(element: Element) -> str:
    """Return a name without its namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _plain(text: str) -> str:
    """Return one line of text: without tags, scripts and signs that nobody sees."""
    cleaned = html.unescape(nh3.clean(text[:LONGEST_MARKUP], tags=set()))
    line = " ".join(_UNSEEN.sub(" ", without_invisible(cleaned)).split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _link(href: str, base_url: str) -> str:
    url = mend_link(href, base_url=base_url) or ""
    return url if is_web_address(url) else ""


def _moment(text: str) -> datetime | None:
    """Read a date as mail (RSS) or ISO 8601 (Atom, JSON Feed) writes it."""
    text = text.strip()[:64]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            if moment.year not in YEARS:
                return None
            return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
