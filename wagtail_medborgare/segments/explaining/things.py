"""A page or a snippet as a whole: who sees which of its parts, and who sees less."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from wagtail.fields import StreamField

from wagtail_medborgare.segments.explaining.blocks import (
    Path,
    PersonalPart,
    holds_personal,
    parts_of_stream,
)
from wagtail_medborgare.segments.explaining.conditions import Answer, answer_for
from wagtail_medborgare.situations.snapshot import Situation, situations

NOTHING_CHOSEN: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A part that somebody sees and others do not."""

    part: PersonalPart
    is_certain: bool
    """Or does it hang on the time, the device or the like?"""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What those who have chosen one situation see, beside those who chose nothing."""

    situation: Situation
    gains: tuple[Change, ...]
    loses: tuple[Change, ...]

    @property
    def sees_less(self) -> bool:
        """Do they miss something, and get nothing for it?"""
        return bool(self.loses) and not self.gains


@dataclass(frozen=True)
class WhoSees:
    """The personal parts of one thing."""

    parts: tuple[PersonalPart, ...]

    @cached_property
    def listed(self) -> tuple[PersonalPart, ...]:
        """Those that are not simply for everyone."""
        return tuple(part for part in self.parts if not part.is_for_everyone)

    @cached_property
    def for_some(self) -> tuple[PersonalPart, ...]:
        """Those that some see and others do not."""
        return tuple(part for part in self.listed if not part.why_nobody)

    @cached_property
    def unseen(self) -> tuple[PersonalPart, ...]:
        """Those that nobody can ever see; of nested ones the outermost."""
        return _outermost(part for part in self.parts if part.why_nobody)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What each situation that residents can choose gets and loses.

        A visitor who chose that one situation, beside one who chose nothing. Situations
        for which nothing is different are left out.
        """
        found = (self._difference(item) for item in situations.get().active)
        return tuple(item for item in found if item.gains or item.loses)

    @cached_property
    def worse_off(self) -> tuple[Difference, ...]:
        """The situations whose visitors see less than those who chose nothing."""
        return tuple(item for item in self.differences if item.sees_less)

    def seen_by(self, situation_pks: frozenset[int]) -> tuple[PersonalPart, ...]:
        """Return the parts that a visitor with exactly these situations sees, or may."""
        answers = self._answers(situation_pks)
        return tuple(part for part in self.parts if answers[part.path] != Answer.NO)

    def _answers(self, situation_pks: frozenset[int]) -> dict[Path, Answer]:
        return {
            part.path: answer_for(part.condition, situation_pks) for part in self.listed
        } | {part.path: Answer.YES for part in self.parts if part.is_for_everyone}

    @cached_property
    def _default(self) -> dict[Path, Answer]:
        return self._answers(NOTHING_CHOSEN)

    def _difference(self, situation: Situation) -> Difference:
        now = self._answers(frozenset([situation.pk]))
        places: dict[Path, int] = defaultdict(int)
        for part in self.parts:
            places[part.place] = max(places[part.place], now[part.path].value)

        def stands(part: PersonalPart) -> bool:
            """Is there as much in its place as before? A variant may have taken it."""
            return places[part.place] >= self._default[part.path].value

        def is_lost(part: PersonalPart) -> bool:
            return not stands(part) and not any(
                stands(outer) and now[outer.path] != self._default[outer.path]
                for outer in part.around
            )

        def changes(parts: Iterable[PersonalPart]) -> tuple[Change, ...]:
            return tuple(
                Change(
                    part=part,
                    is_certain=Answer.MAY
                    not in (now[part.path], self._default[part.path]),
                )
                for part in _outermost(parts)
            )

        return Difference(
            situation=situation,
            gains=changes(
                part
                for part in self.listed
                if now[part.path].value > self._default[part.path].value
            ),
            loses=changes(filter(is_lost, self.listed)),
        )


def _outermost(found: Iterable[PersonalPart]) -> tuple[PersonalPart, ...]:
    """Leave out the parts that stand inside another of them."""
    listed = tuple(found)
    paths = {part.path for part in listed}
    return tuple(
        part for part in listed if not any(outer.path in paths for outer in part.around)
    )


def who_sees(thing: models.Model) -> WhoSees:
    """Return the personal parts of all streams of a page or a snippet."""
    return WhoSees(
        tuple(
            part
            for field in _streams(type(thing))
            for part in parts_of_stream(getattr(thing, field.name), field.name)
        )
    )


def has_personal_blocks(model: type[models.Model]) -> bool:
    """Say whether things of this model can have blocks that are not for everyone."""
    return any(holds_personal(field.stream_block) for field in _streams(model))


def _streams(model: type[models.Model]) -> Iterator[StreamField]:
    return (field for field in model._meta.fields if isinstance(field, StreamField))
