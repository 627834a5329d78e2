"""Nothing in this room is about a person: segments are conditions, not lists."""

from wagtail_medborgare.core.personal_data import declare

declare(
    "medborgare_segments.LifeSituationRule",
    not_personal=["id", "segment", "situation"],
)
declare(
    "medborgare_segments.SituationSegment",
    not_personal=["id", "situation", "segment"],
)
