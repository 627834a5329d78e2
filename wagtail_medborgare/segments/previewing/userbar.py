"""In the user bar of a public page: see it as somebody else, and the way back."""

from typing import Any

from django.utils.safestring import SafeString
from wagtail.admin.userbar import BaseItem
from wagtail.models import Page

from wagtail_medborgare.segments.previewing.objects import may_preview
from wagtail_medborgare.segments.previewing.people import described
from wagtail_medborgare.visitors.previews import is_preview, preview_as_of


class SeeAsItem(BaseItem):  # type: ignore[misc]  # Wagtail has no types
    """A link to see this page as somebody; nothing for those who may not edit it."""

    template_name = "medborgare_segments/admin/previewing/userbar_see_as.html"

    def __init__(self, page: Page) -> None:
        self.page = page

    def render_html(self, parent_context: Any = None) -> SafeString | str:
        request = parent_context["request"]
        if is_preview(request) or not self.page.pk or not self.page.live:
            return ""
        if not may_preview(request.user, self.page):
            return ""
        html: SafeString = super().render_html(parent_context)
        return html


class ShownAsItem(BaseItem):  # type: ignore[misc]  # Wagtail has no types
    """As whom a preview is shown; with the way back where one sees the published page."""

    template_name = "medborgare_segments/admin/previewing/userbar_shown_as.html"

    def render_html(self, parent_context: Any = None) -> SafeString | str:
        request = parent_context["request"]
        if not is_preview(request):
            return ""
        html: SafeString = super().render_html(parent_context)
        return html

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        request = parent_context["request"]
        who = preview_as_of(request)
        context["label"] = who.label
        context["described"] = described(who)
        context["seen_as"] = getattr(request, "seen_as", None)
        return context


def add_to_userbar(request: Any, items: list[Any], page: Any) -> None:
    """Add ours to the user bar of a page (``construct_wagtail_userbar``)."""
    if getattr(request, "in_preview_panel", False) or not isinstance(page, Page):
        return
    items.extend([SeeAsItem(page), ShownAsItem()])
