"""Definitions that every view needs, held in memory and renewed when they change."""

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models.signals import post_delete, post_save

from wagtail_medborgare.core.sources import note_version, uncollected
from wagtail_medborgare.core.stamps import stamps

T = TypeVar("T")


class Snapshot(Generic[T]):
    """What ``load`` returns, until the stamp of that name gets another version.

    A change made by another process is seen after ``SNAPSHOT_SECONDS``, a change in this
    process at once. Only one thread loads at a time; the others use what there is.
    """

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name = name
        self._load = load
        self._lock = threading.Lock()
        self._loaded: tuple[str, T] | None = None

    def get(self) -> T:
        """Return the definitions, loading them if they have changed."""
        version, definitions = self._get()
        note_version(self.name, version)
        return definitions

    def _get(self) -> tuple[str, T]:
        loaded = self._loaded
        # The version is read first: a change that commits while loading is then
        # loaded once too often, never once too seldom.
        version = stamps.version_of(self.name)
        if loaded is not None and loaded[0] == version:
            return loaded
        if not self._lock.acquire(blocking=loaded is None):
            assert loaded is not None  # noqa: S101  (blocking=True always acquires)
            return loaded
        try:
            # Another thread may have loaded it while this one waited.
            loaded = self._loaded
            if loaded is None or loaded[0] != version:
                with uncollected():
                    loaded = (version, self._load())
                self._loaded = loaded
            return loaded
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Drop what this process holds."""
        self._loaded = None
        stamps.forget()

    def renew(self) -> None:
        """Tell every process that the definitions have changed."""
        stamps.renew(self.name, durable=True)

    def follow(self, *senders: type[models.Model]) -> None:
        """Renew whenever one of these models is saved or deleted."""
        for sender in senders:
            for signal in (post_save, post_delete):
                signal.connect(
                    self._renew_after_change,
                    sender=sender,
                    dispatch_uid=f"medborgare.snapshot.{self.name}.{sender._meta.label}",
                )

    def _renew_after_change(self, *, raw: bool = False, **kwargs: Any) -> None:
        self.renew()
