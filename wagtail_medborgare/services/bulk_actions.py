"""Tag many services at once."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.search.backends import get_search_backend
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from wagtail_medborgare.services.filters import ServiceFilterSet
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.situations.bulk_actions.base import (
    AddsSituations,
    RemovesSituations,
    SituationsAction,
)
from wagtail_medborgare.situations.obstacles import SortedOut, sort_out
from wagtail_medborgare.situations.tagging import Change, Outcome, change_situations


class ServiceSituations(SituationsAction, SnippetBulkAction):
    """Change the situations of chosen services."""

    models = [Service]

    @cached_property
    def policy(self) -> Any:
        """Return who may do what: the listing's own answer, asked of each service."""
        return Service.snippet_viewset.permission_policy  # type: ignore[attr-defined]

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Sequence[int]:
        """Return what the list shows: “all” means what was searched and filtered."""
        shown = ServiceFilterSet(
            self.request.GET, queryset=Service.objects.all(), request=self.request
        )
        services = shown.qs.distinct()
        query = self.request.GET.get("q", "")
        if query:
            found = get_search_backend().autocomplete(query, Service)
            services = services.filter(pk__in=[item.pk for item in found[:_MOST_FOUND]])
        return list(services.order_by("pk").values_list("pk", flat=True))

    def sort_out(self) -> SortedOut:
        object_ids: Sequence[Any] = self.request.GET.getlist("id")
        if "all" in object_ids:
            object_ids = self.get_all_objects_in_listing_query(None)
        services = Service.objects.filter(pk__in=list(object_ids))
        user = self.request.user
        return sort_out(
            list(services.select_related("unit").order_by("name", "pk")),
            user,
            may_change=lambda service: self.policy.user_has_permission_for_instance(
                user, "change", service
            ),
        )

    def change_one(self, item: Any, change: Change) -> Outcome:
        user = self.request.user
        can_publish = self.policy.user_has_permission_for_instance(
            user, "publish", item
        )
        return change_situations(item, change, user=user, can_publish=can_publish)


_MOST_FOUND = 10_000


class AddSituationsToServices(AddsSituations, ServiceSituations):
    aria_label = _("Add situations to the selected services")


class RemoveSituationsFromServices(RemovesSituations, ServiceSituations):
    aria_label = _("Remove situations from the selected services")
