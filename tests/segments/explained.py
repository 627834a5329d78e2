"""Blocks and segments for the tests of who sees what."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import CharBlock, ListBlock, StreamBlock, StructBlock
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import (
    DayRule,
)

from wagtail_medborgare.segments.blocks import (
    PersonalisedBlock,
    PersonalisedStreamBlock,
    PersonalisedStructBlock,
    VariantsBlock,
)
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.situations.models import LifeSituation


def make_segment(name: str, *, match_any: bool = False, **fields: Any) -> Segment:
    return Segment.objects.create(
        name=name,
        status=fields.pop("status", Segment.STATUS_ENABLED),
        match_any=match_any,
        **fields,
    )


def on_monday(segment: Segment) -> None:
    DayRule.objects.create(segment=segment, mon=True)


def chose(segment: Segment, *situations: LifeSituation) -> None:
    for situation in situations:
        LifeSituationRule.objects.create(segment=segment, situation=situation)


def of(*situations: LifeSituation, mode: str = "only") -> dict[str, Any]:
    return {"mode": mode, "situations": [item.pk for item in situations]}


class WithContext:
    """Stands for a template with include_block: Wagtail's own form drops the request."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        bound = value.bound_blocks
        return "".join(
            str(bound[name].render(context)) for name in bound if name != "audience"
        )


class InnerBlock(PersonalisedStreamBlock):
    """What stands inside: blocks, variants, and a list of plain ones."""

    text = CharBlock()
    variants = VariantsBlock(CharBlock())
    listed = ListBlock(PersonalisedBlock(CharBlock()))


class MarkedBlock(WithContext, PersonalisedStructBlock):
    """A block of the site's own with a stream inside it."""

    inner = InnerBlock()


class PlainBlock(WithContext, StructBlock):
    """A block that knows nothing of audiences, with those that do inside it."""

    inner = StreamBlock([("marked", MarkedBlock())])


class OuterBlock(PersonalisedStreamBlock):
    """Three levels, with every way to give an audience."""

    marked = MarkedBlock()
    wrapped = PersonalisedBlock(InnerBlock())
    chosen = VariantsBlock(InnerBlock())
    plain = PlainBlock()
