from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_medborgare.situations.models import LifeSituation, SituationGroup


class MergeForm(forms.Form):
    """Which situation another one becomes part of."""

    into = forms.ModelChoiceField(
        queryset=LifeSituation.objects.none(),
        label=_("Merge into"),
        empty_label=_("Choose a life situation"),
    )
    may_become_ordinary = forms.BooleanField(
        required=False,
        label=_("It may be treated as ordinary"),
        help_text=_(
            "Only needed if the other one is not sensitive: pages and services then "
            "have no quick exit, and a new choice can be remembered on a device. What "
            "visitors have chosen already is forgotten after an hour all the same."
        ),
    )

    def __init__(self, *args: Any, old: LifeSituation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = LifeSituation.objects.exclude(pk=old.pk)
        into: Any = self.fields["into"]
        into.queryset = others
        into.choices = [("", into.empty_label), *_grouped(list(others))]
        if not old.is_sensitive:
            del self.fields["may_become_ordinary"]


def _grouped(situations: list[LifeSituation]) -> list[tuple[str, list[Any]]]:
    groups = [
        (str(label), [(item.pk, str(item)) for item in situations if item.group == key])
        for key, label in SituationGroup.choices
    ]
    return [(label, items) for label, items in groups if items]
