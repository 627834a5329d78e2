"""The side panel “Who sees this”, for what can have blocks that only some see."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import Page

from wagtail_medborgare.segments.explaining import WhoSees, who_sees
from wagtail_medborgare.segments.explaining.things import has_personal_blocks


class WhoSeesSidePanel(BaseSidePanel):
    """Which blocks are not for everyone, and what that means for each situation."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle who sees this")  # type: ignore[assignment]  # lazy
        icon_name = "group"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            panel: Any = self.panel
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = len(panel.who_sees.unseen)
            return context

    name = "who-sees"
    title = _("Who sees this")
    template_name = "medborgare_segments/who_sees/panel.html"
    order = 250

    class Media:
        css = {"all": ["medborgare_segments/who_sees.css"]}
        js = ["medborgare_segments/who_sees.js"]

    def __init__(self, thing: Model, request: HttpRequest, *, url: str) -> None:
        super().__init__(thing, request)
        self.url = url

    @cached_property
    def who_sees(self) -> WhoSees:
        """What is told when the form is opened."""
        return who_sees(self.object)

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return {**context, "who_sees": self.who_sees, "url": self.url}


def make_panel(thing: Model, request: HttpRequest) -> WhoSeesSidePanel | None:
    """Return the panel for what is edited; None where all is for everyone."""
    if not has_personal_blocks(type(thing)):
        return None
    return WhoSeesSidePanel(thing, request, url=_url_for(thing, request))


def _url_for(thing: Model, request: HttpRequest) -> str:
    named = [thing._meta.app_label, thing._meta.model_name]
    if thing.pk is not None:
        return reverse("medborgare_who_sees:edit", args=[*named, thing.pk])
    if isinstance(thing, Page):
        match = request.resolver_match
        parent_pk = match.kwargs["parent_page_id"] if match else None
        return reverse("medborgare_who_sees:add_page", args=[*named, parent_pk])
    return reverse("medborgare_who_sees:add", args=named)
