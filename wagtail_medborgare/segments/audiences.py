"""The condition on a block, a page list or a module: for whom it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How an audience reads the situations and segments that it names."""

    EVERYONE = "everyone", _("Everyone")
    ONLY = "only", _("Only")
    EXCEPT = "except", _("Everyone but")


@dataclass(frozen=True)
class Audience:
    """Everyone, only those in some situations or segments, or everyone but them.

    Keys of deleted situations and segments match nobody: "only" with nothing left is for
    nobody, and never turns into everybody.
    """

    mode: Mode = Mode.EVERYONE
    situations: frozenset[int] = frozenset()
    segments: frozenset[int] = frozenset()

    @classmethod
    def only(cls, *situations: int, segments: Iterable[int] = ()) -> "Audience":
        """Return the audience of those who have chosen any of these."""
        return cls(Mode.ONLY, frozenset(situations), frozenset(segments))

    @classmethod
    def all_but(cls, *situations: int, segments: Iterable[int] = ()) -> "Audience":
        """Return the audience of those who have chosen none of these."""
        return cls(Mode.EXCEPT, frozenset(situations), frozenset(segments))

    @cached_property
    def constant(self) -> bool | None:
        """The answer where it is the same for all, so that nothing need be asked."""
        if self.mode == Mode.EVERYONE:
            return True
        if not self.situations and not self.segments:
            return self.mode == Mode.EXCEPT
        return None

    def is_met(
        self, situation_pks: frozenset[int], request: HttpRequest | None
    ) -> bool:
        """Say whether a visitor with these situations belongs to it."""
        if self.constant is not None:
            return self.constant
        is_member = not self.situations.isdisjoint(situation_pks) or (
            self._in_a_segment(request)
        )
        return is_member is (self.mode == Mode.ONLY)

    def reasons(self, situation_pks: frozenset[int]) -> frozenset[int]:
        """Return the chosen situations that this audience asks for."""
        if self.mode != Mode.ONLY:
            return frozenset()
        return (self.situations | self._situations_of_segments()) & situation_pks

    def _in_a_segment(self, request: HttpRequest | None) -> bool:
        if not self.segments or request is None:
            return False
        from wagtail_medborgare.segments.snapshot import segments

        return segments.get().any_met(self.segments, request)

    def _situations_of_segments(self) -> frozenset[int]:
        if not self.segments:
            return frozenset()
        from wagtail_medborgare.segments.snapshot import segments

        return segments.get().situations_of(self.segments)
