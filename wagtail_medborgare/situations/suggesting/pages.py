"""The list of pages with few situations."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_medborgare.situations.models import LifeSituationPageMixin, TaggedPage
from wagtail_medborgare.situations.pages import exit_paths, in_regions
from wagtail_medborgare.situations.sections import regions
from wagtail_medborgare.situations.suggesting.views import SuggestionsView


class PageSuggestionsView(SuggestionsView):
    """Published pages that neither they themselves nor a section say much about."""

    label = _("Pages")
    url_name = "medborgare_situations_admin:suggestions"

    @classmethod
    def may_see(cls, user: Any) -> bool:
        return bool(PagePermissionPolicy(Page).user_has_permission(user, "change"))

    def permitted(self) -> Any:
        policy: Any = PagePermissionPolicy(Page)
        pages = policy.instances_user_has_permission_for(self.request.user, "change")
        kinds = [
            model
            for model in get_page_models()
            if issubclass(model, LifeSituationPageMixin)
        ]
        pages = Page.objects.filter(pk__in=pages.values("pk")).type(*kinds)
        return pages.live().filter(alias_of__isnull=True).order_by("title", "pk")

    def few(self, items: Any, most: int) -> Any:
        sections = TaggedPage.objects.filter(
            covers_section=True, content_object__live=True
        ).values_list("content_object__path", flat=True)
        covered = in_regions(regions(sections, exit_paths()))
        counted = items.exclude(covered).annotate(count=Count("life_situation_items"))
        return counted.filter(count__lte=most)

    def read(self, items: Sequence[Any]) -> list[Any]:
        keys = [page.pk for page in items]
        pages = Page.objects.filter(pk__in=keys).order_by("title", "pk")
        # Who approves a page may edit it, which is asked of each.
        return list(pages.prefetch_workflow_states().specific())

    def tags_of(self, items: Sequence[Any]) -> dict[int, set[int]]:
        tags: dict[int, set[int]] = {page.pk: set() for page in items}
        rows = TaggedPage.objects.filter(content_object_id__in=list(tags))
        for page_pk, tag_pk in rows.values_list("content_object_id", "tag_id"):
            tags[page_pk].add(tag_pk)
        return tags

    def may_change(self, item: Any) -> bool:
        return bool(item.permissions_for_user(self.request.user).can_edit())

    def can_publish(self, item: Any) -> bool:
        return bool(item.permissions_for_user(self.request.user).can_publish())

    def edit_url(self, item: Any) -> str:
        return reverse("wagtailadmin_pages:edit", args=[item.pk])
