"""Wagtail's snippet views, asking whose the snippet is.

They ask a policy whether somebody may change snippets of a kind. These ask about the
snippet at hand. Remove what Wagtail comes to do itself (7.4 and 8.0 do it in the preview
of an edited snippet only; 8.0 in bulk actions too).
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import TaskState
from wagtail.snippets.views import snippets

from wagtail_medborgare.core.exports import PlainExportMixin
from wagtail_medborgare.core.ordering import NumberingReorderView
from wagtail_medborgare.core.searching import SearchesWithinFiltersMixin
from wagtail_medborgare.segments.side_panels import WithSidePanels
from wagtail_medborgare.services.compat import policy_of
from wagtail_medborgare.services.forms import NOT_YOURS_TO_PUBLISH, UnitOwnedForm
from wagtail_medborgare.services.owners import owner_field, owner_of
from wagtail_medborgare.services.permissions import ACTIONS, OneObjectPolicy
from wagtail_medborgare.services.templatetags.medborgare_texts import clean_richtext


class OwnedObjectMixin:
    """A view of one snippet: every question about permissions is about that one.

    Somebody who may do nothing with snippets of this kind is refused alike whether the
    snippet exists or not.
    """

    model: Any
    request: HttpRequest
    permission_policy: Any = None

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        except Http404:
            policy = policy_of(self.model)
            if not policy.user_has_any_permission(self.request.user, ACTIONS):
                raise PermissionDenied from None
            raise
        if found is not None:
            self.permission_policy = OneObjectPolicy(self.model, owner_of(found))
        return found


class PublishesForUnitMixin:
    """Creating or editing: whoever publishes needs the right for the unit chosen."""

    request: HttpRequest
    model: Any
    action: str
    produced_error_code: str
    produced_error_message: Any

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        if self.action != "publish":
            return True
        owner = getattr(form.instance, owner_field(self.model))
        policy = policy_of(self.model)
        if policy.user_has_permission_for_owner(self.request.user, "publish", owner):
            return True
        form.add_error("unit" if "unit" in form.fields else None, NOT_YOURS_TO_PUBLISH)
        self.produced_error_code = "validation_error"
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return False


class OwnedIndexView(SearchesWithinFiltersMixin, PlainExportMixin, snippets.IndexView):
    """The list of all units' snippets; the buttons are for what one may do."""

    def _may(self, action: str, instance: Any) -> bool:
        owner = getattr(instance, owner_field(self.model))
        may = policy_of(self.model).user_has_permission_for_owner
        return bool(may(self.request.user, action, owner))

    def get_edit_url(self, instance: Any) -> str | None:
        # Whoever approves a text may open it, but finds it on the dashboard.
        return super().get_edit_url(instance) if self._may("change", instance) else None

    def get_delete_url(self, instance: Any) -> str | None:
        if not self._may("delete", instance):
            return None
        return super().get_delete_url(instance)

    def get_reorder_url(self) -> str | None:
        may = policy_of(self.model).user_has_permission_everywhere
        needed = ("change", "publish")
        if not all(may(self.request.user, action) for action in needed):
            return None
        return super().get_reorder_url()


# The stubs of Wagtail's own views contradict each other.
class OwnedCreateView(WithSidePanels, PublishesForUnitMixin, snippets.CreateView):  # type: ignore[misc]
    """Make something for a unit of one's own."""


class OwnedCopyView(snippets.CopyView):
    """Copy anybody's; the copy is for a unit of one's own.

    Its form is sent to the address that adds. Sent here, Wagtail would save the copied
    one itself, which asks for no more than the right to add.
    """

    http_method_names = ["get", "head", "options"]

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if isinstance(form, UnitOwnedForm):
            form.offer_as_new()
        return form

    def get_object(self, queryset: Any = None) -> Any:
        try:
            return super().get_object(queryset)
        except Http404:
            if not self.user_has_permission("add"):
                raise PermissionDenied from None
            raise


