"""The form of a module: what belongs to the chosen kind, and nothing else."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    ObjectList,
    PublishingPanel,
)

from wagtail_medborgare.services.unit_modules.base import unit_module_kinds
from wagtail_medborgare.services.unit_modules.forms import ModuleForm
from wagtail_medborgare.situations.panels import situation_panels


class _ShownByKind:
    """A bound panel that only some kinds use: Wagtail's ``w-rules`` shows and hides it.

    Which kinds these are is asked when the form is shown, so that a site's own kinds are
    among them. Without a script all fields stand there, and the server judges.
    """

    panel: Any
    form: Any

    def used(self) -> str:
        """Return the name of the field or list that stands in it."""
        raise NotImplementedError

    @property
    def attrs(self) -> dict[str, str]:
        kinds = [
            name
            for name, kind in unit_module_kinds().items()
            if self.used() in kind.fields
        ]
        return {
            **self.panel.attrs,
            "data-w-rules-target": "show",
            "data-w-rules": json.dumps({"kind": kinds}),
            **({} if self.form["kind"].value() in kinds else {"hidden": "hidden"}),
        }


class KindFieldPanel(FieldPanel):
    """A field that only some kinds use."""

    class BoundPanel(_ShownByKind, FieldPanel.BoundPanel):
        def used(self) -> str:
            return str(self.panel.field_name)


class KindInlinePanel(InlinePanel):
    """A list that only some kinds use."""

    class BoundPanel(_ShownByKind, InlinePanel.BoundPanel):
        def used(self) -> str:
            return str(self.panel.relation_name)


module_form = ObjectList(
    [
        FieldPanel("title"),
        FieldPanel("kind"),
        FieldPanel("unit"),
        *situation_panels(),
        KindFieldPanel("text"),
        KindInlinePanel("links", heading=_("Links"), label=_("Link")),
        KindInlinePanel("service_items", heading=_("Services"), label=_("Service")),
        KindFieldPanel("feed_url"),
        KindFieldPanel("feed_limit"),
        KindInlinePanel(
            "opening_hours",
            heading=_("Opening hours"),
            label=_("Day"),
            help_text=_(
                "A day may stand here more than once. It closes at 00:00 when it is open "
                "until midnight."
            ),
        ),
        KindInlinePanel("closed_days", heading=_("Closed days"), label=_("Closed day")),
        PublishingPanel(),
    ],
    base_form_class=ModuleForm,
    attrs={"data-controller": "w-rules", "data-action": "change->w-rules#resolve"},
)
