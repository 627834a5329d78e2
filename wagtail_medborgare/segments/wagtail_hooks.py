from typing import Any

from django.urls import URLResolver, include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from wagtail_medborgare.segments import admin_urls, compat, parts
from wagtail_medborgare.segments.actions import AUDIENCE_LOST
from wagtail_medborgare.segments.page_cache import watching
from wagtail_medborgare.segments.panels import LostAudiencesPanel
from wagtail_medborgare.segments.previewing import hooks as previewing  # noqa: F401
from wagtail_medborgare.segments.who_sees import hooks as who_sees  # noqa: F401

compat.mend_hooks()

# Inside the check of view restrictions, next to the page itself.
hooks.register("on_serve_page", compat.serve_live_variant, order=1000)

# Outside the variants: which one is shown is personal, too.
hooks.register("on_serve_page", parts.serve_at_the_edge, order=900)

# Before all other hooks that may read something, and next to the page itself.
hooks.register("before_serve_page", watching.begin_with_page, order=-1000)
hooks.register("on_serve_page", watching.note_served_page, order=2000)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLResolver]:
    return [path("medborgare/", include(admin_urls))]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    @actions.register_action(AUDIENCE_LOST)
    class AudienceLost(LogFormatter):
        label = gettext_lazy("Audience deleted")

        def format_message(self, log_entry: Any) -> str:
            return _("“%(audience)s” was deleted: blocks made for it are hidden") % {
                "audience": log_entry.data.get("audience", "")
            }


@hooks.register("construct_homepage_panels")
def add_lost_audiences_panel(request: Any, panels: list[Any]) -> None:
    panels.append(LostAudiencesPanel())
