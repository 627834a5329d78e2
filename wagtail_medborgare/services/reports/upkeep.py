"""What somebody has to look at again: old texts, dead links, lost feeds, lost audiences."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_medborgare.segments.unseen_blocks import unseen_blocks
from wagtail_medborgare.services.models import Channel, CheckedLink, Service, Unit
from wagtail_medborgare.services.owners import units_of_pages
from wagtail_medborgare.services.reports.base import Row, TableReport
from wagtail_medborgare.services.reports.conditions import is_due, long_before
from wagtail_medborgare.services.reports.coverage import NO_UNIT
from wagtail_medborgare.services.reports.filters import UnitFilterSet
from wagtail_medborgare.services.reports.owned_pages import page_review_dates
from wagtail_medborgare.services.reports.problems import in_words
from wagtail_medborgare.services.reports.scope import (
    may_see_pages,
    may_see_services,
    pages_seen_by,
)

UNIT = ("unit", gettext_lazy("Unit"))


class StaleContent(TableReport):
    """What has passed its day, or has stood unchanged for long, by unit and person."""

    slug = "stale_content"
    page_title = gettext_lazy("Content to look through")
    question = gettext_lazy(
        "What has passed the day by which it should be looked through, or has stood "
        "unchanged for long?"
    )
    nothing_found = gettext_lazy("Nothing needs to be looked through now.")
    needs_pages = True
    header_icon = "time"
    filterset_class = UnitFilterSet
    title_heading = gettext_lazy("Title")
    beside = (
        ("kind", gettext_lazy("Type")),
        UNIT,
        ("responsible", gettext_lazy("Who looks after it")),
        ("why", gettext_lazy("Why")),
    )

    def get_rows(self) -> list[Row]:
        user, today = self.request.user, timezone.localdate()
        rows = [*_stale_services(user, today), *_stale_pages(user, today)]
        wanted = self.filters.units
        names = dict(Unit.objects.values_list("pk", "name"))
        kept = [row for row in rows if not wanted or row.values["unit"] in wanted]
        for row in kept:
            row.values["unit"] = names.get(row.values["unit"], "")
        return sorted(kept, key=lambda row: (row.unit, row.responsible, row.title))


def _stale_services(user: Any, today: datetime.date) -> Iterator[Row]:
    if not may_see_services(user):
        return
    services = Service.objects.filter(is_due(by=today))
    name = f"responsible__{get_user_model().USERNAME_FIELD}"
    for pk, title, unit, person, day, published in services.values_list(
        "pk", "name", "unit_id", name, "review_by", "last_published_at"
    ):
        yield _stale(Service, pk, title, unit, person or "", day, published)


def _stale_pages(user: Any, today: datetime.date) -> Iterator[Row]:
    if not may_see_pages(user):
        return
    pages = pages_seen_by(user).filter(live=True)
    rows = pages.values_list("pk", "title", "path", "last_published_at")
    units = units_of_pages({pk: path for pk, _title, path, _published in rows})
    dates, limit = page_review_dates(), long_before(today)
    for pk, title, _path, published in rows:
        day = dates.get(pk)
        is_old = published is not None and timezone.localdate(published) <= limit
        if day <= today if day else is_old:
            yield _stale(Page, pk, title, units.get(pk), "", day, published)


def _stale(
    model: type[Any],
    pk: int,
    title: str,
    unit: int | None,
    person: str,
    day: datetime.date | None,
    published: datetime.datetime | None,
) -> Row:
    if day is not None:
        why = _("to look through by %(day)s") % {"day": day.isoformat()}
    else:
        written = timezone.localdate(published) if published else None
        why = _("unchanged since %(day)s") % {"day": written}
    values = {"unit": unit or NO_UNIT, "responsible": person, "why": why}
    return Row(model, pk, title, values)


class UnseenBlocks(TableReport):
    """The blocks of pages that no visitor can ever see."""

    slug = "unseen_blocks"
    page_title = gettext_lazy("Blocks that nobody sees")
    question = gettext_lazy(
        "Which blocks of published pages can no visitor ever see, and why?"
    )
    nothing_found = gettext_lazy("Every block can be seen by somebody.")
    needs_services, needs_pages = False, True
    header_icon = "group"
    title_heading = gettext_lazy("Page")
    beside = (("block", gettext_lazy("Block")), ("why", gettext_lazy("Why")))

    def get_rows(self) -> list[Row]:
        pages = pages_seen_by(self.request.user)
        return [
            Row(
                Page,
                page.pk,
                page.title,
                {"block": part.title, "why": part.why_nobody},
            )
            for page, part in unseen_blocks(pages)
        ]


class BrokenChannels(TableReport):
    """The addresses of published services that lead nowhere."""

    slug = "broken_channels"
    page_title = gettext_lazy("Broken links of services")
    question = gettext_lazy(
        "Which services lead to an address that did not work when we last looked?"
    )
    nothing_found = gettext_lazy("Every address that was looked at works.")
    header_icon = "warning"
    filterset_class = UnitFilterSet
    title_heading = gettext_lazy("Service")
    beside = (
        UNIT,
        ("url", gettext_lazy("Address")),
        ("problem", gettext_lazy("What happened")),
        ("since", gettext_lazy("Since")),
    )

    def get_rows(self) -> list[Row]:
        links = {link.url: link for link in CheckedLink.objects.filter(is_broken=True)}
        channels: QuerySet[Channel] = Channel.objects.filter(
            service__live=True,
            url__in=CheckedLink.objects.filter(is_broken=True).values("url"),
        ).order_by("service__name", "pk")
        wanted = self.filters.units
        return [
            Row(
                Service,
                pk,
                name,
                {
                    "unit": unit_name or "",
                    "url": url,
                    "problem": in_words(link.problem),
                    "since": _day(link.broken_since),
                },
            )
            for pk, name, unit, unit_name, url in channels.values_list(
                "service_id",
                "service__name",
                "service__unit_id",
                "service__unit__name",
                "url",
            )
            if not wanted or (unit or NO_UNIT) in wanted
            # Some databases find an address whatever its capitals.
            if (link := links.get(url)) is not None
        ]


class LeftFeed(TableReport):
    """The services that their source no longer knows."""

    slug = "left_feed"
    page_title = gettext_lazy("Services gone from their feed")
    question = gettext_lazy(
        "Which services are still here, but gone from their source?"
    )
    nothing_found = gettext_lazy("Every imported service is still in its source.")
    header_icon = "download"
    filterset_class = UnitFilterSet
    title_heading = gettext_lazy("Service")
    beside = (
        UNIT,
        ("source", gettext_lazy("Source")),
        ("left", gettext_lazy("Gone since")),
        ("live", gettext_lazy("Published")),
    )

    def get_rows(self) -> list[Row]:
        wanted = self.filters.units
        services = Service.objects.filter(left_feed_at__isnull=False).order_by("name")
        return [
            Row(
                Service,
                pk,
                name,
                {
                    "unit": unit_name or "",
                    "source": source,
                    "left": _day(left),
                    "live": _("Yes") if live else _("No"),
                },
            )
            for pk, name, unit, unit_name, source, left, live in services.values_list(
                "pk",
                "name",
                "unit_id",
                "unit__name",
                "source",
                "left_feed_at",
                "live",
            )
            if not wanted or (unit or NO_UNIT) in wanted
        ]


def _day(moment: datetime.datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
