import calendar
import datetime

from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel

# Days of a year on a scale where each month has a hundred, so that SQL can sort them.
_MONTH = 100
_YEAR = 13 * _MONTH


def next_date(
    day: datetime.date, *, is_yearly: bool, today: datetime.date | None = None
) -> datetime.date | None:
    """Return the next time a deadline falls due; None when it is over.

    29 February is 28 February in other years: a deadline must not move later.
    """
    today = today or timezone.localdate()
    if not is_yearly:
        return day if day >= today else None
    this_year = _in_year(day, today.year)
    return this_year if this_year >= today else _in_year(day, today.year + 1)


def _in_year(day: datetime.date, year: int) -> datetime.date:
    last = calendar.monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last))


def order_of_waiting(
    day: datetime.date, *, is_yearly: bool, today: datetime.date
) -> int:
    """Return what deadlines sort by, the nearest first; ``coming_up`` says it in SQL."""
    key, now = (each.month * _MONTH + each.day for each in (day, today))
    if not is_yearly:
        return (day.year - today.year) * _YEAR + key - now
    return key - now if key >= now else key + _YEAR - now


class DeadlineQuerySet(models.QuerySet["ServiceDeadline"]):
    def coming_up(self, *, today: datetime.date | None = None) -> "DeadlineQuerySet":
        """Return the deadlines that are not over, the nearest first."""
        today = today or timezone.localdate()
        now = today.month * _MONTH + today.day
        key = ExtractMonth("date") * _MONTH + ExtractDay("date")
        wait = Case(
            When(
                Q(is_yearly=False),
                then=(ExtractYear("date") - today.year) * _YEAR + F("day_key") - now,
            ),
            When(Q(day_key__gte=now), then=F("day_key") - now),
            default=F("day_key") + Value(_YEAR - now),
            output_field=IntegerField(),
        )
        return (
            self.filter(Q(is_yearly=True) | Q(date__gte=today))
            .annotate(day_key=key)
            .annotate(wait=wait)
            .order_by("wait", "label", "pk")
        )


class ServiceDeadline(models.Model):
    """A last day: once, or every year."""

    service = ParentalKey(
        "medborgare_services.Service",
        on_delete=models.CASCADE,
        related_name="deadlines",
    )
    label = models.CharField(
        _("what"),
        max_length=140,
        help_text=_("As a resident reads it: “Last day to apply for preschool”."),
    )
    date = models.DateField(_("date"))
    is_yearly = models.BooleanField(_("every year"), default=False)

    objects = models.Manager.from_queryset(DeadlineQuerySet)()

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("date"), FieldPanel("is_yearly")]),
    ]

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["date", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def next_date(self) -> datetime.date | None:
        """The next time it falls due; None when it is over."""
        return next_date(self.date, is_yearly=self.is_yearly)
