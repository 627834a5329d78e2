"""One page or snippet as two different residents, side by side."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.utils.decorators import xframe_options_sameorigin_override

from wagtail_medborgare.segments.previewing.modes import clean_key, with_key
from wagtail_medborgare.segments.previewing.objects import (
    edit_url,
    get_previewable,
    preview_url,
    saved_preview_url,
)
from wagtail_medborgare.segments.previewing.people import (
    described,
    known_key,
    somebody,
)
from wagtail_medborgare.segments.previewing.picker import Picker


@dataclass(frozen=True)
class Side:
    """One of the two: who it is, where to pick another, and the preview's address."""

    heading: str
    sentence: str
    picker: Picker
    url: str


class CompareView(WagtailAdminTemplateMixin, TemplateView):
    """Two previews at once: ``left`` and ``right`` are keys of whom (``modes``).

    With ``unsaved``, the form's own preview with all that is typed in it; that one needs
    an open form. Without, what was last saved.
    """

    http_method_names = ["get", "head"]
    template_name = "medborgare_segments/admin/previewing/compare.html"
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = get_previewable(
            request.user, kwargs["app_label"], kwargs["model_name"], kwargs["pk"]
        )

    @property
    def shows_unsaved(self) -> bool:
        return "unsaved" in self.request.GET

    def get_page_title(self) -> str:
        return _("Compare two residents")

    def get_page_subtitle(self) -> str:
        return str(get_latest_str(self.object))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": edit_url(self.object), "label": self.get_page_subtitle()},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sides = [self._side("left", _("Left")), self._side("right", _("Right"))]
        context = super().get_context_data(**kwargs)
        context["sides"] = sides
        context["shows_unsaved"] = self.shows_unsaved
        context["media"] = sides[0].picker.media
        return context

    def _side(self, name: str, heading: str) -> Side:
        key = known_key(clean_key(self.request.GET.get(name, "")))
        # In its panel Wagtail leaves the user bar out.
        query = {
            "mode": with_key(self.object.default_preview_mode, key),
            "in_preview_panel": "true",
        }
        address = preview_url if self.shows_unsaved else saved_preview_url
        return Side(
            heading,
            described(somebody(key)),
            Picker(name, heading, key=key),
            f"{address(self.object)}?{urlencode(query)}",
        )


@method_decorator(xframe_options_sameorigin_override, name="get")
class SavedPreviewView(View):
    """The preview of what was last saved; Wagtail has none that fits in a frame."""

    http_method_names = ["get"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = get_previewable(
            request.user, kwargs["app_label"], kwargs["model_name"], kwargs["pk"]
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mode = request.GET.get("mode", self.object.default_preview_mode)
        attrs = {"in_preview_panel": True, "is_editing": True}
        response: HttpResponseBase = self.object.make_preview_request(
            request, mode, attrs
        )
        return response
