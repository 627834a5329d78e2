from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.core.wagtail_hooks import MENU_HOOK
from wagtail_medborgare.services.importers.base import BaseImporter
from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter
from wagtail_medborgare.services.try_as import urls as try_as_urls
from wagtail_medborgare.services.viewsets import ServiceViewSet, UnitViewSet

register_snippet(ServiceViewSet)
register_snippet(UnitViewSet)


@hooks.register("register_medborgare_importers")
def register_open_eplatform() -> type[BaseImporter]:
    return OpenEPlatformImporter


@hooks.register("register_admin_urls")
def register_try_as() -> list[URLResolver]:
    return [path("medborgare/try-as/", include(try_as_urls))]


@hooks.register(MENU_HOOK)
def register_try_as_menu_item() -> MenuItem:
    return MenuItem(
        _("Try as a resident"),
        reverse("medborgare_try_as:index"),
        name="medborgare-try-as",
        icon_name="view",
        order=900,
    )
