"""The rules of wagtail-personalisation, with their faults mended."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory
from wagtail_personalisation.rules import (
    DayRule,
    DeviceRule,
    OriginCountryRule,
    QueryRule,
    ReferralRule,
    TimeRule,
    UserIsLoggedInRule,
)

from wagtail_medborgare.segments import rule_mends

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
)
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0"


def get(path: str = "/", **headers: str) -> object:
    return RequestFactory().get(path, headers=headers)


def at(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "moment", "expected"),
    [
        ("08:00", "17:00", "2026-06-15 06:30:00+00:00", True),  # 08:30 in Stockholm
        ("08:00", "17:00", "2026-06-15 16:30:00+00:00", False),  # 18:30
        ("22:00", "06:00", "2026-06-15 21:30:00+00:00", True),  # 23:30
        ("22:00", "06:00", "2026-06-15 02:00:00+00:00", True),  # 04:00
        ("22:00", "06:00", "2026-06-15 10:00:00+00:00", False),  # 12:00
    ],
)
def test_time_goes_by_the_local_clock_and_across_midnight(
    time_machine, start, end, moment, expected
):
    time_machine.move_to(moment)
    rule = TimeRule(start_time=at(start), end_time=at(end))

    assert rule.test_user(get()) is expected


def test_the_day_begins_at_local_midnight(time_machine):
    time_machine.move_to("2026-06-14 23:30:00+00:00")  # Monday 01:30 in Stockholm

    assert DayRule(mon=True).test_user(get()) is True
    assert DayRule(sun=True).test_user(get()) is False


@pytest.mark.parametrize(
    ("fields", "agent", "expected"),
    [
        ({"mobile": True}, IPHONE, True),
        ({"mobile": True}, DESKTOP, False),
        ({"desktop": True}, DESKTOP, True),
        ({"tablet": True}, IPAD, True),
        ({"desktop": True}, "", False),
    ],
)
def test_the_device(fields, agent, expected):
    headers = {"User-Agent": agent} if agent else {}

    assert DeviceRule(**fields).test_user(get(**headers)) is expected


def test_no_user_agent_and_no_request_are_no_error():
    rule = DeviceRule(mobile=True)

    assert rule.test_user(get()) is False
    assert rule.test_user(None) is False


@pytest.mark.parametrize(
    ("expression", "referrer", "expected"),
    [
        ("skola", "https://testserver/skola/", True),
        ("skola", "https://testserver/vard/", False),
        ("skola", "", False),
        ("(unclosed", "https://testserver/skola/", False),
    ],
)
def test_the_referrer(expression, referrer, expected):
    headers = {"Referer": referrer} if referrer else {}
    rule = ReferralRule(regex_string=expression)

    assert rule.test_user(get(**headers)) is expected


def test_the_query():
    rule = QueryRule(parameter="kampanj", value="sommar")

    assert rule.test_user(get("/?kampanj=sommar")) is True
    assert rule.test_user(get("/?kampanj=vinter")) is False
    assert rule.test_user(None) is False


@pytest.mark.parametrize("wants", [True, False])
def test_logged_in(wants):
    rule = UserIsLoggedInRule(is_logged_in=wants)
    request = get()

    assert rule.test_user(None) is not wants
    assert rule.test_user(request) is not wants
    request.user = AnonymousUser()
    assert rule.test_user(request) is not wants
    request.user = User()
    assert rule.test_user(request) is wants


def test_the_country():
    rule = OriginCountryRule(country="se")

    assert rule.test_user(get(**{"CF-IPCountry": "SE"})) is True
    assert rule.test_user(get(**{"CF-IPCountry": "NO"})) is False
    assert rule.test_user(None) is False


def test_an_address_in_no_country_is_no_error():
    def crash(request: object) -> str:
        raise AttributeError("'NoneType' object has no attribute 'lower'")

    rule = OriginCountryRule(country="se")
    rule.get_country = crash

    assert rule.test_user(get()) is False


def test_another_version_is_left_alone(monkeypatch):
    monkeypatch.setattr(rule_mends, "MENDED_VERSION", "0.0.1")
    before = TimeRule.test_user

    rule_mends.mend_rules()

    assert TimeRule.test_user is before
