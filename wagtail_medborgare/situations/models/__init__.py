from wagtail_medborgare.situations.models.situations import (
    LifeSituation,
    LifeSituationQuerySet,
    NextSituation,
    NextSituationPrompt,
    SituationGroup,
    SituationLabel,
    VocabularyLink,
)
from wagtail_medborgare.situations.models.tagging import (
    LifeSituationPageMixin,
    TaggedPage,
)

__all__ = [
    "LifeSituation",
    "LifeSituationPageMixin",
    "LifeSituationQuerySet",
    "NextSituation",
    "NextSituationPrompt",
    "SituationGroup",
    "SituationLabel",
    "TaggedPage",
    "VocabularyLink",
]
