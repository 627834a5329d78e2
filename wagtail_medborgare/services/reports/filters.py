from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.coreutils import get_content_languages
from wagtail.models import Locale

from wagtail_medborgare.services.models import Unit
from wagtail_medborgare.services.reports.coverage import NO_UNIT, default_locale
from wagtail_medborgare.situations.snapshot import situations


def _units() -> list[tuple[int, str]]:
    return list(Unit.objects.values_list("pk", "name"))


def _units_and_none() -> list[tuple[int, str]]:
    return [*_units(), (NO_UNIT, _("No unit"))]


def _situations() -> list[tuple[int, str]]:
    return [(item.pk, item.name) for item in situations.get().all]


def _languages() -> list[tuple[str, str]]:
    known = set(Locale.objects.values_list("language_code", flat=True))
    return [item for item in get_content_languages().items() if item[0] in known]


class UnitFilterSet(WagtailFilterSet):
    """Narrow a report to some units."""

    unit = django_filters.MultipleChoiceFilter(
        choices=_units_and_none,
        label=gettext_lazy("Unit"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    @property
    def units(self) -> list[int]:
        """The keys of the chosen units; none is all."""
        return [int(pk) for pk in self._chosen("unit") or ()]

    def _chosen(self, name: str) -> Any:
        return self.form.cleaned_data.get(name) if self.is_valid() else None


class CoverageFilterSet(UnitFilterSet):
    """Narrow the table of coverage to some units and to one language."""

    unit = django_filters.MultipleChoiceFilter(
        choices=_units,
        label=gettext_lazy("Unit"),
        widget=forms.CheckboxSelectMultiple,
    )
    locale = django_filters.ChoiceFilter(
        choices=_languages,
        label=gettext_lazy("Language"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    @property
    def chosen_locale(self) -> Locale | None:
        """The chosen language, or the one to begin with."""
        default = default_locale()
        code = self._chosen("locale")
        if default is None or not code:
            return default
        return Locale.objects.get(language_code=code)


class SituationFilterSet(CoverageFilterSet):
    """Narrow a list to some situations, units and one language."""

    situation = django_filters.MultipleChoiceFilter(
        choices=_situations,
        label=gettext_lazy("Life situation"),
        widget=forms.CheckboxSelectMultiple,
    )
    unit = django_filters.MultipleChoiceFilter(
        choices=_units_and_none,
        label=gettext_lazy("Unit"),
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def situations(self) -> list[int]:
        """The keys of the chosen situations; none is all."""
        return [int(pk) for pk in self._chosen("situation") or ()]
