"""From bytes of unknown origin to JSON, strictly: what is odd is refused, not guessed."""

import codecs
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_medborgare.core.http import InvalidJson
from wagtail_medborgare.core.http.strict_json import CODECS, parse_text
from wagtail_medborgare.services.importers.base import InvalidFeed

# A text in Latin-1 has none of these; a file of another encoding nearly always has.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_WIDE_BOMS = (
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
# JSON begins with two signs of ASCII (RFC 4627, section 3): a zero tells the width.
_WIDE_START = re.compile(rb"[\t\n\r -~]\x00|\x00[\t\n\r -~]|\x00\x00\x00[\t\n\r -~]")

_BROKEN_RULES = {
    "syntax": gettext_lazy(
        "The file is not complete JSON: line %(line)d, column %(column)d."
    ),
    "depth": gettext_lazy(
        "The file is nested too deeply to be a feed: line %(line)d, column %(column)d."
    ),
    "duplicate": gettext_lazy("The file names the same field twice in one entry."),
    "constant": gettext_lazy("The file holds NaN or Infinity, which is not JSON."),
    "number": gettext_lazy("The file holds a number that is far too long."),
}


def decode(data: bytes, *, charset: str = "") -> str:
    """Return the text: strict UTF-8, else the declared charset, else Latin-1.

    UTF-8 comes first because servers declare Latin-1 for it more often than a text in
    Latin-1 happens to be valid UTF-8.
    """
    if data.startswith(_WIDE_BOMS) or _WIDE_START.match(data):
        raise InvalidFeed(_("The file is in UTF-16 or UTF-32. Save it as UTF-8."))
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise InvalidFeed(_("The file is empty."))
    text = _decode(data, charset)
    odd = _NOT_TEXT.search(text)
    if odd:
        raise InvalidFeed(
            _("The file is not text: the sign U+%(code)04X stands on line %(line)d.")
            % {"code": ord(odd.group()), "line": text.count("\n", 0, odd.start()) + 1}
        )
    return text


def _decode(data: bytes, charset: str) -> str:
    for name in ("utf-8", _codec(charset)):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _codec(charset: str) -> str:
    """Return the declared charset if it is one that such systems use."""
    try:
        return CODECS[codecs.lookup(charset).name]
    except (LookupError, ValueError):
        return "latin-1"


def load_json(text: str) -> Any:
    """Return the value. InvalidFeed for what JSON does not allow or should not hold."""
    if text.lstrip().startswith("<"):
        raise InvalidFeed(_("The file is a web page or XML, not JSON."))
    try:
        return parse_text(text, allow_half_characters=True)
    except InvalidJson as error:
        message = str(_BROKEN_RULES[error.rule])
        place = {"line": error.line, "column": error.column}
        raise InvalidFeed(message % place) from error
