"""Open or closed now, when that changes, and the hours of the week."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_medborgare.core.sources import note_end
from wagtail_medborgare.services import hours
from wagtail_medborgare.services.models import Module, ModuleOpeningHours
from wagtail_medborgare.services.unit_modules.base import UnitModuleKind
from wagtail_medborgare.visitors.visitor import Visitor

CLOSED_DAYS_AHEAD = 30


class OpeningHoursKind(UnitModuleKind):
    """The page is not kept longer than what it says is true."""

    name = "opening-hours"
    label = gettext_lazy("Opening hours")
    template_name = "medborgare_services/unit_modules/opening_hours.html"
    fields = ("text", "opening_hours", "closed_days")
    prefetch = ("opening_hours", "closed_days")

    def clean(self, module: Module, rows: Mapping[str, int]) -> None:
        if not rows.get("opening_hours"):
            raise ValidationError(_("Say when it is open on at least one day."))

    def get_context(
        self, module: Module, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        rows = sorted(
            module.opening_hours.all(), key=lambda row: (row.weekday, row.opens)
        )
        if not rows:
            return None
        now = hours.local_now()
        closed = {day.date: day.label for day in module.closed_days.all()}
        state = hours.state_at(
            now, [(row.weekday, row.opens, row.closes) for row in rows], closed
        )
        note_end(state.changes_at.timestamp())
        today = now.date()
        return {
            "state": state,
            "today": today,
            "days_to_opening": (state.opens_at.date() - today).days
            if state.opens_at
            else None,
            "week": [
                {
                    "name": weekday.label,
                    "is_today": weekday.value == today.weekday(),
                    "hours": [row for row in rows if row.weekday == weekday.value],
                }
                for weekday in ModuleOpeningHours.Weekday
            ],
            "closed_days": [
                {"date": day, "label": label}
                for day, label in sorted(closed.items())
                if 0 < (day - today).days <= CLOSED_DAYS_AHEAD
            ],
        }
