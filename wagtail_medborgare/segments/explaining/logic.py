"""Conditions made of yes-or-no facts, and whether they can be met at all."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

# After so many steps the search gives up and says "possible": what is said to be
# impossible always is. No page of an editor's making comes near it.
_MOST_STEPS = 2000


@dataclass(frozen=True)
class Fact:
    """Something that is true of a visitor or not, such as a chosen situation."""

    kind: str
    key: Hashable


@dataclass(frozen=True)
class AllOf:
    """Met when each of the parts is; without parts, always."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """Met when one of the parts is; without parts, never."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """Met when the part is not."""

    part: "Condition"


Condition = Fact | AllOf | AnyOf | Not
Known = Mapping[Fact, bool]

ALWAYS = AllOf(())
NEVER = AnyOf(())


def all_of(parts: Iterable[Condition]) -> Condition:
    """Return the condition that all of these are met, in its shortest form."""
    kept = tuple(dict.fromkeys(part for part in parts if part != ALWAYS))
    if NEVER in kept:
        return NEVER
    return kept[0] if len(kept) == 1 else AllOf(kept)


def any_of(parts: Iterable[Condition]) -> Condition:
    """Return the condition that one of these is met, shortened.

    Nobody asks for one of several where one of them is always met.
    """
    kept = tuple(dict.fromkeys(part for part in parts if part != NEVER))
    return kept[0] if len(kept) == 1 else AnyOf(kept)


def negated(part: Condition) -> Condition:
    """Return the opposite condition."""
    if isinstance(part, Not):
        return part.part
    if part == ALWAYS:
        return NEVER
    return ALWAYS if part == NEVER else Not(part)


def facts_in(condition: Condition) -> Iterator[Fact]:
    """Yield the facts that a condition asks for."""
    if isinstance(condition, Fact):
        yield condition
    elif isinstance(condition, Not):
        yield from facts_in(condition.part)
    else:
        yield from chain.from_iterable(map(facts_in, condition.parts))


def is_met(condition: Condition, known: Known) -> bool | None:
    """Say whether a condition is met; None where that hangs on a fact not known."""
    if isinstance(condition, Fact):
        return known.get(condition)
    if isinstance(condition, Not):
        answer = is_met(condition.part, known)
        return None if answer is None else not answer
    deciding = isinstance(condition, AnyOf)
    answers = [is_met(part, known) for part in condition.parts]
    if deciding in answers:
        return deciding
    return None if None in answers else not deciding


def is_possible(condition: Condition, known: Known | None = None) -> bool:
    """Say whether there can be somebody who meets it, facts being free of each other."""
    return _search(condition, dict(known or {}), [_MOST_STEPS])


def _search(condition: Condition, known: dict[Fact, bool], steps: list[int]) -> bool:
    steps[0] -= 1
    answer = is_met(condition, known)
    if answer is not None or steps[0] < 0:
        return answer is not False
    fact = next(item for item in facts_in(condition) if item not in known)
    return any(
        _search(condition, {**known, fact: value}, steps) for value in (True, False)
    )
