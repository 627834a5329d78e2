"""Who sees what, said in words: audiences as sentences, and the blocks of a page.

Nothing here asks a visitor or the database: all of it is read from the values and from
the snapshots of situations and segments.
"""

from wagtail_medborgare.segments.explaining.blocks import PersonalPart, parts_of_stream
from wagtail_medborgare.segments.explaining.conditions import (
    Answer,
    answer_for,
    condition_of,
)
from wagtail_medborgare.segments.explaining.sentences import (
    leaves_out,
    sentence_of_segment,
    shown_to,
)
from wagtail_medborgare.segments.explaining.things import WhoSees, who_sees

__all__ = [
    "Answer",
    "PersonalPart",
    "WhoSees",
    "answer_for",
    "condition_of",
    "leaves_out",
    "parts_of_stream",
    "sentence_of_segment",
    "shown_to",
    "who_sees",
]
