"""The published page, full size, as somebody else sees it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from wagtail_medborgare.segments.previewing.modes import clean_key, with_key
from wagtail_medborgare.segments.previewing.objects import may_preview
from wagtail_medborgare.segments.previewing.picker import Picker


class SeeAsView(WagtailAdminTemplateMixin, TemplateView):
    """Pick as whom, then see what is published. The live address knows nothing of it."""

    http_method_names = ["get", "head"]
    template_name = "medborgare_segments/admin/previewing/see_as.html"
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = self._get_page(kwargs["page_pk"])

    def _get_page(self, pk: int) -> Page:
        page = Page.objects.filter(pk=pk, live=True).first()
        if page is None:
            raise Http404
        if not may_preview(self.request.user, page):
            raise PermissionDenied
        specific: Page = page.specific
        if not specific.is_previewable():
            raise Http404
        return specific

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "as" not in request.GET:
            return super().get(request, *args, **kwargs)
        mode = with_key(
            self.page.default_preview_mode, clean_key(request.GET.get("as", ""))
        )
        leave_url = self.page.get_url(request) or "/"
        return self.page.make_preview_request(request, mode, {"leave_url": leave_url})

    def get_page_title(self) -> str:
        return _("See this page as…")

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
                "label": self.get_page_subtitle(),
            },
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        picker = Picker("as", _("As whom"))
        context = super().get_context_data(**kwargs)
        context.update(picker=picker, media=picker.media, page=self.page)
        return context
