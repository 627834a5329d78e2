from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import LockableMixin, Task, TaskState

from wagtail_medborgare.services.models.units import Unit


class GroupUnit(models.Model):
    """The people of one group work for one unit."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="unit_links"
    )
    # Without its last unit a group would work for the whole municipality.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="group_links")
    may_approve = models.BooleanField(
        _("approves what the unit publishes"), default=False
    )

    class Meta:
        verbose_name = _("group of a unit")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "unit"], name="medborgare_one_link_a_group_and_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} – {self.unit}"


class UnitApprovalLock(WorkflowLock):
    """Tells somebody who may not approve whom it waits for."""

    task: "UnitApprovalTask"

    def get_message(self, user: Any) -> str | None:
        message: str | None = super().get_message(user)
        if not message:
            return message
        return format_html("{} {}", message, self.task.waits_for(self.object))


class UnitApprovalTask(Task):
    """A step of a workflow: the unit that owns what is published says yes.

    Those whose group approves for the unit do. Where nobody does, those who may publish
    for all units. Superusers always. Everything else is as in Wagtail's group approval.
    """

    lock_class = UnitApprovalLock

    class Meta:
        verbose_name = _("approval by the owning unit")
        verbose_name_plural = _("approvals by the owning unit")

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        thing = workflow_state.content_object
        holder = thing.locked_by if isinstance(thing, LockableMixin) else None
        if holder is not None and not self._may(holder, thing):
            # As in Wagtail: a lock must not keep the approvers out.
            thing.locked, thing.locked_by, thing.locked_at = False, None, None
            thing.save(update_fields=["locked", "locked_by", "locked_at"])
        return super().start(workflow_state, user=user)

    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any
    ) -> None:
        # Wagtail's views look at the object and the step of the address apart.
        thing = task_state.workflow_state.content_object
        if action_name not in {name for name, *_rest in self.get_actions(thing, user)}:
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self._may(user, obj)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self._may(user, obj)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return self._may(user, obj)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not self._may(user, obj):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
        ]

    def get_task_states_user_can_moderate(
        self, user: Any, **kwargs: Any
    ) -> models.QuerySet[TaskState]:
        from wagtail_medborgare.services.approvals import states_to_approve

        own = self.task_states.all()
        return own.filter(pk__in=states_to_approve(user, own))

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Those who approve for the unit that owns it. Where nobody does, those who "
            "may publish for all units."
        )

    def waits_for(self, obj: Any) -> str:
        """Return a sentence about who can approve something, in the active language."""
        from wagtail_medborgare.services.approvals import is_approved_by_unit
        from wagtail_medborgare.services.owners import owner_of

        owner = owner_of(obj)
        unit = Unit.objects.filter(pk=owner).first() if owner is not None else None
        if unit is None:
            return gettext(
                "It belongs to no unit, so it waits for somebody who may publish for "
                "all units."
            )
        if is_approved_by_unit(obj):
            text = gettext("It waits for those who approve for %(unit)s.")
        else:
            text = gettext(
                "Nobody approves for %(unit)s, so it waits for somebody who may publish "
                "for all units."
            )
        return text % {"unit": unit}

    def _may(self, user: Any, obj: Any) -> bool:
        from wagtail_medborgare.services.approvals import may_approve

        return may_approve(user, obj)
