from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_medborgare.services.filters import ServiceFilterSet
from wagtail_medborgare.services.models import Service, Unit


class ServiceViewSet(SnippetViewSet):
    """Services in the admin."""

    model = Service
    icon = "clipboard-list"
    menu_label = _("Services")
    menu_name = "medborgare-services"
    menu_order = 200
    menu_hook = "register_medborgare_menu_item"
    list_display = ["name", "unit", "situation_names", "source", LiveStatusTagColumn()]
    filterset_class = ServiceFilterSet
    list_per_page = 50
    list_export = [
        "name",
        "summary",
        "unit",
        "situation_names",
        "cost",
        "source",
        "source_key",
    ]
    inspect_view_enabled = True
    edit_handler = ObjectList(Service.panels)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        """Read what the list shows in a constant number of queries."""
        services = Service.objects.select_related("unit", "latest_revision", "locale")
        return services.prefetch_related("life_situation_items")


class UnitViewSet(SnippetViewSet):
    """Units in the admin, in an order of the editors' own."""

    model = Unit
    icon = "site"
    menu_label = _("Units")
    menu_name = "medborgare-units"
    menu_order = 300
    menu_hook = "register_medborgare_menu_item"
    sort_order_field = "sort_order"
    list_display = ["name", "phone", "email", LiveStatusTagColumn()]
    inspect_view_enabled = True
    edit_handler = ObjectList(Unit.panels)
