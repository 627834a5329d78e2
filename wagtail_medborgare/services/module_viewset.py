"""Modules of units in the admin, in an order of the editors' own."""

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import LiveStatusTagColumn

from wagtail_medborgare.core.filters import YesNoFilter
from wagtail_medborgare.services.models import Module, Unit
from wagtail_medborgare.services.owned_views import OwnedReorderView
from wagtail_medborgare.services.permissions import module_permission_policy
from wagtail_medborgare.services.unit_modules.forms import kind_choices
from wagtail_medborgare.services.unit_modules.panels import module_form
from wagtail_medborgare.services.viewsets import UnitOwnedViewSet
from wagtail_medborgare.situations.models import LifeSituation


class ModuleFilterSet(WagtailFilterSet):
    """Narrow the list of modules by whose they are, what they are and for whom."""

    unit = django_filters.ModelMultipleChoiceFilter(
        queryset=Unit.objects.all(),
        label=_("Unit"),
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=kind_choices, label=_("Kind"), widget=forms.CheckboxSelectMultiple
    )
    life_situations = django_filters.ModelMultipleChoiceFilter(
        field_name="life_situation_items__tag",
        queryset=LifeSituation.objects.all(),
        label=_("Life situations"),
        widget=forms.CheckboxSelectMultiple,
    )

    live = YesNoFilter(label=_("Published"))

    class Meta:
        model = Module
        fields: list[str] = []


class ModuleReorderView(OwnedReorderView):
    """Move a module among those of its own language: the list shows one at a time."""

    def get_queryset(self) -> Any:
        moved = get_object_or_404(Module, pk=self.kwargs["pk"])
        return super().get_queryset().filter(locale_id=moved.locale_id)


class ModuleViewSet(UnitOwnedViewSet):
    """What units show on My services by themselves."""

    model = Module
    permission_policy = module_permission_policy
    icon = "list-ul"
    menu_label = _("Modules of units")
    menu_name = "medborgare-modules"
    menu_order = 350
    menu_hook = "register_medborgare_menu_item"
    sort_order_field = "sort_order"
    reorder_view_class = ModuleReorderView
    list_display = [
        "title",
        "kind_label",
        "unit",
        "situation_names",
        LiveStatusTagColumn(),
        "dates",
    ]
    list_export = ["title", "kind_label", "unit", "situation_names", "live", "dates"]
    list_per_page = 50
    filterset_class = ModuleFilterSet
    inspect_view_enabled = True
    inspect_view_fields = [
        "title", "kind_label", "unit", "situation_names", "dates", "text", "feed_url",
    ]  # fmt: skip
    edit_handler = module_form

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read what the list shows in a constant number of queries."""
        modules = Module.objects.select_related("unit", "latest_revision", "locale")
        return modules.prefetch_related("life_situation_items")
