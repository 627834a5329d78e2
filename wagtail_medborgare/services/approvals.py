"""Who approves what a unit publishes."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.models import Page, TaskState

from wagtail_medborgare.services.compat import policy_of
from wagtail_medborgare.services.models.ownership import GroupUnit
from wagtail_medborgare.services.owners import (
    owner_field,
    owner_of,
    owner_of_draft,
    owners_of_pages,
)
from wagtail_medborgare.services.page_permissions import can_publish_for_all_units
from wagtail_medborgare.services.permissions import UnitPermissionPolicy
from wagtail_medborgare.services.rights import rights_of


def approving_groups(units: Collection[int | None]) -> dict[int, set[int]]:
    """Return the groups that approve for each unit; one without members is nobody."""
    found: dict[int, set[int]] = defaultdict(set)
    links = GroupUnit.objects.filter(
        unit__in=[pk for pk in units if pk is not None],
        may_approve=True,
        group__user__is_active=True,
    )
    for unit_pk, group_pk in links.values_list("unit_id", "group_id").distinct():
        found[unit_pk].add(group_pk)
    return found


def approvers(thing: Any) -> QuerySet[Any]:
    """Return those who approve something, superusers apart; none where nobody does."""
    groups = approving_groups([owner_of(thing)])
    users = get_user_model()._default_manager.filter(is_active=True)
    return users.filter(groups__in=set().union(*groups.values())).distinct()


def is_approved_by_unit(thing: Any) -> bool:
    """Say whether the owning unit has anybody who approves."""
    return bool(approving_groups([owner_of(thing)]))


def may_approve(user: Any, thing: Any) -> bool:
    """Say whether somebody may approve something.

    Those whose group approves for the owning unit, and for the one that the draft names:
    nobody gives something to a unit past those who approve for it. Where nobody does,
    those who may publish for all units. Superusers always.
    """
    if not user.is_active:
        return False
    owners = {owner_of(thing), owner_of_draft(thing)}
    return bool(
        user.is_superuser
        or all(_approved_by(user, [(thing, owner)]) for owner in owners)
    )


def states_to_approve(user: Any, states: QuerySet[TaskState]) -> list[int]:
    """Return the keys of those states in progress whose object a user may approve.

    The number of queries does not grow with the states.
    """
    waiting = states.filter(status=TaskState.STATUS_IN_PROGRESS)
    if not user.is_active:
        return []
    if user.is_superuser:
        return list(waiting.values_list("pk", flat=True))
    found = waiting.select_related("workflow_state").prefetch_related(
        "workflow_state__content_object"
    )
    things = {
        state.pk: state.workflow_state.content_object
        for state in found
        if state.workflow_state.content_object is not None
    }
    owners = _owners_of_rows(list(things.values()))
    approved = {id(thing) for thing in _approved_by(user, owners)}
    return [pk for pk, thing in things.items() if id(thing) in approved]


def _approved_by(user: Any, owned: list[tuple[Any, int | None]]) -> list[Any]:
    groups = approving_groups({owner for _thing, owner in owned})
    mine = rights_of(user).units_of_group.keys()
    return [
        thing
        for thing, owner in owned
        if (
            groups[owner] & mine
            if owner is not None and owner in groups
            else _publishes_for_all_units(user, thing)
        )
    ]


def _owners_of_rows(things: list[Any]) -> list[tuple[Any, int | None]]:
    """Return objects that were just read, each with its unit."""
    of_pages = owners_of_pages([thing for thing in things if isinstance(thing, Page)])
    return [
        (
            thing,
            of_pages[thing.path]
            if isinstance(thing, Page)
            else getattr(thing, owner_field(type(thing)), None),
        )
        for thing in things
    ]


def _publishes_for_all_units(user: Any, thing: Any) -> bool:
    if isinstance(thing, Page):
        return can_publish_for_all_units(user, thing)
    policy = policy_of(type(thing))
    if isinstance(policy, UnitPermissionPolicy):
        return policy.user_has_permission_everywhere(user, "publish")
    return bool(policy.user_has_permission_for_instance(user, "publish", thing))


def to_be_told(thing: Any, *, superusers: bool) -> QuerySet[Any]:
    """Return who gets a mail when something waits: the approvers, or who stands in."""
    chosen = Q(pk__in=approvers(thing).values("pk"))
    if superusers or not is_approved_by_unit(thing):
        chosen |= Q(is_superuser=True)
    return get_user_model()._default_manager.filter(chosen, is_active=True)
