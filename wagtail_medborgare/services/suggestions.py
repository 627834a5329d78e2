"""Services and dates that follow from what a visitor has chosen, and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils import timezone

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.models import Service, ServiceDeadline, next_date
from wagtail_medborgare.services.models.services import active_language
from wagtail_medborgare.services.snapshot import Catalogue, Date, catalogue
from wagtail_medborgare.services.things import SERVICE
from wagtail_medborgare.situations.snapshot import Situation
from wagtail_medborgare.visitors.choices import Kept
from wagtail_medborgare.visitors.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class SuggestedService:
    """A service for this visitor, its address, and what made it appear."""

    service: Service
    url: str
    reasons: tuple[Situation, ...] = ()
    is_saved: bool = False
    key: int = 0
    """What a form sends to save or drop it: the key that was kept, else its own."""


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


Limit = int | Callable[[Situation, int], int]
"""How many of a situation's services to show, when there are so many."""


def services_for_visitor(
    visitor: Visitor, *, request: HttpRequest | None, limit: Limit
) -> list[ServiceGroup]:
    """Return services grouped by chosen situation, at most ``limit`` in each.

    A service that fits several situations stands under the first, with all reasons. One
    query, whatever the size of the catalogue.
    """
    if not visitor.situations:
        return []
    known = catalogue.get()
    dismissed, saved = set(_kept_pks(visitor.dismissed)), set(_kept_pks(visitor.saved))
    groups = [
        _group(situation, dismissed=dismissed, known=known)
        for situation in visitor.situations
    ]
    first = [
        known.shown.first(
            group.situation.pk,
            but=dismissed,
            limit=limit(group.situation, group.total) if callable(limit) else limit,
        )
        for group in groups
    ]
    wanted = {pk for pks in first for pk in pks}
    services = shown_services(wanted | _shown_pks(saved | dismissed), request)
    for group, pks in zip(groups, first, strict=True):
        for pk in pks:
            if pk not in wanted or pk not in services:
                continue
            wanted.remove(pk)
            group.services.append(
                SuggestedService(
                    service=services[pk],
                    url=service_url(services[pk], request),
                    reasons=_reasons(pk, visitor, known),
                    is_saved=pk in saved,
                    key=pk,
                )
            )
    return groups


def _group(
    situation: Situation, *, dismissed: set[int], known: Catalogue
) -> ServiceGroup:
    waved_away = {pk for pk in dismissed if situation.pk in known.tags_of(pk)}
    listed = known.shown.services.get(situation.pk, ())
    return ServiceGroup(
        situation=situation,
        total=len(listed) - sum(pk in waved_away for pk in listed),
        has_dismissed=bool(waved_away),
    )


def _reasons(pk: int, visitor: Visitor, known: Catalogue) -> tuple[Situation, ...]:
    tags = known.tags_of(pk)
    return tuple(item for item in visitor.situations if item.pk in tags)


def shown_services(
    pks: Iterable[int], request: HttpRequest | None
) -> dict[int, Service]:
    """Return the published services among these, each read once for a request.

    The keys come from memory, which may be a second old: the database has the last word.
    """
    if request is None:
        return Service.objects.shown().for_list().in_bulk(set(pks))
    by_language = request.__dict__.setdefault("_medborgare_services", {})
    known: dict[int, Service | None] = by_language.setdefault(active_language(), {})
    missing = set(pks) - known.keys()
    if missing:
        known |= dict.fromkeys(missing)
        known |= Service.objects.shown().for_list().in_bulk(missing)
    return {pk: service for pk in pks if (service := known[pk]) is not None}


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
    kept: tuple[Kept, ...], *, request: HttpRequest | None, is_saved: bool
) -> list[SuggestedService]:
    # Saved in one language, shown in another: the key that was kept is the one that the
    # form must send to drop it again.
    keys: dict[int, int] = {}
    for pk in reversed(_kept_pks(kept)):
        keys.setdefault(catalogue.get().translated(pk), pk)
    services = shown_services(keys, request)
    return [
        SuggestedService(
            service=service,
            url=service_url(service, request),
            is_saved=is_saved,
            key=keys[pk],
        )
        for pk, service in services.items()
    ]


def _shown_pks(kept: Iterable[int]) -> set[int]:
    return {catalogue.get().translated(pk) for pk in kept}


def _kept_pks(kept: tuple[Kept, ...]) -> list[int]:
    return [
        int(item.key) for item in kept if item.kind == SERVICE and item.key.isdecimal()
    ]


def deadlines_for_visitor(
    visitor: Visitor, *, request: HttpRequest | None, limit: int
) -> list[SuggestedDeadline]:
    """Return the dates of the next twelve months, the nearest first."""
    if not visitor.situations:
        return []
    today = timezone.localdate()
    saved = set(_kept_pks(visitor.saved))
    dates = _nearest_dates(visitor, today, limit)
    services = shown_services({item.service_pk for item, _when in dates}, request)
    return [
        SuggestedDeadline(
            deadline=_deadline(item, services[item.service_pk]),
            url=service_url(services[item.service_pk], request),
            date=when,
            days=(when - today).days,
            reasons=_reasons(item.service_pk, visitor, catalogue.get()),
            is_saved=item.service_pk in saved,
        )
        for item, when in dates
        if item.service_pk in services
    ]


def _nearest_dates(
    visitor: Visitor, today: date, limit: int
) -> list[tuple[Date, date]]:
    last = next_date(today, is_yearly=True, today=today + timedelta(days=1))
    nearest = catalogue.get().shown.nearest_dates(
        [situation.pk for situation in visitor.situations],
        but=set(_kept_pks(visitor.dismissed)),
        today=today,
        limit=limit,
    )
    return [
        (item, when)
        for item in nearest
        if (when := next_date(item.date, is_yearly=item.is_yearly, today=today))
        is not None
        and last is not None
        and when <= last
    ]


def _deadline(item: Date, service: Service) -> ServiceDeadline:
    return ServiceDeadline(
        pk=item.pk,
        service=service,
        label=item.label,
        date=item.date,
        is_yearly=item.is_yearly,
    )
