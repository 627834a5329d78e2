from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    ChoiceBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
)

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.blocks.choosers import (
    SegmentsChooserBlock,
    SituationsChooserBlock,
)


class AudienceValue(StructValue):
    """What an editor chose, and the audience that it means."""

    @property
    def audience(self) -> Audience:
        situations = frozenset(self.get("situations") or ())
        segments = frozenset(self.get("segments") or ())
        return Audience(self._mode(bool(situations or segments)), situations, segments)

    def _mode(self, names_somebody: bool) -> Mode:
        """Read the mode; what makes no sense is for those who are named, not for all."""
        mode = self.get("mode")
        if mode in Mode.values:
            return Mode(mode)
        return Mode.ONLY if names_somebody or mode else Mode.EVERYONE


class AudienceBlock(StructBlock):
    """Say who the content is for: everyone, only some, or everyone but some."""

    mode = ChoiceBlock(choices=Mode.choices, default=Mode.EVERYONE, label=_("Shown to"))
    situations = SituationsChooserBlock(label=_("Those who have chosen"))
    segments = SegmentsChooserBlock(label=_("Those in a segment"))

    class Meta:
        icon = "group"
        label = _("Shown to")
        label_format = "{mode} {situations} {segments}"
        collapsed = True
        value_class = AudienceValue

    def to_python(self, value: Any) -> Any:
        return super().to_python(_readable(value))

    def bulk_to_python(self, values: Any) -> Any:
        return super().bulk_to_python([_readable(value) for value in values])

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        mode, chosen = cleaned["mode"], cleaned["situations"] or cleaned["segments"]
        if mode == Mode.EVERYONE:
            # The header of the collapsed block would go on naming them.
            cleaned["situations"] = cleaned["segments"] = ()
        elif not chosen and not self.is_deferred_validation:
            raise StructBlockValidationError(
                block_errors={"situations": _nothing_chosen(Mode(mode))}
            )
        return cleaned

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return nothing: the words of the form are not the page's."""
        return []


def _readable(value: Any) -> dict[str, Any]:
    """Take stored data of another shape as an audience of nobody, never of everybody."""
    if not isinstance(value, dict):
        return {"mode": Mode.ONLY.value}
    # Without a mode the default of the form would be filled in: everyone.
    mode = value.get("mode", "" if value.keys() & {"situations", "segments"} else None)
    if mode is None:
        return value
    return {**value, "mode": mode if isinstance(mode, str) else "?"}


def _nothing_chosen(mode: Mode) -> ValidationError:
    if mode == Mode.ONLY:
        message = _("Choose at least one: as it is, nobody would see this.")
    else:
        message = _("Choose at least one, or let it be shown to everyone.")
    return ValidationError(message)
