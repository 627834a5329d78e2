"""The rules of wagtail-personalisation 1.0.0 that need no storage, with faults mended.

Each mend replaces one ``test_user``; remove it when the library's own passes the test
of that name.
"""

import re
from collections.abc import Callable
from datetime import time
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from user_agents import parse
from wagtail_personalisation import rules

MENDED_VERSION = "1.0.0"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Test = Callable[..., bool]


def mend_rules() -> None:
    """Replace the tests that crash or go by the wrong clock."""
    if version("wagtail-personalisation") != MENDED_VERSION:
        return
    for rule, test in MENDS.items():
        rule.test_user = test


def is_time(rule: Any, request: HttpRequest | None = None, user: Any = None) -> bool:
    """TimeRule goes by UTC and never matches across midnight."""
    return within(timezone.localtime().time(), rule.start_time, rule.end_time)


def within(now: time, start: time, end: time) -> bool:
    """Say whether a time of day lies in a span that may cross midnight."""
    if start <= end:
        return start <= now <= end
    return now >= start or now <= end


def is_day(rule: Any, request: HttpRequest | None = None, user: Any = None) -> bool:
    """DayRule goes by UTC."""
    return bool(getattr(rule, _DAYS[timezone.localdate().weekday()]))


def is_device(rule: Any, request: HttpRequest | None = None, user: Any = None) -> bool:
    """DeviceRule crashes without a User-Agent header."""
    header = request.headers.get("User-Agent", "") if request else ""
    if not header:
        return False
    agent = parse(header)
    return bool(
        (agent.is_mobile and rule.mobile)
        or (agent.is_tablet and rule.tablet)
        or (agent.is_pc and rule.desktop)
    )


def is_referral(
    rule: Any, request: HttpRequest | None = None, user: Any = None
) -> bool:
    """ReferralRule makes every page a 500 when its expression is not valid."""
    referrer = request.headers.get("Referer", "") if request else ""
    try:
        return bool(referrer) and bool(re.search(rule.regex_string, referrer))
    except re.error:
        return False


def is_query(rule: Any, request: HttpRequest | None = None, user: Any = None) -> bool:
    """QueryRule is tested without a request when a static segment is saved."""
    return request is not None and request.GET.get(rule.parameter, "") == rule.value


def is_logged_in(
    rule: Any, request: HttpRequest | None = None, user: Any = None
) -> bool:
    """UserIsLoggedInRule crashes where there is no request or no login."""
    who = user or getattr(request, "user", None)
    return bool(who and who.is_authenticated) == bool(rule.is_logged_in)


def is_from_country(
    rule: Any, request: HttpRequest | None = None, user: Any = None
) -> bool:
    """OriginCountryRule crashes when the address is in no country's range."""
    if request is None:
        return False
    try:
        country = rule.get_country(request) or ""
    except (AttributeError, OSError, ValueError):
        return False
    return str(country) == rule.country.lower()


MENDS: dict[Any, Test] = {
    rules.TimeRule: is_time,
    rules.DayRule: is_day,
    rules.DeviceRule: is_device,
    rules.ReferralRule: is_referral,
    rules.QueryRule: is_query,
    rules.UserIsLoggedInRule: is_logged_in,
    rules.OriginCountryRule: is_from_country,
}
