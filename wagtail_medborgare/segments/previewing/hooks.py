"""Where an editor meets previews as somebody: beside the form, above it, on the page."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.side_panels import PreviewSidePanel
from wagtail.admin.widgets import Button
from wagtail.models import Page

from wagtail_medborgare.segments.previewing.objects import compare_url, may_preview
from wagtail_medborgare.segments.previewing.panel import PreviewAsSidePanel
from wagtail_medborgare.segments.previewing.userbar import add_to_userbar
from wagtail_medborgare.segments.side_panels import replace_side_panel

replace_side_panel(PreviewSidePanel, PreviewAsSidePanel.in_place_of)
hooks.register("construct_wagtail_userbar", add_to_userbar)


@hooks.register("register_page_header_buttons")
def add_compare_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Offer to compare two residents in the page's menu, to those who may edit it."""
    specific = page.specific
    if specific.is_previewable() and may_preview(user, page):
        yield Button(
            _("Compare two residents"),
            compare_url(specific),
            icon_name="group",
            priority=75,
        )
