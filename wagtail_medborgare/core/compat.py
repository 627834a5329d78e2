"""Where the supported versions of Wagtail differ; newer branch first."""

from wagtail import VERSION as WAGTAIL_VERSION
from wagtail.permission_policies import ModelPermissionPolicy


def register_permission_policy(model: type, policy: ModelPermissionPolicy) -> None:
    """Make a policy the one that every admin view of the model asks.

    Wagtail 8.0 keeps a registry; 7.4 reads the policy from the viewset.
    """
    if WAGTAIL_VERSION >= (8, 0):
        from wagtail.permissions import register_permission_policy as register

        register(model, policy)
