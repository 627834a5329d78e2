"""The blocks of this room: services for you, and the modules of My services."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, IntegerBlock, StructBlock

from wagtail_medborgare.segments.blocks import ForYouBlock
from wagtail_medborgare.segments.blocks.personalised import visitor_in


def module_choices() -> list[tuple[str, Any]]:
    """Return the kinds that the installed rooms and the site offer."""
    from wagtail_medborgare.services.modules import module_kinds

    return [(kind.name, kind.label) for kind in module_kinds().values()]


class ModuleBlock(StructBlock):
    """One module of My services; what it can be is resolved when it renders.

    So installing or leaving out a room never changes a site's migrations.
    """

    kind = ChoiceBlock(choices=module_choices, label=_("Module"))
    heading = CharBlock(
        label=_("Heading"),
        required=False,
        max_length=120,
        help_text=_("Leave it empty for the usual one."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Module")
        label_format = "{kind} {heading}"
        description = _(
            "One part of My services; residents see it where it has something."
        )
        template = "medborgare_services/blocks/module_block.html"
        preview_template = "medborgare_services/blocks/module_preview.html"

    def get_preview_context(self, value: Any, parent_context: Any = None) -> Any:
        """Tell an editor what there is to choose."""
        context = super().get_preview_context(value, parent_context=parent_context)
        return {**context, "kinds": module_choices()}

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        from wagtail_medborgare.services.modules import rendered_module

        context = super().get_context(value, parent_context=parent_context)
        context["module"] = rendered_module(
            value["kind"],
            request=(parent_context or {}).get("request"),
            heading=value["heading"],
        )
        return context


class ServicesForYouBlock(ForYouBlock):
    """Services for what the visitor has chosen."""

    heading = CharBlock(
        label=_("Heading"), required=False, default=_("Services for you")
    )
    limit = IntegerBlock(
        label=_("How many for each situation"), default=5, min_value=1, max_value=25
    )

    class Meta:
        icon = "list-ul"
        label = _("Services for you")
        group = _("Life situations")
        description = _("Services for the situations that the visitor has chosen.")
        template = "medborgare_services/blocks/services_for_you_block.html"
        preview_value = {"heading": _("Services for you"), "limit": 5}

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        from wagtail_medborgare.services.addresses import MY_SERVICES, page_url
        from wagtail_medborgare.services.suggestions import services_for_visitor

        context = super().get_context(value, parent_context=parent_context)
        request = parent_context.get("request") if parent_context else None
        context["groups"] = services_for_visitor(
            visitor_in(parent_context), request=request, limit=value["limit"]
        )
        context["shown_at_first"] = value["limit"]
        context["my_services_url"] = page_url(MY_SERVICES, request)
        return context


class DeadlinesForYouBlock(ForYouBlock):
    """Dates that matter to what the visitor has chosen, the nearest first."""

    heading = CharBlock(
        label=_("Heading"), required=False, default=_("Right now for you")
    )
    limit = IntegerBlock(label=_("How many"), default=4, min_value=1, max_value=20)

    class Meta:
        icon = "date"
        label = _("Dates for you")
        group = _("Life situations")
        description = _("Last days that are coming up for the chosen situations.")
        template = "medborgare_services/blocks/deadlines_for_you_block.html"
        preview_value = {"heading": _("Right now for you"), "limit": 4}

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        from wagtail_medborgare.services.suggestions import deadlines_for_visitor

        context = super().get_context(value, parent_context=parent_context)
        request = parent_context.get("request") if parent_context else None
        context["items"] = deadlines_for_visitor(
            visitor_in(parent_context), request=request, limit=value["limit"]
        )
        return context
