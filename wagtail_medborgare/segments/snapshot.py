"""All enabled segments with their rules, in memory: one query for each kind of rule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import AbstractBaseRule

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.segments.lasting import DependsOn, depends_on
from wagtail_medborgare.segments.models import LifeSituationRule, SituationSegment


@dataclass(frozen=True)
class SegmentDefinition:
    """A segment and its rules, as they were when the snapshot was taken."""

    row: dict[str, Any] = field(hash=False)
    rules: tuple[AbstractBaseRule, ...]
    is_owned: bool = False
    """Is it the one segment of a life situation?"""

    @property
    def pk(self) -> int:
        """The key of the segment."""
        return int(self.row["id"])

    @cached_property
    def segment(self) -> Segment:
        """The segment itself, made when somebody asks for it.

        To make one looks through all models for rules: a thousand take a tenth of a
        second.
        """
        names, values = zip(*self.row.items(), strict=True)
        return Segment.from_db(DEFAULT_DB_ALIAS, names, values)

    @property
    def needs_storage(self) -> bool:
        """Does it depend on something we never keep about a visitor?

        A static segment is a list of users, a randomised one has to remember the draw.
        """
        return (
            self.row["type"] == Segment.TYPE_STATIC
            or self.row["randomisation_percent"] is not None
        )

    @cached_property
    def lasts(self) -> bool:
        """Does it give one visitor the same answer for as long as a page is kept?"""
        return self.needs_storage or all(
            depends_on(rule) is not None for rule in self.rules
        )

    def is_met(self, request: HttpRequest) -> bool:
        """Test the rules; a segment without rules matches nobody."""
        if not self.rules or self.needs_storage:
            return False
        test = any if self.row["match_any"] else all
        return test(rule.test_user(request) for rule in self.rules)


class Segments:
    """The enabled segments by primary key."""

    def __init__(self, definitions: Iterable[SegmentDefinition]) -> None:
        self.by_pk = {item.pk: item for item in definitions}

    @cached_property
    def query_names(self) -> frozenset[str]:
        """Return the query parameters that a rule asks for."""
        return frozenset(
            rule.parameter
            for item in self.by_pk.values()
            for rule in item.rules
            if depends_on(rule) is DependsOn.QUERY
        )

    def last(self, pks: Iterable[int]) -> bool:
        """Say whether all of these give lasting answers."""
        return all(self.by_pk[pk].lasts for pk in pks if pk in self.by_pk)

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
    owned = SituationSegment.objects.filter(segment=OuterRef("pk"))
    rows = Segment.objects.enabled().annotate(is_owned=Exists(owned)).order_by("pk")
    return Segments(
        SegmentDefinition(
            is_owned=row.pop("is_owned"),
            row=row,
            rules=tuple(rules.get(row["id"], ())),
        )
        for row in rows.values()
    )


segments = Snapshot("segments", _load)


def follow_changes() -> None:
    """Renew the snapshot when a segment, its situation or any rule changes."""
    segments.follow(
        Segment, SituationSegment, *AbstractBaseRule.get_descendant_models()
    )
