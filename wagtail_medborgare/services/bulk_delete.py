"""Bulk deletion that obeys the policy of each object."""

from typing import Any

from django.utils.functional import classproperty
from wagtail.snippets.bulk_actions.delete import (
    DeleteBulkAction,
)
from wagtail.snippets.models import get_snippet_models

from wagtail_medborgare.services.compat import policy_of
from wagtail_medborgare.services.owners import owner_field
from wagtail_medborgare.services.permissions import UnitPermissionPolicy


class DeleteOwnBulkAction(DeleteBulkAction):
    """Delete the chosen snippets that one may delete; name the others.

    Wagtail 7.4 asks once, for Django's permission on the model. Remove when 8.0, which
    asks the policy about each, is the oldest Wagtail supported.
    """

    @classproperty
    def models(cls) -> list[Any]:  # noqa: N805 - it is the class, as in Wagtail's own
        return [
            model
            for model in get_snippet_models()
            if isinstance(policy_of(model), UnitPermissionPolicy)
        ]

    def check_perm(self, snippet: Any) -> bool:
        # Just read from its row, so that its owner need not be read again.
        owner = getattr(snippet, owner_field(self.model))
        may = policy_of(self.model).user_has_permission_for_owner
        return bool(may(self.request.user, "delete", owner))
