"""How much there is for each situation, unit by unit: counted, not listed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count
from wagtail.models import Locale
from wagtail.query import PageQuerySet

from wagtail_medborgare.segments.audiences import Mode
from wagtail_medborgare.segments.explaining import who_sees
from wagtail_medborgare.segments.explaining.pages import pages_with_audiences
from wagtail_medborgare.services.models import Service, TaggedService, Unit
from wagtail_medborgare.services.owners import units_of_pages
from wagtail_medborgare.services.reports.scope import (
    may_see_pages,
    may_see_services,
    pages_seen_by,
)
from wagtail_medborgare.situations.models import TaggedPage
from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.situations.tagged_pages import tagged_pages

NO_UNIT = 0

KINDS = ("services", "pages", "blocks")

_AT_ONCE = 200


class PageTags(NamedTuple):
    """A published page, whose it is, and the situations it is about."""

    pk: int
    unit: int
    situations: frozenset[int]


class BlockUse(NamedTuple):
    """A block of a page that is for those in a situation."""

    page: int
    unit: int
    situation: int
    title: str
    """What editors call it: its kind, and its first words."""


@dataclass
class Counts:
    """How many there are of each kind; None of what this editor may not see."""

    services: int | None = None
    pages: int | None = None
    blocks: int | None = None

    def __bool__(self) -> bool:
        return bool(self.services or self.pages or self.blocks)

    @property
    def offers(self) -> int:
        """What a resident can be offered: services and pages."""
        return (self.services or 0) + (self.pages or 0)

    def add(self, kind: str, number: int) -> None:
        setattr(self, kind, (getattr(self, kind) or 0) + number)


def default_locale() -> Locale | None:
    """Return the language to begin with; None where the site has one language only."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return None
    return Locale.get_default()


@dataclass
class Coverage:
    """The content of one language that one editor can see."""

    user: Any
    locale: Locale | None
    units: list[Unit] | None = None
    """Only these, where somebody asked for some; what belongs to none is then left out."""
    cells: dict[tuple[int, int], Counts] = field(
        default_factory=lambda: defaultdict(Counts)
    )

    def count(self) -> "Coverage":
        """Count everything, in as many queries whatever the number of services."""
        for situation, unit, number in self._services():
            self._add("services", situation, unit, number)
        for page in self.pages:
            for situation in page.situations:
                self._add("pages", situation, page.unit, 1)
        for block in self.blocks:
            self._add("blocks", block.situation, block.unit, 1)
        return self

    def of(self, situation: int, unit: int) -> Counts:
        """Return the numbers of one cell."""
        return self.cells.get((situation, unit)) or self.nothing()

    def total(self, *, situation: int | None = None, unit: int | None = None) -> Counts:
        """Return the sum of a row, of a column, or of everything."""
        total = self.nothing()
        for (row, column), counts in self.cells.items():
            if situation in (None, row) and unit in (None, column):
                for kind in KINDS:
                    if number := getattr(counts, kind):
                        total.add(kind, number)
        return total

    def nothing(self) -> Counts:
        """Return zeros for what this editor can see."""
        return Counts(
            services=0 if self._sees_services else None,
            pages=0 if self._sees_pages else None,
            blocks=0 if self._sees_pages else None,
        )

    @cached_property
    def columns(self) -> list[tuple[int, str]]:
        """The units with their names, and a column for what belongs to none."""
        if self.units is not None:
            return [(unit.pk, unit.name) for unit in self.units]
        return [*Unit.objects.values_list("pk", "name"), (NO_UNIT, "")]

    @cached_property
    def rows(self) -> list[Situation]:
        """The situations, in the editors' order within the order of the groups."""
        found: dict[str, list[Situation]] = {}
        for item in situations.get().all:
            found.setdefault(item.group, []).append(item)
        return [item for group in found.values() for item in group]

    @cached_property
    def pages(self) -> list[PageTags]:
        """The published pages that are about something, their sections counted in."""
        own: dict[int, set[int]] = defaultdict(set)
        items = TaggedPage.objects.filter(content_object__live=True)
        for page, tag in items.values_list("content_object_id", "tag_id"):
            own[page].add(tag)
        sections = tagged_pages.get()
        return [
            PageTags(pk, self._unit_of(pk), tags)
            for pk, path in self._paths.items()
            if (tags := sections.tags_of_sections(path).union(own.get(pk, ())))
        ]

    @cached_property
    def blocks(self) -> list[BlockUse]:
        """The blocks of published pages that only those in some situations see.

        What is for everyone but them is nothing for them.
        """
        if not self._sees_pages:
            return []
        pages = pages_with_audiences().filter(pk__in=self._seen.values("pk"))
        # Whole pages are read for their blocks: not all of a large site at once.
        found = pages.order_by("pk").specific().iterator(chunk_size=_AT_ONCE)
        return [
            BlockUse(page.pk, self._unit_of(page.pk), situation, part.title)
            for page in found
            for part in who_sees(page).listed
            if part.audience.mode == Mode.ONLY
            for situation in sorted(part.audience.situations)
        ]

    def _services(self) -> Iterable[tuple[int, int, int]]:
        if not self._sees_services:
            return []
        items = TaggedService.objects.filter(
            content_object__in=published_services(self.locale)
        )
        rows = items.order_by().values_list("tag_id", "content_object__unit_id")
        counted = rows.annotate(number=Count("pk"))
        return [(tag, unit or NO_UNIT, number) for tag, unit, number in counted]

    def _add(self, kind: str, situation: int, unit: int, number: int) -> None:
        if unit in self._unit_pks and situation in self._situation_pks:
            cell = self.cells.setdefault((situation, unit), self.nothing())
            cell.add(kind, number)

    @cached_property
    def _unit_pks(self) -> set[int]:
        return {pk for pk, _name in self.columns}

    @cached_property
    def _situation_pks(self) -> set[int]:
        return {item.pk for item in self.rows}

    @cached_property
    def _sees_services(self) -> bool:
        return may_see_services(self.user)

    @cached_property
    def _sees_pages(self) -> bool:
        return may_see_pages(self.user)

    @property
    def _seen(self) -> PageQuerySet:
        pages = pages_seen_by(self.user).filter(live=True).order_by()
        return pages if self.locale is None else pages.filter(locale=self.locale)

    @cached_property
    def _paths(self) -> dict[int, str]:
        if not self._sees_pages:
            return {}
        return dict(self._seen.values_list("pk", "path"))

    @cached_property
    def _units_of_pages(self) -> dict[int, int]:
        return units_of_pages(self._paths)

    def _unit_of(self, page: int) -> int:
        return self._units_of_pages.get(page, NO_UNIT)


def published_services(locale: Locale | None) -> Any:
    """Return the services that residents can find in a language."""
    services = Service.objects.filter(live=True).order_by()
    return services if locale is None else services.filter(locale=locale)
