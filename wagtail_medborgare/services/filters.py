from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_medborgare.core.filters import YesNoFilter
from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.services.reports.conditions import CONDITIONS
from wagtail_medborgare.situations.models import LifeSituation


class ServiceFilterSet(WagtailFilterSet):
    """Narrow the list of services by what they are for and whose they are."""

    life_situations = django_filters.ModelMultipleChoiceFilter(
        field_name="life_situation_items__tag",
        queryset=LifeSituation.objects.all(),
        label=_("Life situations"),
        widget=forms.CheckboxSelectMultiple,
    )
    no_situation = YesNoFilter(
        field_name="life_situation_items",
        lookup_expr="isnull",
        label=_("Without a situation"),
    )
    unit = django_filters.ModelMultipleChoiceFilter(
        queryset=Unit.objects.all(),
        label=_("Unit"),
        widget=forms.CheckboxSelectMultiple,
    )
    no_unit = YesNoFilter(
        field_name="unit", lookup_expr="isnull", label=_("Without a unit")
    )
    left_feed = YesNoFilter(
        field_name="left_feed_at",
        lookup_expr="isnull",
        exclude=True,
        label=_("Gone from its feed"),
    )

    is_sensitive = YesNoFilter(label=_("Sensitive"))
    live = YesNoFilter(label=_("Published"))
    to_do = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _condition) in CONDITIONS.items()],
        method="filter_to_do",
        label=_("To do"),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Service
        fields = ["needs_assessment"]

    def filter_to_do(
        self, services: QuerySet[Service], name: str, value: Any
    ) -> QuerySet[Service]:
        """Narrow the list to what the dashboard counts."""
        _label, condition = CONDITIONS[value]
        return services.filter(condition())
