"""What Wagtail asks about content that belongs to units."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from wagtail_medborgare.services.bulk_delete import DeleteOwnBulkAction
from wagtail_medborgare.services.compat import (
    ASKS_THE_POLICY_IN_BULK,
    policy_of,
    register_policy,
)
from wagtail_medborgare.services.groups import GroupUnitsForm
from wagtail_medborgare.services.models import Module, Service, Unit
from wagtail_medborgare.services.permissions import (
    UnitPermissionPolicy,
    module_permission_policy,
    service_permission_policy,
    unit_permission_policy,
)

register_policy(Service, service_permission_policy)
register_policy(Unit, unit_permission_policy)
register_policy(Module, module_permission_policy)

if not ASKS_THE_POLICY_IN_BULK:
    # After Wagtail's own, whose place it takes.
    hooks.register("register_bulk_action", DeleteOwnBulkAction, order=100)


@hooks.register("construct_snippet_action_menu")
def offer_what_one_may_do(
    menu_items: list[Any], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Wagtail offers to publish to whoever may publish something of the kind."""
    policy = policy_of(context["model"])
    instance = context.get("instance")
    if (
        isinstance(policy, UnitPermissionPolicy)
        and instance is not None
        and not policy.user_has_permission_for_instance(
            request.user, "publish", instance
        )
    ):
        refused = {"action-publish", "action-unpublish"}
        menu_items[:] = [item for item in menu_items if item.name not in refused]


@hooks.register("register_group_permission_panel")
def register_group_units() -> type[GroupUnitsForm]:
    return GroupUnitsForm
