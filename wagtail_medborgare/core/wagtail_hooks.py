from typing import Any

from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

MENU_HOOK = "register_medborgare_menu_item"

medborgare_menu = Menu(
    register_hook_name=MENU_HOOK, construct_hook_name="construct_medborgare_menu"
)


@hooks.register("register_admin_menu_item")
def register_medborgare_menu() -> MenuItem:
    """One entry for everything of ours; each room adds its own part."""
    return SubmenuMenuItem(
        _("Medborgare"),  # type: ignore[arg-type]  # a lazy label is translated later
        medborgare_menu,
        name="medborgare",
        icon_name="group",
        order=250,
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[Any]:
    return [path("medborgare/", include("wagtail_medborgare.core.admin_urls"))]


@hooks.register("register_help_menu_item")
def register_guide() -> MenuItem:
    return MenuItem(
        _("Guide to Medborgare"),
        reverse_lazy("medborgare_core_admin:guide_start"),  # type: ignore[arg-type]
        name="medborgare-guide",
        icon_name="group",
        order=50,
    )
