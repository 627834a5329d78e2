from wagtail_medborgare.situations.models.personas import Persona, TaggedPersona
from wagtail_medborgare.situations.models.situations import (
    LifeSituation,
    LifeSituationQuerySet,
    MergedSituation,
    NextSituation,
    NextSituationPrompt,
    SituationGroup,
    SituationLabel,
    VocabularyLink,
)
from wagtail_medborgare.situations.models.tagging import (
    LifeSituationPageMixin,
    SectionExit,
    TaggedFile,
    TaggedPage,
)

__all__ = [
    "LifeSituation",
    "LifeSituationPageMixin",
    "LifeSituationQuerySet",
    "MergedSituation",
    "NextSituation",
    "NextSituationPrompt",
    "Persona",
    "SectionExit",
    "SituationGroup",
    "SituationLabel",
    "TaggedFile",
    "TaggedPage",
    "TaggedPersona",
    "VocabularyLink",
]
