from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import FieldBlock
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.segments.widgets import AudienceCheckboxes
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.snapshot import situations

# The digits of a 64-bit key; more is no key.
LONGEST_KEY = 18

Choices = list[tuple[str, list[tuple[int, str]]]]


class KeysField(forms.TypedMultipleChoiceField):
    """Ticked keys as a tuple of integers."""

    def __init__(self, *, choices: Callable[[], Choices], **kwargs: Any) -> None:
        super().__init__(
            choices=choices,
            coerce=int,
            empty_value=[],
            required=False,
            widget=AudienceCheckboxes,
            **kwargs,
        )

    def clean(self, value: Any) -> tuple[int, ...]:
        # What has been deleted since is dropped rather than refused: the editor could
        # not untick what is no longer there.
        groups: Any = self.choices
        known = {str(key) for _group, items in groups for key, _name in items}
        kept = [item for item in self.to_python(value) if item in known]
        return tuple(super().clean(kept))


class KeysBlock(FieldBlock):
    """Choose any number of rows of one model; the choices come from memory.

    The value is a tuple of primary keys. The reference index sees them, so that usage
    and deletion tell the truth; reading and rendering never ask the database.
    """

    target_model: type[models.Model]

    class Meta:
        default = ()

    def __init__(
        self, required: bool = False, help_text: str = "", **kwargs: Any
    ) -> None:
        self._help_text = help_text
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> KeysField:
        return KeysField(choices=self.get_choices, help_text=self._help_text)

    def get_choices(self) -> Choices:
        """Return the groups of (key, name) that an editor can tick."""
        raise NotImplementedError

    def to_python(self, value: Any) -> tuple[int, ...]:
        return as_keys(value)

    def normalize(self, value: Any) -> tuple[int, ...]:
        return tuple(_keys(value))

    def get_prep_value(self, value: Any) -> list[int]:
        return list(_keys(value))

    def value_from_form(self, value: Any) -> tuple[int, ...]:
        return tuple(_keys(value))

    def value_for_form(self, value: Any) -> list[str]:
        return [str(key) for key in _keys(value)]

    def extract_references(
        self, value: Any
    ) -> Iterator[tuple[type[models.Model], str, str, str]]:
        for key in _keys(value):
            yield self.target_model, str(key), "", ""

    def get_api_representation(self, value: Any, context: Any = None) -> list[int]:
        return list(_keys(value))


_ONLY_KEYS = {int}


def as_keys(value: Any) -> tuple[int, ...]:
    """Return what is stored as keys; most often it is nothing else."""
    if type(value) is list and set(map(type, value)) <= _ONLY_KEYS:
        return tuple(value)
    return tuple(_keys(value))


def _keys(value: Any) -> Iterable[int]:
    """Read keys, model instances or texts; leave out what is none."""
    for item in value if isinstance(value, list | tuple | set) else ():
        key = str(getattr(item, "pk", item))
        if key.isdecimal() and len(key) <= LONGEST_KEY:
            yield int(key)


class SituationsChooserBlock(KeysBlock):
    """Choose life situations."""

    target_model = LifeSituation

    class Meta:
        icon = "group"
        label = _("Life situations")

    def value_for_form(self, value: Any) -> list[str]:
        # An older version of a page may name what is part of another situation now.
        current_pk = situations.get().current_pk
        return [str(current_pk(key)) for key in _keys(value)]

    def get_choices(self) -> Choices:
        groups: dict[str, list[tuple[int, str]]] = {}
        for item in situations.get().all:
            groups.setdefault(item.group_label, []).append((item.pk, item.name))
        return list(groups.items())


class SegmentsChooserBlock(KeysBlock):
    """Choose segments of the site's own, beyond the life situations."""

    target_model = Segment

    class Meta:
        icon = "snippet"
        label = _("Segments")

    def get_choices(self) -> Choices:
        found = [
            (pk, definition.row["name"])
            for pk, definition in segments.get().by_pk.items()
            if not definition.is_owned
        ]
        return [(str(_("Segments")), found)] if found else []
