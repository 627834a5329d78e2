"""Each system check is silent on a right site and speaks on a wrong one (T34)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.checks.registry import registry
from testapp.models import MyServicesPage, ServiceCataloguePage
from wagtail.models import Page
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import AbstractBaseRule

import wagtail_medborgare
from wagtail_medborgare.services.models import MyServicesPageMixin

pytestmark = pytest.mark.django_db

PACKAGE = Path(wagtail_medborgare.__file__).parent
OURS = "wagtail_medborgare.visitors.middleware.VisitorMiddleware"
PREFIX = "WAGTAIL_MEDBORGARE_"

REDIS = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
QUICK = {"socket_timeout": 0.1}
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

Make = Callable[[Any, Any], None]
"""Make the site wrong, with pytest-django's settings and monkeypatch."""


def set_to(name: str, value: Any) -> Make:
    return lambda settings, monkeypatch: setattr(settings, name, value)


def unset(name: str) -> Make:
    return lambda settings, monkeypatch: delattr(settings, name)


def cached_inside(settings: Any, monkeypatch: Any) -> None:
    settings.MIDDLEWARE = [OURS, "django.middleware.cache.UpdateCacheMiddleware"]


def cache_inside_sessions(settings: Any, monkeypatch: Any) -> None:
    ours = "wagtail_medborgare.segments.page_cache.middleware.PageCacheMiddleware"
    others = [item for item in settings.MIDDLEWARE if item != ours]
    settings.MIDDLEWARE = [*others, ours]


class NoAddresses:
    urlpatterns: list[Any] = []


def shadowed(settings: Any, monkeypatch: Any) -> None:
    from django.urls import include, path, re_path

    def everything(request: Any) -> None:
        raise NotImplementedError

    class Shadowed:
        urlpatterns = [
            re_path("", everything, name="everything"),
            path("medborgare/", include("wagtail_medborgare.urls")),
        ]

    settings.ROOT_URLCONF = Shadowed


def without_request(settings: Any, monkeypatch: Any) -> None:
    backend = "django.template.backends.django.DjangoTemplates"
    settings.TEMPLATES = [{"BACKEND": backend, "OPTIONS": {}}]


def without_app(settings: Any, monkeypatch: Any) -> None:
    known = apps.is_installed
    monkeypatch.setattr(
        apps, "is_installed", lambda name: name != "taggit" and known(name)
    )


def config(label: str) -> SimpleNamespace:
    return SimpleNamespace(label=label, get_models=list)


def plain_name(settings: Any, monkeypatch: Any) -> None:
    theirs = config("wagtail_personalisation")
    monkeypatch.setattr(apps, "get_app_config", lambda label: theirs)


def wrong_order(settings: Any, monkeypatch: Any) -> None:
    found = [config("medborgare_segments"), config("wagtail_personalisation")]
    monkeypatch.setattr(apps, "get_app_configs", lambda: found)


def rule_of_a_rule(settings: Any, monkeypatch: Any) -> None:
    meta = SimpleNamespace(db_table="own", app_label="shop", label="shop.Rule")
    rule = SimpleNamespace(__bases__=(object,), __name__="Rule", _meta=meta)
    monkeypatch.setattr(AbstractBaseRule, "get_descendant_models", lambda: [rule])


def segment_with_storage(settings: Any, monkeypatch: Any) -> None:
    Segment.objects.create(name="Campaign", persistent=True)


def page_types(*models: type) -> Make:
    return lambda settings, monkeypatch: monkeypatch.setattr(
        apps, "get_models", lambda **kwargs: list(models)
    )


class _AfterPage(Page, MyServicesPageMixin):
    class Meta:
        abstract = True


def nothing(settings: Any, monkeypatch: Any) -> None:
    """The site of the tests is right as it is."""


