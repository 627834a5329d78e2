from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_medborgare.core.choosers import ChoosingOnlyViewSet
from wagtail_medborgare.core.filters import YesNoFilter
from wagtail_medborgare.core.ordering import NumberingReorderView
from wagtail_medborgare.situations.merge_views import (
    MergeView,
    SituationDeleteView,
    SituationEditView,
    SituationIndexView,
)
from wagtail_medborgare.situations.models import LifeSituation, Persona
from wagtail_medborgare.situations.snapshot import situations


class LifeSituationFilterSet(WagtailFilterSet):
    """Narrow the list of situations."""

    is_active = YesNoFilter(label=_("Active"))
    is_sensitive = YesNoFilter(label=_("Sensitive"))
    is_business = YesNoFilter(label=_("For businesses"))

    class Meta:
        model = LifeSituation
        fields = ["group"]


class LifeSituationViewSet(SnippetViewSet):
    """Life situations in the admin, in an order of the editors' own."""

    model = LifeSituation
    chooser_viewset_class = ChoosingOnlyViewSet
    icon = "group"
    menu_label = _("Life situations")
    menu_name = "medborgare-situations"
    menu_order = 100
    menu_hook = "register_medborgare_menu_item"
    sort_order_field = "sort_order"
    list_display = [
        "name",
        Column(
            "group",
            label=_("Group"),
            accessor="get_group_display",
            sort_key="group",
        ),
        BooleanColumn("is_sensitive", label=_("Sensitive"), sort_key="is_sensitive"),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    ]
    filterset_class = LifeSituationFilterSet
    list_per_page = 50
    copy_view_enabled = False
    inspect_view_enabled = True
    edit_handler = ObjectList(LifeSituation.panels)
    index_view_class = SituationIndexView
    edit_view_class = SituationEditView
    reorder_view_class = NumberingReorderView
    delete_view_class = SituationDeleteView
    delete_template_name = SituationDeleteView.template_name

    @cached_property
    def merge_view(self) -> Any:
        """The view that makes one situation part of another."""
        return self.construct_view(MergeView)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        merge = {"merge_url_name": self.get_url_name("merge")}
        return super().get_common_view_kwargs(**merge, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        merge = path(
            f"merge/<{self.pk_path_converter}:pk>/", self.merge_view, name="merge"
        )
        return [*super().get_urlpatterns(), merge]


class SituationNamesColumn(Column):
    """The names of the situations, from memory: read the items with the list."""

    def get_value(self, instance: Any) -> str:
        pks = [item.tag_id for item in instance.life_situation_items.all()]
        known = situations.get().by_pk
        return ", ".join(known[pk].name for pk in pks if pk in known)


class PersonaViewSet(SnippetViewSet):
    """Made-up residents to preview as, in an order of the editors' own."""

    model = Persona
    icon = "user"
    menu_label = _("Personas")
    menu_name = "medborgare-personas"
    menu_order = 150
    menu_hook = "register_medborgare_menu_item"
    sort_order_field = "sort_order"
    list_display = [
        "name",
        SituationNamesColumn("life_situations", label=_("Life situations")),
    ]
    search_fields = ["name", "description"]
    list_per_page = 50
    copy_view_enabled = False
    edit_handler = ObjectList(Persona.panels)
    reorder_view_class = NumberingReorderView
    chooser_viewset_class = ChoosingOnlyViewSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Persona]:
        """Read what the list shows in a constant number of queries."""
        return Persona.objects.prefetch_related("life_situation_items")
