"""Settings of the tests; the database and the cache come from the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent
SECRET_KEY = "only-for-the-tests-and-for-nothing-else-at-all"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English"), ("fi", "Suomi")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
ROOT_URLCONF = "testapp.urls"
WAGTAIL_SITE_NAME = "Testkommun"
WAGTAILADMIN_BASE_URL = "https://testserver"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "testapp",
    "wagtail_medborgare.services",
    "wagtail_medborgare.segments",
    "wagtail_medborgare.visitors",
    "wagtail_medborgare.situations",
    "wagtail_medborgare.core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail.locales",
    "wagtail.contrib.simple_translation",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_filters",
    "wagtail_modeladmin",
    "wagtailfontawesomesvg",
    "wagtail_personalisation.config.WagtailPersonalisationConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
# Ours come after what they build on, where order matters (segments mends
# wagtail-personalisation when it is ready).
_OURS = [app for app in INSTALLED_APPS if app.startswith("wagtail_medborgare")]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in _OURS] + _OURS[::-1]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail_medborgare.visitors.middleware.VisitorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
if "postgresql" in str(DATABASES["default"]["ENGINE"]):
    # Wagtail's search index needs it there, and Django 6.1 says so.
    INSTALLED_APPS.append("django.contrib.postgres")


def _cache_of_this_worker(url: str) -> str:
    """Give each parallel test process a Redis database of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    base, _slash, number = url.rpartition("/")
    if not base or not number.isdecimal():
        return url
    return f"{base}/{(int(number) + int(worker)) % 16}"


_cache_url = _cache_of_this_worker(os.environ.get("CACHE_URL", ""))
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": _cache_url,
        }
        if _cache_url
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    ),
    # For tests that move the clock or look into the cache: a server follows neither.
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "memory",
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "var" / "media"
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": True}
}
PERSONALISATION_SEGMENTS_ADAPTER = (
    "wagtail_medborgare.segments.adapters.VisitorSegmentsAdapter"
)
# The real stamp is read once a second; the tests renew within one process.
WAGTAIL_MEDBORGARE_SNAPSHOT_SECONDS = 60.0
X_FRAME_OPTIONS = "SAMEORIGIN"
WAGTAIL_PERSONALISATION_RULES = [
    "medborgare_segments.LifeSituationRule",
    "wagtail_personalisation.TimeRule",
    "wagtail_personalisation.DayRule",
    "wagtail_personalisation.DeviceRule",
    "wagtail_personalisation.ReferralRule",
    "wagtail_personalisation.QueryRule",
    "wagtail_personalisation.UserIsLoggedInRule",
    "wagtail_personalisation.OriginCountryRule",
]
# The tests need one page type with variants.
SILENCED_SYSTEM_CHECKS = ["medborgare_segments.W003"]
