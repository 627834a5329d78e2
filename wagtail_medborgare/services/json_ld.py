"""A service as schema.org ``GovernmentService``: public facts only."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail.models import Site

from wagtail_medborgare.services.models import Channel, Service

# As Django's own json_script: nothing in the data can end the script element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def service_json_ld(
    service: Service, channels: Iterable[Channel], request: HttpRequest | None = None
) -> SafeString:
    """Return the data block of a service's page, escaped for a script element."""
    provider: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "name": _municipality(request),
    }
    if service.shown_unit is not None:
        provider["department"] = {
            "@type": "GovernmentOrganization",
            "name": service.shown_unit.name,
        }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": service.name,
        "description": service.summary or strip_tags(service.description)[:300],
        "url": _absolute(service.get_url(request), request),
        "provider": provider,
        "availableChannel": [_channel(channel) for channel in channels],
    }
    told = {name: value for name, value in data.items() if value}
    text = json.dumps(told, ensure_ascii=False).translate(_ESCAPES)
    return SafeString(text)


def _municipality(request: HttpRequest | None) -> str:
    site = Site.find_for_request(request) if request else None
    site = site or Site.objects.filter(is_default_site=True).first()
    return (site.site_name if site else "") or getattr(
        settings, "WAGTAIL_SITE_NAME", ""
    )


def _absolute(url: str, request: HttpRequest | None) -> str:
    return request.build_absolute_uri(url) if request and url else url


def _channel(channel: Channel) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "ServiceChannel", "name": str(channel)}
    if channel.web_address:
        data["serviceUrl"] = channel.web_address
    if channel.phone:
        data["servicePhone"] = {"@type": "ContactPoint", "telephone": channel.phone}
    if channel.address:
        data["serviceLocation"] = {"@type": "Place", "address": channel.address}
    return data
