"""What a response was made from: the names of stamps, each with the version it had."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from wagtail_medborgare.core.stamps import stamps


class Sources:
    """Everything one response was made from.

    Make it before anything is read: a change while the response is made then makes it
    out of date, whenever the changed thing was read.
    """

    def __init__(self) -> None:
        self._at_first = stamps.versions()
        self.versions: dict[str, str] = {}
        self.are_known = True
        """False once something was read that nobody renews a stamp for."""
        self.lasts_until = math.inf
        """The moment after which it is no longer true, as ``time.time()`` counts."""

    @property
    def are_collected(self) -> bool:
        """Is what is being read now read for this response itself?"""
        return _collecting.get() is self

    def add(self, *names: str) -> None:
        """Note these, with the version they had at first."""
        for name in names:
            self.versions.setdefault(name, self._at_first.get(name, ""))


class Versions(NamedTuple):
    """The versions of what was read, in the form that is compared fastest."""

    changed: dict[str, str]
    never_changed: tuple[str, ...]

    def are_current(self) -> bool:
        """Say whether nothing of it has changed since."""
        current = stamps.versions()
        return self.changed.items() <= current.items() and (
            current.keys().isdisjoint(self.never_changed)
        )


def versions_of(noted: Mapping[str, str]) -> Versions:
    """Return what was noted, apart by whether it had ever changed."""
    return Versions(
        {name: version for name, version in noted.items() if version},
        tuple(name for name, version in noted.items() if not version),
    )


_collecting: ContextVar[Sources | None] = ContextVar("medborgare_sources", default=None)


@contextmanager
def collecting(sources: Sources) -> Iterator[None]:
    """Note in ``sources`` every snapshot that is asked inside."""
    token = _collecting.set(sources)
    try:
        yield
    finally:
        _collecting.reset(token)


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect nothing inside: what is read there has a stamp of its own."""
    token = _collecting.set(None)
    try:
        yield
    finally:
        _collecting.reset(token)


def note_version(name: str, version: str) -> None:
    """Note that something is shown as it was in this version."""
    sources = _collecting.get()
    if sources is not None:
        sources.versions.setdefault(name, version)


def note_end(moment: float) -> None:
    """Note that what is shown is only true until then, as ``time.time()`` counts.

    For what no stamp tells of: an answer from another system, or the time of day.
    """
    sources = _collecting.get()
    if sources is not None:
        sources.lasts_until = min(sources.lasts_until, moment)
