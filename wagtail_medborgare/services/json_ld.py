"""A service as schema.org ``GovernmentService``: public facts only."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail.models import Site

from wagtail_medborgare.services.models import Channel, Service

# As Django's own json_script: nothing in the data can end the script element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def service_json_ld(service: Service, channels: Iterable[Channel]) -> SafeString:
    """Return the data block of a service's page, escaped for a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": service.name,
        "description": service.summary or strip_tags(service.description)[:300],
        "provider": {"@type": "GovernmentOrganization", "name": _municipality()},
        "availableChannel": [_channel(channel) for channel in channels],
    }
    if service.unit_id and service.unit:
        data["provider"]["department"] = {
            "@type": "GovernmentOrganization",
            "name": service.unit.name,
        }
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return SafeString(text)


def _municipality() -> str:
    site = Site.objects.filter(is_default_site=True).first()
    return site.site_name if site else ""


def _channel(channel: Channel) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "ServiceChannel", "name": str(channel)}
    if channel.url:
        data["serviceUrl"] = channel.url
    if channel.phone:
        data["servicePhone"] = {"@type": "ContactPoint", "telephone": channel.phone}
    if channel.address:
        data["serviceLocation"] = {"@type": "Place", "address": channel.address}
    return data
