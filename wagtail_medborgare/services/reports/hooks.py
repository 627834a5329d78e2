"""Where the reports stand in the administration."""

from typing import Any

from django.urls import URLResolver, include, path
from wagtail import hooks

from wagtail_medborgare.core.wagtail_hooks import MENU_HOOK
from wagtail_medborgare.services.reports import urls
from wagtail_medborgare.services.reports.base import BaseReport
from wagtail_medborgare.services.reports.coverage_view import CoverageReport
from wagtail_medborgare.services.reports.menu import FIRST, ReportMenuItem
from wagtail_medborgare.services.reports.week import UnitWeekPanel


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLResolver]:
    return [path("medborgare/reports/", include(urls))]


def _register_in_menu(hook: str, report: type[BaseReport], order: int) -> None:
    hooks.register(hook, lambda: ReportMenuItem(report, order=order))


for _order, _report in enumerate(urls.REPORTS, FIRST):
    _register_in_menu("register_reports_menu_item", _report, _order)
_register_in_menu(MENU_HOOK, CoverageReport, 900)


@hooks.register("construct_homepage_panels")
def add_unit_week_panel(request: Any, panels: list[Any]) -> None:
    panels.append(UnitWeekPanel())
