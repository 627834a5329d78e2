"""Blocks that know who they are for, and blocks to place on a personalised page."""

from wagtail_medborgare.segments.blocks.audience import AudienceBlock, AudienceValue
from wagtail_medborgare.segments.blocks.choosers import (
    SegmentsChooserBlock,
    SituationsChooserBlock,
)
from wagtail_medborgare.segments.blocks.personalised import (
    PersonalisedBlock,
    PersonalisedStreamBlock,
    PersonalisedStructBlock,
    VariantsBlock,
)
from wagtail_medborgare.segments.blocks.placed import (
    ForYouBlock,
    PagesForYouBlock,
    SituationChooserBlock,
    WhatComesNextBlock,
)

__all__ = [
    "AudienceBlock",
    "AudienceValue",
    "ForYouBlock",
    "PagesForYouBlock",
    "PersonalisedBlock",
    "PersonalisedStreamBlock",
    "PersonalisedStructBlock",
    "SegmentsChooserBlock",
    "SituationChooserBlock",
    "SituationsChooserBlock",
    "VariantsBlock",
    "WhatComesNextBlock",
]
