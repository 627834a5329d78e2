from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_medborgare.situations.models import LifeSituation


class LifeSituationViewSet(SnippetViewSet):
    """Life situations in the admin, in an order of the editors' own."""

    model = LifeSituation
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
    list_filter = ["group", "is_active", "is_sensitive", "is_business"]
    list_per_page = 50
    copy_view_enabled = False
    inspect_view_enabled = True
    edit_handler = ObjectList(LifeSituation.panels)
