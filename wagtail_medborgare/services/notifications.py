"""Tell those who approve for a unit that something waits for them."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from wagtail.admin.mail import EmailNotificationMixin, Notifier
from wagtail.models import Page, TaskState
from wagtail.signals import task_submitted

from wagtail_medborgare.services.approvals import to_be_told
from wagtail_medborgare.services.models.ownership import UnitApprovalTask


class UnitApprovalSubmissionNotifier(EmailNotificationMixin, Notifier):
    """Mail as Wagtail does for its group approvals, with Wagtail's own templates."""

    notification = "submitted"

    def __init__(self) -> None:
        super().__init__((TaskState,))

    def can_handle(self, instance: TaskState, **kwargs: Any) -> bool:
        return super().can_handle(instance, **kwargs) and isinstance(
            instance.task.specific, UnitApprovalTask
        )

    def get_context(self, instance: TaskState, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(instance, **kwargs)
        thing: Any = instance.workflow_state.content_object
        context |= {
            "task": instance.task.specific,
            "object": thing,
            "model_name": thing._meta.verbose_name,
        }
        if isinstance(thing, Page):
            context["page"] = thing.specific
        return context

    def get_recipient_users(self, instance: TaskState, **kwargs: Any) -> QuerySet[Any]:
        recipients = to_be_told(
            instance.workflow_state.content_object,
            superusers=getattr(
                settings, "WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS", True
            ),
        )
        sender = kwargs.get("user")
        return recipients.exclude(pk=sender.pk) if sender else recipients


notify_approvers = UnitApprovalSubmissionNotifier()


def follow_submissions() -> None:
    """Send mails when something is submitted; call when all apps are loaded."""
    task_submitted.connect(
        notify_approvers,
        sender=TaskState,
        dispatch_uid="medborgare_unit_approval_submitted",
    )
