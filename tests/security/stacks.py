"""The caches that a site may have in front of its pages, inside Django."""

from __future__ import annotations

from collections.abc import Callable

PAGE_CACHE = "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware"
DJANGOS = "django.middleware.cache."


def without_cache(middleware: list[str]) -> list[str]:
    return [name for name in middleware if name != PAGE_CACHE]


def with_djangos_cache(middleware: list[str]) -> list[str]:
    return [
        f"{DJANGOS}UpdateCacheMiddleware",
        *without_cache(middleware),
        f"{DJANGOS}FetchFromCacheMiddleware",
    ]


def with_our_cache(middleware: list[str]) -> list[str]:
    first, *others = without_cache(middleware)
    return [first, PAGE_CACHE, *others]


STACKS: list[Callable[[list[str]], list[str]]] = [
    without_cache,
    with_djangos_cache,
    with_our_cache,
]
