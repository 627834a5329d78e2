from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.blocks import (
    ChoiceBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
)
from wagtail.blocks.struct_block import StructBlockAdapter

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.blocks.choosers import (
    SegmentsChooserBlock,
    SituationsChooserBlock,
    as_keys,
)

# Each block of each page asks: an enumeration makes the list of its values anew.
_MODES = {mode.value: mode for mode in Mode}


_OWN_FIELDS = {"mode", "situations", "segments"}


class AudienceValue(StructValue):
    """What an editor chose, and the audience that it means."""

    @property
    def audience(self) -> Audience:
        situations = tuple(self.get("situations") or ())
        segments = tuple(self.get("segments") or ())
        mode = self._mode(bool(situations or segments))
        return _same_audience(mode, situations, segments)

    def _mode(self, names_somebody: bool) -> Mode:
        """Read the mode; what makes no sense is for those who are named, not for all."""
        mode = self.get("mode")
        if isinstance(mode, str) and mode in _MODES:
            return _MODES[mode]
        return Mode.ONLY if names_somebody or mode else Mode.EVERYONE


@lru_cache(maxsize=4096)
def _same_audience(
    mode: Mode, situations: tuple[int, ...], segments: tuple[int, ...]
) -> Audience:
    """Return the one object for equal audiences: pages ask for each several times."""
    return Audience(mode, frozenset(situations), frozenset(segments))


class ModeBlock(ChoiceBlock):
    """The choice of a mode; reading it never looks through the choices."""

    def to_python(self, value: Any) -> Any:
        return value

    def normalize(self, value: Any) -> Any:
        return value


class AudienceBlock(StructBlock):
    """Say who the content is for: everyone, only some, or everyone but some."""

    mode = ModeBlock(choices=Mode.choices, default=Mode.EVERYONE, label=_("Shown to"))
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
        readable = [_readable(value) for value in values]
        if self.child_blocks.keys() != _OWN_FIELDS:
            return super().bulk_to_python(readable)
        # Each block of each page has one: read it without asking its fields in turn.
        return [
            self._to_struct_value(
                {
                    "mode": value.get("mode", Mode.EVERYONE.value),
                    "situations": as_keys(value.get("situations", ())),
                    "segments": as_keys(value.get("segments", ())),
                }
            )
            for value in readable
        ]

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


class AudienceBlockAdapter(StructBlockAdapter):
    """In the form: the header of the block around it says whom it is for, at once.

    Wagtail renews a header when the block is folded, and joins what is not chosen too.
    """

    js_constructor = "medborgare.AudienceBlock"

    @cached_property
    def media(self) -> forms.Media:
        inherited: forms.Media = super().media
        return inherited + forms.Media(js=["medborgare_segments/audience_block.js"])


register(AudienceBlockAdapter(), AudienceBlock)
