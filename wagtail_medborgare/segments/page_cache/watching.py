"""What a page is made from, watched while it is made: the database and the cookies."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.request import HttpHeaders
from wagtail.models import Page, Site

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.core.sources import Sources, collecting
from wagtail_medborgare.segments.page_cache import tables
from wagtail_medborgare.segments.page_cache.queries import reading_of
from wagtail_medborgare.visitors.cookies import DEVICE, VISIT

_ATTRIBUTE = "_medborgare_watch"

# Wagtail asks it of every page, for ``ajax_template``, and says nothing of it in Vary.
KEYED_HEADERS = frozenset({"HTTP_X_REQUESTED_WITH"})

# Asked by Django when the page is made already.
_ASKED_AFTERWARDS = frozenset(
    {
        "HTTP_ACCEPT_ENCODING",
        "HTTP_IF_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_UNMODIFIED_SINCE",
    }
)


def _headers_of_the_address() -> frozenset[str]:
    """Return the headers that the host and the scheme of a request come from."""
    names = {"HTTP_HOST"}
    if settings.USE_X_FORWARDED_HOST:
        names.add("HTTP_X_FORWARDED_HOST")
    if settings.USE_X_FORWARDED_PORT:
        names.add("HTTP_X_FORWARDED_PORT")
    if settings.SECURE_PROXY_SSL_HEADER:
        names.add(settings.SECURE_PROXY_SSL_HEADER[0])
    return frozenset(names)


def _forget_site_roots() -> None:
    # Wagtail keeps the addresses of the sites in its own cache, for an hour: where that
    # is this process's memory, nobody else can tell it of a change.
    Site.clear_site_root_paths_cache()


site_roots: Snapshot[None] = Snapshot(tables.EVERYTHING, _forget_site_roots)


class Watch:
    """Everything one response was made from, apart from the visitor."""

    def __init__(self) -> None:
        self.sources = Sources()
        self.sources.add(tables.EVERYTHING)
        self.page: Page | None = None
        self.was_served = False
        self.cookies: set[str] = set()
        self.headers: set[str] = set()
        """As keys of ``META``; ``REMOTE_ADDR`` and the token's too."""
        self.expected = _ASKED_AFTERWARDS | _headers_of_the_address()

    def begin(self, request: HttpRequest, page: Page) -> None:
        """Watch from here on: routing is over, and this page is to be served."""
        self.page = page
        self.sources.add(*tables.page_stamps(page))
        site = Site.find_for_request(request)
        if site is not None:
            # Its start page was read before the page, together with the site.
            table = Page._meta.db_table
            self.sources.add(
                tables.row_stamp(table, site.root_page_id), tables.rows_stamp(table)
            )
        meta: Any = _WatchedMeta(request.META, self)
        request.headers = _WatchedHeaders(request.META, self)
        request.META = meta
        if hasattr(request, "environ"):
            request.environ = meta

    def serve(self, page: Page) -> None:
        """Note that nothing refused the page, nor answered in its place."""
        # It may be a variant of the page that was asked for.
        self.sources.add(*tables.page_stamps(page))
        self.was_served = True

    def is_known(self, varies_by: frozenset[str]) -> bool:
        """Say whether everything it was made from is followed, or part of the key.

        ``varies_by`` are the headers that the response itself names, as keys of ``META``.
        """
        return (
            self.was_served
            and self.sources.are_known
            and self.cookies <= set(app_settings.PAGE_CACHE_COOKIES)
            and self.headers <= varies_by | KEYED_HEADERS
        )

    def query(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        """Note what a query reads, then run it (``connection.execute_wrapper``)."""
        if self.page is not None and self.sources.are_collected:
            reading = reading_of(str(sql))
            # Named parameters, or many rows to write, are no keys of what is read.
            values = params if isinstance(params, list | tuple) else ()
            self.sources.add(*reading.stamps(values))
            self.sources.are_known = self.sources.are_known and reading.is_known
        return execute(sql, params, many, context)


def watch_of(request: HttpRequest) -> Watch | None:
    """Return the watch of a request that may be stored."""
    return getattr(request, _ATTRIBUTE, None)


def begin_with_page(
    page: Page, request: HttpRequest, *args: Any, **kwargs: Any
) -> None:
    """Begin to watch what this page is made from (``before_serve_page``)."""
    watch = watch_of(request)
    if watch is not None:
        watch.begin(request, page)


def note_served_page(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Note the page that is really served (``on_serve_page``, innermost)."""

    def inner(page: Any, request: HttpRequest, args: Any, kwargs: Any) -> Any:
        watch = watch_of(request)
        if watch is not None:
            watch.serve(page)
        return serve(page, request, args, kwargs)

    return inner


@contextmanager
def watching(request: HttpRequest) -> Iterator[Watch]:
    """Watch what the response to a request is made from."""
    site_roots.get()
    watch = Watch()
    setattr(request, _ATTRIBUTE, watch)
    request.COOKIES = _WatchedCookies(request.COOKIES, watch)
    with ExitStack() as stack, collecting(watch.sources):
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(watch.query))
        yield watch


class _WatchedCookies(dict[str, str]):
    """Cookies that tell which of them were asked for."""

    def __init__(self, cookies: dict[str, str], watch: Watch) -> None:
        super().__init__(cookies)
        self._watch = watch
        # Known to be absent, or noted by the visitor.
        self._expected = {
            settings.SESSION_COOKIE_NAME,
            "messages",
            VISIT.name,
            DEVICE.name,
        }
        # What Django reads of every request, before it is known what it is for.
        self._asked_before = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}

    def _note(self, name: Any) -> None:
        if name in self._expected:
            return
        if self._watch.page is not None or name not in self._asked_before:
            self._watch.cookies.add(name)

    def __getitem__(self, name: str) -> str:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def _note_all(self) -> None:
        self._watch.cookies.add("*")

    def __iter__(self) -> Iterator[str]:
        self._note_all()
        return super().__iter__()

    def __len__(self) -> int:
        self._note_all()
        return super().__len__()

    def keys(self) -> Any:
        self._note_all()
        return super().keys()

    def values(self) -> Any:
        self._note_all()
        return super().values()

    def items(self) -> Any:
        self._note_all()
        return super().items()

    def copy(self) -> dict[str, str]:
        self._note_all()
        return super().copy()

    def __repr__(self) -> str:
        self._note_all()
        return super().__repr__()

    def __eq__(self, other: object) -> bool:
        self._note_all()
        return super().__eq__(other)

    __hash__ = None

    def __or__(self, other: Any) -> Any:
        self._note_all()
        return super().__or__(other)

    def setdefault(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().setdefault(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        self._note(name)
        return super().pop(name, *default)


class _WatchedMeta(dict[str, Any]):
    """The environment of a request; tells what was asked about whoever sent it.

    The CSRF token among them, whatever cookie the response sets or does not set.
    """

    def __init__(self, meta: dict[str, Any], watch: Watch) -> None:
        super().__init__(meta)
        self._watch = watch

    def _note(self, name: Any) -> None:
        if name in self._watch.expected:
            return
        if name == "CSRF_COOKIE" or str(name).startswith(("HTTP_", "REMOTE_", "SSL_")):
            self._watch.headers.add(str(name))

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def items(self) -> Any:
        self._watch.headers.add("*")
        return super().items()

    def values(self) -> Any:
        self._watch.headers.add("*")
        return super().values()

    def copy(self) -> dict[str, Any]:
        self._watch.headers.add("*")
        return super().copy()

    def __repr__(self) -> str:
        self._watch.headers.add("*")
        return super().__repr__()


class _WatchedHeaders(HttpHeaders):
    """The headers of a request; tells which of them were asked for."""

    def __init__(self, meta: dict[str, Any], watch: Watch) -> None:
        super().__init__(meta)
        self._watch = watch

    def __getitem__(self, key: str) -> str:
        name = "HTTP_" + key.upper().replace("-", "_")
        if name not in self._watch.expected:
            self._watch.headers.add(name)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        self._watch.headers.add("*")
        return super().__iter__()

    def __repr__(self) -> str:
        self._watch.headers.add("*")
        return super().__repr__()
