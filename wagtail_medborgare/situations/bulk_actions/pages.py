"""Tag many pages at once, and what lies beneath them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page, get_page_models
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_medborgare.situations.bulk_actions.base import (
    AddsSituations,
    RemovesSituations,
    SituationsAction,
    SituationsForm,
    refuse_too_many,
)
from wagtail_medborgare.situations.models import LifeSituationPageMixin
from wagtail_medborgare.situations.obstacles import SortedOut, sort_out
from wagtail_medborgare.situations.pages import in_regions
from wagtail_medborgare.situations.sections import regions
from wagtail_medborgare.situations.tagging import Change, Outcome, change_situations


class PagesForm(SituationsForm):
    include_descendants = forms.BooleanField(
        label=_("Also all pages beneath that I may change"), required=False
    )


class PageSituations(SituationsAction, PageBulkAction):
    """Change the situations of chosen pages."""

    form_class = PagesForm

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Sequence[Any]) -> list[Any]:
        pages = Page.objects.filter(pk__in=list(object_ids), depth__gt=1)
        return list(pages.prefetch_workflow_states().specific())

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        if all(page.is_leaf() for page in self.sorted_out.changeable):
            del form.fields["include_descendants"]
        return form

    def sort_out(self) -> SortedOut:
        object_ids: Sequence[Any] = self.request.GET.getlist("id")
        if "all" in object_ids:
            object_ids = self.get_all_objects_in_listing_query(
                self.request.GET.get("childOf")
            )
        return self._sorted(self.get_queryset(self.model, object_ids))

    def targets(self, objects: Sequence[Any]) -> Sequence[Any]:
        if not self.cleaned_form.cleaned_data.get("include_descendants"):
            return objects
        # What lies within another branch adds nothing: each is a condition of the query,
        # and a database takes only so many.
        branches = regions((page.path for page in objects), ())
        beneath = self._may_come_along().filter(in_regions(branches))
        refuse_too_many(beneath.count())
        return self._sorted(
            list(beneath.prefetch_workflow_states().specific())
        ).changeable

    def _may_come_along(self) -> Any:
        """Leave out what can be told not to be changed without reading it."""
        policy: Any = PagePermissionPolicy(Page)
        permitted = policy.instances_user_has_permission_for(
            self.request.user, "change"
        )
        kinds = [
            model
            for model in get_page_models()
            if issubclass(model, LifeSituationPageMixin)
        ]
        pages = Page.objects.filter(pk__in=permitted.values("pk")).type(*kinds)
        return pages.filter(alias_of__isnull=True)

    def change_one(self, item: Any, change: Change) -> Outcome:
        user = self.request.user
        can_publish = item.permissions_for_user(user).can_publish()
        return change_situations(item, change, user=user, can_publish=can_publish)

    def _sorted(self, pages: Sequence[Any]) -> SortedOut:
        user = self.request.user
        return sort_out(
            pages,
            user,
            may_change=lambda page: page.permissions_for_user(user).can_edit(),
        )


class AddSituationsToPages(AddsSituations, PageSituations):
    aria_label = _("Add situations to the selected pages")


class RemoveSituationsFromPages(RemovesSituations, PageSituations):
    aria_label = _("Remove situations from the selected pages")
