"""What an editor is told about audiences that no longer exist."""

from typing import Any

from django.db.models import Exists, OuterRef
from wagtail.admin.ui.components import Component
from wagtail.models import Page, PageLogEntry
from wagtail.query import PageQuerySet

from wagtail_medborgare.segments.actions import AUDIENCE_LOST


def pages_with_lost_audiences() -> PageQuerySet:
    """Return the pages not published since something their blocks are for was deleted."""
    entries: Any = PageLogEntry.objects
    published = entries.filter(
        page=OuterRef("page"),
        action="wagtail.publish",
        timestamp__gt=OuterRef("timestamp"),
    )
    lost = entries.filter(action=AUDIENCE_LOST)
    return Page.objects.filter(
        pk__in=lost.exclude(Exists(published)).values("page")
    ).order_by("title")


class LostAudiencesPanel(Component):
    """On the dashboard: blocks that nobody sees, because their audience is gone."""

    name = "medborgare_lost_audiences"
    template_name = "medborgare_segments/admin/lost_audiences.html"
    order = 250

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        pages = [
            page
            for page in pages_with_lost_audiences()[:20]
            if page.permissions_for_user(user).can_edit()
        ]
        return {"pages": pages}
