"""Wrong settings are told at start-up, with a hint."""

from __future__ import annotations

import pytest

from wagtail_medborgare.core import checks
from wagtail_medborgare.core.conf import app_settings


def ids(messages: list) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_the_defaults_are_right():
    found = [
        *checks.check_setting_names(),
        *checks.check_encryption_keys(),
        *checks.check_limits(),
        *checks.check_quick_exit(),
        *checks.check_import_origins(),
        *checks.check_loopback_imports(),
        *checks.check_time_zones(),
    ]

    assert found == []


def test_a_site_without_time_zones_is_told(settings):
    settings.USE_TZ = False

    assert ids(checks.check_time_zones()) == ["medborgare_core.E007"]


def test_a_mistyped_setting_is_told_with_the_right_name(settings):
    settings.WAGTAIL_MEDBORGARE_DEVICE_COOKIE_DAY = 3
    settings.WAGTAIL_MEDBORGARE_SOMETHING_ELSE_ENTIRELY_XYZ = 3

    first, second = checks.check_setting_names()

    assert "DEVICE_COOKIE_DAYS" in first.hint
    assert second.hint


@pytest.mark.parametrize(
    "keys", [["short"], "a-string-is-no-list-of-keys-at-all-but-long"]
)
def test_weak_keys_are_told(settings, keys):
    settings.WAGTAIL_MEDBORGARE_ENCRYPTION_KEYS = keys

    assert ids(checks.check_encryption_keys()) == ["medborgare_core.E002"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEVICE_COOKIE_DAYS", 91),
        ("SENSITIVE_CHOICE_MINUTES", 0),
        ("MAX_SITUATIONS", "5"),
        ("MAX_KEPT", 26),
    ],
)
def test_promises_cannot_be_configured_away(settings, name, value):
    setattr(settings, f"WAGTAIL_MEDBORGARE_{name}", value)

    assert ids(checks.check_limits()) == ["medborgare_core.E003"]


@pytest.mark.parametrize("url", ["http://x.se", "/here", "javascript:alert(1)"])
def test_an_unsafe_quick_exit_is_told(settings, url):
    settings.WAGTAIL_MEDBORGARE_QUICK_EXIT_URL = url

    assert ids(checks.check_quick_exit()) == ["medborgare_core.E004"]


@pytest.mark.parametrize(
    "origin", ["e.example.se", "https://e.example.se/api", "ftp://x"]
)
def test_an_origin_that_is_none_is_told(settings, origin):
    settings.WAGTAIL_MEDBORGARE_IMPORT_SOURCES = [origin]

    assert ids(checks.check_import_origins()) == ["medborgare_core.E005"]


def test_sources_of_feeds_are_judged_as_those_of_imports(settings):
    settings.WAGTAIL_MEDBORGARE_FEED_SOURCES = ["https://e.example.se/rss"]
    settings.WAGTAIL_MEDBORGARE_FEED_LOOPBACK = ["127.0.0.1:8001"]

    assert ids(checks.check_import_origins()) == ["medborgare_core.E005"]
    assert ids(checks.check_loopback_imports()) == ["medborgare_core.W001"]

    settings.WAGTAIL_MEDBORGARE_FEED_SOURCES = ["http://127.0.0.1:8001"]

    assert checks.check_import_origins() == []


def test_an_unencrypted_origin_must_be_on_this_machine(settings):
    settings.WAGTAIL_MEDBORGARE_IMPORT_SOURCES = ["http://127.0.0.1:8001"]
    refused = checks.check_import_origins()
    settings.WAGTAIL_MEDBORGARE_IMPORT_LOOPBACK = ["127.0.0.1:8001"]

    assert ids(refused) == ["medborgare_core.E005"]
    assert checks.check_import_origins() == []
    assert ids(checks.check_loopback_imports()) == ["medborgare_core.W001"]


def test_settings_are_read_when_used(settings):
    before = app_settings.MAX_KEPT
    settings.WAGTAIL_MEDBORGARE_MAX_KEPT = 3

    assert (before, app_settings.MAX_KEPT) == (25, 3)
    with pytest.raises(AttributeError):
        _ = app_settings.NO_SUCH_SETTING


def test_an_app_that_is_missing_is_named(monkeypatch):
    from django.apps import apps

    right = checks.check_needed_apps()
    is_installed = apps.is_installed
    monkeypatch.setattr(
        apps,
        "is_installed",
        lambda name: name != "wagtailfontawesomesvg" and is_installed(name),
    )

    (message,) = checks.check_needed_apps()

    assert right == []
    assert "wagtailfontawesomesvg" in message.hint
