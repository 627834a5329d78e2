"""What every chooser needs, wherever it stands."""

from typing import Any

from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.visitors.visitor import Visitor

FIRST = 6


def chooser_context(visitor: Visitor, *, first: int = FIRST) -> dict[str, Any]:
    """Return the situations to choose among and those that are chosen."""
    chosen = visitor.situations
    chosen_pks = {situation.pk for situation in chosen}
    active = situations.get().active
    return {
        "chosen": chosen,
        "chosen_pks": chosen_pks,
        **what_is_kept(visitor),
        "suggested": _first_ones(active, chosen_pks, first),
        "groups": _grouped(active),
        "how_many": len(active),
    }


def what_is_kept(visitor: Visitor) -> dict[str, Any]:
    """Return what the page must be able to say about what the device keeps."""
    # Asked as yes-or-no questions: a page with the chooser can then still be cached.
    keeps_things = visitor.has_saved | visitor.has_dismissed
    return {
        "keeps_something": bool(visitor.situations) or keeps_things,
        "has_sensitive": any(item.is_sensitive for item in visitor.situations)
        or visitor.keeps_sensitive_things,
        "is_remembered": visitor.is_remembered,
    }


def _first_ones(
    active: tuple[Situation, ...], chosen_pks: set[int], first: int
) -> list[Situation]:
    """Return the first in the editors' order; what is sensitive is never pushed."""
    return [
        situation
        for situation in active
        if situation.pk not in chosen_pks and not situation.is_sensitive
    ][:first]


def _grouped(active: tuple[Situation, ...]) -> dict[str, list[Situation]]:
    groups: dict[str, list[Situation]] = {}
    for situation in active:
        groups.setdefault(situation.group_label, []).append(situation)
    return groups
