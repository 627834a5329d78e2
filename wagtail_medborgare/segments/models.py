from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import AbstractBaseRule

from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.visitors.visitor import get_visitor


class LifeSituationRule(AbstractBaseRule):
    """The visitor has chosen this life situation."""

    # Direct subclass, default table name: the form of wagtail-personalisation finds the
    # rule by both (it would raise FieldDoesNotExist, and no check says so).
    icon = "group"

    situation = models.ForeignKey(
        LifeSituation,
        on_delete=models.CASCADE,
        related_name="rules",
        verbose_name=_("life situation"),
    )

    panels = [FieldPanel("situation")]

    class Meta:
        verbose_name = _("Life situation")

    def __str__(self) -> str:
        return str(self.situation)

    def test_user(self, request: HttpRequest | None = None, user: Any = None) -> bool:
        return get_visitor(request).matches(Audience.only(self.situation_id))

    def description(self) -> dict[str, Any]:
        return {
            "title": _("These visitors have chosen"),
            "value": self.situation.name,
        }


class SituationSegment(models.Model):
    """The one segment that a life situation owns."""

    situation = models.OneToOneField(
        LifeSituation, on_delete=models.CASCADE, related_name="situation_segment"
    )
    segment = models.OneToOneField(
        Segment, on_delete=models.CASCADE, related_name="situation_segment"
    )

    def __str__(self) -> str:
        return f"{self.situation} = {self.segment}"
