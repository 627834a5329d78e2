from wagtail_medborgare.services.models.deadlines import ServiceDeadline, next_date
from wagtail_medborgare.services.models.pages import (
    MyServicesPageMixin,
    ServiceCataloguePageMixin,
    UnitOwnedPageMixin,
)
from wagtail_medborgare.services.models.services import (
    Channel,
    Service,
    TaggedService,
)
from wagtail_medborgare.services.models.units import TaggedUnit, Unit

__all__ = [
    "Channel",
    "MyServicesPageMixin",
    "Service",
    "ServiceCataloguePageMixin",
    "ServiceDeadline",
    "TaggedService",
    "TaggedUnit",
    "Unit",
    "UnitOwnedPageMixin",
    "next_date",
]
