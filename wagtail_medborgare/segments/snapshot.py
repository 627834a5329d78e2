"""All enabled segments with their rules, in memory: one query for each kind of rule."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import AbstractBaseRule

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.segments.models import LifeSituationRule


@dataclass(frozen=True)
class SegmentDefinition:
    """A segment and its rules, as they were when the snapshot was taken."""

    segment: Segment
    rules: tuple[AbstractBaseRule, ...]

    @property
    def needs_storage(self) -> bool:
        """Does it depend on something we never keep about a visitor?

        A static segment is a list of users, a randomised one has to remember the draw.
        """
        return self.segment.is_static or self.segment.randomisation_percent is not None

    def is_met(self, request: HttpRequest) -> bool:
        """Test the rules; a segment without rules matches nobody."""
        if not self.rules or self.needs_storage:
            return False
        test = any if self.segment.match_any else all
        return test(rule.test_user(request) for rule in self.rules)


class Segments:
    """The enabled segments by primary key."""

    def __init__(self, definitions: Iterable[SegmentDefinition]) -> None:
        self.by_pk = {item.segment.pk: item for item in definitions}

    def any_met(self, pks: Iterable[int], request: HttpRequest) -> bool:
        """Say whether the request is in any of these segments."""
        return any(
            self.by_pk[pk].is_met(request) for pk in sorted(pks) if pk in self.by_pk
        )

    def situations_of(self, pks: Iterable[int]) -> frozenset[int]:
        """Return the situations that the rules of these segments ask for."""
        return frozenset(
            rule.situation_id
            for pk in pks
            if pk in self.by_pk
            for rule in self.by_pk[pk].rules
            if isinstance(rule, LifeSituationRule)
        )


def _load() -> Segments:
    rules: dict[int, list[AbstractBaseRule]] = {}
    for model in AbstractBaseRule.get_descendant_models():
        for rule in model._default_manager.order_by("pk"):
            rules.setdefault(rule.segment_id, []).append(rule)
    return Segments(
        SegmentDefinition(segment, tuple(rules.get(segment.pk, ())))
        for segment in Segment.objects.enabled().order_by("pk")
    )


segments = Snapshot("segments", _load)


def follow_changes() -> None:
    """Renew the snapshot when a segment or any rule changes."""
    segments.follow(Segment, *AbstractBaseRule.get_descendant_models())
