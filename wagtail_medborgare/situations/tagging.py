"""Change the situations of what is published: the live row and the draft, each on its own.

Somebody's draft is never published by this, and never lost: what is live gets a revision
of its own, and the draft a new one after it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log

from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.obstacles import sort_out

SITUATIONS_CHANGED = "medborgare.situations"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be ticked and what unticked; the rest stays as it is."""

    add: Collection[LifeSituation] = ()
    remove: Collection[LifeSituation] = ()

    def applied_to(self, tags: set[int]) -> set[int]:
        """Return the keys after the change."""
        return (tags | {item.pk for item in self.add}) - {
            item.pk for item in self.remove
        }

    def as_data(self) -> dict[str, list[str]]:
        """Return what the log keeps: names, which outlive the situations."""
        return {
            "added": [item.name for item in self.add],
            "removed": [item.name for item in self.remove],
        }


class Outcome(Enum):
    """What became of one item."""

    UNCHANGED = "unchanged"
    PUBLISHED = "published"
    DRAFT = "draft"
    INVALID = "invalid"
    LEFT_OUT = "left out"


@dataclass
class Outcomes:
    """How many items came out how."""

    counts: dict[Outcome, int] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome] = self.counts.get(outcome, 0) + 1

    def of(self, outcome: Outcome) -> int:
        return self.counts.get(outcome, 0)

    @property
    def changed(self) -> int:
        return self.of(Outcome.PUBLISHED) + self.of(Outcome.DRAFT)


def change_situations(
    instance: Any, change: Change, *, user: Any, can_publish: bool
) -> Outcome:
    """Tag a page or a service, as its specific class, as far as ``user`` may.

    What is live changes at once where the user may publish, and a draft that waits is
    kept. Who may not publish leaves a draft. Nothing is written where nothing changes.

    ``instance`` says only which one: hundreds are read before the first is written, and
    what a colleague has saved since must neither be reverted nor buried.
    """
    try:
        with transaction.atomic():
            fresh = _locked(instance)
            if fresh is None or not _may_still_change(fresh, user):
                return Outcome.LEFT_OUT
            return _change(fresh, change, user, can_publish)
    except ValidationError:
        # Saved long ago, under other rules: somebody has to open it and look.
        return Outcome.INVALID


def _locked(instance: Any) -> Any:
    """Read it again, and let nobody else save it until this is done; None if deleted.

    A page is two rows, and both are locked: the lock holds for whatever is joined. SQLite
    locks no rows; it lets one write at a time, and what is read here is new all the same.
    """
    # What may be missing cannot be locked: only the rows of the object itself are joined.
    rows = type(instance)._base_manager.select_related(None).select_for_update()
    return rows.in_bulk([instance.pk]).get(instance.pk)


def _may_still_change(instance: Any, user: Any) -> bool:
    """Say whether nobody has locked it, sent it for approval or scheduled it meanwhile."""
    return bool(sort_out([instance], user, may_change=lambda item: True).changeable)


def _change(instance: Any, change: Change, user: Any, can_publish: bool) -> Outcome:
    draft = _draft_of(instance)
    is_waiting = draft is not None
    outcome = Outcome.UNCHANGED
    if instance.live and can_publish and _tag(instance, change):
        revision = instance.save_revision(user=user, clean=False)
        revision.publish(user=user)
        outcome = Outcome.PUBLISHED
    elif not is_waiting:
        draft = instance
    if draft is not None and _tag(draft, change):
        draft.save_revision(user=user, clean=False)
        outcome = Outcome.DRAFT if outcome is Outcome.UNCHANGED else outcome
    elif is_waiting and outcome is Outcome.PUBLISHED:
        # The draft said so already, but what is live has now a newer revision than it.
        draft.save_revision(user=user, clean=False)
    if outcome is not Outcome.UNCHANGED:
        log(
            instance=instance,
            action=SITUATIONS_CHANGED,
            user=user,
            data=change.as_data(),
        )
    return outcome


def _draft_of(instance: Any) -> Any:
    """Return what waits to be published, None where nothing does."""
    if not instance.has_unpublished_changes or instance.latest_revision is None:
        return None
    return instance.latest_revision.as_object()


def _tag(instance: Any, change: Change) -> bool:
    """Tick and untick in memory; say whether anything is different now."""
    before = {item.tag_id for item in instance.life_situation_items.all()}
    after = change.applied_to(before)
    if after == before:
        return False
    instance.life_situations.add(*[tag for tag in change.add if tag.pk not in before])
    # taggit removes by name.
    instance.life_situations.remove(*[tag.name for tag in change.remove])
    return True
