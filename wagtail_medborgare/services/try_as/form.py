"""Whom to try: a made-up resident, or situations of one's own choice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_medborgare.segments.widgets import AudienceCheckboxes
from wagtail_medborgare.situations.models import Persona
from wagtail_medborgare.situations.snapshot import Situation, situations

Choices = list[tuple[str, list[tuple[int, str]]]]


def situation_choices() -> Choices:
    """Return what residents can choose, in its groups."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for item in situations.get().active:
        groups.setdefault(item.group_label, []).append((item.pk, item.name))
    return list(groups.items())


class TryForm(forms.Form):
    """The query of the page: a persona, situations, or both together."""

    persona: forms.ModelChoiceField = forms.ModelChoiceField(
        Persona.objects.all(),
        required=False,
        label=_("A made-up resident"),
        empty_label=_("Nobody in particular"),
    )
    situation = forms.TypedMultipleChoiceField(
        choices=situation_choices,
        coerce=int,
        required=False,
        label=_("Who has also chosen"),
        widget=AudienceCheckboxes,
    )

    class Media:
        css = {"all": ["medborgare_segments/who_sees.css"]}

    @property
    def chosen(self) -> tuple[Situation, ...]:
        """The situations of the persona and those that are ticked."""
        pks = set(self.cleaned_data["situation"])
        persona = self.cleaned_data["persona"]
        if persona is not None:
            pks.update(persona.life_situation_items.values_list("tag", flat=True))
        return situations.get().resolve(frozenset(pks))
