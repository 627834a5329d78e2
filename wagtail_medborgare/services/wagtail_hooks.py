from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.services import owned_hooks  # noqa: F401  (registers)
from wagtail_medborgare.services.bulk_actions import (
    AddSituationsToServices,
    RemoveSituationsFromServices,
)
from wagtail_medborgare.services.importers.base import BaseImporter
from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter
from wagtail_medborgare.services.module_viewset import ModuleViewSet
from wagtail_medborgare.services.reports import hooks as reports  # noqa: F401
from wagtail_medborgare.services.suggestion_list import ServiceSuggestionsView
from wagtail_medborgare.services.try_as import hooks as try_as  # noqa: F401
from wagtail_medborgare.services.viewsets import ServiceViewSet, UnitViewSet
from wagtail_medborgare.situations.suggesting.views import SuggestionsView

# The policies are registered in ``owned_hooks``, which comes first.
register_snippet(ServiceViewSet)
register_snippet(UnitViewSet)
register_snippet(ModuleViewSet)

hooks.register("register_bulk_action", AddSituationsToServices)
hooks.register("register_bulk_action", RemoveSituationsFromServices)

# Services are tagged more often than pages: their list comes first.
SuggestionsView.lists.insert(0, ServiceSuggestionsView)


@hooks.register("register_admin_urls")
def register_service_suggestions() -> list[URLResolver]:
    view = ServiceSuggestionsView.as_view()
    urls = [path("suggestions/services/", view, name="suggestions")]
    return [path("medborgare/", include((urls, "medborgare_services_admin")))]


@hooks.register("register_medborgare_importers")
def register_open_eplatform() -> type[BaseImporter]:
    return OpenEPlatformImporter
