from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import NoReverseMatch, resolve, reverse

MIDDLEWARE = "wagtail_medborgare.visitors.middleware.VisitorMiddleware"
CACHES = (
    "django.middleware.cache.UpdateCacheMiddleware",
    "wagtailcache.cache.UpdateCacheMiddleware",
)


@register
def check_middleware(**kwargs: Any) -> list[CheckMessage]:
    """Without the middleware every visitor has chosen nothing."""
    if MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "VisitorMiddleware is not installed: nobody's choice would be seen.",
            hint=f'Add "{MIDDLEWARE}" to MIDDLEWARE, after any page cache.',
            id="medborgare_visitors.E001",
        )
    ]


@register
def check_cache_order(**kwargs: Any) -> list[CheckMessage]:
    """A page cache must stand outside us, or it stores pages before they are marked."""
    middleware = list(settings.MIDDLEWARE)
    if MIDDLEWARE not in middleware:
        return []
    ours = middleware.index(MIDDLEWARE)
    return [
        Error(
            f"{name} stands inside VisitorMiddleware: it could store what is private.",
            hint=f"Move {name} above VisitorMiddleware in MIDDLEWARE.",
            id="medborgare_visitors.E002",
        )
        for name in CACHES
        if name in middleware and middleware.index(name) > ours
    ]


@register
def check_urls(**kwargs: Any) -> list[CheckMessage]:
    """Without the URLs no visitor can choose anything."""
    hint = (
        'Add path("medborgare/", include("wagtail_medborgare.urls")) to urlpatterns, '
        "before wagtail_urls."
    )
    try:
        address = reverse("medborgare_visitors:choose")
    except NoReverseMatch:
        return [
            Error(
                "The addresses of wagtail-medborgare are not in the URLconf.",
                hint=hint,
                id="medborgare_visitors.E003",
            )
        ]
    if resolve(address).url_name != "choose":
        return [
            Error(
                "Another pattern stands before the addresses of wagtail-medborgare.",
                hint=hint,
                id="medborgare_visitors.E005",
            )
        ]
    return []


@register
def check_context_processor(**kwargs: Any) -> list[CheckMessage]:
    """Blocks find the visitor through ``request`` in the template context."""
    name = "django.template.context_processors.request"
    engines: list[dict[str, Any]] = settings.TEMPLATES
    for engine in engines:
        processors = engine.get("OPTIONS", {}).get("context_processors", ())
        if engine["BACKEND"].endswith("DjangoTemplates") and name in processors:
            return []
    return [
        Warning(
            "The request is not in the template context.",
            hint=f'Add "{name}" to the context processors in TEMPLATES.',
            id="medborgare_visitors.W001",
        )
    ]


@register(deploy=True)
def check_secure_cookies(**kwargs: Any) -> list[CheckMessage]:
    """The choice is kept in ``__Host-`` cookies only when DEBUG is off."""
    if not settings.DEBUG:
        return []
    return [
        Error(
            "DEBUG is on: choices are kept in cookies without the __Host- prefix.",
            hint="Set DEBUG = False in production.",
            id="medborgare_visitors.E004",
        )
    ]