class OwnedEditView(  # type: ignore[misc] # as above
    WithSidePanels, OwnedObjectMixin, PublishesForUnitMixin, snippets.EditView
):
    """Edit, and through Wagtail's own subclass of it, revert."""


class OwnedDeleteView(OwnedObjectMixin, snippets.DeleteView):
    """Delete one's own, by sending the form.

    The method DELETE would skip what the form does: look whether anything that must not
    be lost still points here, and write in the log.
    """

    http_method_names = ["get", "head", "options", "post"]


class OwnedUsageView(OwnedObjectMixin, snippets.UsageView):
    """See where one's own is used."""


class OwnedHistoryView(OwnedObjectMixin, snippets.HistoryView):
    """See who changed one's own, and when."""

    # Who may only add has no history to see: Wagtail lets them see all.
    any_permission_required = ["change", "delete", "publish"]


class OwnedInspectView(OwnedObjectMixin, snippets.InspectView):
    """See anybody's; buttons for one's own."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = getattr(self.object, field_name, None)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(field, RichTextField):
            return clean_richtext(value or "")
        return super().get_field_display_value(field_name, field)


class OwnedReorderView(NumberingReorderView):
    """Order what belongs to all units: for those who may change all of it."""

    def user_has_permission(self, permission: str) -> bool:
        may = policy_of(self.model).user_has_permission_everywhere
        return all(may(self.request.user, each) for each in (permission, "change"))


class OwnedPreviewOnEditView(OwnedObjectMixin, snippets.PreviewOnEditView):
    """Preview what one is writing in one's own."""


class OwnedPreviewRevisionView(OwnedObjectMixin, snippets.PreviewRevisionView):
    """Preview an earlier version of one's own."""


class OwnedRevisionsCompareView(OwnedObjectMixin, snippets.RevisionsCompareView):
    """Compare two versions of one's own."""


class OwnedUnpublishView(OwnedObjectMixin, snippets.UnpublishView):
    """Unpublish one's own."""


class OwnedRevisionsUnscheduleView(OwnedObjectMixin, snippets.RevisionsUnscheduleView):
    """Take back the planned publishing of one's own."""


class OwnedLockView(OwnedObjectMixin, snippets.LockView):
    """Lock one's own."""


class OwnedUnlockView(OwnedObjectMixin, snippets.UnlockView):
    """Unlock one's own."""


class OwnTaskStateMixin(OwnedObjectMixin):
    """A workflow view: the step must be one of this very snippet.

    Wagtail takes the two keys of the address apart, so that somebody who may approve
    one snippet could name another one's step.
    """

    task_state_id: int
    object: Any

    def get_task_state(self) -> TaskState:
        own = TaskState.objects.for_instance(self.object)
        state: TaskState = get_object_or_404(own, pk=self.task_state_id).specific
        return state


class OwnedWorkflowActionView(OwnTaskStateMixin, snippets.WorkflowActionView):
    """Approve or reject."""


class OwnedCollectWorkflowActionDataView(
    OwnTaskStateMixin, snippets.CollectWorkflowActionDataView
):
    """Ask for the comment of an approval or a rejection."""


class OwnedConfirmWorkflowCancellationView(
    OwnedObjectMixin, snippets.ConfirmWorkflowCancellationView
):
    """Ask before publishing cancels a workflow: whoever may open the editor."""

    object: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Wagtail tells everybody with access to the admin what the task is called.
        task = self.object.current_workflow_task
        may_edit = self.permission_policy.user_has_permission(request.user, "change")
        if not may_edit and not (
            task and task.user_can_access_editor(self.object, request.user)
        ):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class OwnedWorkflowPreviewView(OwnedObjectMixin, snippets.WorkflowPreviewView):
    """Preview what is to be approved."""

    http_method_names = ["get"]


class OwnedWorkflowHistoryView(OwnedObjectMixin, snippets.WorkflowHistoryView):
    """See the workflows of one's own."""


class OwnedWorkflowHistoryDetailView(
    OwnedObjectMixin, snippets.WorkflowHistoryDetailView
):
    """See one workflow of one's own."""
