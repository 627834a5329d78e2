from wagtail_medborgare.services.models.deadlines import ServiceDeadline, next_date
from wagtail_medborgare.services.models.modules import (
    Module,
    ModuleLink,
    ModuleService,
    TaggedModule,
)
from wagtail_medborgare.services.models.opening_hours import (
    ModuleClosedDay,
    ModuleOpeningHours,
)
from wagtail_medborgare.services.models.ownership import GroupUnit, UnitApprovalTask
from wagtail_medborgare.services.models.pages import (
    MyServicesPageMixin,
    ServiceCataloguePageMixin,
    UnitOwnedPageMixin,
)
from wagtail_medborgare.services.models.services import (
    Channel,
    CheckedLink,
    Service,
    TaggedService,
)
from wagtail_medborgare.services.models.units import TaggedUnit, Unit

__all__ = [
    "Channel",
    "CheckedLink",
    "GroupUnit",
    "Module",
    "ModuleClosedDay",
    "ModuleLink",
    "ModuleOpeningHours",
    "ModuleService",
    "MyServicesPageMixin",
    "Service",
    "ServiceCataloguePageMixin",
    "ServiceDeadline",
    "TaggedModule",
    "TaggedService",
    "TaggedUnit",
    "Unit",
    "UnitApprovalTask",
    "UnitOwnedPageMixin",
    "next_date",
]
