"""Search in the whole catalogue; the same for every visitor."""

import re
from typing import Any

from django.http import HttpRequest

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.suggestions import SuggestedService

LONGEST_QUERY = 100
MOST_HITS = 20

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def clean_query(text: str) -> str:
    """Return what somebody typed, without what no search should meet."""
    return " ".join(_CONTROL.sub(" ", text).split())[:LONGEST_QUERY]


def search_services(
    text: str, *, request: HttpRequest | None, most: int = MOST_HITS
) -> dict[str, Any]:
    """Return the hits for some words, best first; nothing is recorded."""
    query = clean_query(text)
    if not query:
        return {"query": "", "hits": [], "has_searched": False}
    found = list(Service.objects.shown().search(query)[:most])
    listed = Service.objects.for_list().in_bulk([service.pk for service in found])
    hits = [
        SuggestedService(
            service=listed[service.pk], url=service_url(listed[service.pk], request)
        )
        for service in found
        if service.pk in listed
    ]
    return {"query": query, "hits": hits, "has_searched": True}
