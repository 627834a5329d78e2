"""How an editor says which situations something is about: cards, not a text box."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from wagtail_medborgare.situations.widgets import SituationCards


def situation_panels(
    *, field: str = "life_situations", with_section: bool = False
) -> list[Panel]:
    """Return the panels to add to a page's or a snippet's own."""
    children: list[Panel] = [
        FieldPanel(field, widget=SituationCards),
        SuggestionsPanel(),
    ]
    if with_section:
        children += [
            SectionsPanel(),
            FieldPanel("situations_leave_section"),
            FieldPanel("situations_cover_section"),
        ]
    return [MultiFieldPanel(children, heading=_("Life situations"), icon="group")]


class SuggestionsPanel(Panel):
    """What the saved text may be about, with the words that say so; adds nothing itself."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "medborgare_situations/panels/suggestions.html"
        instance: Any

        class Media:
            js = ["medborgare_situations/suggestions.js"]

        @cached_property
        def suggested(self) -> list[dict[str, Any]]:
            from wagtail_medborgare.situations.snapshot import situations
            from wagtail_medborgare.situations.suggesting.training import (
                suggestions_for,
            )

            if not self.instance.pk:
                return []
            by_pk = situations.get().by_pk
            return [
                {"situation": by_pk[item.label], "reasons": item.reasons}
                for item in suggestions_for(self.instance)
                if item.label in by_pk
            ]

        def is_shown(self) -> bool:
            return bool(self.suggested)


class SectionsPanel(Panel):
    """What comes from pages above, and how many pages beneath there are to hold for."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "medborgare_situations/panels/sections.html"
        instance: Any
        request: Any

        @cached_property
        def above(self) -> list[Any]:
            from wagtail_medborgare.situations.reach import sections_above

            parent = self._parent()
            return sections_above(parent, self.request.user) if parent else []

        @cached_property
        def count_beneath(self) -> int:
            from wagtail_medborgare.situations.reach import count_beneath

            return count_beneath(self.instance) if self.instance.pk else 0

        def is_shown(self) -> bool:
            return bool(self.above or self.count_beneath)

        def _parent(self) -> Any:
            if self.instance.pk:
                return self.instance.get_parent()
            from wagtail.models import Page

            # A page that is not saved yet has no place: its address names the parent.
            match = self.request.resolver_match
            parent_pk = match.kwargs.get("parent_page_id") if match else None
            return Page.objects.filter(pk=parent_pk).first() if parent_pk else None
