"""The form that editors fill in for a module."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from wagtail_medborgare.services.forms import UnitOwnedForm
from wagtail_medborgare.services.unit_modules.base import unit_module_kinds


def kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds that the installed rooms and the site offer."""
    return [(kind.name, kind.label) for kind in unit_module_kinds().values()]


class ModuleForm(UnitOwnedForm):
    """Offers the kinds that there are now, and asks the chosen one what is missing.

    The kinds are no choices of the model: registering one never makes a migration.
    """

    kind = forms.ChoiceField(
        choices=kind_choices,
        label=_("Kind"),
        help_text=_("The form shows what belongs to it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.kind
        if kept and kept not in unit_module_kinds():
            # Not lost when somebody saves it while its room is not installed.
            known = [*kind_choices(), (kept, self.instance.kind_label())]
            self.fields["kind"].choices = known  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        kind = unit_module_kinds().get(self.cleaned_data.get("kind", ""))
        # A draft may be as unfinished as it likes.
        if kind is None or self.is_deferred_validation:  # type: ignore[attr-defined]
            return
        try:
            kind().clean(self.instance, self._rows())
        except ValidationError as error:
            self._add_errors(error)

    def _add_errors(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict"):
            for field, errors in error.error_dict.items():
                self.add_error(field if field in self.fields else None, errors)
        else:
            self.add_error(None, error)

    def _rows(self) -> dict[str, int]:
        """Return how many rows of each list are to be kept."""
        return {
            name: sum(_is_kept(form) for form in formset.forms)
            for name, formset in self.formsets.items()
        }


def _is_kept(form: forms.ModelForm) -> bool:
    """Say whether a row is filled in, or was before, and is not deleted."""
    # Its own judgement follows later; it must have read what was sent.
    form.is_valid()
    is_filled = form.has_changed() or form.instance.pk is not None
    return is_filled and not form.cleaned_data.get(DELETION_FIELD_NAME)
