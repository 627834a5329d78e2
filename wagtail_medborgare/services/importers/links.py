"""Links from another system: resolved against it, mended, or dropped."""

import re
from urllib.parse import quote, urljoin, urlsplit

LONGEST_LINK = 2000

# Joiners mean something between letters that are not Latin, and inside emoji.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]|(?<![^\\x00-\u02ff])[\u200c\u200d]")
_MAIL = re.compile(r"[^@\s/:]+@[^@\s/]+\.[^@\s/]+")
_PLACEHOLDER = re.compile(r"/?\?\?[A-Z_]+\?\?/?")
_TWO_SCHEMES = re.compile(r"^(?:https?:/*)+(?=(?:https?|mailto|tel):)", re.IGNORECASE)
_SCHEME = re.compile(r"^https?:/*", re.IGNORECASE)
_DIRECT = re.compile(r"(mailto|tel):\s*([^\s].*)", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_UNSAFE = re.compile(r"[\s<>\"{}|\\^`]")


def without_invisible(text: str) -> str:
    """Drop signs of no width, which break searches and addresses."""
    return _INVISIBLE.sub("", text)


def mend_link(href: str, *, base_url: str = "") -> str | None:
    """Return a link that works, or None: ``http://mailto:…`` and the like are common."""
    href = re.sub(r"[\t\r\n]", "", without_invisible(href)).strip()
    if not href or len(href) > LONGEST_LINK:
        return None
    href = _TWO_SCHEMES.sub("", _PLACEHOLDER.sub("/", href))
    bare = _SCHEME.sub("", href).rstrip("/")
    direct = _DIRECT.fullmatch(bare)
    if direct:
        scheme, rest = direct.group(1).lower(), direct.group(2)
        return (
            f"{scheme}:{_quoted(rest if scheme == 'mailto' else rest.replace(' ', ''))}"
        )
    if _MAIL.fullmatch(bare):
        return f"mailto:{_quoted(bare)}"
    if href.lower().startswith("www."):
        href = f"https://{href}"
    return _web_address(href, base_url)


def _web_address(href: str, base_url: str) -> str | None:
    try:
        absolute = urljoin(base_url, href) if base_url else href
        parts = urlsplit(absolute)
        host = parts.hostname or ""
        own_host = urlsplit(base_url).hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return None
    # What has no full stop is a word or a template's variable, not a host.
    is_host = _HOST.fullmatch(host) or (host and host == own_host)
    return _quoted(absolute) if is_host else None


def _quoted(address: str) -> str:
    return _UNSAFE.sub(lambda match: quote(match.group()), address)
