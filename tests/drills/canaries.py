"""Canaries: random 128-bit words, each with the rule of who may see it and where."""

import re
import secrets
from dataclasses import dataclass

PATTERN = re.compile(rb"cnry[0-9a-f]{32}")


def new_canary() -> str:
    return f"cnry{secrets.token_hex(16)}"


def canaries_in(data: bytes) -> set[str]:
    """Return every canary in some bytes, known or not."""
    return {found.decode() for found in PATTERN.findall(data)}


@dataclass(frozen=True, kw_only=True)
class Canary:
    """One secret word of the site."""

    value: str
    kind: str
    """What it stands in: see ``State.may_see``."""

    key: str = ""
    """The situation (slug) or service (key) that it belongs to."""

    places: tuple[str, ...] = ()
    """The names of the personal pages that show it to whoever may see it."""

    in_every_language: bool = False
    """Services and tagged pages are there in the language of their text only."""
