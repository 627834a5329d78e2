from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from wagtail_medborgare.core.conf import PREFIX, app_settings

MIDDLEWARE = "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware"
INSIDE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wagtail_medborgare.visitors.middleware.VisitorMiddleware",
)
REDIS = "django.core.cache.backends.redis"
LONGEST_TIMEOUT = 0.5


@register
def check_page_cache_order(**kwargs: Any) -> list[CheckMessage]:
    """Inside sessions or languages, it would not see what they do to a page."""
    middleware = list(settings.MIDDLEWARE)
    if MIDDLEWARE not in middleware:
        return []
    ours = middleware.index(MIDDLEWARE)
    return [
        Error(
            f"PageCacheMiddleware stands inside {name}.",
            hint=f'Move "{MIDDLEWARE}" up, directly below SecurityMiddleware.',
            id="medborgare_segments.E006",
        )
        for name in INSIDE
        if name in middleware[:ours]
    ]


@register
def check_page_cache_alias(**kwargs: Any) -> list[CheckMessage]:
    """A cache that is not configured is a miss each time."""
    if (
        MIDDLEWARE not in settings.MIDDLEWARE
        or app_settings.PAGE_CACHE in settings.CACHES
    ):
        return []
    return [
        Error(
            f"{PREFIX}PAGE_CACHE names {app_settings.PAGE_CACHE!r}, which CACHES has not.",
            hint=f"Use one of: {', '.join(sorted(settings.CACHES))}.",
            id="medborgare_segments.E007",
        )
    ]


@register
def check_edge_pages(**kwargs: Any) -> list[CheckMessage]:
    """A mistyped page type would silently stay personal at the server."""
    known = {model._meta.label_lower for model in apps.get_models()}
    return [
        Error(
            f"{label!r} in {PREFIX}EDGE_PAGES is no page type.",
            hint='Write it as "app.Model", such as "home.HomePage".',
            id="medborgare_segments.E008",
        )
        for label in app_settings.EDGE_PAGES
        if label.lower() not in known
    ]


@register(deploy=True)
def check_redis_timeout(**kwargs: Any) -> list[CheckMessage]:
    """Without a timeout a hung server keeps each request for five seconds, measured."""
    config: dict[str, Any] = settings.CACHES.get(app_settings.PAGE_CACHE, {})
    if MIDDLEWARE not in settings.MIDDLEWARE or not str(
        config.get("BACKEND", "")
    ).startswith(REDIS):
        return []
    timeout = config.get("OPTIONS", {}).get("socket_timeout")
    if isinstance(timeout, int | float) and 0 < timeout <= LONGEST_TIMEOUT:
        return []
    return [
        Warning(
            f"A hung {app_settings.PAGE_CACHE!r} cache would hold up every page.",
            hint='Set "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1}.',
            id="medborgare_segments.W005",
        )
    ]
