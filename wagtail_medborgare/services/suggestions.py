"""Services and dates that follow from what a visitor has chosen, and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils import timezone

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.models import (
    Service,
    ServiceDeadline,
    TaggedService,
    next_date,
)
from wagtail_medborgare.services.things import SERVICE
from wagtail_medborgare.situations.snapshot import Situation
from wagtail_medborgare.visitors.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class SuggestedService:
    """A service for this visitor, its address, and what made it appear."""

    service: Service
    url: str
    reasons: tuple[Situation, ...] = ()
    is_saved: bool = False


@dataclass(kw_only=True)
class ServiceGroup:
    """The services for one chosen situation: some of them, and how many there are."""

    situation: Situation
    total: int = 0
    has_dismissed: bool = False
    services: list[SuggestedService] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SuggestedDeadline:
    """A date that matters to this visitor."""

    deadline: ServiceDeadline
    url: str
    date: date
    days: int
    reasons: tuple[Situation, ...]
    is_saved: bool = False


def services_for_visitor(
    visitor: Visitor, *, request: HttpRequest | None, limit: int
) -> list[ServiceGroup]:
    """Return services grouped by chosen situation, at most ``limit`` in each.

    A service that fits several situations stands under the first, with all reasons. One
    query, whatever the size of the catalogue.
    """
    chosen = {situation.pk: situation for situation in visitor.situations}
    if not chosen:
        return []
    dismissed, saved = _kept_pks(visitor.dismissed), set(_kept_pks(visitor.saved))
    groups = {pk: ServiceGroup(situation=item) for pk, item in chosen.items()}
    reasons: dict[int, list[Situation]] = defaultdict(list)
    rows = _top_rows(chosen, dismissed, limit)
    for row in rows:
        reasons[row.content_object_id].append(chosen[row.tag_id])
        groups[row.tag_id].total = row.total
    for pk in _tags_of(dismissed, chosen):
        groups[pk].has_dismissed = True
    services = _services([row.content_object_id for row in rows])
    placed: set[int] = set()
    for row in rows:
        service = services.get(row.content_object_id)
        if service is None or service.pk in placed:
            continue
        placed.add(service.pk)
        groups[row.tag_id].services.append(
            SuggestedService(
                service=service,
                url=service_url(service, request),
                reasons=tuple(reasons[service.pk]),
                is_saved=service.pk in saved,
            )
        )
    return list(groups.values())


def _top_rows(
    chosen: dict[int, Situation], dismissed: list[int], limit: int
) -> list[TaggedService]:
    """Return the first rows of each situation, in the order of the chosen ones."""
    shown = Service.objects.shown().exclude(pk__in=dismissed)
    rows = (
        TaggedService.objects.filter(tag_id__in=chosen, content_object__in=shown)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("tag_id"),
                order_by=[F("content_object__name"), F("content_object_id")],
            ),
            total=Window(Count("pk"), partition_by=F("tag_id")),
        )
        .filter(place__lte=limit)
    )
    order = {pk: place for place, pk in enumerate(chosen)}
    return sorted(rows, key=lambda row: (order[row.tag_id], row.place))


def _tags_of(service_pks: list[int], chosen: dict[int, Situation]) -> set[int]:
    if not service_pks:
        return set()
    rows = TaggedService.objects.filter(
        content_object_id__in=service_pks, tag_id__in=chosen
    )
    return set(rows.values_list("tag_id", flat=True))


def _services(pks: list[int]) -> dict[int, Service]:
    return Service.objects.for_list().in_bulk(set(pks))


def saved_services(
    visitor: Visitor, *, request: HttpRequest | None
) -> list[SuggestedService]:
    """Return what the visitor has saved, in the active language, the newest first."""
    return _kept_services(visitor.saved, request=request, is_saved=True)


def dismissed_services(
    visitor: Visitor, *, request: HttpRequest | None
) -> list[SuggestedService]:
    """Return what the visitor has waved away."""
    return _kept_services(visitor.dismissed, request=request, is_saved=False)


def _kept_services(
    kept: Any, *, request: HttpRequest | None, is_saved: bool
) -> list[SuggestedService]:
    pks = _kept_pks(kept)
    if not pks:
        return []
    # Saved in one language, shown in another: the key that was kept is the one that the
    # form must send to drop it again.
    kept_pk = Service.objects.filter(
        pk__in=pks, translation_key=OuterRef("translation_key")
    ).values("pk")[:1]
    found = (
        Service.objects.shown()
        .with_keys(pks)
        .for_list()
        .annotate(kept_pk=Subquery(kept_pk))
    )
    order = {pk: place for place, pk in enumerate(reversed(pks))}
    return [
        SuggestedService(
            service=service, url=service_url(service, request), is_saved=is_saved
        )
        for service in sorted(found, key=lambda item: order[item.kept_pk])
    ]


def _kept_pks(kept: Any) -> list[int]:
    return [
        int(item.key) for item in kept if item.kind == SERVICE and item.key.isdecimal()
    ]


def deadlines_for_visitor(
    visitor: Visitor, *, request: HttpRequest | None, limit: int
) -> list[SuggestedDeadline]:
    """Return the dates of the next twelve months, the nearest first."""
    chosen = {situation.pk: situation for situation in visitor.situations}
    if not chosen:
        return []
    today = timezone.localdate()
    last = next_date(today, is_yearly=True, today=today + timedelta(days=1))
    saved = set(_kept_pks(visitor.saved))
    deadlines = [
        (item, when)
        for item in _deadlines(chosen, _kept_pks(visitor.dismissed), today)[:limit]
        if (when := item.next_date) is not None and last is not None and when <= last
    ]
    reasons = _reasons([item.service_id for item, _when in deadlines], chosen)
    return [
        SuggestedDeadline(
            deadline=item,
            url=service_url(item.service, request),
            date=when,
            days=(when - today).days,
            reasons=reasons[item.service_id],
            is_saved=item.service_id in saved,
        )
        for item, when in deadlines
    ]


def _deadlines(chosen: dict[int, Situation], dismissed: list[int], today: date) -> Any:
    tagged = TaggedService.objects.filter(tag_id__in=chosen)
    shown = Service.objects.shown().exclude(pk__in=dismissed)
    return (
        ServiceDeadline.objects.coming_up(today=today)
        .filter(service__in=shown)
        .filter(service__in=tagged.values("content_object_id"))
        .select_related("service")
    )


def _reasons(
    service_pks: list[int], chosen: dict[int, Situation]
) -> dict[int, tuple[Situation, ...]]:
    rows = TaggedService.objects.filter(
        content_object_id__in=service_pks, tag_id__in=chosen
    ).values_list("content_object_id", "tag_id")
    tags: dict[int, set[int]] = defaultdict(set)
    for service_pk, tag_pk in rows:
        tags[service_pk].add(tag_pk)
    return {
        service_pk: tuple(item for pk, item in chosen.items() if pk in tags[service_pk])
        for service_pk in service_pks
    }
