from typing import Any

from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.core.wagtail_hooks import MENU_HOOK
from wagtail_medborgare.services.bulk_actions import (
    AddSituationsToServices,
    RemoveSituationsFromServices,
)
from wagtail_medborgare.services.importers.base import BaseImporter
from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter
from wagtail_medborgare.services.module_viewset import ModuleViewSet
from wagtail_medborgare.services.reports import urls as reports
from wagtail_medborgare.services.reports.base import BaseReport
from wagtail_medborgare.services.reports.coverage_view import CoverageReport
from wagtail_medborgare.services.reports.menu import FIRST, ReportMenuItem
from wagtail_medborgare.services.reports.week import UnitWeekPanel
from wagtail_medborgare.services.suggestion_list import ServiceSuggestionsView
from wagtail_medborgare.services.try_as import hooks as try_as  # noqa: F401
from wagtail_medborgare.services.viewsets import ServiceViewSet, UnitViewSet
from wagtail_medborgare.situations.suggesting.views import SuggestionsView

register_snippet(ServiceViewSet)
register_snippet(UnitViewSet)
register_snippet(ModuleViewSet)

hooks.register("register_bulk_action", AddSituationsToServices)
hooks.register("register_bulk_action", RemoveSituationsFromServices)

# Services are tagged more often than pages: their list comes first.
SuggestionsView.lists.insert(0, ServiceSuggestionsView)


@hooks.register("register_admin_urls")
def register_service_suggestions() -> list[URLResolver]:
    view = ServiceSuggestionsView.as_view()
    urls = [path("suggestions/services/", view, name="suggestions")]
    return [path("medborgare/", include((urls, "medborgare_services_admin")))]


@hooks.register("register_medborgare_importers")
def register_open_eplatform() -> type[BaseImporter]:
    return OpenEPlatformImporter


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLResolver]:
    return [path("medborgare/reports/", include(reports))]


def _register_in_menu(hook: str, report: type[BaseReport], order: int) -> None:
    hooks.register(hook, lambda: ReportMenuItem(report, order=order))


for _order, _report in enumerate(reports.REPORTS, FIRST):
    _register_in_menu("register_reports_menu_item", _report, _order)
_register_in_menu(MENU_HOOK, CoverageReport, 900)


@hooks.register("construct_homepage_panels")
def add_unit_week_panel(request: Any, panels: list[Any]) -> None:
    panels.append(UnitWeekPanel())
