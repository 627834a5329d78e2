"""The versions of everything that is kept in memory or in a cache, in one small table."""

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connections, router, transaction

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.models import Stamp, new_version


@dataclass
class _View:
    """What the table said, and until when that is trusted."""

    versions: dict[str, str] = field(default_factory=dict)
    trusted_until: float = 0.0

    def refreshed(self) -> dict[str, str]:
        if time.monotonic() >= self.trusted_until:
            self.versions = dict(Stamp.objects.values_list("name", "version"))
            self.trusted_until = time.monotonic() + app_settings.SNAPSHOT_SECONDS
        return self.versions


@dataclass
class _Uncommitted:
    """What one transaction has renewed: seen by itself, by nobody else before it commits."""

    transaction: Any
    renewed: dict[str, str] = field(default_factory=dict)
    registered: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    view: _View = field(default_factory=_View)


# One for each thread or task, as the connection is.
_uncommitted: ContextVar[_Uncommitted | None] = ContextVar(
    "medborgare_uncommitted", default=None
)


class Stamps:
    """The versions of everything, read in one query at most once in ``SNAPSHOT_SECONDS``.

    A change is seen at once by the transaction that makes it, by the other threads of
    its process as soon as it has committed, and by other processes after the interval.
    """

    def __init__(self) -> None:
        self._shared = _View()
        self._is_installed = False

    def are_installed(self) -> bool:
        """Say whether there is a table to write to: before it is migrated, there is not."""
        if not self._is_installed:
            tables = _connection().introspection.table_names()
            self._is_installed = Stamp._meta.db_table in tables
        return self._is_installed

    def version_of(self, name: str) -> str:
        """Return the version of one thing, empty when it was never changed."""
        return self.versions().get(name, "")

    def versions(self) -> Mapping[str, str]:
        """Return the versions of everything that was ever changed."""
        own = _own()
        if own is None:
            return self._shared.refreshed()
        # What this transaction has not committed must not reach the other threads.
        return {**own.view.refreshed(), **own.renewed}

    def renew(self, *names: str, durable: bool = False) -> None:
        """Say that these have changed.

        Written after the commit, so that a long transaction keeps nobody waiting; a
        durable one within the transaction: neither can happen without the other.
        """
        connection = _connection()
        if not connection.in_atomic_block:
            self._write(names)
            return
        own = _own() or _begin()
        own.renewed.update({name: new_version() for name in names})
        if durable:
            Stamp.objects.renew(*names)
            transaction.on_commit(self.forget)
            return
        where = tuple(connection.savepoint_ids)
        late = [name for name in names if not _is_registered(own, name, where)]
        if late:
            own.registered.update(dict.fromkeys(late, where))
            transaction.on_commit(partial(self._write_once, own), robust=True)

    def forget(self) -> None:
        """Read them again next time."""
        self._shared = _View()
        own = _own()
        if own is not None:
            own.view = _View()

    def _write_once(self, own: _Uncommitted) -> None:
        # The first callback writes what the others were registered for, too.
        names, own.registered = own.registered, {}
        if names:
            self._write(tuple(names))

    def _write(self, names: tuple[str, ...]) -> None:
        Stamp.objects.renew(*names)
        self.forget()


def _is_registered(own: _Uncommitted, name: str, where: tuple[Any, ...]) -> bool:
    """Say whether it will be written whenever the innermost savepoint survives."""
    registered = own.registered.get(name)
    return registered is not None and where[: len(registered)] == registered


def _connection() -> Any:
    return connections[router.db_for_write(Stamp)]


def _own() -> _Uncommitted | None:
    """Return what the running transaction has renewed; forget that of an ended one."""
    own = _uncommitted.get()
    if own is None:
        return None
    blocks = _connection().atomic_blocks
    if blocks and blocks[0] is own.transaction:
        return own
    _uncommitted.set(None)
    return None


def _begin() -> _Uncommitted:
    own = _Uncommitted(_connection().atomic_blocks[0])
    _uncommitted.set(own)
    return own


stamps = Stamps()
