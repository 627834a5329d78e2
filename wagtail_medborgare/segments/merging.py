"""What names a situation in this room follows when it becomes part of another one."""

from typing import Any

from wagtail.models import ReferenceIndex
from wagtail_personalisation.models import PersonalisablePageMetadata, Segment

from wagtail_medborgare.segments.actions import keep_segment_in_step
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.segments.stored_streams import (
    Keys,
    replace_keys_in_content,
    replace_keys_in_row,
)
from wagtail_medborgare.situations.drafts import rewrite_drafts
from wagtail_medborgare.situations.models import LifeSituation


def follow_merged_situation(
    old: LifeSituation, into: LifeSituation, **kwargs: Any
) -> None:
    """Let blocks, drafts, page variants and segments name the one that is left.

    The segment that the old one owns gives way to the other's: the old one's goes with
    the situation.
    """
    keys: Keys = {LifeSituation: (old.pk, into.pk)}
    targets: list[Any] = [old]
    segment = keep_segment_in_step(into)
    # It has none where the two share one: fixtures and raw SQL send no signal.
    for old_segment in Segment.objects.filter(situation_segment__situation=old):
        keys = {**keys, Segment: (old_segment.pk, segment.pk)}
        targets.append(old_segment)
        _move_variants(old_segment, segment)
    for thing in _things_naming(targets):
        replace_keys_in_row(thing, keys)
    for target in targets:
        rewrite_drafts(
            lambda model, content: replace_keys_in_content(model, content, keys),
            naming=target.pk,
        )
    _drop_repeated_rules(into)


def _things_naming(targets: list[Any]) -> list[Any]:
    """Return everything that is saved and names one of these."""
    found = {
        (reference.content_type, reference.object_id)
        for target in targets
        for reference in ReferenceIndex.get_references_to(target)
    }
    return [
        thing
        for content_type, pk in found
        if content_type.model_class() is not None
        for thing in content_type.get_all_objects_for_this_type(pk=pk)
    ]


def _move_variants(old: Segment, new: Segment) -> None:
    """Let page variants be for the new segment, where the page has none for it yet."""
    taken = PersonalisablePageMetadata.objects.filter(segment=new)
    for variant in PersonalisablePageMetadata.objects.filter(segment=old).exclude(
        canonical_page__in=taken.values("canonical_page")
    ):
        variant.segment = new
        variant.save()


def _drop_repeated_rules(situation: LifeSituation) -> None:
    """A segment that asked for both asks for the one that is left once."""
    asked: set[int] = set()
    rules = LifeSituationRule.objects.filter(situation=situation)
    for rule in rules.order_by("pk"):
        if rule.segment_id in asked:
            rule.delete()
        asked.add(rule.segment_id)
