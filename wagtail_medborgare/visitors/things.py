"""Things a visitor can save or wave away: opaque (kind, key) pairs to this room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ThingKind:
    """A kind of thing, declared by the room that knows it."""

    name: str
    sensitivity: Callable[[Sequence[str]], dict[str, bool]]
    """Say for each of these keys whether the thing is sensitive; leave out what is none."""


_kinds: dict[str, ThingKind] = {}


def register_kind(kind: ThingKind) -> None:
    """Let visitors save and dismiss things of this kind."""
    _kinds[kind.name] = kind


def get_kind(name: str) -> ThingKind | None:
    """Return a registered kind."""
    return _kinds.get(name)
