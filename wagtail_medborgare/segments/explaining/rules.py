"""The rules of a segment in words: what follows on “those who …”."""

from collections.abc import Callable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail_personalisation import rules

from wagtail_medborgare.segments.explaining.words import either, together
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.segments.snapshot import SegmentDefinition
from wagtail_medborgare.situations.snapshot import situations

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DEVICES = ("mobile", "tablet", "desktop")


def clause_of_segment(definition: SegmentDefinition) -> str:
    """Return all rules of a segment in one clause: “have chosen a and visit on …”."""
    # What people have chosen comes first, whatever kind of rule was read first.
    ordered = sorted(
        definition.rules, key=lambda rule: not isinstance(rule, LifeSituationRule)
    )
    found = [clause_of_rule(rule) for rule in ordered]
    return either(found) if definition.row["match_any"] else together(found)


def clause_of_rule(rule: rules.AbstractBaseRule) -> str:
    """Return a rule as a clause; one that is not known here, as it describes itself."""
    say = _CLAUSES.get(type(rule))
    if say is not None:
        return say(rule)
    described = rule.description()
    return pgettext("those who …", "fit the rule “%(title)s %(value)s”") % {
        "title": described.get("title", ""),
        "value": described.get("value", ""),
    }


def _has_chosen(rule: Any) -> str:
    situation = situations.get().by_pk.get(rule.situation_id)
    return pgettext("those who …", "have chosen %(situation)s") % {
        "situation": situation.name if situation else _("something that is deleted")
    }


def _visits_between(rule: Any) -> str:
    return pgettext("those who …", "visit between %(start)s and %(end)s") % {
        "start": time_format(rule.start_time, "H:i"),
        "end": time_format(rule.end_time, "H:i"),
    }


def _visits_on(rule: Any) -> str:
    # The days of the rule itself are English abbreviations.
    days = [
        str(WEEKDAYS[number]) for number, day in enumerate(_DAYS) if getattr(rule, day)
    ]
    if not days:
        return pgettext("those who …", "visit on no day of the week")
    return pgettext("those who …", "visit on %(days)s") % {"days": either(days)}


def _uses(rule: Any) -> str:
    names = (_("a mobile phone"), _("a tablet"), _("a computer"))
    used = [
        name
        for field, name in zip(_DEVICES, names, strict=True)
        if getattr(rule, field)
    ]
    if not used:
        return pgettext("those who …", "use no device at all")
    return pgettext("those who …", "use %(devices)s") % {"devices": either(used)}


def _comes_from(rule: Any) -> str:
    return pgettext("those who …", "come from an address that fits %(pattern)s") % {
        "pattern": rule.regex_string
    }


def _followed_a_link(rule: Any) -> str:
    return pgettext("those who …", "have %(query)s in the address of the page") % {
        "query": f"?{rule.parameter}={rule.value}"
    }


def _is_logged_in(rule: Any) -> str:
    if rule.is_logged_in:
        return pgettext("those who …", "are logged in")
    return pgettext("those who …", "are not logged in")


def _is_in_a_country(rule: Any) -> str:
    return pgettext("those who …", "seem to be in %(country)s") % {
        "country": rule.get_country_display()
    }


_CLAUSES: dict[type[rules.AbstractBaseRule], Callable[[Any], str]] = {
    LifeSituationRule: _has_chosen,
    rules.TimeRule: _visits_between,
    rules.DayRule: _visits_on,
    rules.DeviceRule: _uses,
    rules.ReferralRule: _comes_from,
    rules.QueryRule: _followed_a_link,
    rules.UserIsLoggedInRule: _is_logged_in,
    rules.OriginCountryRule: _is_in_a_country,
}
