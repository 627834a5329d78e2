"""The form of a module: what belongs to the chosen kind, and nothing else."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
)

from wagtail_medborgare.services.unit_modules.base import unit_module_kinds
from wagtail_medborgare.services.unit_modules.forms import ModuleForm
from wagtail_medborgare.situations.panels import situation_panels


class KindPanel(MultiFieldPanel):
    """Fields that only some kinds use: Wagtail's ``w-rules`` shows and hides them.

    Which kinds these are is asked when the form is shown, so that a site's own kinds are
    among them. Without a script all fields stand there, and the server judges.
    """

    def __init__(self, field: str, *args: Any, **kwargs: Any) -> None:
        self.field = field
        super().__init__(*args, **kwargs)

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "field": self.field}

    class BoundPanel(MultiFieldPanel.BoundPanel):
        @property
        def attrs(self) -> dict[str, str]:
            kinds = [
                name
                for name, kind in unit_module_kinds().items()
                if self.panel.field in kind.fields
            ]
            shown = bool(set(kinds) & set(self._chosen()))
            return {
                **self.panel.attrs,
                "data-w-rules-target": "show",
                "data-w-rules": json.dumps({"kind": kinds}),
                **({} if shown else {"hidden": "hidden"}),
            }

        def _chosen(self) -> list[str]:
            value = self.form["kind"].value()
            return [str(value)] if value else []


module_form = ObjectList(
    [
        FieldPanel("title"),
        FieldPanel("kind"),
        FieldPanel("unit"),
        *situation_panels(),
        KindPanel("text", [FieldPanel("text")], heading=_("Text")),
        KindPanel(
            "links",
            [InlinePanel("links", label=_("Link"))],
            heading=_("Links"),
        ),
        KindPanel(
            "service_items",
            [InlinePanel("service_items", label=_("Service"))],
            heading=_("Services"),
        ),
        KindPanel("feed_url", [FieldPanel("feed_url")], heading=_("Feed")),
        KindPanel("feed_limit", [FieldPanel("feed_limit")], heading=_("How many")),
        KindPanel(
            "opening_hours",
            [InlinePanel("opening_hours", label=_("Day"))],
            heading=_("Opening hours"),
        ),
        KindPanel(
            "closed_days",
            [InlinePanel("closed_days", label=_("Closed day"))],
            heading=_("Closed days"),
        ),
        PublishingPanel(),
    ],
    base_form_class=ModuleForm,
    attrs={"data-controller": "w-rules", "data-action": "change->w-rules#resolve"},
)
