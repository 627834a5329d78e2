"""How a preview's mode says as whom: "<own mode>~as~<key>", written and read strictly.

The key is "" (nobody), "persona-3" or the keys of situations, "4-7". Wagtail carries a
mode through the editor, the history and workflows; a key of ours comes along with it.
"""

import re
from collections.abc import Iterable

MARK = "~as~"
_PERSONA = re.compile(r"persona-([1-9][0-9]{0,17})")
_SITUATIONS = re.compile(r"[1-9][0-9]{0,17}(-[1-9][0-9]{0,17}){0,99}")

NOBODY_KEY = ""


def with_key(own_mode: str, key: str) -> str:
    """Return the mode in which an object of this own mode is shown as somebody."""
    return f"{own_mode}{MARK}{key}"


def split_mode(mode: str | None) -> tuple[str | None, str]:
    """Return the object's own mode, as Wagtail wants it, and the key of whom.

    What we did not write is left to Wagtail as it is.
    """
    if mode is None or MARK not in mode:
        return mode, NOBODY_KEY
    own_mode, _, key = mode.rpartition(MARK)
    return own_mode, clean_key(key)


def clean_key(key: str) -> str:
    """Return the key in its one way of writing; what makes no sense is nobody."""
    pk = persona_pk(key)
    return persona_key(pk) if pk is not None else situations_key(situation_pks(key))


def persona_key(pk: int) -> str:
    """Return the key of a persona."""
    return f"persona-{pk}"


def situations_key(pks: Iterable[int]) -> str:
    """Return the key of somebody who has chosen these situations."""
    return "-".join(str(pk) for pk in sorted(set(pks)))


def persona_pk(key: str) -> int | None:
    """Return which persona a key names, if it names one."""
    found = _PERSONA.fullmatch(key)
    return int(found[1]) if found else None


def situation_pks(key: str) -> frozenset[int]:
    """Return the situations that a key names."""
    if not _SITUATIONS.fullmatch(key):
        return frozenset()
    return frozenset(int(pk) for pk in key.split("-"))
