"""One site, steered by the environment into each of the configurations compared.

BENCH_STACK   plain, stock (wagtail-personalisation as it comes) or ours
BENCH_BLOCKS  plain, stock, ours or ours-in-stream: what the page's blocks derive from
BENCH_CACHE   empty, ours, django or wagtail: the cache of whole pages in front of it
DATABASE_URL  sqlite:///path or postgresql://…
"""

import os
from urllib.parse import unquote, urlsplit

from testapp import settings as tested

STACK = os.environ["BENCH_STACK"]
BENCH_BLOCKS = os.environ["BENCH_BLOCKS"]
PAGE_CACHE = os.environ.get("BENCH_CACHE", "")

SECRET_KEY = tested.SECRET_KEY
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = tested.TIME_ZONE
LANGUAGE_CODE = tested.LANGUAGE_CODE
LANGUAGES = tested.LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = tested.WAGTAIL_CONTENT_LANGUAGES
WAGTAIL_I18N_ENABLED = True
ROOT_URLCONF = "benchmarks.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
WAGTAIL_SITE_NAME = "Bench"
WAGTAILADMIN_BASE_URL = "http://testserver"
TEMPLATES = tested.TEMPLATES
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SILENCED_SYSTEM_CHECKS = ["medborgare_services.W001", "medborgare_services.W002"]

# What a stack leaves out. The tests' own app and Django's admin are in none.
_PERSONALISATION = ("wagtail_personalisation", "wagtail_modeladmin", "wagtailfontawe")
_LEFT_OUT = {
    "plain": ("testapp", "django.contrib.admin", "wagtail_medborgare")
    + _PERSONALISATION,
    "stock": ("testapp", "django.contrib.admin", "wagtail_medborgare"),
    "ours": ("testapp", "django.contrib.admin"),
}[STACK]


def _is_in(name: str) -> bool:
    return not name.startswith(_LEFT_OUT)


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    # Open for good in all configurations: opening would be measured with each view.
    kept_open: dict[str, object] = {"CONN_MAX_AGE": None}
    if parts.scheme == "sqlite":
        return {
            **kept_open,
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    return {
        **kept_open,
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


DATABASES = {"default": _database(os.environ["DATABASE_URL"])}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

INSTALLED_APPS = [
    "benchmarks.benchsite",
    *(name for name in tested.INSTALLED_APPS if _is_in(name)),
]
_postgres = "django.contrib.postgres"
if "postgresql" in str(DATABASES["default"]["ENGINE"]) and (
    _postgres not in INSTALLED_APPS
):
    INSTALLED_APPS.append(_postgres)

MIDDLEWARE = [name for name in tested.MIDDLEWARE if _is_in(name)]
if PAGE_CACHE == "ours":
    MIDDLEWARE = [
        name for name in MIDDLEWARE if not name.endswith(".PageCacheMiddleware")
    ]
    after_security = MIDDLEWARE.index("django.middleware.security.SecurityMiddleware")
    MIDDLEWARE.insert(
        after_security + 1,
        "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware",
    )
else:
    MIDDLEWARE = [name for name in MIDDLEWARE if "page_cache" not in name]
if PAGE_CACHE == "django":
    MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
elif PAGE_CACHE == "wagtail":
    INSTALLED_APPS.insert(1, "wagtailcache")
    WAGTAIL_CACHE_BACKEND = "default"
    MIDDLEWARE = [
        "wagtailcache.cache.UpdateCacheMiddleware",
        *MIDDLEWARE,
        "wagtailcache.cache.FetchFromCacheMiddleware",
    ]

if STACK == "ours":
    PERSONALISATION_SEGMENTS_ADAPTER = tested.PERSONALISATION_SEGMENTS_ADAPTER
    WAGTAIL_PERSONALISATION_RULES = tested.WAGTAIL_PERSONALISATION_RULES

# The search index is not part of what is measured.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}


class _NoMigrations:
    """Make the tables from the models: a site of 20 apps in a second."""

    def __contains__(self, label: str) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None


MIGRATION_MODULES = _NoMigrations()
