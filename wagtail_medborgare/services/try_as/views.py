"""The page “Try as a resident” in the admin. It reads, and stores nothing."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_medborgare.segments.explaining.words import together
from wagtail_medborgare.services.try_as.form import TryForm
from wagtail_medborgare.services.try_as.pages import try_pages
from wagtail_medborgare.services.try_as.things import (
    try_modules,
    try_segments,
    try_services,
)


class TryAsView(WagtailAdminTemplateMixin, TemplateView):
    """What a resident with these situations meets, and what not, each with its reason.

    The query says who: ``persona`` and any number of ``situation``, by key. What is told
    is published and open to all, or what this user may open in the admin anyhow.
    """

    http_method_names = ["get", "head"]
    template_name = "medborgare_services/try_as/index.html"
    page_title = _("Try as a resident")  # type: ignore[assignment]  # lazy
    header_icon = "view"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET
        is_asked = "persona" in query or "situation" in query
        form = TryForm(query if is_asked else None)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"form": form, "media": form.media}
        if not form.is_valid():
            return context
        chosen = form.chosen
        pks = frozenset(item.pk for item in chosen)
        return context | {
            "is_asked": True,
            "chosen": chosen,
            "names": together([item.name for item in chosen]),
            "pages": try_pages(self.request.user, pks),
            "services": try_services(self.request.user, pks),
            "modules": try_modules(pks),
            "segments": try_segments(pks),
        }
