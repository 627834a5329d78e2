"""The table of coverage: situations by units, each number a way to what it counts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.admin.utils import quote
from django.forms import Media
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder

from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.services.reports.base import NAMESPACE, BaseReport
from wagtail_medborgare.services.reports.coverage import (
    KINDS,
    NO_UNIT,
    Counts,
    Coverage,
)
from wagtail_medborgare.services.reports.filters import CoverageFilterSet
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.snapshot import Situation

LITTLE = 3


@dataclass(frozen=True)
class Number:
    """How many of one kind, in words, and where they are listed."""

    words: str
    url: str


@dataclass
class Row:
    """One situation: its cells in the order of the units, and its sum."""

    situation: Situation
    group: str
    """The heading above it, where a group begins."""
    cells: list[list[Number]]
    sum: list[Number]
    counts: dict[int, Counts]
    total: Counts
    url: str | None

    @property
    def offers(self) -> int:
        return self.total.offers


class CoverageReport(BaseReport):
    """What there is for each situation, and where nothing is."""

    slug = "coverage"
    page_title = gettext_lazy("What is missing")
    question = gettext_lazy(
        "What is there for each life situation, and where is nothing? Published content "
        "that you can open counts."
    )
    needs_pages = True
    paginate_by = None
    filterset_class = CoverageFilterSet
    results_template_name = "medborgare_services/reports/coverage.html"

    def get_filtered_queryset(self) -> list[Row]:
        return self.rows

    @cached_property
    def coverage(self) -> Coverage:
        filters = self.filters
        units = list(Unit.objects.filter(pk__in=filters.units)) or None
        locale = filters.chosen_locale
        return Coverage(user=self.request.user, locale=locale, units=units).count()

    @cached_property
    def rows(self) -> list[Row]:
        rows: list[Row] = []
        group = ""
        for situation in self.coverage.rows:
            heading = situation.group_label if situation.group != group else ""
            group = situation.group
            rows.append(self._row(situation, heading))
        return rows

    @cached_property
    def _finder(self) -> AdminURLFinder:
        return AdminURLFinder(self.request.user)

    def _row(self, situation: Situation, heading: str) -> Row:
        columns = [pk for pk, _name in self.coverage.columns]
        counts = {unit: self.coverage.of(situation.pk, unit) for unit in columns}
        total = self.coverage.nothing()
        for each in counts.values():
            for kind in KINDS:
                total.add(kind, getattr(each, kind) or 0)
        chosen = columns if self.coverage.units is not None else []
        return Row(
            situation=situation,
            group=heading,
            cells=[self._numbers(counts[unit], situation, [unit]) for unit in columns],
            sum=self._numbers(total, situation, chosen),
            counts=counts,
            total=total,
            url=self._finder.get_edit_url(LifeSituation(pk=situation.pk)),
        )

    def _numbers(
        self, counts: Counts, situation: Situation, units: list[int]
    ) -> list[Number]:
        addresses = {
            "services": services_url,
            "pages": pages_url,
            "blocks": blocks_url,
        }
        locale = self.coverage.locale
        code = locale.language_code if locale is not None else ""
        return [
            Number(in_words(kind, number), addresses[kind](situation.pk, units, code))
            for kind in KINDS
            if (number := getattr(counts, kind))
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from wagtail_medborgare.services.reports.urls import REPORTS

        context = super().get_context_data(*args, **kwargs)
        user = self.request.user
        context["media"] += Media(css={"all": ["medborgare_services/reports.css"]})
        return {
            **context,
            "rows": self.rows,
            "columns": [name or _("No unit") for _pk, name in self.coverage.columns],
            "sums": [self._sum(pk) for pk, _name in self.coverage.columns],
            "bars": self.bars,
            "others": [
                report
                for report in REPORTS
                if report is not type(self) and report.is_open_to(user)
            ],
        }

    def _sum(self, unit: int) -> list[str]:
        total = self.coverage.total(unit=unit)
        return [
            in_words(kind, number) for kind in KINDS if (number := getattr(total, kind))
        ]

    @cached_property
    def bars(self) -> list[dict[str, Any]]:
        """Return a bar for each situation that residents can choose, the shortest first."""
        rows = [row for row in self.rows if row.situation.is_active]
        most = max((row.offers for row in rows), default=0) or 1
        return [
            {
                "name": row.situation.name,
                "number": row.offers,
                "percent": round(100 * row.offers / most),
                "is_little": row.offers < LITTLE,
            }
            for row in sorted(rows, key=lambda row: row.offers)
        ]

    @cached_property
    def _export_columns(self) -> dict[str, tuple[int, str, str]]:
        return {
            f"{unit}.{kind}": (unit, kind, f"{name or _('No unit')}: {NAMES[kind]}")
            for unit, name in self.coverage.columns
            for kind in KINDS
            if getattr(self.coverage.nothing(), kind) is not None
        }

    @property
    def list_export(self) -> list[str]:  # type: ignore[override]  # as asked
        return ["group", "situation", *self._export_columns]

    @property
    def export_headings(self) -> dict[str, str]:  # type: ignore[override]  # as asked
        names = {"group": _("Group"), "situation": _("Life situation")}
        columns = self._export_columns.items()
        return names | {key: heading for key, (_unit, _kind, heading) in columns}

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        columns = self._export_columns.items()
        numbers = {
            key: getattr(item.counts[unit], kind) or 0
            for key, (unit, kind, _heading) in columns
        }
        situation = item.situation
        names = {"group": situation.group_label, "situation": situation.name}
        return names | numbers


NAMES = {
    "services": gettext_lazy("services"),
    "pages": gettext_lazy("pages"),
    "blocks": gettext_lazy("blocks"),
}


def in_words(kind: str, number: int) -> str:
    """Return a number with what it counts."""
    values = {"number": number}
    if kind == "services":
        return ngettext("%(number)d service", "%(number)d services", number) % values
    if kind == "pages":
        return ngettext("%(number)d page", "%(number)d pages", number) % values
    return ngettext("%(number)d block", "%(number)d blocks", number) % values


def services_url(situation: int, units: list[int], locale: str) -> str:
    """Return the list of services, narrowed to what a number counts."""
    query: list[tuple[str, Any]] = [("life_situations", situation), ("live", "true")]
    query += [("unit", quote(unit)) for unit in units if unit != NO_UNIT]
    if units == [NO_UNIT]:
        query.append(("no_unit", "true"))
    viewset = Service.snippet_viewset  # type: ignore[attr-defined]
    return _url(reverse(viewset.get_url_name("list")), query, locale)


def pages_url(situation: int, units: list[int], locale: str) -> str:
    """Return the list of pages, narrowed to what a number counts."""
    return _listing("pages_by_situation", situation, units, locale)


def blocks_url(situation: int, units: list[int], locale: str) -> str:
    """Return the list of blocks, narrowed to what a number counts."""
    return _listing("blocks_by_situation", situation, units, locale)


def _listing(slug: str, situation: int, units: list[int], locale: str) -> str:
    query = [("situation", situation), *(("unit", unit) for unit in units)]
    return _url(reverse(f"{NAMESPACE}:{slug}"), query, locale)


def _url(address: str, query: list[tuple[str, Any]], locale: str) -> str:
    if locale:
        query = [*query, ("locale", locale)]
    return f"{address}?{urlencode(query)}"
