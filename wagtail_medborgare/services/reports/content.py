"""What is there for a situation, what is there for none, and situations without any."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.services.owners import units_of_pages
from wagtail_medborgare.services.reports.base import Row, TableReport
from wagtail_medborgare.services.reports.coverage import (
    NO_UNIT,
    Coverage,
    published_services,
)
from wagtail_medborgare.services.reports.filters import (
    CoverageFilterSet,
    SituationFilterSet,
)
from wagtail_medborgare.services.reports.owned_pages import situation_page_types
from wagtail_medborgare.services.reports.scope import (
    may_see_pages,
    may_see_services,
    pages_seen_by,
)
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.snapshot import situations


class PagesBySituation(TableReport):
    """The published pages that are about something, by themselves or by their section."""

    slug = "pages_by_situation"
    page_title = gettext_lazy("Pages about life situations")
    question = gettext_lazy(
        "Which published pages are about which situations, their sections counted in?"
    )
    nothing_found = gettext_lazy("No published page is about this.")
    needs_services, needs_pages = False, True
    header_icon = "doc-empty"
    filterset_class = SituationFilterSet
    title_heading = gettext_lazy("Page")
    beside = (
        ("situations", gettext_lazy("Life situations")),
        ("unit", gettext_lazy("Unit")),
    )

    def get_rows(self) -> list[Row]:
        wanted, units = {*self.filters.situations}, self.filters.units
        coverage = Coverage(self.request.user, self.filters.chosen_locale)
        found = {
            page.pk: page
            for page in coverage.pages
            if (not wanted or wanted & page.situations)
            and (not units or page.unit in units)
        }
        names = dict(Unit.objects.values_list("pk", "name"))
        return [
            Row(
                Page,
                pk,
                title,
                {
                    "situations": names_of(found[pk].situations),
                    "unit": names.get(found[pk].unit, ""),
                },
            )
            for pk, title in titles(found)
        ]


class BlocksBySituation(TableReport):
    """The blocks of published pages that only those in some situations see."""

    slug = "blocks_by_situation"
    page_title = gettext_lazy("Blocks for life situations")
    question = gettext_lazy("Which blocks of published pages are made for whom?")
    nothing_found = gettext_lazy("No block of a published page is for this.")
    needs_services, needs_pages = False, True
    header_icon = "group"
    filterset_class = SituationFilterSet
    title_heading = gettext_lazy("Page")
    beside = (
        ("situation", gettext_lazy("Life situation")),
        ("block", gettext_lazy("Block")),
        ("unit", gettext_lazy("Unit")),
    )

    def get_rows(self) -> list[Row]:
        wanted, units = self.filters.situations, self.filters.units
        coverage = Coverage(self.request.user, self.filters.chosen_locale)
        found = [
            block
            for block in coverage.blocks
            if (not wanted or block.situation in wanted)
            and (not units or block.unit in units)
        ]
        names = dict(Unit.objects.values_list("pk", "name"))
        by_title = dict(titles({block.page for block in found}))
        rows = [
            Row(
                Page,
                block.page,
                by_title[block.page],
                {
                    "situation": names_of([block.situation]),
                    "block": block.title,
                    "unit": names.get(block.unit, ""),
                },
            )
            for block in found
        ]
        return sorted(rows, key=lambda row: (row.title, row.situation))


class EmptySituations(TableReport):
    """The situations that residents can choose, and then find nothing for."""

    slug = "empty_situations"
    page_title = gettext_lazy("Situations without content")
    question = gettext_lazy(
        "What can residents choose and then find nothing for, in this language?"
    )
    nothing_found = gettext_lazy("There is something for every life situation.")
    needs_pages = True
    header_icon = "group"
    filterset_class = CoverageFilterSet
    title_heading = gettext_lazy("Life situation")
    beside = (
        ("group", gettext_lazy("Group")),
        ("lacks", gettext_lazy("There is no")),
    )

    def get_rows(self) -> list[Row]:
        units = list(Unit.objects.filter(pk__in=self.filters.units)) or None
        user, locale = self.request.user, self.filters.chosen_locale
        coverage = Coverage(user, locale, units).count()
        rows = []
        for item in coverage.rows:
            total = coverage.total(situation=item.pk)
            if item.is_active and not total.offers:
                lacks = ", ".join(_lacking(user))
                values = {"group": item.group_label, "lacks": lacks}
                rows.append(Row(LifeSituation, item.pk, item.name, values))
        return rows


def _lacking(user: Any) -> list[str]:
    words = [(may_see_services, _("service")), (may_see_pages, _("page"))]
    return [word for is_seen, word in words if is_seen(user)]


class ServicesWithoutSituation(TableReport):
    """The published services that nobody is shown because of what they have chosen."""

    slug = "services_without_situation"
    page_title = gettext_lazy("Services without a situation")
    question = gettext_lazy("Which published services is nobody told about?")
    nothing_found = gettext_lazy("Every published service is for some life situation.")
    filterset_class = CoverageFilterSet
    title_heading = gettext_lazy("Service")
    beside = (
        ("unit", gettext_lazy("Unit")),
        ("category", gettext_lazy("Category")),
    )

    def get_rows(self) -> list[Row]:
        services: QuerySet[Service] = published_services(self.filters.chosen_locale)
        services = services.filter(life_situation_items__isnull=True)
        if units := self.filters.units:
            services = services.filter(unit__in=units)
        rows = services.order_by("unit__sort_order", "unit__name", "name")
        return [
            Row(Service, pk, name, {"unit": unit or "", "category": category})
            for pk, name, unit, category in rows.values_list(
                "pk", "name", "unit__name", "category"
            )
        ]


class PagesWithoutSituation(TableReport):
    """The published pages that could say what they are about, and do not."""

    slug = "pages_without_situation"
    page_title = gettext_lazy("Pages without a situation")
    question = gettext_lazy(
        "Which published pages could say whom they are for, and do not?"
    )
    nothing_found = gettext_lazy("Every page that can is about some life situation.")
    needs_services, needs_pages = False, True
    header_icon = "doc-empty"
    filterset_class = SituationFilterSet
    title_heading = gettext_lazy("Page")
    beside = (("unit", gettext_lazy("Unit")),)

    def get_rows(self) -> list[Row]:
        filters, user = self.filters, self.request.user
        tagged = {page.pk for page in Coverage(user, filters.chosen_locale).pages}
        pages = pages_seen_by(user).filter(live=True).type(*situation_page_types())
        if filters.chosen_locale is not None:
            pages = pages.filter(locale=filters.chosen_locale)
        found = pages.order_by("title", "pk").values_list("pk", "title", "path")
        units = units_of_pages({pk: path for pk, _title, path in found})
        names, wanted = dict(Unit.objects.values_list("pk", "name")), filters.units
        return [
            Row(Page, pk, title, {"unit": names.get(units.get(pk, NO_UNIT), "")})
            for pk, title, _path in found
            if pk not in tagged and (not wanted or units.get(pk, NO_UNIT) in wanted)
        ]


def names_of(pks: Any) -> str:
    """Return names of situations, in the editors' order."""
    return ", ".join(item.name for item in situations.get().all if item.pk in pks)


def titles(pks: Any) -> Sequence[tuple[int, str]]:
    """Return keys and titles of pages, by title: one query however many there are."""
    wanted = {*pks}
    rows = Page.objects.filter(live=True).order_by("title", "pk")
    return [row for row in rows.values_list("pk", "title") if row[0] in wanted]
