"""What an audience asks of a visitor, as a condition that can be reasoned about."""

from collections.abc import Collection
from enum import Enum

from wagtail_personalisation.rules import AbstractBaseRule, VisitCountRule

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.explaining.logic import (
    ALWAYS,
    NEVER,
    Condition,
    Fact,
    all_of,
    any_of,
    facts_in,
    is_possible,
    negated,
)
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.segments.snapshot import SegmentDefinition, segments
from wagtail_medborgare.situations.snapshot import situations

SITUATION = "situation"
RULE = "rule"
BLOCK = "block"


class Answer(Enum):
    """Does somebody see it? ``MAY``: it hangs on the time, the device or the like."""

    NO = 0
    MAY = 1
    YES = 2


def has_chosen(pk: int) -> Condition:
    """Return the condition of having chosen a situation that can be chosen."""
    return Fact(SITUATION, pk) if pk in situations.get().active_pks else NEVER


def has_chosen_anything() -> Condition:
    """Return the condition of having chosen any situation."""
    return any_of(has_chosen(item.pk) for item in situations.get().active)


def condition_of(audience: Audience) -> Condition:
    """Return what an audience asks; what has been deleted matches nobody."""
    if audience.mode == Mode.EVERYONE:
        return ALWAYS
    known = segments.get().by_pk
    member = any_of(
        [
            *(has_chosen(pk) for pk in sorted(audience.situations)),
            *(
                condition_of_segment(known[pk])
                for pk in sorted(audience.segments)
                if pk in known
            ),
        ]
    )
    return member if audience.mode == Mode.ONLY else negated(member)


def condition_of_segment(definition: SegmentDefinition) -> Condition:
    """Return what a segment asks; one without rules, or that needs storage, nobody."""
    if definition.needs_storage or not definition.rules:
        return NEVER
    together = any_of if definition.row["match_any"] else all_of
    return together(_condition_of_rule(rule) for rule in definition.rules)


def _condition_of_rule(rule: AbstractBaseRule) -> Condition:
    if isinstance(rule, LifeSituationRule):
        return has_chosen(rule.situation_id)
    if isinstance(rule, VisitCountRule):
        return NEVER  # Visits are not counted.
    return Fact(RULE, (rule._meta.label, rule.pk))


def answer_for(condition: Condition, situation_pks: Collection[int]) -> Answer:
    """Say whether a visitor with exactly these situations meets a condition."""
    known = {
        fact: fact.key in situation_pks
        for fact in facts_in(condition)
        if fact.kind == SITUATION
    }
    if not is_possible(condition, known):
        return Answer.NO
    return Answer.MAY if is_possible(negated(condition), known) else Answer.YES
