"""The list of services with few situations."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail_medborgare.services.models import Service, TaggedService
from wagtail_medborgare.situations.suggesting.views import SuggestionsView


class ServiceSuggestionsView(SuggestionsView):
    """Published services that residents find by search only."""

    label = _("Services")
    url_name = "medborgare_services_admin:suggestions"

    @classmethod
    def may_see(cls, user: Any) -> bool:
        return bool(_policy().user_has_permission(user, "change"))

    def permitted(self) -> Any:
        services = _policy().instances_user_has_permission_for(
            self.request.user, "change"
        )
        return services.filter(live=True).order_by("name", "pk")

    def few(self, items: Any, most: int) -> Any:
        counted = items.annotate(count=Count("life_situation_items", distinct=True))
        return counted.filter(count__lte=most)

    def read(self, items: Sequence[Any]) -> list[Any]:
        keys = [service.pk for service in items]
        services = Service.objects.filter(pk__in=keys).order_by("name", "pk")
        return list(services.select_related("unit", "latest_revision"))

    def tags_of(self, items: Sequence[Any]) -> dict[int, set[int]]:
        tags: dict[int, set[int]] = {service.pk: set() for service in items}
        rows = TaggedService.objects.filter(content_object_id__in=list(tags))
        for service_pk, tag_pk in rows.values_list("content_object_id", "tag_id"):
            tags[service_pk].add(tag_pk)
        return tags

    def may_change(self, item: Any) -> bool:
        return bool(
            _policy().user_has_permission_for_instance(
                self.request.user, "change", item
            )
        )

    def can_publish(self, item: Any) -> bool:
        return bool(
            _policy().user_has_permission_for_instance(
                self.request.user, "publish", item
            )
        )

    def edit_url(self, item: Any) -> str:
        viewset = Service.snippet_viewset  # type: ignore[attr-defined]
        return reverse(viewset.get_url_name("edit"), args=[item.pk])


def _policy() -> Any:
    return Service.snippet_viewset.permission_policy  # type: ignore[attr-defined]
