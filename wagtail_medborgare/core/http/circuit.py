"""Leave a failing system alone, and let one call at a time ask whether it is back.

Two entries in Django's cache are the whole state: how many calls failed in a row, and a
mark that says "not now". When the mark has expired, whoever can add it again is the one
probe, in whichever process it runs.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import BaseCache, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from wagtail_medborgare.core.http.exceptions import HttpCircuitOpen
from wagtail_medborgare.core.http.policy import HttpPolicy

logger = logging.getLogger(__name__)

FAILURES_KEPT_SECONDS = 3600
WITHOUT_CACHE_SECONDS = 30
WITHOUT_CACHE = "medborgare.http.without-cache"

Result = TypeVar("Result")

# The same interface as the shared cache, so that the circuit has one implementation.
_local = LocMemCache("wagtail_medborgare.core.http", {})


def admit(policy: HttpPolicy) -> None:
    """Let a call pass, or raise HttpCircuitOpen."""

    def may_pass(store: BaseCache) -> bool:
        failures = store.get(_failures_key(policy.name)) or 0
        if failures < policy.failures_to_open:
            return True
        return store.add(_rest_key(policy.name), 1, timeout=policy.open_seconds)

    if not _with_store(may_pass):
        raise HttpCircuitOpen("not called, because recent calls failed")


def note_failure(policy: HttpPolicy) -> None:
    """Count a failure; the last one allowed opens the circuit."""

    def count(store: BaseCache) -> None:
        key = _failures_key(policy.name)
        store.add(key, 0, timeout=FAILURES_KEPT_SECONDS)
        if store.incr(key) >= policy.failures_to_open:
            store.set(_rest_key(policy.name), 1, timeout=policy.open_seconds)

    _with_store(count)


def note_success(policy: HttpPolicy) -> None:
    """Forget earlier failures, which closes the circuit."""

    def forget(store: BaseCache) -> None:
        # Nearly always nothing to forget: a read is cheaper than a write.
        if store.get(_failures_key(policy.name)):
            _forget(store, policy.name)

    _with_store(forget)


def close_circuit(connector: str) -> None:
    """Close a connector's circuit by hand, here and in the shared cache."""
    _local.delete(WITHOUT_CACHE)
    _forget(_local, connector)
    _with_store(lambda store: _forget(store, connector))


def _forget(store: BaseCache, connector: str) -> None:
    store.delete_many([_failures_key(connector), _rest_key(connector)])


def _with_store(operation: Callable[[BaseCache], Result]) -> Result:
    """Run an operation on the shared cache, or on this process's own state.

    A cache that has just failed is left alone for a while: a hung one can block each
    call for seconds.
    """
    if not _local.get(WITHOUT_CACHE):
        try:
            shared = caches["default"]
            # The dummy cache raises nothing and remembers nothing.
            if not isinstance(shared, DummyCache):
                return operation(shared)
        except Exception as error:  # noqa: BLE001  (cache clients raise their own types)
            logger.warning(
                "circuits kept locally: cache fails (%s)", type(error).__name__
            )
            _local.set(WITHOUT_CACHE, 1, timeout=WITHOUT_CACHE_SECONDS)
    return operation(_local)


def _failures_key(connector: str) -> str:
    return f"medborgare.http.{connector}.failures"


def _rest_key(connector: str) -> str:
    return f"medborgare.http.{connector}.rest"
