"""The way of a request through the page cache."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.sources import Versions, versions_of
from wagtail_medborgare.segments.page_cache import bodies, tables
from wagtail_medborgare.segments.page_cache.addresses import address_of, digest
from wagtail_medborgare.segments.page_cache.bodies import Body, body_of
from wagtail_medborgare.segments.page_cache.manifests import (
    Manifest,
    NotForTheCache,
    answers,
    manifest_of,
    parse,
)
from wagtail_medborgare.segments.page_cache.store import Found, Record, store
from wagtail_medborgare.segments.page_cache.watching import Watch, watch_of, watching
from wagtail_medborgare.visitors.visitor import Reads, Visitor

# How long somebody waits for another's rendering, and how often they look.
PATIENCE_SECONDS = 5.0
LOOK_SECONDS = 0.02


class PageCacheMiddleware:
    """Serve Wagtail's pages from the cache, personalised ones too.

    It stands outside sessions, languages and the visitor: a hit touches none of them.
    Whoever may be somebody (a session, a login header) goes past it.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Listed twice, the inner one would wait for the outer one.
        if app_settings.PAGE_CACHE_SECONDS <= 0 or watch_of(request) is not None:
            return self.get_response(request)
        address = address_of(request)
        if address is None:
            return self.get_response(request)
        visit = _Visit(request, address.key)
        try:
            body = visit.find()
            if body is not None:
                return body.to_response(request)
            return self._make(visit)
        except NotForTheCache:
            return self.get_response(request)

    def _make(self, visit: "_Visit") -> HttpResponseBase:
        if visit.found is None:
            return self.get_response(visit.request)
        with visit.turn() as waited_for:
            if waited_for is not None:
                return waited_for.to_response(visit.request)
            with watching(visit.request) as watch:
                response = self.get_response(visit.request)
            visit.keep(response, watch)
            return response


@dataclass
class _Visit:
    """One request on its way: what it asks for, and what the cache knows of that."""

    request: HttpRequest
    page: str
    found: Found | None = None
    key: str = ""
    until: float = field(default_factory=bodies.lives_until)
    """Counted from before anything is read: what is made today is not of tomorrow."""

    def find(self) -> Body | None:
        """Return the body for this visitor if it is there and nothing has changed.

        Raises NotForTheCache where this visitor is to be rendered anew.
        """
        self.key = ""
        self.found = store.look(self.page)
        if self.found is None or self.found.record is None:
            return None
        self.key = self._key_in(self.found.record)
        body = store.body(self.key)
        if (
            body is not None
            and body.epoch == self.found.epoch
            and body.versions.are_current()
        ):
            return body
        if self._record() is None:
            # What it asked before it was changed says nothing about it.
            self.key = ""
        return None

    @contextmanager
    def turn(self) -> Iterator[Body | None]:
        """Render, or wait for whoever renders this very thing and give what they made."""
        name = self.key or self.page
        record = self._record()
        if record is not None and not record.can_be_stored:
            yield None
        elif store.take_turn(name):
            try:
                yield None
            finally:
                store.end_turn(name)
        else:
            yield self._wait_for(name)

    def _wait_for(self, name: str) -> Body | None:
        patience = time.monotonic() + PATIENCE_SECONDS
        while store.is_turn_taken(name) and time.monotonic() < patience:
            time.sleep(LOOK_SECONDS)
        return self.find()

    def keep(self, response: HttpResponseBase, watch: Watch) -> None:
        """Store what was made, if others may see it."""
        reads = getattr(getattr(self.request, "visitor", None), "reads", Reads())
        if watch.page is None or not watch.was_served or self.request.method != "GET":
            return
        varies_by = bodies.headers_in_vary(response)
        if not watch.is_known(varies_by) or not bodies.is_for_many(
            self.request, response
        ):
            self._keep_record(watch)
            return
        try:
            self._keep_body(response, watch, manifest_of(reads))
        except NotForTheCache:
            return

    def _keep_body(
        self, response: HttpResponseBase, watch: Watch, asked: Manifest
    ) -> None:
        # Others may have learnt something meanwhile.
        epoch = self.found.epoch if self.found else ""
        self.found = store.look(self.page)
        if self.found is None or not isinstance(response, HttpResponse):
            return
        known = self._record() or Record(versions=self._page_versions(watch))
        record = Record(
            asked=(parse(known.asked) | asked).text,
            headers=_joined(
                known.headers, {*bodies.headers_in_vary(response), *watch.headers}
            ),
            cookies=_joined(known.cookies, watch.cookies),
            versions=known.versions,
        )
        # As it was answered while this was made: a choice may have ended since.
        key = self._key_in(record, getattr(self.request, "visitor", None))
        body = body_of(
            response, versions=versions_of(watch.sources.versions), epoch=epoch
        )
        seconds = self._seconds_left(watch.sources.lasts_until)
        if seconds > 0:
            store.put(self.page, record, key, body, seconds)

    def _keep_record(self, watch: Watch) -> None:
        """Note that nobody needs to wait for this page: what is made is not kept."""
        if self._record() is None:
            record = Record(versions=self._page_versions(watch), can_be_stored=False)
            store.put_record(self.page, record, self._seconds_left())

    def _seconds_left(self, lasts_until: float = math.inf) -> int:
        return int(min(self.until, lasts_until) - time.time())

    def _record(self) -> Record | None:
        """Return what is known of the page as it is now."""
        record = self.found.record if self.found else None
        return record if record is not None and record.versions.are_current() else None

    def _page_versions(self, watch: Watch) -> Versions:
        assert watch.page is not None  # noqa: S101  (a served page)
        names = {tables.EVERYTHING, *tables.page_stamps(watch.page)}
        noted = watch.sources.versions
        return versions_of({name: noted[name] for name in names})

    def _key_in(self, record: Record, visitor: Visitor | None = None) -> str:
        meta, cookies = self.request.META, self.request.COOKIES
        other = [
            *(dict.get(meta, name, "") for name in record.headers),
            *(dict.get(cookies, name, "") for name in record.cookies),
        ]
        answered = answers(self.request, parse(record.asked), visitor)
        names = (*record.headers, *record.cookies)
        return digest(f"{self.page} {record.asked} {answered} {names} {other}")


def _joined(known: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*known, *new}))
