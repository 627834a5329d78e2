"""Which rules give the same answer for as long as a page is kept."""

from enum import Enum

from wagtail_personalisation.rules import AbstractBaseRule, DayRule, QueryRule

from wagtail_medborgare.segments.models import LifeSituationRule


class DependsOn(Enum):
    """What the answer of a rule follows from, where it lasts.

    A site's own rule says so with ``page_cache_depends_on = DependsOn.SITUATIONS``. A
    rule that says nothing may look at anything, and its pages are rendered each time.
    """

    SITUATIONS = "situations"
    """The visitor's situations: the cache asks the visitor again."""

    QUERY = "query"
    """A parameter that the rule names as ``parameter``: part of the address."""

    DAY = "day"
    """The date: no page outlives the day."""


_KNOWN: dict[type[AbstractBaseRule], DependsOn] = {
    LifeSituationRule: DependsOn.SITUATIONS,
    QueryRule: DependsOn.QUERY,
    DayRule: DependsOn.DAY,
}


def depends_on(rule: AbstractBaseRule) -> DependsOn | None:
    """Return what a rule's answer follows from; None where it may be anything."""
    known = _KNOWN.get(type(rule))
    return known or getattr(rule, "page_cache_depends_on", None)
