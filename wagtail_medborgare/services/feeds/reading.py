"""Which feeds are asked now, within one budget, and what is shown when they are silent.

The last good answer is kept in Django's cache. Nothing about a visitor is part of a
request or of a key: what is kept is the same for everybody.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple, TypeVar

from django.core.cache import caches
from django.db import connections

from wagtail_medborgare.core.circuit import Circuit
from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.http import HttpError, HttpPolicy, fetch
from wagtail_medborgare.core.http.deadline import Deadline
from wagtail_medborgare.services.feeds.parsing import FeedEntry, parse_feed
from wagtail_medborgare.services.importers.base import InvalidFeed

logger = logging.getLogger(__name__)

# The number changes with the form in which entries are kept.
PREFIX = "medborgare.feed.1"
KEPT_SECONDS = 24 * 60 * 60
RETRY_SECONDS = 30
MOST_AT_ONCE = 8
# With less than this left, no source could answer.
SHORTEST_CALL_SECONDS = 0.05
CONTENT_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/feed+json",
    "application/json",
)

# A cache that fails is left alone for a while: every feed would wait for it.
_circuit = Circuit(30.0)

Answer = TypeVar("Answer")


class KeptFeed(NamedTuple):
    """What is known of a feed: its last good answer, and when it was last asked."""

    entries: tuple[FeedEntry, ...] | None = None
    """None where it has never answered."""
    fetched_at: float = 0.0
    tried_at: float = 0.0

    @property
    def is_current(self) -> bool:
        """Was the last time that it was asked a good one?"""
        return self.entries is not None and self.fetched_at >= self.tried_at

    @property
    def next_try(self) -> float:
        """When its source may be asked again, as ``time.time()`` counts."""
        pause = app_settings.FEED_SECONDS if self.is_current else RETRY_SECONDS
        return self.tried_at + pause


def feed_policy(url: str, *, deadline: float) -> HttpPolicy:
    """Return where feeds may be read; the feeds do not share a circuit.

    Raises ValueError where a setting is mistyped.
    """
    return HttpPolicy(
        name=f"feed.{_digest(url)[:16]}",
        allowed=tuple(app_settings.FEED_SOURCES),
        deadline=deadline,
        max_bytes=app_settings.FEED_MAX_BYTES,
        content_types=CONTENT_TYPES,
        private_networks=tuple(app_settings.FEED_PRIVATE_NETWORKS),
        loopback=tuple(app_settings.FEED_LOOPBACK),
        slots=2,
        failures_to_open=2,
        open_seconds=60.0,
    )


def read_feeds(urls: Iterable[str]) -> dict[str, KeptFeed]:
    """Return what is known of each feed, asking the sources whose answer is too old.

    All of them together take ``FEED_DEADLINE_SECONDS`` at most.
    """
    wanted = list(dict.fromkeys(urls))
    known = _kept(wanted)
    now = time.time()
    due = [url for url in wanted if known[url].next_try <= now]
    if due:
        answers = _ask(due)
        news = {url: _noted(known[url], found, now) for url, found in answers.items()}
        _keep(news)
        known |= news
    return known


def _noted(
    known: KeptFeed, entries: tuple[FeedEntry, ...] | None, now: float
) -> KeptFeed:
    if entries is None:
        return known._replace(tried_at=now)
    return KeptFeed(entries=entries, fetched_at=now, tried_at=now)


def _ask(urls: list[str]) -> dict[str, tuple[FeedEntry, ...] | None]:
    """Ask them at the same time; None for whoever is late.

    Whose turn never came is not among the answers, and is asked by the next page.
    """
    deadline = Deadline(app_settings.FEED_DEADLINE_SECONDS)
    begun: list[str] = []
    workers = ThreadPoolExecutor(
        min(len(urls), MOST_AT_ONCE), thread_name_prefix="medborgare-feed"
    )
    try:
        asked: dict[Future[Any], str] = {
            workers.submit(_read, url, deadline, begun): url for url in urls
        }
        done, _late = wait(asked, timeout=deadline.remaining())
    finally:
        # Not waited for: each ends by itself, within the same deadline.
        workers.shutdown(wait=False, cancel_futures=True)
    answers = {asked[future]: future.result() for future in done}
    return {url: answers.get(url) for url in begun}


def _read(
    url: str, deadline: Deadline, begun: list[str]
) -> tuple[FeedEntry, ...] | None:
    """Return the entries of one feed; None where it gives no usable answer."""
    seconds = deadline.remaining()
    if seconds < SHORTEST_CALL_SECONDS:
        return None
    begun.append(url)
    try:
        policy = feed_policy(url, deadline=seconds)
        answer = fetch(policy, url, path_template="/feed")
        return parse_feed(answer.body, base_url=url, charset=answer.charset or "")
    except HttpError:
        return None  # The client has written why.
    except InvalidFeed as error:
        logger.warning("feed.%s is not shown: %s", _digest(url)[:16], error)
        return None
    except ValueError as error:
        logger.error("a setting of the feeds is wrong: %s", error)
        return None
    finally:
        # The cache may be a table of the database, read in this thread too.
        connections.close_all()


def _kept(urls: list[str]) -> dict[str, KeptFeed]:
    keys = {url: f"{PREFIX}.{_digest(url)}" for url in urls}
    found = _call(lambda cache: cache.get_many(list(keys.values()))) or {}
    known = {url: found.get(key) for url, key in keys.items()}
    return {
        url: feed if isinstance(feed, KeptFeed) else KeptFeed()
        for url, feed in known.items()
    }


def _keep(feeds: dict[str, KeptFeed]) -> None:
    for url, feed in feeds.items():
        # Of the last good answer, not of the last try: nothing is shown for ever.
        since = time.time() - feed.fetched_at if feed.entries is not None else 0
        _keep_one(url, feed, seconds=int(KEPT_SECONDS - since))


def _keep_one(url: str, feed: KeptFeed, *, seconds: int) -> None:
    if seconds < RETRY_SECONDS:
        feed, seconds = KeptFeed(tried_at=feed.tried_at), RETRY_SECONDS
    _call(lambda cache: cache.set(f"{PREFIX}.{_digest(url)}", feed, seconds))


def _call(ask: Callable[[Any], Answer]) -> Answer | None:
    """Ask Django's cache; a failure is a miss."""
    if not _circuit.may_try():
        return None
    try:
        answer = ask(caches["default"])
    except Exception as error:  # noqa: BLE001  (each backend has errors of its own)
        logger.warning("feeds are not kept: cache fails (%s)", type(error).__name__)
        _circuit.failed()
        return None
    _circuit.succeeded()
    return answer


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
