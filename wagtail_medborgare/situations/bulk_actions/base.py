"""What tagging many at once has in common, whatever it is that is tagged."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from taggit.utils import parse_tags
from wagtail.admin import messages

from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.obstacles import SortedOut
from wagtail_medborgare.situations.tagging import Change, Outcome, Outcomes
from wagtail_medborgare.situations.widgets import SituationCards

MOST = 500
"""How many are written in one request, which is one transaction."""


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
        """Return everything that is changed when these were chosen."""
        return objects

    def form_valid(self, form: forms.Form) -> Any:
        self.cleaned_form = form
        self.all_targets = self.targets(self.sorted_out.changeable)
        if len(self.all_targets) > MOST:
            form.add_error(
                None,
                _("That is %(count)d, and %(most)d is the most at once: choose fewer.")
                % {"count": len(self.all_targets), "most": MOST},
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
        """Say how many changed, and tell apart what residents see from drafts."""
        self._warn_of_mistakes()
        if not num_parent_objects:
            return _("Nothing had to be changed.")
        parts = [
            ngettext(
                "%(count)d was changed.", "%(count)d were changed.", num_parent_objects
            )
            % {"count": num_parent_objects}
        ]
        parts += self._details()
        return " ".join(str(part) for part in parts)

    def _details(self) -> list[str]:
        drafts = self.outcomes.of(Outcome.DRAFT)
        same = self.outcomes.of(Outcome.UNCHANGED)
        parts = []
        if drafts:
            parts.append(
                ngettext(
                    "%(count)d of them is a draft that waits to be published.",
                    "%(count)d of them are drafts that wait to be published.",
                    drafts,
                )
                % {"count": drafts}
            )
        if same:
            parts.append(
                ngettext(
                    "%(count)d was so already.", "%(count)d were so already.", same
                )
                % {"count": same}
            )
        return parts

    def _warn_of_mistakes(self) -> None:
        invalid = self.outcomes.of(Outcome.INVALID)
        if invalid:
            messages.warning(
                self.request,
                ngettext(
                    "%(count)d could not be saved: open it to see what is wrong with it.",
                    "%(count)d could not be saved: open them to see what is wrong.",
                    invalid,
                )
                % {"count": invalid},
            )


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
