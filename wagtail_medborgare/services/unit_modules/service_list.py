"""Services that the unit has chosen, in its own order."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.models import Module, Service
from wagtail_medborgare.services.snapshot import catalogue
from wagtail_medborgare.services.suggestions import SuggestedService, shown_services
from wagtail_medborgare.services.unit_modules.base import UnitModuleKind
from wagtail_medborgare.visitors.visitor import Visitor


class ServiceListKind(UnitModuleKind):
    """Services of the catalogue; those that are not published are left out."""

    name = "services"
    label = gettext_lazy("List of services")
    template_name = "medborgare_services/unit_modules/service_list.html"
    fields = ("text", "service_items")
    prefetch = ("service_items",)

    def __init__(self) -> None:
        self._services: dict[int, Service] = {}

    def clean(self, module: Module, rows: Mapping[str, int]) -> None:
        if not rows.get("service_items"):
            raise ValidationError(_("Choose a service for the list."))

    def prepare(
        self, modules: Sequence[Module], visitor: Visitor, request: HttpRequest | None
    ) -> None:
        keys = {pk for module in modules for pk in _service_pks(module)}
        self._services = shown_services(keys, request)

    def get_context(
        self, module: Module, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        listed = [
            SuggestedService(
                service=self._services[pk],
                url=service_url(self._services[pk], request),
                key=pk,
            )
            for pk in _service_pks(module)
            if pk in self._services
        ]
        return {"items": listed} if listed else None


def _service_pks(module: Module) -> list[int]:
    """Return the services in the active language, each once."""
    known = catalogue.get()
    pks = (known.translated(item.service_id) for item in module.service_items.all())
    return list(dict.fromkeys(pks))
