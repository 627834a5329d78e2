from typing import Any

from wagtail.admin.menu import MenuItem

from wagtail_medborgare.services.reports.base import BaseReport

FIRST = 1000


class ReportMenuItem(MenuItem):
    """An entry that is shown to those who may read the report."""

    def __init__(self, report: type[BaseReport], *, order: int) -> None:
        self._report = report
        super().__init__(
            report.page_title,
            report.address(),
            name=f"medborgare-{report.slug}",
            icon_name=report.header_icon,
            order=order,
        )

    def is_shown(self, request: Any) -> bool:
        return self._report.is_open_to(request.user)
