"""Where Wagtail 7.4 and 8.0 keep the permission policy of a model."""

from typing import Any

from django.db.models import Model
from wagtail import VERSION as WAGTAIL_VERSION
from wagtail.permission_policies import BasePermissionPolicy

ASKS_THE_POLICY_IN_BULK = WAGTAIL_VERSION >= (8, 0)
"""Does Wagtail's bulk delete of snippets ask the policy about each object?"""


def register_policy(model: type[Model], policy: BasePermissionPolicy) -> None:
    """Register the policy of a model; call before its viewset is registered.

    Before 8.0 the attribute ``permission_policy`` of the viewset is all there is.
    Remove when 8.0 is the oldest Wagtail supported.
    """
    if WAGTAIL_VERSION >= (8, 0):
        from wagtail.permissions import (  # type: ignore[attr-defined] # since 8.0
            register_permission_policy,
        )

        register_permission_policy(model, policy, exact_class=True)


def policy_of(model: Any) -> Any:
    """Return the policy of a model that is registered as a snippet."""
    if WAGTAIL_VERSION >= (8, 0):
        from wagtail.permissions import (  # type: ignore[attr-defined] # since 8.0
            policy_registry,
        )

        return policy_registry.get_by_type(model)
    return model.snippet_viewset.permission_policy
