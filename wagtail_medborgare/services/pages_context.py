"""What the public pages of services show; nothing of it depends on the visitor."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.catalogue import clean_query, search_services
from wagtail_medborgare.services.json_ld import service_json_ld
from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.services.suggestions import SuggestedService
from wagtail_medborgare.situations.snapshot import situations

PER_PAGE = 50


def catalogue_context(request: HttpRequest) -> dict[str, Any]:
    """Return the list of services: searched, filtered by unit or situation, in pages."""
    searched = search_services(request.GET.get("q", ""), request=request, most=PER_PAGE)
    services = Service.objects.shown().for_list()
    if searched["has_searched"]:
        services = services.none()  # The hits are shown instead of the list.
    situation = situations.get().by_slug.get(request.GET.get("situation", ""))
    if situation is not None:
        services = services.filter(life_situation_items__tag=situation.pk)
    unit = (
        Unit.objects.live()
        .filter(slug=clean_query(request.GET.get("unit", "")))
        .first()
    )
    if unit is not None:
        services = services.filter(unit=unit)
    listed = Paginator(services, PER_PAGE).get_page(request.GET.get("p"))
    return {
        **searched,
        "situation": situation,
        "unit": unit,
        "units": Unit.objects.live(),
        "listed": listed,
        "items": [
            SuggestedService(
                service=service, url=service_url(service, request), key=service.pk
            )
            for service in listed.object_list
        ],
    }


def service_context(
    service: Service, request: HttpRequest | None = None
) -> dict[str, Any]:
    """Return one service with its channels, dates and machine-readable twin."""
    by_pk = situations.get().by_pk
    tag_pks = [item.tag_id for item in service.life_situation_items.all()]
    channels = list(service.channels.all())
    return {
        "service": service,
        "channels": channels,
        "deadlines": [
            item for item in service.deadlines.all() if item.next_date is not None
        ],
        "situations": [by_pk[pk] for pk in tag_pks if pk in by_pk],
        "is_about_something_sensitive": service.is_sensitive
        or any(by_pk[pk].is_sensitive for pk in tag_pks if pk in by_pk),
        "json_ld": service_json_ld(service, channels, request),
    }
