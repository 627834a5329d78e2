from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.situations.bulk_actions.pages import (
    AddSituationsToPages,
    RemoveSituationsFromPages,
)
from wagtail_medborgare.situations.tagging import SITUATIONS_CHANGED
from wagtail_medborgare.situations.viewsets import LifeSituationViewSet

register_snippet(LifeSituationViewSet)

hooks.register("register_bulk_action", AddSituationsToPages)
hooks.register("register_bulk_action", RemoveSituationsFromPages)

# A site may leave either out.
if apps.is_installed("wagtail.documents") and apps.is_installed("wagtail.images"):
    from wagtail_medborgare.situations.bulk_actions import files

    for action in (
        files.AddSituationsToDocuments,
        files.RemoveSituationsFromDocuments,
        files.AddSituationsToImages,
        files.RemoveSituationsFromImages,
    ):
        hooks.register("register_bulk_action", action)


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
