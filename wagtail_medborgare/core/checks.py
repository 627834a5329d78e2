"""Wrong configuration is told at start-up, with a hint."""

import difflib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from wagtail_medborgare.core.conf import PREFIX, app_settings, setting_names

MIN_SECRET_LENGTH = 32
_KINDS_OF_SOURCES = ("IMPORT", "FEED")


@register(Tags.security)
def check_setting_names(**kwargs: Any) -> list[CheckMessage]:
    """A mistyped setting would silently do nothing."""
    known = setting_names()
    messages: list[CheckMessage] = []
    for name in dir(settings):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Remove it."
            messages.append(
                Error(f"Unknown setting {name}.", hint=hint, id="medborgare_core.E001")
            )
    return messages


@register(Tags.security)
def check_encryption_keys(**kwargs: Any) -> list[CheckMessage]:
    """A short key makes an encrypted choice readable."""
    keys = app_settings.ENCRYPTION_KEYS
    if isinstance(keys, str) or any(len(key) < MIN_SECRET_LENGTH for key in keys):
        return [
            Error(
                f"{PREFIX}ENCRYPTION_KEYS must be a list of secrets of at least "
                f"{MIN_SECRET_LENGTH} characters.",
                hint="Make one with: python -c "
                '"import secrets; print(secrets.token_urlsafe(48))"',
                id="medborgare_core.E002",
            )
        ]
    return []


_LIMITS = {
    "DEVICE_COOKIE_DAYS": (1, 90),
    "SENSITIVE_CHOICE_MINUTES": (1, 60),
    "MAX_SITUATIONS": (1, 20),
    "MAX_KEPT": (1, 25),
}


@register(Tags.security)
def check_limits(**kwargs: Any) -> list[CheckMessage]:
    """What is promised to residents cannot be configured away."""
    messages: list[CheckMessage] = []
    for name, (low, high) in _LIMITS.items():
        value = getattr(app_settings, name)
        if not isinstance(value, int) or not low <= value <= high:
            messages.append(
                Error(
                    f"{PREFIX}{name} must be a whole number from {low} to {high}.",
                    hint=f"It is {value!r}.",
                    id="medborgare_core.E003",
                )
            )
    return messages


@register(Tags.security)
def check_quick_exit(**kwargs: Any) -> list[CheckMessage]:
    """The quick exit must lead somewhere harmless, over an encrypted connection."""
    url = app_settings.QUICK_EXIT_URL
    parts = urlsplit(url)
    if url and (parts.scheme != "https" or not parts.hostname):
        return [
            Error(
                f"{PREFIX}QUICK_EXIT_URL must be empty or an https:// address.",
                hint=f"It is {url!r}.",
                id="medborgare_core.E004",
            )
        ]
    return []


@register(Tags.security)
def check_import_origins(**kwargs: Any) -> list[CheckMessage]:
    """An import source, and a source of feeds, is an origin and not a page."""
    return [
        Error(
            f"{origin!r} in {PREFIX}{name}_SOURCES cannot be fetched from.",
            hint="Write scheme and host only: https://e-tjanster.example.se. Plain "
            f"http:// is for host:port pairs in {PREFIX}{name}_LOOPBACK.",
            id="medborgare_core.E005",
        )
        for name in _KINDS_OF_SOURCES
        for origin in getattr(app_settings, f"{name}_SOURCES")
        if not _is_origin(origin, getattr(app_settings, f"{name}_LOOPBACK"))
    ]


def _is_origin(origin: str, loopback: Sequence[str]) -> bool:
    parts = urlsplit(origin)
    if not parts.hostname or parts.path:
        return False
    if parts.scheme == "http":
        return parts.netloc in loopback
    return parts.scheme == "https"


@register(Tags.security, deploy=True)
def check_loopback_imports(**kwargs: Any) -> list[CheckMessage]:
    """Reaching this machine's own ports is for stand-ins and local gateways."""
    return [
        Warning(
            f"{PREFIX}{name}_LOOPBACK lets the site reach this machine itself.",
            hint="Remove it in production unless a local gateway listens there.",
            id="medborgare_core.W001",
        )
        for name in (*_KINDS_OF_SOURCES, "LINK")
        if getattr(app_settings, f"{name}_LOOPBACK")
    ]


_ONE_PROCESS_CACHES = ("LocMemCache", "DummyCache")


@register(Tags.security, deploy=True)
def check_shared_cache(**kwargs: Any) -> list[CheckMessage]:
    """A cache in one process's memory knows nothing of a change made in another."""
    alias = app_settings.PAGE_CACHE
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "")
    if not backend.endswith(_ONE_PROCESS_CACHES):
        return []
    return [
        Warning(
            f"The cache {alias!r} is {backend.rpartition('.')[2]}: each process has its own.",
            hint="With more than one process, use Redis, Valkey, Memcached or the "
            "database in CACHES. With only one, silence this.",
            id="medborgare_core.W002",
        )
    ]


@register(Tags.security, deploy=True)
def check_content_security_policy(**kwargs: Any) -> list[CheckMessage]:
    """Our pages need no inline script and no other host: let the browser know."""
    names = [path.rpartition(".")[2].lower() for path in settings.MIDDLEWARE]
    if any("csp" in name or "contentsecuritypolicy" in name for name in names):
        return []
    return [
        Warning(
            "No middleware sends a Content-Security-Policy.",
            hint="Use Django's ContentSecurityPolicyMiddleware (6.0) or django-csp. If "
            "your web server sends the header, silence this.",
            id="medborgare_core.W003",
        )
    ]


# What each room stands on, beyond what fails loudly at import.
_NEEDED = {
    "wagtail_medborgare.services": (
        "wagtail_medborgare.segments",
        "wagtail_medborgare.visitors",
    ),
    "wagtail_medborgare.segments": (
        "wagtail_medborgare.visitors",
        "wagtail_personalisation",
        "wagtail_modeladmin",
        "wagtailfontawesomesvg",
    ),
    "wagtail_medborgare.visitors": ("wagtail_medborgare.situations",),
    "wagtail_medborgare.situations": ("wagtail.snippets", "taggit"),
}


@register
def check_time_zones(**kwargs: Any) -> list[CheckMessage]:
    """Dates, opening hours and deadlines are those of the municipality's own clock."""
    if settings.USE_TZ:
        return []
    return [
        Error(
            "USE_TZ is off.",
            hint='Set USE_TZ = True and TIME_ZONE, say to "Europe/Stockholm".',
            id="medborgare_core.E007",
        )
    ]


@register
def check_needed_apps(**kwargs: Any) -> list[CheckMessage]:
    """A missing app would show itself only as a 500, here or there."""
    return [
        Error(
            f"{app} is installed without {needed}.",
            hint=f'Add "{needed}" to INSTALLED_APPS, before "{app}".',
            id="medborgare_core.E006",
        )
        for app, needs in _NEEDED.items()
        if apps.is_installed(app)
        for needed in needs
        if not apps.is_installed(needed)
    ]
