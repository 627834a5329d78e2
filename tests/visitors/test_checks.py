"""Each way to install it wrongly is told at start-up, with a hint."""

from __future__ import annotations

import pytest

from wagtail_medborgare.visitors import checks

OURS = checks.MIDDLEWARE
CACHE = "django.middleware.cache.UpdateCacheMiddleware"


def ids(messages: list) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_a_right_installation_is_not_told_anything():
    found = [
        *checks.check_middleware(),
        *checks.check_cache_order(),
        *checks.check_urls(),
        *checks.check_context_processor(),
        *checks.check_secure_cookies(),
    ]

    assert found == []


def test_a_missing_middleware_is_told(settings):
    settings.MIDDLEWARE = []

    assert ids(checks.check_middleware()) == ["medborgare_visitors.E001"]
    assert checks.check_cache_order() == []


@pytest.mark.parametrize(
    ("middleware", "expected"),
    [
        ([CACHE, OURS], []),
        ([OURS, CACHE], ["medborgare_visitors.E002"]),
        (
            [OURS, "wagtailcache.cache.UpdateCacheMiddleware"],
            ["medborgare_visitors.E002"],
        ),
    ],
)
def test_a_cache_inside_us_is_told(settings, middleware, expected):
    settings.MIDDLEWARE = middleware

    assert ids(checks.check_cache_order()) == expected


class _Empty:
    urlpatterns: list = []


def test_missing_addresses_are_told(settings):
    settings.ROOT_URLCONF = _Empty

    assert ids(checks.check_urls()) == ["medborgare_visitors.E003"]


def test_a_context_without_the_request_is_told(settings):
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {}}
    ]

    assert ids(checks.check_context_processor()) == ["medborgare_visitors.W001"]


def test_debug_in_production_is_told(settings):
    settings.DEBUG = True

    assert ids(checks.check_secure_cookies()) == ["medborgare_visitors.E004"]
