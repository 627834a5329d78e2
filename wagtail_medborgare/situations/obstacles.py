"""Why something cannot be tagged together with others, asked for many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.locks import BasicLock
from wagtail.models import Revision, WorkflowState

NO_SITUATIONS = _("Pages of this kind have no situations.")
IS_ALIAS = _("It is an alias: change the page that it mirrors.")
IS_LOCKED = _("Somebody has locked it.")
IN_WORKFLOW = _("It is waiting for approval.")
IS_SCHEDULED = _("A change to it is scheduled.")


@dataclass(frozen=True)
class LeftOut:
    """Something that the user may change, but not like this."""

    item: Any
    reason: str | Promise


@dataclass
class SortedOut:
    """What can be changed, and what cannot."""

    changeable: list[Any] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    not_permitted: int = 0
    """Told as a number: who may not change something need not know what it is called."""


def sort_out(
    items: Sequence[Any], user: Any, *, may_change: Callable[[Any], bool]
) -> SortedOut:
    """Part items into those that can be tagged and those that cannot, with reasons.

    Two queries for items of one kind, however many there are.
    """
    waiting = _keys_of(WorkflowState.objects.active(), items)
    scheduled = _keys_of(
        Revision.objects.filter(approved_go_live_at__isnull=False), items
    )
    found = SortedOut()
    for item in items:
        if not may_change(item):
            found.not_permitted += 1
            continue
        reason = _own_reason(item, user)
        if reason is None and str(item.pk) in waiting:
            reason = IN_WORKFLOW
        if reason is None and str(item.pk) in scheduled:
            reason = IS_SCHEDULED
        if reason is None:
            found.changeable.append(item)
        else:
            found.left_out.append(LeftOut(item, reason))
    return found


def _own_reason(item: Any, user: Any) -> str | Promise | None:
    """Return what the item itself says, without a query."""
    if not hasattr(item, "life_situations"):
        return NO_SITUATIONS
    if getattr(item, "alias_of_id", None):
        return IS_ALIAS
    if item.locked and BasicLock(item).for_user(user):
        return IS_LOCKED
    return None


def _keys_of(rows: Any, items: Sequence[Any]) -> set[str]:
    if not items:
        return set()
    base = items[0].get_base_content_type()
    assert isinstance(base, ContentType)  # noqa: S101  (all are of one base type)
    keys = [str(item.pk) for item in items]
    found = rows.filter(base_content_type=base, object_id__in=keys)
    return set(found.values_list("object_id", flat=True))
