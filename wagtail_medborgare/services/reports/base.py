"""One table, one question: what every report of this room has in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from wagtail_medborgare.core.exports import PlainExportMixin
from wagtail_medborgare.services.reports.scope import may_see_pages, may_see_services

NAMESPACE = "medborgare_reports"


@dataclass
class Row:
    """A line of a report: a thing by its key, and the words beside it."""

    model: type[Model]
    pk: int
    title: str
    values: dict[str, Any] = field(default_factory=dict)
    url: str | None = None
    """Where it is mended; None for who may not."""

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return str(capfirst(self.model._meta.verbose_name))

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None


class BaseReport(PlainExportMixin, ReportView):
    """A report with a name, an address and a rule about who may read it."""

    slug: str
    question: Any = ""
    """What the report answers, said above its table."""
    nothing_found: Any = ""
    """What is said where there is nothing to do."""
    needs_services = True
    """Open to those who work with services …"""
    needs_pages = False
    """… or with pages."""
    header_icon = "clipboard-list"
    results_template_name = "medborgare_services/reports/results.html"

    @classmethod
    def is_open_to(cls, user: Any) -> bool:
        """Say whether somebody may read it: what they see in it is their work."""
        return (cls.needs_services and may_see_services(user)) or (
            cls.needs_pages and may_see_pages(user)
        )

    @classmethod
    def address(cls) -> str:
        """Return where the report is."""
        return reverse(f"{NAMESPACE}:{cls.slug}")

    @property
    def index_url_name(self) -> str:
        return f"{NAMESPACE}:{self.slug}"

    @property
    def index_results_url_name(self) -> str:
        return f"{NAMESPACE}:{self.slug}_results"

    @property
    def export_filename(self) -> str:  # type: ignore[override]  # as asked
        return self.slug.replace("_", "-")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open_to(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    @cached_property
    def no_results_message(self) -> str:
        return str(self.nothing_found)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        return {**context, "question": self.question}


class TableReport(BaseReport):
    """A report of rows: say the question, the rows, and the columns beside the title."""

    beside: tuple[tuple[str, Any], ...] = ()
    """Names of values of a row, each with its heading."""
    title_heading: Any = ""

    def get_rows(self) -> Sequence[Row]:
        """Return all rows, in the order in which they are shown."""
        raise NotImplementedError

    def get_filtered_queryset(self) -> Sequence[Row]:
        return self.get_rows()

    def decorate_paginated_queryset(self, object_list: Sequence[Row]) -> Sequence[Row]:
        # What is shown of many thousand rows is what needs an address.
        if not self.is_export:
            add_addresses(object_list, self.request.user)
        return object_list

    @cached_property
    def columns(self) -> list[Column]:
        title = TitleColumn(
            "title", label=self.title_heading, get_url=lambda row: row.url
        )
        return [title, *(Column(name, label=label) for name, label in self.beside)]

    @property
    def list_export(self) -> list[str]:  # type: ignore[override]  # as asked
        return ["title", *(name for name, _label in self.beside)]

    @property
    def export_headings(self) -> dict[str, str]:  # type: ignore[override]  # as asked
        headings = (("title", self.title_heading), *self.beside)
        return {name: str(label) for name, label in headings}

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        return {name: getattr(item, name) for name in self.list_export}


def add_addresses(rows: Iterable[Row], user: Any) -> None:
    """Say where each row is mended, where this user may: a few queries for all rows."""
    finder = AdminURLFinder(user)
    keys: dict[type[Model], set[int]] = {}
    for row in rows:
        keys.setdefault(row.model, set()).add(row.pk)
    for model, pks in keys.items():
        things = model._default_manager.all()
        if model is Page:
            things = Page.objects.prefetch_workflow_states()
        found = {thing.pk: thing for thing in things.filter(pk__in=pks)}
        for row in rows:
            if row.model is model and row.pk in found:
                row.url = finder.get_edit_url(found[row.pk])
