"""What a unit has to do this week, counted for its editors."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.reports.conditions import CONDITIONS
from wagtail_medborgare.services.reports.scope import may_see_services
from wagtail_medborgare.services.rights import rights_of


@dataclass(frozen=True)
class Line:
    """One thing to look at: how many, in words, and where they are."""

    words: str
    url: str


class UnitWeekPanel(Component):
    """On the dashboard: what has happened to a unit's content, and what waits.

    Somebody who works for no unit sees those of all units together.
    """

    name = "medborgare_unit_week"
    template_name = "medborgare_services/admin/unit_week.html"
    order = 210

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        week = UnitWeek(parent_context["request"].user)
        return {"lines": week.lines(), "is_own": bool(week.units)}


class UnitWeek:
    """The numbers of one editor's week."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def units(self) -> list[int]:
        """The units somebody works for; none is all."""
        return sorted(rights_of(self.user).units)

    def lines(self) -> list[Line]:
        """Return what there is to tell, the urgent first; nothing where all is well."""
        if not may_see_services(self.user):
            return self._approvals()
        return [*self._approvals(), *self._service_lines()]

    def _service_lines(self) -> list[Line]:
        services = Service.objects.order_by()
        if self.units:
            services = services.filter(unit__in=self.units)
        numbers = services.aggregate(
            **{
                name: Count("pk", filter=condition())
                for name, (_label, condition) in CONDITIONS.items()
            }
        )
        return [
            Line(_WORDS[name](number), self._list_of(name))
            for name, number in numbers.items()
            if number
        ]

    def _list_of(self, condition: str) -> str:
        viewset = Service.snippet_viewset  # type: ignore[attr-defined]
        query: list[tuple[str, Any]] = [
            ("to_do", condition),
            *(("unit", unit) for unit in self.units),
        ]
        return f"{reverse(viewset.get_url_name('list'))}?{urlencode(query)}"

    def _approvals(self) -> list[Line]:
        states = TaskState.objects.reviewable_by(self.user)
        number = states.filter(status=TaskState.STATUS_IN_PROGRESS).count()
        if not number:
            return []
        # Wagtail's own list of them stands on this page.
        return [Line(_approvals(number), "#awaiting-review-section")]


def _approvals(number: int) -> str:
    return ngettext(
        "%(number)d waits for your approval",
        "%(number)d wait for your approval",
        number,
    ) % {"number": number}


def _due(number: int) -> str:
    return ngettext(
        "%(number)d service to look through",
        "%(number)d services to look through",
        number,
    ) % {"number": number}


def _broken(number: int) -> str:
    return ngettext(
        "%(number)d service with a broken link",
        "%(number)d services with a broken link",
        number,
    ) % {"number": number}


def _untagged(number: int) -> str:
    return ngettext(
        "%(number)d service without a situation",
        "%(number)d services without a situation",
        number,
    ) % {"number": number}


def _begins(number: int) -> str:
    return ngettext(
        "%(number)d service is published this week",
        "%(number)d services are published this week",
        number,
    ) % {"number": number}


def _ends(number: int) -> str:
    return ngettext(
        "%(number)d service is taken down this week",
        "%(number)d services are taken down this week",
        number,
    ) % {"number": number}


def _changed(number: int) -> str:
    return ngettext(
        "%(number)d service changed in the last week",
        "%(number)d services changed in the last week",
        number,
    ) % {"number": number}


_WORDS: dict[str, Callable[[int], str]] = {
    "due": _due,
    "broken": _broken,
    "untagged": _untagged,
    "begins": _begins,
    "ends": _ends,
    "changed": _changed,
}
