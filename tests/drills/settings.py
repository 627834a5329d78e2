"""The site under test; ``DRILL_*`` in the environment says how it is served."""

import os
from pathlib import Path

from testapp.settings import *  # noqa: F403  # a variant of the tests' own site
from testapp.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES

HERE = Path(__file__).resolve().parent
SHAPE = os.environ.get("DRILL_SHAPE", "plain")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["DRILL_DATABASE"],
        "OPTIONS": {"timeout": 20, "init_command": "PRAGMA journal_mode=wal;"},
        "CONN_MAX_AGE": None,
    }
}
_redis = os.environ.get("DRILL_REDIS", "")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}
        if _redis
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    )
}
CACHE_MIDDLEWARE_SECONDS = 600
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Thousands of refused requests are the point; only a crash is news.
    "handlers": {"console": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "loggers": {"django": {"handlers": ["console"], "propagate": False}},
}
WAGTAIL_MEDBORGARE_SNAPSHOT_SECONDS = 1.0

# ``cache_page`` looks at no cookie: as documented, there is no user bar around it.
_own = [HERE / "templates" / SHAPE] if SHAPE in {"fragments", "cache-page"} else []
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*_own, HERE / "templates" / "site"]}]

_page_cache = "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware"
_inner = [
    # The outermost one gives an ETag to whatever may have one.
    "django.middleware.http.ConditionalGetMiddleware",
    # Each cache is tried alone.
    *(name for name in MIDDLEWARE if name != _page_cache),
]
_visitor = "wagtail_medborgare.visitors.middleware.VisitorMiddleware"


def _around(outer: str, inner: str) -> list[str]:
    # Inside the cache, an answer without a body would be stored for others.
    return [_inner[0], outer, *_inner[1:], inner]


def _after_security(name: str) -> list[str]:
    place = _inner.index("django.middleware.security.SecurityMiddleware") + 1
    return [*_inner[:place], name, *_inner[place:]]


_DJANGO = "django.middleware.cache."
_WAGTAILCACHE = "wagtailcache.cache."
MIDDLEWARE = {
    "cache-middleware": _around(
        f"{_DJANGO}UpdateCacheMiddleware", f"{_DJANGO}FetchFromCacheMiddleware"
    ),
    "wagtail-cache": _around(
        f"{_WAGTAILCACHE}UpdateCacheMiddleware",
        f"{_WAGTAILCACHE}FetchFromCacheMiddleware",
    ),
    "page-cache": _after_security(_page_cache),
    "wrong-cache-by-path": ["drills.wrong.CacheByPath", *_inner],
    "wrong-nothing-personal": [name for name in _inner if name != _visitor],
}.get(SHAPE, _inner)
# As it comes, wagtail-cache takes the visitor's cookies out of the request.
WAGTAIL_CACHE_IGNORE_COOKIES = False
if SHAPE == "wagtail-cache":
    INSTALLED_APPS = ["wagtailcache", *INSTALLED_APPS]
ROOT_URLCONF = "drills.urls_cache_page" if SHAPE == "cache-page" else "drills.urls"
