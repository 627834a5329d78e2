"""In the user bar of a public page: see it as somebody else, and the way back."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.userbar import BaseItem
from wagtail.models import Page

from wagtail_medborgare.segments.previewing.objects import may_preview
from wagtail_medborgare.visitors.previews import is_preview, preview_as_of


class _Item(BaseItem):
    template_name = "medborgare_segments/admin/previewing/userbar_item.html"
    icon_name = "group"

    def get_text(self) -> str:
        raise NotImplementedError

    def get_url(self) -> str:
        raise NotImplementedError

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context.update(text=self.get_text(), url=self.get_url())
        return context


class SeeAsItem(_Item):
    """A link to see this page as somebody; nothing for those who may not edit it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def render_html(self, parent_context: Any = None) -> Any:
        if not self.page.live or not may_preview(
            parent_context["request"].user, self.page
        ):
            return ""
        return super().render_html(parent_context)

    def get_text(self) -> str:
        return _("See this page as…")

    def get_url(self) -> str:
        return see_as_url(self.page)


class ShownAsItem(_Item):
    """As whom a preview is shown; leads to the list where one came from there."""

    def __init__(self, request: HttpRequest, pick_url: str = "") -> None:
        self.who = preview_as_of(request)
        self.pick_url = pick_url

    def get_text(self) -> str:
        if not self.who.label:
            return _("Shown as: a visitor who has chosen nothing")
        return _("Shown as: %(name)s") % {"name": self.who.label}

    def get_url(self) -> str:
        return self.pick_url


class LeaveItem(_Item):
    """The way back to the published page; its script opens the user bar, as a sign."""

    icon_name = "cross"

    class Media:
        js = ["medborgare_segments/see_as.js"]

    def __init__(self, live_url: str) -> None:
        self.live_url = live_url

    def get_text(self) -> str:
        return _("Leave this view")

    def get_url(self) -> str:
        return self.live_url


def see_as_url(page: Page) -> str:
    """Return the address at which one picks as whom to see a published page."""
    return reverse("medborgare_segments_admin:see_as", args=[page.pk])


def add_to_userbar(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Add ours to the user bar of a page (``construct_wagtail_userbar``)."""
    if getattr(request, "in_preview_panel", False):
        return
    if not isinstance(page, Page) or page.pk is None:
        return
    leave_url = getattr(request, "leave_url", "")
    if leave_url:
        items.extend([ShownAsItem(request, see_as_url(page)), LeaveItem(leave_url)])
    elif is_preview(request):
        items.append(ShownAsItem(request))
    else:
        items.append(SeeAsItem(page))
