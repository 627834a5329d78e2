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
        return Audience(
            Mode(self.get("mode") or Mode.EVERYONE),
            frozenset(self.get("situations") or ()),
            frozenset(self.get("segments") or ()),
        )


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


def _nothing_chosen(mode: Mode) -> ValidationError:
    if mode == Mode.ONLY:
        message = _("Choose at least one: as it is, nobody would see this.")
    else:
        message = _("Choose at least one, or let it be shown to everyone.")
    return ValidationError(message)
