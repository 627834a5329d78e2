"""Blocks to place: each asks the visitor itself, and says why it shows what it shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, StructBlock
from wagtail.models import Site

from wagtail_medborgare.segments.blocks.personalised import (
    PREVIEW,
    PersonalPartMixin,
    visitor_in,
)
from wagtail_medborgare.segments.suggestions import next_steps, pages_for_visitor
from wagtail_medborgare.visitors.chooser import chooser_context
from wagtail_medborgare.visitors.visitor import Visitor


class SituationChooserBlock(PersonalPartMixin, StructBlock):
    """The chooser: “What is going on in your life?”"""

    heading = CharBlock(
        label=_("Heading"), required=False, default=_("What is going on in your life?")
    )
    intro = CharBlock(
        label=_("Introduction"),
        required=False,
        default=_(
            "Choose what fits, and we show what matters to you. "
            "We keep nothing about you."
        ),
    )
    first = IntegerBlock(
        label=_("How many to show at first"), default=6, min_value=1, max_value=40
    )

    class Meta:
        icon = "group"
        label = _("Situation chooser")
        group = _("Life situations")
        description = _("Lets visitors say what is going on in their life.")
        template = "medborgare_segments/blocks/situation_chooser_block.html"
        preview_template = PREVIEW
        preview_value = {
            "heading": _("What is going on in your life?"),
            "intro": "",
            "first": 6,
        }

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context.update(
            chooser_context(visitor_in(parent_context), first=value["first"])
        )
        return context


class ForYouBlock(PersonalPartMixin, StructBlock):
    """Base class for blocks that have nothing to say to a visitor who chose nothing."""

    class Meta:
        # In the menu of blocks nobody has chosen anything: say what it will show.
        preview_template = "medborgare_segments/blocks/for_you_preview.html"

    def is_visible(self, value: Any, visitor: Visitor) -> bool:
        """Say whether this visitor has chosen anything."""
        return bool(visitor.situations)


class PagesForYouBlock(ForYouBlock):
    """The pages that are tagged with what the visitor has chosen."""

    heading = CharBlock(label=_("Heading"), required=False, default=_("Pages for you"))
    limit = IntegerBlock(label=_("How many"), default=6, min_value=1, max_value=50)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Pages for you")
        group = _("Life situations")
        description = _("Pages about the situations that the visitor has chosen.")
        template = "medborgare_segments/blocks/pages_for_you_block.html"
        preview_value = {"heading": _("Pages for you"), "limit": 6}

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        request = parent_context.get("request") if parent_context else None
        site = Site.find_for_request(request) if request else None
        context["items"] = pages_for_visitor(
            visitor_in(parent_context), site=site, limit=value["limit"]
        )
        return context


class WhatComesNextBlock(ForYouBlock):
    """What usually comes next in the life that the visitor lives."""

    heading = CharBlock(
        label=_("Heading"), required=False, default=_("What usually comes next")
    )

    class Meta:
        icon = "arrow-right"
        label = _("What comes next")
        group = _("Life situations")
        description = _("What usually follows on the chosen situations, and when.")
        template = "medborgare_segments/blocks/what_comes_next_block.html"
        preview_value = {"heading": _("What usually comes next")}

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context["items"] = next_steps(visitor_in(parent_context))
        return context
