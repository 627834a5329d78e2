"""Django's cache as the page cache uses it: it may be slow, empty or gone at any time."""

import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

from wagtail_medborgare.core.circuit import Circuit
from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.models import new_version
from wagtail_medborgare.core.sources import Versions
from wagtail_medborgare.segments.page_cache.bodies import Body

# With a number of its own for each form in which pages are stored.
PREFIX = "medborgare.page.1"
EPOCH = f"{PREFIX}.epoch"

# For so long a cache that failed is left in peace.
PAUSE_SECONDS = 30.0

# A page that takes longer than this to render is rendered by whoever asks.
TURN_SECONDS = 10

_MOST_REMEMBERED_USES = 5000


class Record(NamedTuple):
    """What is known of one page: what it asks, and what else makes another body."""

    asked: str = ""
    """The manifest, as a text."""
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    versions: Versions = Versions({}, ())
    can_be_stored: bool = True


@dataclass(frozen=True)
class Found:
    """One look at the cache."""

    epoch: str
    record: Record | None


class Store:
    """The records and bodies of pages; every failure is a miss, and costs once."""

    def __init__(self) -> None:
        self._circuit = Circuit(PAUSE_SECONDS)
        self._used: dict[str, float] = {}

    def look(self, page: str) -> Found | None:
        """Return what is known of a page; None where the cache does not answer."""
        found = self._call(lambda cache: _look(cache, f"{PREFIX}.{page}"))
        if found is None:
            return None
        epoch, record = found
        return Found(epoch, record if isinstance(record, Record) else None)

    def body(self, key: str) -> Body | None:
        """Return a stored body, and remember that it was used."""
        body = self._call(lambda cache: cache.get(f"{PREFIX}.{key}"))
        if not isinstance(body, Body):
            return None
        self._used[key] = time.time()
        if len(self._used) > _MOST_REMEMBERED_USES:
            self._used.clear()
        return body

    def put(
        self, page: str, record: Record, key: str, body: Body, seconds: int
    ) -> None:
        """Store a body, and drop the least recently used ones beyond the limit."""
        shelf = f"{PREFIX}.{page}.used"
        known_uses = self._call(lambda cache: cache.get(shelf))
        used = dict(known_uses) if isinstance(known_uses, dict) else {}
        used[key] = time.time()
        for known in used:
            used[known] = max(used[known], self._used.get(known, 0.0))
        by_age = sorted(used, key=used.__getitem__)
        gone = by_age[: max(0, len(used) - app_settings.PAGE_CACHE_BODIES)]
        for known in gone:
            del used[known]
        news = {f"{PREFIX}.{page}": record, f"{PREFIX}.{key}": body, shelf: used}
        self._call(lambda cache: cache.set_many(news, seconds))
        if gone:
            self._call(
                lambda cache: cache.delete_many([f"{PREFIX}.{known}" for known in gone])
            )

    def put_record(self, page: str, record: Record, seconds: int) -> None:
        """Store what is known of a page that has no body to store."""
        self._call(lambda cache: cache.set(f"{PREFIX}.{page}", record, seconds))

    def take_turn(self, key: str) -> bool:
        """Return whether this caller is the one who renders; all, without a cache."""
        taken = self._call(
            lambda cache: cache.add(f"{PREFIX}.{key}.turn", 1, TURN_SECONDS)
        )
        return taken is not False

    def is_turn_taken(self, key: str) -> bool:
        """Say whether somebody is still rendering."""
        return bool(self._call(lambda cache: cache.get(f"{PREFIX}.{key}.turn")))

    def end_turn(self, key: str) -> None:
        """Let the others look."""
        self._call(lambda cache: cache.delete(f"{PREFIX}.{key}.turn"))

    def forget_everything(self) -> None:
        """Make all bodies in a shared cache useless to every process, at once."""
        self._call(lambda cache: cache.set(EPOCH, new_version(), None))

    def _call(self, ask: Any) -> Any:
        if not self._circuit.may_try():
            return None
        try:
            cache: BaseCache = caches[app_settings.PAGE_CACHE]
            answer = ask(cache)
        except Exception:  # noqa: BLE001  (each backend has errors of its own)
            self._circuit.failed()
            return None
        self._circuit.succeeded()
        return answer


def _look(cache: BaseCache, name: str) -> tuple[str, Any]:
    if isinstance(cache, LocMemCache):
        # Nobody else can write to it, and a change in this process is seen anyway.
        return "", cache.get(name)
    found = cache.get_many((EPOCH, name))
    return str(found.get(EPOCH, "")), found.get(name)


store = Store()
