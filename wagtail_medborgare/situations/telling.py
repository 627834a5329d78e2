"""Tell editors what became of many things that were tagged at once."""

from typing import Any

from django.utils.translation import ngettext
from wagtail.admin import messages

from wagtail_medborgare.situations.tagging import Outcome, Outcomes


def changed(outcomes: Outcomes) -> str:
    """Say how many changed, and tell apart what residents see from drafts."""
    parts = [
        ngettext("%(count)d was changed.", "%(count)d were changed.", outcomes.changed)
        % {"count": outcomes.changed}
    ]
    drafts = outcomes.of(Outcome.DRAFT)
    if drafts:
        parts.append(
            ngettext(
                "%(count)d of them is a draft that waits to be published.",
                "%(count)d of them are drafts that wait to be published.",
                drafts,
            )
            % {"count": drafts}
        )
    same = outcomes.of(Outcome.UNCHANGED)
    if same:
        parts.append(
            ngettext("%(count)d was so already.", "%(count)d were so already.", same)
            % {"count": same}
        )
    return " ".join(parts)


def warn(request: Any, outcomes: Outcomes) -> bool:
    """Warn of what was to be changed and could not be; say whether there was any."""
    invalid = outcomes.of(Outcome.INVALID)
    if invalid:
        messages.warning(
            request,
            ngettext(
                "%(count)d could not be saved: open it to see what is wrong with it.",
                "%(count)d could not be saved: open them to see what is wrong.",
                invalid,
            )
            % {"count": invalid},
        )
    left_out = outcomes.of(Outcome.LEFT_OUT)
    if left_out:
        messages.warning(
            request,
            ngettext(
                "%(count)d was left out: it is locked, waits for approval or for a "
                "scheduled change, or has been deleted.",
                "%(count)d were left out: they are locked, wait for approval or for a "
                "scheduled change, or have been deleted.",
                left_out,
            )
            % {"count": left_out},
        )
    return bool(invalid or left_out)
