"""What an anonymous visitor has chosen: plain values, written to and read from bytes."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _


class ChoiceFull(Exception):
    """The visitor has chosen or saved as much as their device may keep."""

    def __init__(self) -> None:
        super().__init__(_("The list is full. Remove something, then try again."))


@dataclass(frozen=True)
class Chosen:
    """One situation; ``made`` (minutes since 1970) only if the choice is sensitive."""

    pk: int
    made: int | None = None


@dataclass(frozen=True)
class Kept:
    """One saved or dismissed thing of some kind; ``made`` as in ``Chosen``."""

    kind: str
    key: str
    made: int | None = None


Item = TypeVar("Item", Chosen, Kept)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Everything one visitor has chosen, and whether this device shall remember it."""

    situations: tuple[Chosen, ...] = ()
    saved: tuple[Kept, ...] = ()
    dismissed: tuple[Kept, ...] = ()
    remember: bool = False

    def __bool__(self) -> bool:
        return bool(self.situations or self.saved or self.dismissed)

    @property
    def has_sensitive(self) -> bool:
        """Is anything in it sensitive, and so forgotten after a while?"""
        items: tuple[Chosen | Kept, ...] = (
            *self.situations,
            *self.saved,
            *self.dismissed,
        )
        return any(item.made is not None for item in items)

    def without_expired(self, *, now: int, minutes: int) -> "Choices":
        """Forget the sensitive choices that are older than this many minutes."""

        def fresh(items: tuple[Item, ...]) -> tuple[Item, ...]:
            # A choice from the future is one from a clock that was set back: forget it.
            return tuple(
                item
                for item in items
                if item.made is None or 0 <= now - item.made < minutes
            )

        return replace(
            self,
            situations=fresh(self.situations),
            saved=fresh(self.saved),
            dismissed=fresh(self.dismissed),
        )

    def with_merged(self, merged_into: Mapping[int, int]) -> "Choices":
        """Let situations that have become part of another one be that one.

        The time of a sensitive choice goes along: it is forgotten when it would have
        been, whatever it is part of now. What was chosen itself goes before what has
        become the same.
        """
        own = tuple(item for item in self.situations if item.pk not in merged_into)
        if len(own) == len(self.situations):
            return self
        followed = tuple(
            replace(item, pk=merged_into[item.pk])
            for item in self.situations
            if item.pk in merged_into
        )
        return replace(self, situations=_unique((*own, *followed)))

    def only_sensitive(self) -> "Choices":
        """Return the part that must never be remembered on the device."""
        return self._where(is_sensitive=True)

    def without_sensitive(self) -> "Choices":
        """Return the part that may be remembered on the device."""
        return self._where(is_sensitive=False)

    def _where(self, *, is_sensitive: bool) -> "Choices":
        def part(items: tuple[Item, ...]) -> tuple[Item, ...]:
            return tuple(
                item for item in items if (item.made is not None) is is_sensitive
            )

        return replace(
            self,
            situations=part(self.situations),
            saved=part(self.saved),
            dismissed=part(self.dismissed),
        )

    def joined(self, other: "Choices") -> "Choices":
        """Return both, without repeating anything."""
        return replace(
            self,
            situations=_unique((*self.situations, *other.situations)),
            saved=_unique((*self.saved, *other.saved)),
            dismissed=_unique((*self.dismissed, *other.dismissed)),
        )


def _unique(items: Iterable[Item]) -> tuple[Item, ...]:
    found: dict[Any, Item] = {}
    for item in items:
        identity = item.pk if isinstance(item, Chosen) else (item.kind, item.key)
        found.setdefault(identity, item)
    return tuple(found.values())


def to_bytes(choices: Choices, *, day: int, size: int) -> bytes:
    """Write choices down in at most ``size`` bytes; ChoiceFull when they do not fit.

    The oldest dismissed things give way first: the worst that happens is that one of
    them shows up again.
    """
    dismissed = choices.dismissed
    while True:
        packed = _pack(replace(choices, dismissed=dismissed), day)
        if len(packed) <= size:
            return packed
        if not dismissed:
            raise ChoiceFull
        dismissed = dismissed[1:]


def from_bytes(raw: bytes) -> tuple[Choices, int]:
    """Read what ``to_bytes`` wrote: the choices and the day. ValueError otherwise."""
    try:
        state = json.loads(zlib.decompress(raw, wbits=-15))
        day = int(state["t"])
        choices = Choices(
            situations=tuple(Chosen(*_pair(item)) for item in state["s"]),
            saved=_read_kept(state["k"]),
            dismissed=_read_kept(state["d"]),
        )
    except (
        zlib.error,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise ValueError("not a choice") from error
    return choices, day


def _pack(choices: Choices, day: int) -> bytes:
    state = {
        "t": day,
        "s": [_short(item.pk, item.made) for item in choices.situations],
        "k": _write_kept(choices.saved),
        "d": _write_kept(choices.dismissed),
    }
    text = json.dumps(state, separators=(",", ":"))
    return zlib.compress(text.encode(), level=9, wbits=-15)


def _short(value: int | str, made: int | None) -> Any:
    return value if made is None else [value, made]


def _pair(item: Any) -> tuple[Any, int | None]:
    return (item[0], int(item[1])) if isinstance(item, list) else (item, None)


def _write_kept(items: tuple[Kept, ...]) -> dict[str, list[Any]]:
    by_kind: dict[str, list[Any]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(_short(item.key, item.made))
    return by_kind


def _read_kept(by_kind: dict[str, list[Any]]) -> tuple[Kept, ...]:
    return tuple(
        Kept(kind, *_pair(item)) for kind, items in by_kind.items() for item in items
    )
