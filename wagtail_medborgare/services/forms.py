"""The form of something that belongs to a unit offers the editor's own units."""

from collections.abc import Collection
from functools import cache
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_medborgare.services.compat import policy_of
from wagtail_medborgare.services.models.units import Unit
from wagtail_medborgare.services.owners import owner_of, owners_of_pages

FOREIGN_UNIT = _("Choose a unit that you work for.")
NO_UNIT = _("Choose the unit that this belongs to.")
NOT_YOURS_TO_PUBLISH = _(
    "You cannot publish for this unit. Save a draft, or ask somebody who can."
)


class UnitFieldMixin(forms.BaseForm):
    """Limit the field ``unit`` to what the user may choose; for a model form of Wagtail.

    A draft may lack other fields, but not this one: without a unit nobody's group would
    own it, and whoever wrote it could not open it again.
    """

    must_choose_unit = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = getattr(self, "for_user", None)
        if user is not None and "unit" in self.fields:
            units = self.units_to_choose(user)
            if units is not None:
                now = owner_of(self.instance) if self.instance.pk else None  # type: ignore[attr-defined]
                self._offer(units, now=now)

    def units_to_choose(self, user: Any) -> Collection[int] | None:
        """Return the keys of the units that a user may choose; None is all of them."""
        raise NotImplementedError

    def _offer(self, units: Collection[int], *, now: int | None) -> None:
        field = cast(forms.ModelChoiceField, self.fields["unit"])
        # The one it has stays valid: somebody who approves a text may correct it.
        field.queryset = Unit.objects.filter(Q(pk__in=units) | Q(pk=now))
        field.error_messages["invalid_choice"] = FOREIGN_UNIT
        chosen = self.initial.get("unit", now)
        if chosen not in {*units, now} - {None}:
            chosen = next(iter(units)) if len(units) == 1 else None
        self.initial["unit"] = chosen
        if self.must_choose_unit and chosen is not None:
            field.empty_label = None
        # A short list instead of Wagtail's chooser, which shows all units.
        field.widget = forms.Select()
        field.widget.choices = field.choices

    def clean_unit(self) -> Unit | None:
        unit: Unit | None = self.cleaned_data["unit"]
        user = getattr(self, "for_user", None)
        is_missing = unit is None and self.must_choose_unit and user is not None
        if is_missing and self.units_to_choose(user) is not None:
            raise ValidationError(NO_UNIT, code="required")
        return unit


def name_of_person(user: Any) -> str:
    """Return the name that colleagues know; what somebody logs in with, without one."""
    return str(user.get_full_name() or user.get_username())


class UnitOwnedForm(UnitFieldMixin, WagtailAdminModelForm):
    """The form of a snippet with a unit, whose policy is a ``UnitPermissionPolicy``."""

    must_choose_unit = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "responsible" in self.fields:
            people = cast(forms.ModelChoiceField, self.fields["responsible"])
            people.label_from_instance = name_of_person  # type: ignore[method-assign,assignment]

    def units_to_choose(self, user: Any) -> Collection[int] | None:
        action = "change" if self.instance.pk else "add"
        policy = policy_of(self._meta.model)
        units: frozenset[int] | None = policy.units_user_has_permission_for(
            user, action
        )
        return units

    def offer_as_new(self) -> None:
        """Forget whose the thing was that a copy is made of."""
        policy = policy_of(self._meta.model)
        units = policy.units_user_has_permission_for(self.for_user, "add")
        if units is not None and "unit" in self.fields:
            self._offer(units, now=None)


class UnitPageFormMixin(UnitFieldMixin):
    """The form of a page with a unit: choose one's own, or leave it to the page above."""

    def units_to_choose(self, user: Any) -> Collection[int] | None:
        from wagtail_medborgare.services.page_permissions import (
            UnitPagePermissionTester,
        )

        # A new page asks about the page that it is made under.
        page = self.instance if self.instance.pk else self.parent_page  # type: ignore[attr-defined]
        return UnitPagePermissionTester(user, page).units_to_choose()

    def clean_unit(self) -> Unit | None:
        unit = super().clean_unit()
        user = getattr(self, "for_user", None)
        if user is not None and "action-publish" in self.data:
            self._check_publishing(user, unit)
        return unit

    def _check_publishing(self, user: Any, unit: Unit | None) -> None:
        """Refuse to publish in the name of a unit for which one may not."""
        from wagtail_medborgare.services.page_permissions import (
            UnitPagePermissionTester,
        )

        above = self.parent_page  # type: ignore[attr-defined]
        page = self.instance if self.instance.pk else above  # type: ignore[attr-defined]
        units = UnitPagePermissionTester(user, page).units_where("publish")
        owner = unit.pk if unit else owners_of_pages([above])[above.path]
        if units is not None and owner is not None and owner not in units:
            raise ValidationError(NOT_YOURS_TO_PUBLISH, code="not_yours")


@cache
def with_unit_field(form_class: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """Return a page's form class with the field ``unit`` limited."""
    if issubclass(form_class, UnitFieldMixin):
        return form_class
    name = f"UnitOwned{form_class.__name__}"
    # The class of a form class is Wagtail's own: what Panel.get_form_class calls too.
    metaclass: Any = type(form_class)
    made: type[forms.ModelForm] = metaclass(name, (UnitPageFormMixin, form_class), {})
    return made
