"""Whoever makes this request, and a note of everything that was asked about them."""

from collections.abc import Hashable
from functools import cached_property
from typing import Protocol

from django.http import HttpRequest

from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.visitors.choices import Choices, Kept
from wagtail_medborgare.visitors.cookies import read_choices
from wagtail_medborgare.visitors.sensitivity import (
    situations_without_newly_sensitive,
    things_without_newly_sensitive,
)


class Audience(Hashable, Protocol):
    """What this room asks of a condition on content; ``segments`` supplies it."""

    @property
    def constant(self) -> bool | None:
        """The answer where it is the same for all, so that nothing need be asked."""

    def is_met(
        self, situation_pks: frozenset[int], request: HttpRequest | None
    ) -> bool:
        """Say whether a visitor with these situations belongs to it."""

    def reasons(self, situation_pks: frozenset[int]) -> frozenset[int]:
        """Return the situations because of which it is met."""


class Reads:
    """The note: what was asked of the visitor while a response was made."""

    def __init__(self) -> None:
        self.audiences: dict[Audience, bool] = {}
        self.reasons: dict[Audience, frozenset[int]] = {}
        self.all_situations = False
        self.personal = False

    def __bool__(self) -> bool:
        return bool(
            self.audiences or self.reasons or self.all_situations or self.personal
        )


class Visitor:
    """The visitor of one request, anonymous or not. Reads nothing until asked.

    Every question is noted, and the response is marked private because of it
    (``responses.mark_response``). A visitor without a request has chosen nothing.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        self._request = request
        self.reads = Reads()

    @property
    def situations(self) -> tuple[Situation, ...]:
        """The chosen situations, in the editors' order."""
        self.reads.all_situations = True
        return self._situations

    @property
    def saved(self) -> tuple[Kept, ...]:
        """What the visitor has saved, oldest first."""
        self.reads.personal = True
        return self._saved

    @property
    def dismissed(self) -> tuple[Kept, ...]:
        """What the visitor does not want to see suggested."""
        self.reads.personal = True
        return self._dismissed

    @property
    def is_remembered(self) -> bool:
        """Does this device remember the choice after the visit?"""
        self.reads.personal = True
        return self._choices.remember

    def matches(self, audience: Audience) -> bool:
        """Say whether the visitor belongs to an audience."""
        if audience.constant is not None:
            return audience.constant
        if audience not in self.reads.audiences:
            self.reads.audiences[audience] = audience.is_met(
                self._situation_pks, self._request
            )
        return self.reads.audiences[audience]

    def why(self, audience: Audience) -> tuple[Situation, ...]:
        """Return the chosen situations because of which an audience is met."""
        if audience.constant is not None:
            return ()
        reasons = audience.reasons(self._situation_pks)
        self.reads.reasons[audience] = reasons
        return situations.get().resolve(reasons)

    @cached_property
    def _choices(self) -> Choices:
        request = self._request
        # A preview carries the editor's own cookies; it is nobody's visit.
        if request is None or _is_preview(request):
            return Choices()
        return read_choices(request)

    @cached_property
    def _saved(self) -> tuple[Kept, ...]:
        return things_without_newly_sensitive(self._choices.saved)

    @cached_property
    def _dismissed(self) -> tuple[Kept, ...]:
        return things_without_newly_sensitive(self._choices.dismissed)

    @cached_property
    def _situations(self) -> tuple[Situation, ...]:
        kept = situations_without_newly_sensitive(self._choices.situations)
        return situations.get().resolve([item.pk for item in kept])

    @cached_property
    def _situation_pks(self) -> frozenset[int]:
        return frozenset(situation.pk for situation in self._situations)


def get_visitor(request: HttpRequest | None) -> Visitor:
    """Return the visitor of a request; without one, somebody who chose nothing."""
    visitor = getattr(request, "visitor", None)
    return visitor if isinstance(visitor, Visitor) else Visitor()


def _is_preview(request: HttpRequest) -> bool:
    return getattr(request, "is_preview", False) or getattr(request, "is_dummy", False)