# What makes the check speak, and what it is silent on.
CASES: dict[str, tuple[Make, Make]] = {
    "medborgare_core.E001": (set_to(f"{PREFIX}DEVICE_COOKIE_DAY", 3), nothing),
    "medborgare_core.E002": (
        set_to(f"{PREFIX}ENCRYPTION_KEYS", ["short"]),
        set_to(f"{PREFIX}ENCRYPTION_KEYS", ["long-enough" * 4]),
    ),
    "medborgare_core.E003": (
        set_to(f"{PREFIX}DEVICE_COOKIE_DAYS", 91),
        set_to(f"{PREFIX}DEVICE_COOKIE_DAYS", 90),
    ),
    "medborgare_core.E004": (
        set_to(f"{PREFIX}QUICK_EXIT_URL", "http://example.se/"),
        set_to(f"{PREFIX}QUICK_EXIT_URL", "https://example.se/"),
    ),
    "medborgare_core.E005": (
        set_to(f"{PREFIX}IMPORT_SOURCES", ["https://example.se/api"]),
        set_to(f"{PREFIX}IMPORT_SOURCES", ["https://example.se"]),
    ),
    "medborgare_core.E006": (without_app, nothing),
    "medborgare_core.E007": (set_to("USE_TZ", False), nothing),
    "medborgare_core.W001": (
        set_to(f"{PREFIX}IMPORT_LOOPBACK", ["127.0.0.1:1"]),
        set_to(f"{PREFIX}IMPORT_LOOPBACK", []),
    ),
    "medborgare_core.W002": (set_to("CACHES", LOCAL), set_to("CACHES", REDIS)),
    "medborgare_core.W003": (
        nothing,
        set_to("MIDDLEWARE", [OURS, "csp.middleware.CSPMiddleware"]),
    ),
    "medborgare_visitors.E001": (set_to("MIDDLEWARE", []), nothing),
    "medborgare_visitors.E002": (cached_inside, nothing),
    "medborgare_visitors.E003": (set_to("ROOT_URLCONF", NoAddresses), nothing),
    "medborgare_visitors.E004": (set_to("DEBUG", True), nothing),
    "medborgare_visitors.E005": (shadowed, nothing),
    "medborgare_visitors.W001": (without_request, nothing),
    "medborgare_segments.E001": (unset("PERSONALISATION_SEGMENTS_ADAPTER"), nothing),
    "medborgare_segments.E002": (plain_name, nothing),
    "medborgare_segments.E003": (wrong_order, nothing),
    "medborgare_segments.E004": (
        set_to("WAGTAIL_PERSONALISATION_RULES", ["shop.NoSuchRule"]),
        nothing,
    ),
    "medborgare_segments.E005": (rule_of_a_rule, nothing),
    "medborgare_segments.W001": (unset("WAGTAIL_PERSONALISATION_RULES"), nothing),
    "medborgare_segments.W002": (segment_with_storage, nothing),
    # The site of the tests has one page type with variants.
    "medborgare_segments.W003": (nothing, page_types()),
    "medborgare_segments.W004": (
        set_to("WAGTAIL_PERSONALISATION_RULES", ["wagtail_personalisation.VisitCountRule"]),
        nothing,
    ),
    "medborgare_segments.W005": (
        set_to("CACHES", REDIS),
        set_to("CACHES", {"default": {**REDIS["default"], "OPTIONS": QUICK}}),
    ),
    "medborgare_segments.E006": (cache_inside_sessions, nothing),
    "medborgare_segments.E007": (set_to(f"{PREFIX}PAGE_CACHE", "nowhere"), nothing),
    "medborgare_segments.E008": (
        set_to(f"{PREFIX}EDGE_PAGES", ("testapp.HomePgae",)),
        set_to(f"{PREFIX}EDGE_PAGES", ("testapp.HomePage",)),
    ),
    "medborgare_services.E001": (page_types(_AfterPage), nothing),
    "medborgare_services.W001": (page_types(ServiceCataloguePage), nothing),
    "medborgare_services.W002": (page_types(MyServicesPage), nothing),
}  # fmt: skip


def said() -> dict[str, str]:
    """Run every check of ours, those for deployment too; return id and hint."""
    messages = []
    for check in registry.get_checks(include_deployment_checks=True):
        if check.__module__.startswith("wagtail_medborgare."):
            messages += check(app_configs=None, databases=["default"])
    return {message.id: message.hint for message in messages}


def ids_in_the_code() -> set[str]:
    return {
        f"medborgare_{path.relative_to(PACKAGE).parts[0]}.{code}"
        for path in PACKAGE.glob("**/checks.py")
        for code in re.findall(r"\b[EW]\d{3}\b", path.read_text(encoding="utf-8"))
    }


def test_every_check_has_a_failing_and_a_passing_case():
    assert ids_in_the_code() == set(CASES)


@pytest.mark.parametrize("check_id", CASES)
def test_a_wrong_site_is_told_with_a_hint(check_id, settings, monkeypatch):
    make_wrong, _make_right = CASES[check_id]

    make_wrong(settings, monkeypatch)

    assert said().get(check_id)


@pytest.mark.parametrize("check_id", CASES)
def test_a_right_site_is_not_told(check_id, settings, monkeypatch):
    _make_wrong, make_right = CASES[check_id]

    make_right(settings, monkeypatch)

    assert check_id not in said()
