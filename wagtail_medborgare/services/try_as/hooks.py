"""Where an editor meets “Try as a resident”: in our menu."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from wagtail_medborgare.core.wagtail_hooks import MENU_HOOK
from wagtail_medborgare.services.try_as import urls


@hooks.register("register_admin_urls")
def register_try_as() -> list[URLResolver]:
    return [path("medborgare/try-as/", include(urls))]


@hooks.register(MENU_HOOK)
def register_try_as_menu_item() -> MenuItem:
    return MenuItem(
        _("Try as a resident"),
        reverse("medborgare_try_as:index"),
        name="medborgare-try-as",
        icon_name="view",
        order=900,
    )
