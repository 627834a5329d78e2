"""Which services are for which situations, and their dates: keys in memory, no text.

Every list of services is a choice among thousands by a handful of keys. What is shown is
then read from the database by key, so that a list costs the same in any catalogue.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings
from wagtail.models import Locale

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.services.models import Service, ServiceDeadline, TaggedService
from wagtail_medborgare.services.models.deadlines import order_of_waiting
from wagtail_medborgare.services.models.services import active_language
from wagtail_medborgare.situations.snapshot import situations

_ANY_LANGUAGE = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One service, published or not."""

    is_live: bool
    is_sensitive: bool
    tags: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Date:
    """One deadline; ``place`` is its place in the alphabet."""

    pk: int
    service_pk: int
    label: str
    date: datetime.date
    is_yearly: bool
    place: int


@dataclass(slots=True)
class Listing:
    """The published services in one language, by situation."""

    services: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Keys of services by key of situation, in the order of their names."""
    dates: dict[int, list[Date]] = field(default_factory=lambda: defaultdict(list))

    def first(self, tag: int, *, but: set[int], limit: int) -> list[int]:
        """Return the first services for a situation, leaving out some."""
        rest = (pk for pk in self.services.get(tag, ()) if pk not in but)
        return list(islice(rest, limit))

    def nearest_dates(
        self, tags: Iterable[int], *, but: set[int], today: datetime.date, limit: int
    ) -> list[Date]:
        """Return the dates that are not over, the nearest first."""
        waits = {
            date: order_of_waiting(date.date, is_yearly=date.is_yearly, today=today)
            for tag in tags
            for date in self.dates.get(tag, ())
            if date.service_pk not in but and (date.is_yearly or date.date >= today)
        }
        return sorted(waits, key=lambda date: (waits[date], date.place))[:limit]


@dataclass(slots=True)
class Catalogue:
    """All services of the site."""

    entries: dict[int, Entry] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=lambda: defaultdict(Listing))
    twins: dict[int, dict[str, int]] = field(default_factory=dict)
    """Key of a service to the keys of its translations by language, where it has any."""

    @property
    def shown(self) -> Listing:
        """What residents see: published, in the active language."""
        return self.listings.get(shown_language()) or Listing()

    def tags_of(self, pk: int) -> tuple[int, ...]:
        """Return the situations of a service."""
        return self.entries[pk].tags if pk in self.entries else ()

    def translated(self, pk: int) -> int:
        """Return the same service in the active language; itself where there is none."""
        return self.twins.get(pk, {}).get(shown_language(), pk)

    def is_sensitive(self, pk: int) -> bool | None:
        """Does it reveal something sensitive? None for what is not published."""
        entry = self.entries.get(pk)
        if entry is None or not entry.is_live:
            return None
        by_pk = situations.get().by_pk
        return entry.is_sensitive or any(
            by_pk[tag].is_sensitive for tag in entry.tags if tag in by_pk
        )


def shown_language() -> str:
    """Return the language that residents see things in; empty where there is one."""
    return active_language() if _has_languages() else _ANY_LANGUAGE


def _has_languages() -> bool:
    return bool(getattr(settings, "WAGTAIL_I18N_ENABLED", False))


def _load() -> Catalogue:
    catalogue = Catalogue()
    tags = _load_tags()
    dates = _load_dates()
    has_languages = _has_languages()
    versions: dict[object, dict[str, int]] = defaultdict(dict)
    rows = Service.objects.order_by("name", "pk").values_list(
        "pk", "translation_key", "locale__language_code", "live", "is_sensitive"
    )
    for pk, key, language, is_live, is_sensitive in rows.iterator(chunk_size=2000):
        entry = Entry(is_live, is_sensitive, tags.get(pk, ()))
        catalogue.entries[pk] = entry
        versions[key][language] = pk
        if is_live:
            listing = catalogue.listings[language if has_languages else _ANY_LANGUAGE]
            for tag in entry.tags:
                listing.services[tag].append(pk)
                listing.dates[tag] += dates.get(pk, ())
    for twins in versions.values():
        if len(twins) > 1:
            catalogue.twins |= dict.fromkeys(twins.values(), twins)
    return catalogue


def _load_tags() -> dict[int, tuple[int, ...]]:
    tags: dict[int, tuple[int, ...]] = {}
    rows = TaggedService.objects.values_list("content_object_id", "tag_id")
    for pk, tag in rows.iterator(chunk_size=2000):
        tags[pk] = (*tags.get(pk, ()), tag)
    return tags


def _load_dates() -> dict[int, list[Date]]:
    dates: dict[int, list[Date]] = defaultdict(list)
    rows = ServiceDeadline.objects.order_by("label", "pk").values_list(
        "pk", "service_id", "label", "date", "is_yearly"
    )
    for place, row in enumerate(rows.iterator(chunk_size=2000)):
        date = Date(*row, place)
        dates[date.service_pk].append(date)
    return dates


catalogue = Snapshot("service-catalogue", _load)


def follow_changes() -> None:
    """Renew when a service, its situations, its dates or its language change."""
    catalogue.follow(Service, TaggedService, ServiceDeadline, Locale)
