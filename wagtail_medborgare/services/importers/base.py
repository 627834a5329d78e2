"""The contract between a feed of services and the catalogue."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise
from wagtail import hooks

HOOK = "register_medborgare_importers"


class InvalidFeed(ValueError):
    """The feed cannot be read; the message says why, in the user's language."""


class UnknownImporter(LookupError):
    """No importer has that name."""


@dataclass(frozen=True, kw_only=True)
class FeedService:
    """One service as the feed tells it: plain values that can be compared."""

    key: str
    """What stays the same when the service gets a new version."""

    fields: dict[str, Any]
    """Names of ``Service`` fields, and ``e_service.<field>`` for its e-service channel."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a feed holds, and what in it could not be used."""

    source: str
    """Where it comes from, as the first part of the key: the platform's host name.

    Empty for a feed without services, which cannot say so.
    """

    services: tuple[FeedService, ...]

    known_keys: frozenset[str] = frozenset()
    """Keys that the feed mentions, those of unusable entries included: still there."""

    problems: tuple[str, ...] = field(default=())
    """What was skipped and why, for the editor."""


class BaseImporter(ABC):
    """A kind of feed. Register the class with ``register_medborgare_importers``."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]

    @abstractmethod
    def parse(self, data: bytes, *, charset: str = "") -> Feed:
        """Read a whole feed. InvalidFeed when it is not one; nothing is half read."""


def importers() -> dict[str, type[BaseImporter]]:
    """Return the registered importers by name."""
    kinds: list[type[BaseImporter]] = []
    for hook in hooks.get_hooks(HOOK):
        found = hook()
        kinds += found if isinstance(found, Iterable) else [found]
    return {kind.name: kind for kind in kinds}


def get_importer(name: str) -> BaseImporter:
    """Return an importer. UnknownImporter names those that there are."""
    known = importers()
    if name not in known:
        raise UnknownImporter(f"{name!r}; there are: {', '.join(sorted(known))}")
    return known[name]()
