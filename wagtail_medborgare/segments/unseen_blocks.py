"""Blocks that no visitor can see, because nobody can choose what they are for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex
from wagtail.query import PageQuerySet
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.audiences import Mode
from wagtail_medborgare.segments.blocks import AudienceBlock
from wagtail_medborgare.segments.panels import pages_with_lost_audiences
from wagtail_medborgare.segments.stored_streams import streams_of, walk
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.snapshot import situations


@dataclass(frozen=True)
class UnseenBlock:
    """One block of a page, and the situations that would have to be active."""

    page: Page
    block: str
    inactive: tuple[str, ...]
    """Empty where everything that it was for has been deleted."""


def unseen_blocks(pages: PageQuerySet) -> list[UnseenBlock]:
    """Return such blocks of the published ones among some pages, by title of the page.

    Looks at pages whose audience was deleted since they were published and at those that
    name a situation that is not active: a constant number of queries for each page type.
    """
    inactive = [item.pk for item in situations.get().all if not item.is_active]
    naming = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(LifeSituation),
        to_object_id__in=[str(pk) for pk in inactive],
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    keys = {int(pk) for pk in naming.values_list("object_id", flat=True)}
    keys |= {*pages_with_lost_audiences().values_list("pk", flat=True)}
    enabled = {*Segment.objects.enabled().values_list("pk", flat=True)}
    found = pages.filter(live=True, pk__in=keys).order_by("title", "pk")
    return [block for page in found.specific() for block in _unseen_on(page, enabled)]


def _unseen_on(page: Page, enabled: set[int]) -> Iterator[UnseenBlock]:
    known = situations.get()
    for field in streams_of(type(page)):
        stream = list(getattr(page, field.name).raw_data)
        for block, holder, place in walk(field.stream_block, [stream], 0):
            if not isinstance(block, AudienceBlock):
                continue
            audience = block.to_python(holder[place]).audience
            if audience.mode != Mode.ONLY or audience.segments & enabled:
                continue
            if audience.situations & known.active_pks:
                continue
            named = (known.by_pk.get(pk) for pk in sorted(audience.situations))
            names = tuple(item.name for item in named if item is not None)
            yield UnseenBlock(page, _name(field, stream, holder), names)


def _name(field: Any, stream: list[Any], holder: Any) -> str:
    """Return the name of the block of the stream that holds an audience."""
    for child in stream:
        if isinstance(child, dict) and _holds(child, holder):
            block = field.stream_block.child_blocks.get(child.get("type"))
            return str(block.label) if block is not None else ""
    return ""


def _holds(value: Any, sought: Any) -> bool:
    if value is sought:
        return True
    if isinstance(value, dict):
        return any(_holds(item, sought) for item in value.values())
    return isinstance(value, list) and any(_holds(item, sought) for item in value)
