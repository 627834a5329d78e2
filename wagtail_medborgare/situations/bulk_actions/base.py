"""What tagging many at once has in common, whatever it is that is tagged."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.utils import parse_tags

from wagtail_medborgare.situations import telling
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.obstacles import SortedOut
from wagtail_medborgare.situations.tagging import Change, Outcome, Outcomes
from wagtail_medborgare.situations.widgets import SituationCards

MOST = 500
"""How many are written in one request, which is one transaction."""


class TooMany(Exception):
    """More than are written in one request."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def refuse_too_many(count: int) -> None:
    """Refuse what is more than the most: by number, before it is read."""
    if count > MOST:
        raise TooMany(count)


class SituationsField(forms.Field):
    """Situations ticked on cards."""

    widget = SituationCards
    default_error_messages = {"required": _("Tick at least one situation.")}

    def clean(self, value: Any) -> list[LifeSituation]:
        found = list(LifeSituation.objects.filter(name__in=parse_tags(value or "")))
        if not found:
            raise forms.ValidationError(self.error_messages["required"], "required")
        return found


class SituationsForm(forms.Form):
    situations = SituationsField(label=_("Life situations"))


class SituationsAction:
    """Add or remove situations. Stands before one of Wagtail's bulk actions."""

    adds: ClassVar[bool]
    """Does it add situations? It removes them where not."""

    form_class: type[forms.Form] = SituationsForm
    template_name = "medborgare_situations/bulk_actions/confirm.html"

    request: Any
    model: Any
    cleaned_form: Any

    @abstractmethod
    def sort_out(self) -> SortedOut:
        """Return what was chosen, parted into what can be changed and what cannot."""

    @abstractmethod
    def change_one(self, item: Any, change: Change) -> Outcome:
        """Change one item."""

    @cached_property
    def sorted_out(self) -> SortedOut:
        return self.sort_out()

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, Any]]:
        """Ask about all at once, where Wagtail would ask about each."""
        return self.sorted_out.changeable, {
            "items_with_no_access": [],
            "left_out": self.sorted_out.left_out,
            "not_permitted": self.sorted_out.not_permitted,
        }

    def get_form(self, form_class: Any = None) -> forms.Form:
        form: forms.Form = super().get_form(form_class)  # type: ignore[misc]
        # What is not chosen any more may still be tagged.
        form.fields["situations"].widget.with_inactive = not self.adds
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "adds": self.adds, "most": MOST}

    def targets(self, objects: Sequence[Any]) -> Sequence[Any]:
        """Return everything that is changed when these were chosen.

        What may be a great deal more than was chosen is counted first, and refused.
        """
        return objects

    def form_valid(self, form: forms.Form) -> Any:
        self.cleaned_form = form
        chosen = self.sorted_out.changeable
        try:
            refuse_too_many(len(chosen))
            self.all_targets = self.targets(chosen)
            refuse_too_many(len(self.all_targets))
        except TooMany as found:
            form.add_error(
                None,
                _("That is %(count)d, and %(most)d is the most at once: choose fewer.")
                % {"count": found.count, "most": MOST},
            )
            return self.form_invalid(form)  # type: ignore[attr-defined]
        return super().form_valid(form)  # type: ignore[misc]

    def get_execution_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_execution_context()  # type: ignore[misc]
        return {**context, "action": self}

    @classmethod
    def execute_action(
        cls, objects: Sequence[Any], *, action: "SituationsAction", **kwargs: Any
    ) -> tuple[int, int]:
        """Change everything; Wagtail has opened one transaction around it."""
        chosen = action.cleaned_form.cleaned_data["situations"]
        change = Change(add=chosen) if action.adds else Change(remove=chosen)
        action.outcomes = Outcomes()
        for item in action.all_targets:
            action.outcomes.add(action.change_one(item, change))
        return action.outcomes.changed, 0

    outcomes: Outcomes

    def get_success_message(
        self, num_parent_objects: int, num_child_objects: int
    ) -> Any:
        """Say how many changed; where nothing could be, the warning says enough."""
        has_warned = telling.warn(self.request, self.outcomes)
        if num_parent_objects:
            return telling.changed(self.outcomes)
        return None if has_warned else _("Nothing had to be changed.")


class AddsSituations:
    """The words of adding."""

    adds = True
    display_name = _("Add situations")
    action_type = "add_situations"
    action_priority = 60


class RemovesSituations:
    """The words of removing."""

    adds = False
    display_name = _("Remove situations")
    action_type = "remove_situations"
    action_priority = 65
