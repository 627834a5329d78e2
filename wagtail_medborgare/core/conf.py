"""Every setting the package reads, with its type and default."""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed

PREFIX = "WAGTAIL_MEDBORGARE_"


@dataclass(frozen=True)
class AppSettings:
    """The settings of the package; a site sets them as ``WAGTAIL_MEDBORGARE_<NAME>``."""

    ENCRYPTION_KEYS: tuple[str, ...] = ()
    """Secrets that encrypt the visitor's choice: the first encrypts, all decrypt.

    Each at least 32 characters. Empty: derived from Django's ``SECRET_KEY`` and
    ``SECRET_KEY_FALLBACKS``, so that rotating those rotates these.
    """

    DEVICE_COOKIE_DAYS: int = 90
    """How many days a choice is remembered on the device. At most 90."""

    SENSITIVE_CHOICE_MINUTES: int = 60
    """How many minutes a sensitive choice is kept. At most 60."""

    MAX_SITUATIONS: int = 20
    """How many situations one visitor can choose. At most 20, so that a cookie holds them."""

    MAX_KEPT: int = 25
    """How many things a visitor can save, and how many be spared. At most 25 of each."""

    QUICK_EXIT_URL: str = ""
    """Where the quick exit leads: an ``https://`` address. Empty: the site's start page."""

    SNAPSHOT_SECONDS: float = 1.0
    """For how many seconds a process trusts its snapshot before it asks for the stamp."""

    PAGE_CACHE: str = "default"
    """The alias in ``CACHES`` that ``PageCacheMiddleware`` keeps pages in."""

    PAGE_CACHE_SECONDS: int = 600
    """For how many seconds a page is kept at most; none outlives the day. 0: no cache."""

    PAGE_CACHE_BODIES: int = 64
    """How many forms of one page are kept; the least recently used go first."""

    PAGE_CACHE_QUERY: tuple[str, ...] = ("p", "page")
    """Query parameters whose pages are kept. A page with any other is rendered anew."""

    PAGE_CACHE_COOKIES: tuple[str, ...] = ()
    """Cookies of the site that its templates read, each with a few values: ``theme``."""

    PAGE_CACHE_BUSY_MODELS: tuple[str, ...] = ()
    """Labels of models written at many views, such as ``stats.Hit``: pages that read
    them are not kept, and writing them drops none."""

    EDGE_PAGES: tuple[str, ...] = ()
    """Page types (``app.Model``) whose personal blocks come as a part of their own."""

    REVIEW_MONTHS: int = 12
    """After how many months a text without a day of its own is to be looked through."""

    LINK_LOOPBACK: tuple[str, ...] = ()
    """``host:port`` pairs on this machine that ``medborgare_check_links`` may look at."""

    IMPORT_SOURCES: tuple[str, ...] = ()
    """Origins (``https://host[:port]``) that service imports may fetch from."""

    IMPORT_LOOPBACK: tuple[str, ...] = ()
    """``host:port`` pairs on this machine that service imports may fetch from."""

    IMPORT_PRIVATE_NETWORKS: tuple[str, ...] = ()
    """Networks (CIDR) that the import sources may live in, such as ``10.2.0.0/16``."""

    IMPORT_MAX_BYTES: int = 20_000_000
    """The largest service feed that is read, in bytes."""

    IMPORT_DEADLINE_SECONDS: float = 30.0
    """How many seconds fetching a service feed may take in total."""

    FEED_SOURCES: tuple[str, ...] = ()
    """Origins (``https://host[:port]``) that units may show feeds from."""

    FEED_LOOPBACK: tuple[str, ...] = ()
    """``host:port`` pairs on this machine that units may show feeds from."""

    FEED_PRIVATE_NETWORKS: tuple[str, ...] = ()
    """Networks (CIDR) that the feeds' sources may live in, such as ``10.2.0.0/16``."""

    FEED_MAX_BYTES: int = 500_000
    """The largest feed of a unit that is read, in bytes."""

    FEED_DEADLINE_SECONDS: float = 0.8
    """How many seconds all feeds of one page may take together."""

    FEED_SECONDS: int = 300
    """For how many seconds a feed is shown without asking its source again."""

    def __getattribute__(self, name: str) -> Any:
        if not name.isupper():
            return super().__getattribute__(name)
        # Every request asks: a setting that a site leaves out is slow to miss.
        if name not in _read:
            default = super().__getattribute__(name)
            _read[name] = getattr(django_settings, PREFIX + name, default)
        return _read[name]


_read: dict[str, Any] = {}

app_settings = AppSettings()


def _read_again(*, setting: str, **kwargs: Any) -> None:
    _read.pop(setting.removeprefix(PREFIX), None)


setting_changed.connect(_read_again, dispatch_uid="medborgare.settings")


def setting_names() -> set[str]:
    """Return the full name of every setting."""
    return {PREFIX + field.name for field in fields(AppSettings)}
