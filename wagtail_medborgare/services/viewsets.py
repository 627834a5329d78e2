from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_medborgare.services.models import Service, Unit


class ServiceViewSet(SnippetViewSet):
    model = Service
    icon = "clipboard-list"
    menu_label = _("Services")
    menu_name = "medborgare-services"
    menu_order = 200
    menu_hook = "register_medborgare_menu_item"
    list_display = ["name", "unit", "situation_names", "source", LiveStatusTagColumn()]
    list_filter = ["unit", "life_situations", "needs_assessment", "is_sensitive", "source"]
    list_per_page = 50
    list_export = ["name", "summary", "unit", "situation_names", "cost", "source", "source_key"]
    inspect_view_enabled = True
    edit_handler = ObjectList(Service.panels)


class UnitViewSet(SnippetViewSet):
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
