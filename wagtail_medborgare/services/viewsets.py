from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_medborgare.core.choosers import ChoosingOnlyViewSet
from wagtail_medborgare.services import owned_views as views
from wagtail_medborgare.services.filters import ServiceFilterSet
from wagtail_medborgare.services.forms import UnitOwnedForm
from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.services.permissions import (
    service_permission_policy,
    unit_permission_policy,
)


class UnitOwnedViewSet(SnippetViewSet):
    """Snippets that belong to units: everybody sees all, and changes their own.

    A subclass names its ``permission_policy``, a ``UnitPermissionPolicy`` that has been
    registered with ``compat.register_policy``, and gives its edit handler
    ``base_form_class=UnitOwnedForm``, so that the form offers one's own units.
    """

    menu_label: Any
    chooser_viewset_class = ChoosingOnlyViewSet
    index_view_class = views.OwnedIndexView
    add_view_class = views.OwnedCreateView
    copy_view_class = views.OwnedCopyView
    edit_view_class = views.OwnedEditView
    delete_view_class = views.OwnedDeleteView
    usage_view_class = views.OwnedUsageView
    history_view_class = views.OwnedHistoryView
    inspect_view_class = views.OwnedInspectView
    reorder_view_class = views.OwnedReorderView
    preview_on_edit_view_class = views.OwnedPreviewOnEditView
    revisions_view_class = views.OwnedPreviewRevisionView
    revisions_compare_view_class = views.OwnedRevisionsCompareView
    revisions_unschedule_view_class = views.OwnedRevisionsUnscheduleView
    unpublish_view_class = views.OwnedUnpublishView
    lock_view_class = views.OwnedLockView
    unlock_view_class = views.OwnedUnlockView
    workflow_action_view_class = views.OwnedWorkflowActionView
    collect_workflow_action_data_view_class = views.OwnedCollectWorkflowActionDataView
    confirm_workflow_cancellation_view_class = (
        views.OwnedConfirmWorkflowCancellationView
    )
    workflow_preview_view_class = views.OwnedWorkflowPreviewView
    workflow_history_view_class = views.OwnedWorkflowHistoryView
    workflow_history_detail_view_class = views.OwnedWorkflowHistoryDetailView

    @property
    def url_finder_class(self) -> type[ModelAdminURLFinder]:
        """Find addresses for those who may edit this very object.

        On Wagtail 7.4 that of snippets asks for the model's permission only. Remove
        when 8.0 is the oldest Wagtail supported.
        """
        finder: type[ModelAdminURLFinder] = type(
            "_UnitOwnedURLFinder",
            (ModelAdminURLFinder,),
            {
                "permission_policy": self.permission_policy,
                "edit_url_name": self.get_url_name("edit"),
            },
        )
        return finder


class ServiceViewSet(UnitOwnedViewSet):
    """Services in the admin."""

    model = Service
    permission_policy = service_permission_policy
    icon = "clipboard-list"
    menu_label = _("Services")
    menu_name = "medborgare-services"
    menu_order = 200
    menu_hook = "register_medborgare_menu_item"
    list_display = [
        "name",
        "unit",
        "situation_names",
        Column("source", label=_("Source"), sort_key="source"),
        LiveStatusTagColumn(),
    ]
    filterset_class = ServiceFilterSet
    list_per_page = 50
    list_export = [
        "name",
        "summary",
        "unit",
        "situation_names",
        "cost",
        "source",
        "source_key",
    ]
    inspect_view_enabled = True
    inspect_view_fields = [
        "name", "unit", "situation_names", "summary", "description", "category", "cost",
        "handling_time", "have_at_hand", "what_happens_then", "needs_assessment",
        "is_sensitive", "review_by",
    ]  # fmt: skip
    edit_handler = ObjectList(Service.panels, base_form_class=UnitOwnedForm)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        """Read what the list shows in a constant number of queries."""
        services = Service.objects.select_related("unit", "latest_revision", "locale")
        return services.prefetch_related("life_situation_items")


class UnitViewSet(UnitOwnedViewSet):
    """Units in the admin, in an order of the editors' own."""

    model = Unit
    permission_policy = unit_permission_policy
    icon = "site"
    menu_label = _("Units")
    menu_name = "medborgare-units"
    menu_order = 300
    menu_hook = "register_medborgare_menu_item"
    sort_order_field = "sort_order"
    list_display = ["name", "phone", "email", LiveStatusTagColumn()]
    inspect_view_enabled = True
    inspect_view_fields = [
        "name", "description", "phone", "email", "address", "opening_hours",
    ]  # fmt: skip
    edit_handler = ObjectList(Unit.panels)
