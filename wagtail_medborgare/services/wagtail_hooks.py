from wagtail import hooks
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.services.importers.base import BaseImporter
from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter
from wagtail_medborgare.services.viewsets import ServiceViewSet, UnitViewSet

register_snippet(ServiceViewSet)
register_snippet(UnitViewSet)


@hooks.register("register_medborgare_importers")
def register_open_eplatform() -> type[BaseImporter]:
    return OpenEPlatformImporter
