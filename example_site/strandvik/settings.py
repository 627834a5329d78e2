"""Settings of the example municipality; what differs comes from the environment.

DATABASE_URL    sqlite:////tmp/demo.sqlite3 or postgres://user:password@host/name
CACHE_URL       redis://host:6379/0; local memory without it
DJANGO_DEBUG    0 turns the developer's error pages off
DEMO_PORT       where the site answers, for links in mail
DEMO_HOSTS      more host names, separated by commas
DEMO_PASSWORD   the password of all demo accounts
DEMO_EDGE       page types that are served from the edge, such as municipality.StartPage
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = os.environ.get("DJANGO_DEBUG", "1") not in {"0", "false", "no"}
# Known to everybody: good for a demo, for nothing else.
SECRET_KEY = os.environ.get(
    "DJANGO_SECRET_KEY", "strandvik-demo-only-never-use-this-key-for-a-real-site"
)
DEMO_PORT = int(os.environ.get("DEMO_PORT", "8000"))
# In a public place, set one of your own: the default stands in the source.
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "strandvik-demo" if DEBUG else "")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"] + [
    host for host in os.environ.get("DEMO_HOSTS", "").split(",") if host
]

INSTALLED_APPS = [
    "municipality",
    # Needed by wagtail-personalisation, which we build on.
    "wagtail_modeladmin",
    "wagtailfontawesomesvg",
    "wagtail_personalisation.config.WagtailPersonalisationConfig",
    # After wagtail-personalisation, in this order.
    "wagtail_medborgare.core",
    "wagtail_medborgare.situations",
    "wagtail_medborgare.visitors",
    "wagtail_medborgare.segments",
    "wagtail_medborgare.services",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "strandvik.middleware.ContentSecurityPolicyMiddleware",
    # Outside sessions and everything else that a page from the cache does not need.
    "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail_medborgare.visitors.middleware.VisitorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "strandvik.urls"
WSGI_APPLICATION = "strandvik.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Here stands our medborgare_core/base.html, which gives every page of
        # wagtail-medborgare the look of Strandvik.
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
        }
    path = unquote(parts.path)[1:] if parts.scheme == "sqlite" else ""
    if not path:
        VAR_DIR.mkdir(exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path or VAR_DIR / "db.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
if "postgresql" in str(DATABASES["default"]["ENGINE"]):
    # Wagtail's search needs it with PostgreSQL.
    INSTALLED_APPS.append("django.contrib.postgres")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_cache_url = os.environ.get("CACHE_URL", "")
_in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {
    # Wagtail asks this one while it renders: it must not depend on another machine.
    "default": {**_in_memory, "LOCATION": "default"},
    # The pages: shared by all processes where there is a server for it, which may be slow
    # or gone without anybody noticing.
    "pages": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": _cache_url,
            "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1},
        }
        if _cache_url
        else {**_in_memory, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 5000}}
    ),
}
WAGTAIL_MEDBORGARE_PAGE_CACHE = "pages"
# On the day of the flood: DEMO_EDGE=municipality.StartPage serves it from the edge.
WAGTAIL_MEDBORGARE_EDGE_PAGES = [
    label for label in os.environ.get("DEMO_EDGE", "").split(",") if label
]
# Error mails never tell what a visitor has chosen or searched for.
DEFAULT_EXCEPTION_REPORTER_FILTER = (
    "wagtail_medborgare.visitors.error_reports.PrivateReporterFilter"
)

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English"), ("fi", "Suomi")]
WAGTAIL_CONTENT_LANGUAGES = [("sv", "Svenska")]
WAGTAIL_I18N_ENABLED = False
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
X_FRAME_OPTIONS = "SAMEORIGIN"

WAGTAIL_SITE_NAME = "Strandviks kommun"
WAGTAILADMIN_BASE_URL = f"http://localhost:{DEMO_PORT}"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

PERSONALISATION_SEGMENTS_ADAPTER = (
    "wagtail_medborgare.segments.adapters.VisitorSegmentsAdapter"
)
WAGTAIL_PERSONALISATION_RULES = [
    "medborgare_segments.LifeSituationRule",
    "wagtail_personalisation.QueryRule",
    "wagtail_personalisation.UserIsLoggedInRule",
]
