from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from wagtail.models import Page

from wagtail_medborgare.services.models import (
    MyServicesPageMixin,
    ServiceCataloguePageMixin,
)


@register
def check_page_types(**kwargs: Any) -> list[CheckMessage]:
    """The site owns the concrete page types; without them nobody finds a service."""
    return [
        Warning(
            f"No page type of this site uses {mixin.__name__}.",
            hint=f"Write: class {name}({mixin.__name__}, Page): pass, and migrate.",
            id=f"medborgare_services.{check_id}",
        )
        for mixin, name, check_id in (
            (MyServicesPageMixin, "MyServicesPage", "W001"),
            (ServiceCataloguePageMixin, "ServiceCataloguePage", "W002"),
        )
        if not any(issubclass(model, mixin) for model in apps.get_models())
    ]


@register
def check_mixin_order(**kwargs: Any) -> list[CheckMessage]:
    """A mixin after Page is never asked for its context."""
    return [
        Error(
            f"{model._meta.label} names Page before {mixin.__name__}.",
            hint=f"Put {mixin.__name__} first: the mixin overrides what Page does.",
            id="medborgare_services.E001",
        )
        for model in apps.get_models()
        for mixin in (MyServicesPageMixin, ServiceCataloguePageMixin)
        if issubclass(model, mixin)
        and model.__mro__.index(Page) < model.__mro__.index(mixin)
    ]
