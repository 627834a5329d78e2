"""The panel *Units* on the page of a group."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wagtail_medborgare.services.models import GroupUnit, Unit


class GroupUnitsForm(forms.Form):
    """Which units a group works for, and for which of them it approves.

    A panel of Wagtail's group pages: whoever may change groups, and nobody else, sees it.
    A form that was sent without the panel changes nothing.
    """

    shown = forms.BooleanField(
        required=False, initial=True, widget=forms.HiddenInput(attrs={"value": "1"})
    )
    units = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Works for"),
    )
    approves = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Approves what the unit publishes"),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        instance: Group | None = None,
        prefix: str = "medborgare_units",
    ) -> None:
        self.instance = instance or Group()
        super().__init__(data, files, prefix=prefix, initial=self._links())

    def _links(self) -> dict[str, list[int]]:
        if self.instance.pk is None:
            return {}
        links = GroupUnit.objects.filter(group=self.instance)
        found = dict(links.values_list("unit_id", "may_approve"))
        return {"units": list(found), "approves": [pk for pk in found if found[pk]]}

    def clean(self) -> None:
        super().clean()
        chosen = self.cleaned_data.get("units", ())
        for unit in self.cleaned_data.get("approves", ()):
            if unit not in chosen:
                raise ValidationError(
                    _("A group that approves for %(unit)s works for it: tick both."),
                    params={"unit": unit},
                )

    @transaction.atomic
    def save(self) -> None:
        """Write the links; those that are the same stay as they are."""
        if not self.cleaned_data["shown"]:
            return
        approves = set(self.cleaned_data["approves"])
        wanted = {unit: unit in approves for unit in self.cleaned_data["units"]}
        links = GroupUnit.objects.filter(group=self.instance)
        links.exclude(unit__in=wanted).delete()
        for unit, may_approve in wanted.items():
            links.update_or_create(
                group=self.instance, unit=unit, defaults={"may_approve": may_approve}
            )

    def as_admin_panel(self) -> str:
        """Return the panel's HTML, as Wagtail asks of it."""
        rows = zip(self["units"], self["approves"], strict=True)
        return render_to_string(
            "medborgare_services/admin/group_units.html", {"form": self, "rows": rows}
        )
