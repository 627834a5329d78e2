"""Read JSON from another system, strictly."""

import codecs
import json
import math
import re
from typing import Any, NoReturn

from django.views.decorators.debug import sensitive_variables

from wagtail_medborgare.core.http.exceptions import InvalidJson

MAX_DEPTH = 64
MAX_INTEGER_DIGITS = 4000
# JSON is UTF-8 (RFC 8259); the others are what older Nordic systems declare. Python
# knows more codecs, some of them slow or of several meanings. A leading mark is dropped.
CODECS = {
    "utf-8": "utf-8-sig",
    "ascii": "ascii",
    "iso8859-1": "iso8859-1",
    "iso8859-15": "iso8859-15",
    "cp1252": "cp1252",
}
# The closing quote is optional so that an unclosed string ends the search at once:
# otherwise every quote in it would start another search to the end of the body.
TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@sensitive_variables()
def parse_json(body: bytes, *, charset: str | None = None) -> Any:
    """Return the value of a JSON body, or raise InvalidJson.

    Refuses what Python's parser lets through: NaN and infinity, numbers that overflow
    to infinity, duplicate keys, lone surrogates, and nesting deeper than 64.
    """
    return parse_text(_decode(body, charset))


@sensitive_variables()
def parse_text(text: str, *, allow_half_characters: bool = False) -> Any:
    """Return the value of a JSON text, as strictly as parse_json.

    Half characters (lone surrogates) come from systems that cut texts at a number of
    UTF-16 units; who allows them must mend them before anything is stored.
    """
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_short,
        )
        if not allow_half_characters and SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except InvalidJson:
        raise
    except json.JSONDecodeError as error:
        # The error holds the whole body, so it must not be chained.
        failure = _misplaced("syntax", f"not JSON: {error.msg}", text, error.pos)
    except UnicodeEncodeError:
        failure = InvalidJson("a string holds half a character", rule="half_character")
    except (ValueError, RecursionError):
        failure = InvalidJson("not JSON that can be read", rule="number")
    else:
        return value
    raise failure


def _decode(body: bytes, charset: str | None) -> str:
    try:
        codec = CODECS[codecs.lookup(charset or "utf-8").name]
    except (LookupError, ValueError):
        raise InvalidJson("the charset is not supported") from None
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        reason = f"the bytes are not {codec} at byte {error.start}"
    raise InvalidJson(reason)


def _check_depth(text: str) -> None:
    depth = 0
    for match in TOKEN.finditer(text):
        sign = text[match.start()]
        if sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                reason = f"nested deeper than {MAX_DEPTH}"
                raise _misplaced("depth", reason, text, match.start())
        elif sign in "]}":
            depth -= 1


def _misplaced(rule: str, reason: str, text: str, position: int) -> InvalidJson:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    reason = f"{reason} at line {line} column {column}"
    return InvalidJson(reason, rule=rule, line=line, column=column)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InvalidJson("an object has the same key twice", rule="duplicate")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJson(f"{name} is not JSON", rule="constant")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise InvalidJson("a number is too large", rule="number")
    return value


def _short(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_INTEGER_DIGITS:
        reason = f"an integer has more than {MAX_INTEGER_DIGITS} digits"
        raise InvalidJson(reason, rule="number")
    return int(digits)
