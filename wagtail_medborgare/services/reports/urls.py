"""The reports and their addresses in the admin."""

from django.urls import URLPattern, path

from wagtail_medborgare.services.reports.base import NAMESPACE, BaseReport
from wagtail_medborgare.services.reports.content import (
    BlocksBySituation,
    EmptySituations,
    PagesBySituation,
    PagesWithoutSituation,
    ServicesWithoutSituation,
)
from wagtail_medborgare.services.reports.coverage_view import CoverageReport
from wagtail_medborgare.services.reports.upkeep import (
    BrokenChannels,
    LeftFeed,
    StaleContent,
    UnseenBlocks,
)

app_name = NAMESPACE

REPORTS: tuple[type[BaseReport], ...] = (
    CoverageReport,
    EmptySituations,
    ServicesWithoutSituation,
    PagesWithoutSituation,
    StaleContent,
    BrokenChannels,
    UnseenBlocks,
    LeftFeed,
    PagesBySituation,
    BlocksBySituation,
)


def _patterns(report: type[BaseReport]) -> list[URLPattern]:
    place = report.slug.replace("_", "-")
    return [
        path(f"{place}/", report.as_view(), name=report.slug),
        path(
            f"{place}/results/",
            report.as_view(results_only=True),
            name=f"{report.slug}_results",
        ),
    ]


urlpatterns = [pattern for report in REPORTS for pattern in _patterns(report)]
