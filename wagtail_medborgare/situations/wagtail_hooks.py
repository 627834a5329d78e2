from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from wagtail_medborgare.situations.merging import SITUATION_MERGED
from wagtail_medborgare.situations.viewsets import LifeSituationViewSet

register_snippet(LifeSituationViewSet)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    @actions.register_action(SITUATION_MERGED)
    class SituationMerged(LogFormatter):
        label = gettext_lazy("Merged")

        def format_message(self, log_entry: Any) -> str:
            return _("“%(merged)s” was merged into this one") % {
                "merged": log_entry.data.get("merged", "")
            }
