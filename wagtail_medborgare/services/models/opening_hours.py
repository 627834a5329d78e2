from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from wagtail_medborgare.services.models.modules import Module


class ModuleOpeningHours(models.Model):
    """When it is open on one day of the week; a day may have several."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    module = ParentalKey(Module, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    """00:00 is midnight at the end of the day."""

    panels = [
        FieldRowPanel(
            [FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")]
        )
    ]

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens", "pk"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens}–{self.closes}"

    def clean(self) -> None:
        if self.opens is None or self.closes is None:
            return
        is_midnight = not (self.closes.hour or self.closes.minute)
        if self.closes <= self.opens and not is_midnight:
            raise ValidationError(
                {
                    "closes": _(
                        "It closes before it opens. Use two rows around midnight."
                    )
                }
            )


class ModuleClosedDay(models.Model):
    """A day on which it is closed, whatever the day of the week says."""

    module = ParentalKey(Module, on_delete=models.CASCADE, related_name="closed_days")
    date = models.DateField(_("date"))
    label = models.CharField(
        _("why"),
        max_length=120,
        blank=True,
        help_text=_("Residents see it: “Midsummer Eve”."),
    )

    panels = [FieldRowPanel([FieldPanel("date"), FieldPanel("label")])]

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ["date", "pk"]

    def __str__(self) -> str:
        return f"{self.date} {self.label}".strip()
