from copy import copy
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.situations.bulk_actions.pages import (
    AddSituationsToPages,
    RemoveSituationsFromPages,
)
from wagtail_medborgare.situations.merging import SITUATION_MERGED
from wagtail_medborgare.situations.suggesting.pages import PageSuggestionsView
from wagtail_medborgare.situations.suggesting.views import SuggestionsView
from wagtail_medborgare.situations.tagging import SITUATIONS_CHANGED
from wagtail_medborgare.situations.viewsets import LifeSituationViewSet, PersonaViewSet

register_snippet(LifeSituationViewSet)
register_snippet(PersonaViewSet)

hooks.register("register_bulk_action", AddSituationsToPages)
hooks.register("register_bulk_action", RemoveSituationsFromPages)

# A site may leave either out.
if apps.is_installed("wagtail.documents") and apps.is_installed("wagtail.images"):
    from wagtail.documents.views.documents import IndexView as DocumentList
    from wagtail.images.views.images import IndexView as ImageList

    from wagtail_medborgare.situations import file_filters
    from wagtail_medborgare.situations.bulk_actions import files

    file_filters.add_to(DocumentList)
    file_filters.add_to(ImageList)
    for action in (
        files.AddSituationsToDocuments,
        files.RemoveSituationsFromDocuments,
        files.AddSituationsToImages,
        files.RemoveSituationsFromImages,
    ):
        hooks.register("register_bulk_action", action)


SuggestionsView.lists.append(PageSuggestionsView)


class SuggestionsMenuItem(MenuItem):
    """Leads to the first list that somebody may see; the others are tabs beside it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(each.may_see(request.user) for each in SuggestionsView.lists)

    def render_component(self, request: HttpRequest) -> Any:
        own = [each for each in SuggestionsView.lists if each.may_see(request.user)]
        # The item is shared by all requests; where it leads is not.
        shown = copy(self)
        shown.url = reverse(own[0].url_name)
        return MenuItem.render_component(shown, request)


@hooks.register("register_admin_urls")
def register_page_suggestions() -> list[URLResolver]:
    view = PageSuggestionsView.as_view()
    urls = [path("suggestions/pages/", view, name="suggestions")]
    return [path("medborgare/", include((urls, "medborgare_situations_admin")))]


@hooks.register("register_medborgare_menu_item")
def register_suggestions_menu_item() -> MenuItem:
    return SuggestionsMenuItem(
        gettext_lazy("Suggestions"),
        reverse(PageSuggestionsView.url_name),
        name="medborgare-suggestions",
        icon_name="tag",
        order=400,
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    @actions.register_action(SITUATIONS_CHANGED)
    class SituationsChanged(LogFormatter):
        label = gettext_lazy("Situations changed")

        def format_message(self, log_entry: Any) -> str:
            added = ", ".join(log_entry.data.get("added", ()))
            removed = ", ".join(log_entry.data.get("removed", ()))
            if added:
                return _("Situations added: %(names)s") % {"names": added}
            return _("Situations removed: %(names)s") % {"names": removed}

    @actions.register_action(SITUATION_MERGED)
    class SituationMerged(LogFormatter):
        label = gettext_lazy("Merged")

        def format_message(self, log_entry: Any) -> str:
            return _("“%(merged)s” was merged into this one") % {
                "merged": log_entry.data.get("merged", "")
            }
