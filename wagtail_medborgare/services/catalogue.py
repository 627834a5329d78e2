"""Search in the whole catalogue; the same for every visitor."""

import re
from typing import Any

from django.http import HttpRequest
from wagtail.models import Locale

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.models.services import active_language
from wagtail_medborgare.services.suggestions import SuggestedService

LONGEST_QUERY = 100
MOST_HITS = 20

# Quotation marks and backslashes have a meaning of their own to SQLite's full-text search.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\"\\]")

# Each word costs a look-up in the index; nobody needs more to find a service.
MOST_WORDS = 8
SHORTEST_BEGINNING = 3


def clean_query(text: str) -> str:
    """Return what somebody typed, without what no search should meet."""
    words = _CONTROL.sub(" ", text)[:LONGEST_QUERY].split()
    return " ".join(words[:MOST_WORDS])


def search_services(
    text: str, *, request: HttpRequest | None, most: int = MOST_HITS
) -> dict[str, Any]:
    """Return the hits for some words, best first; nothing is recorded."""
    query = clean_query(text)
    if not query:
        return {"query": "", "hits": [], "has_searched": False}
    pks = _search(query, most)
    listed = Service.objects.shown().for_list().in_bulk(pks)
    hits = [
        SuggestedService(
            service=listed[pk], url=service_url(listed[pk], request), key=pk
        )
        for pk in pks
        if pk in listed
    ]
    return {"query": query, "hits": hits, "has_searched": True}


def _search(query: str, most: int) -> list[int]:
    """Return keys: whole words first, then beginnings of words in the name."""
    locale = Locale.objects.filter(language_code=active_language()).first()
    services = Service.objects.filter(live=True)
    if locale is not None:
        services = services.filter(locale_id=locale.pk)
    found = [service.pk for service in services.search(query)[:most]]
    if len(found) < most and len(query) >= SHORTEST_BEGINNING:
        found += [service.pk for service in services.autocomplete(query)[:most]]
    return list(dict.fromkeys(found))[:most]
