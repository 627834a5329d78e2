import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.situations.models import LifeSituation


class ServiceFilterSet(WagtailFilterSet):
    """Narrow the list of services by what they are for and whose they are."""

    life_situations = django_filters.ModelMultipleChoiceFilter(
        field_name="life_situation_items__tag",
        queryset=LifeSituation.objects.all(),
        label=_("Life situations"),
        widget=forms.CheckboxSelectMultiple,
    )
    no_situation = django_filters.BooleanFilter(
        field_name="life_situation_items",
        lookup_expr="isnull",
        label=_("Without a situation"),
    )
    unit = django_filters.ModelMultipleChoiceFilter(
        queryset=Unit.objects.all(),
        label=_("Unit"),
        widget=forms.CheckboxSelectMultiple,
    )
    left_feed = django_filters.BooleanFilter(
        field_name="left_feed_at",
        lookup_expr="isnull",
        exclude=True,
        label=_("Gone from its feed"),
    )

    class Meta:
        model = Service
        fields = ["needs_assessment", "is_sensitive", "live"]
