"""What tagged services teach about situations."""

from collections import defaultdict
from collections.abc import Iterator

from wagtail_medborgare.services.models import Service, TaggedService
from wagtail_medborgare.situations.suggesting.texts import text_of
from wagtail_medborgare.situations.suggesting.training import (
    Example,
    register_source,
    suggester,
)

MOST_SERVICES = 5000
"""How many are read: the newest. The learning itself uses fewer."""


def service_examples() -> Iterator[Example]:
    """Yield the published services, untagged ones too: they tell which words are common."""
    tags: dict[int, set[int]] = defaultdict(set)
    rows = TaggedService.objects.filter(content_object__live=True)
    for service_pk, tag_pk in rows.values_list("content_object_id", "tag_id"):
        tags[service_pk].add(tag_pk)
    services = Service.objects.filter(live=True).order_by("-pk").only(*_READ)
    for service in services[:MOST_SERVICES].iterator(chunk_size=1000):
        yield text_of(service), tags.get(service.pk, ())


_READ = ("name", "summary", "description", "category")


def follow_changes() -> None:
    """Learn from services, and anew when one is tagged."""
    register_source(service_examples)
    suggester.follow(TaggedService)
