"""Definitions that every view needs, held in memory and renewed when they change."""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.models import Stamp

T = TypeVar("T")


class Snapshot(Generic[T]):
    """What ``load`` returns, until the stamp of that name gets another version.

    The stamp is read at most once in ``SNAPSHOT_SECONDS`` per process (a change made
    elsewhere is seen after that long), and at once after a change in this process. Only
    one thread loads at a time; the others use what there is.
    """

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name = name
        self._load = load
        self._lock = threading.Lock()
        self._loaded: tuple[str, T] | None = None
        self._trusted_until = 0.0

    def get(self) -> T:
        """Return the definitions, loading them if they have changed."""
        loaded = self._loaded
        if loaded is not None and time.monotonic() < self._trusted_until:
            return loaded[1]
        if not self._lock.acquire(blocking=loaded is None):
            assert loaded is not None  # noqa: S101  (blocking=True always acquires)
            return loaded[1]
        try:
            return self._refresh()
        finally:
            self._lock.release()

    def _refresh(self) -> T:
        if self._loaded is not None and time.monotonic() < self._trusted_until:
            return self._loaded[1]
        # The version is read first: a change that commits while loading is then
        # loaded once too often, never once too seldom.
        version = Stamp.objects.version_of(self.name)
        if self._loaded is None or self._loaded[0] != version:
            self._loaded = (version, self._load())
        self._trusted_until = time.monotonic() + app_settings.SNAPSHOT_SECONDS
        return self._loaded[1]

    def forget(self) -> None:
        """Drop what this process holds."""
        self._loaded = None
        self._trusted_until = 0.0

    def renew(self) -> None:
        """Tell every process that the definitions have changed."""
        Stamp.objects.renew(self.name)
        self.forget()
        # Another thread may load the old state before this transaction commits.
        transaction.on_commit(self.forget)

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
