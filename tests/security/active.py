"""What in an answer runs or loads something: elements, handlers, addresses."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from typing import Any

from security.payloads import EVALUATED, MARK

ELEMENTS = {
    "animate", "applet", "base", "embed", "form", "frame", "frameset", "iframe", "link",
    "math", "meta", "object", "script", "set", "style", "svg", "template", "textarea",
    "title",
}  # fmt: skip
# Where a browser follows an address, beside our own ``data-…-url-value``.
ADDRESSES = {
    "action", "background", "cite", "codebase", "data", "formaction", "from", "href",
    "longdesc", "manifest", "ping", "poster", "src", "srcdoc", "srcset", "style", "to",
    "values", "xlink:href", "data-mb-exit-to", "data-mb-parts",
}  # fmt: skip
CONTROLLERS = {"data-action", "data-controller"}
LOADERS = {"base", "embed", "iframe", "link", "object", "script"}
_IGNORED_AT_THE_START = "".join(map(chr, range(33)))
_DANGEROUS = re.compile(
    r"(?:javascript|vbscript|livescript|data|blob|file|filesystem|jar|view-source|feed):"
)
_PICTURE = re.compile(r"data:image/(?:png|gif|jpeg|webp)[;,]")
_IN_STYLE = re.compile(r"javascript:|vbscript:|expression\(|@import|-moz-binding")
_JSON = {"application/json", "application/ld+json", "speculationrules"}
_VOID_MARKUP = re.compile(r"\s*<[a-zA-Z!/]")

Found = Counter[tuple[str, ...]]


def is_dangerous(address: str) -> bool:
    """Say whether a browser would run this or read something local, were it a link.

    As browsers read addresses: without what is at the start and no letter, without
    tabs and line breaks anywhere (https://url.spec.whatwg.org/#concept-basic-url-parser).
    """
    read = re.sub(r"[\t\r\n]", "", address.lstrip(_IGNORED_AT_THE_START)).lower()
    return bool(_DANGEROUS.match(read)) and not _PICTURE.match(read)


class Active(HTMLParser):
    """Collects what runs. Texts in ``known`` are data where they stand alone in JSON."""

    def __init__(self, known: Collection[str] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Found = Counter()
        self.known = known
        self._script: list[str] | None = None
        self._type = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ELEMENTS:
            self.found["element", tag] += 1
        if tag == "script":
            self._type = (dict(attrs).get("type") or "").lower()
            self._script = []
        for name, value in attrs:
            self._attribute(tag, name.lower(), value or "")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            text, self._script = "".join(self._script), None
            if self._type in _JSON:
                self._json(text)
            elif MARK in text:
                self.found["script", text[:60]] += 1
            self._type = ""

    def _attribute(self, tag: str, name: str, value: str) -> None:
        lowered = value.lower()
        what: dict[tuple[str, ...], bool] = {
            ("handler", tag, name): name.startswith("on"),
            ("controller", tag, value[:60]): name in CONTROLLERS and MARK in value,
            ("style", value[:60]): name == "style" and bool(_IN_STYLE.search(lowered)),
            ("meta", name): name == "http-equiv",
            ("srcdoc", value[:60]): name == "srcdoc",
        }
        if name in ADDRESSES or name.endswith(("-url", "url-value")):
            loads = tag in LOADERS and MARK in value
            what["loads", tag, value[:60]] = loads
            what["address", tag, name, value[:60]] = is_dangerous(value)
        self.found.update(kind for kind, is_so in what.items() if is_so)
        if name.startswith("data-") and value[:1] in ("[", "{"):
            self._json(value, is_certain=False)

    def _json(self, text: str, *, is_certain: bool = True) -> None:
        """Look into the markup that scripts will put into the page."""
        try:
            data = json.loads(text)
        except ValueError:
            if is_certain:
                self.found["broken JSON", text[:60]] += 1
            return
        if is_certain and "</script" in text.lower():
            self.found["JSON ends the script", text[:60]] += 1
        # Search engines read the other kind, and take nothing in it for markup.
        if self._type != "application/ld+json":
            self.found += active_in_json(data, self.known)


def active_in(html: str, known: Collection[str] = ()) -> Found:
    """Return what runs in a piece of HTML."""
    parser = Active(known)
    parser.feed(html)
    parser.close()
    if parser._script is not None:
        # Nothing ends it: the browser runs nothing, and shows nothing after it either.
        parser.found["script that does not end",] += 1
    return parser.found


def active_in_json(data: Any, known: Collection[str] = ()) -> Found:
    """Return what runs in the texts of some JSON that are HTML."""
    found: Found = Counter()
    for text in _texts(data):
        if text.strip() in known:
            continue
        if _VOID_MARKUP.match(text):
            found += active_in(text, known)
        elif text[:1] in ("[", "{"):
            # Telepath packs JSON into JSON.
            try:
                found += active_in_json(json.loads(text), known)
            except ValueError:
                continue
    return found


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for item in data.values():
            yield from _texts(item)
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item)


def active_in_response(response: Any, known: Collection[str] = ()) -> Found:
    """Return what runs in an answer, by what a browser takes it for."""
    kind = response["Content-Type"].partition(";")[0]
    text = b"".join(response) if response.streaming else response.content
    decoded = text.decode()
    found: Found = Counter()
    if EVALUATED in decoded:
        found["evaluated template",] += 1
    if "Set-Cookie: mbx" in str(response.headers):
        found["header",] += 1
    if kind == "text/html":
        return found + active_in(decoded, known)
    if kind in {"application/json", "text/json"}:
        return found + active_in_json(json.loads(decoded), known)
    # Anything else is no page, as long as the browser does not guess.
    if kind not in {"text/calendar", "text/csv"}:
        found["type", kind] += 1
    return found
