from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task

from wagtail_medborgare.services.models.units import Unit


class GroupUnit(models.Model):
    """The people of one group work for one unit."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="unit_links"
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="group_links")
    may_approve = models.BooleanField(
        _("approves what the unit publishes"), default=False
    )

    class Meta:
        verbose_name = _("group of a unit")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "unit"], name="medborgare_one_link_a_group_and_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} – {self.unit}"


class UnitApprovalTask(Task):
    """A step of a workflow: the unit that owns what is published says yes."""

    class Meta:
        verbose_name = _("approval by the owning unit")
        verbose_name_plural = _("approvals by the owning unit")
