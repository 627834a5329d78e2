"""Whoever makes this request, and a note of everything that was asked about them."""

from collections.abc import Hashable
from functools import cached_property
from typing import Protocol

from django.http import HttpRequest

from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.visitors.choices import Choices, Kept
from wagtail_medborgare.visitors.cookies import read_choices
from wagtail_medborgare.visitors.previews import (
    is_preview,
    preview_as_of,
    without_the_editor,
)
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
        self.facts: dict[str, bool] = {}
        """Yes-or-no questions by the name of the visitor's attribute."""
        self.all_situations = False
        self.personal = False

    def __bool__(self) -> bool:
        return bool(
            self.audiences
            or self.reasons
            or self.facts
            or self.all_situations
            or self.personal
        )


class Visitor:
    """The visitor of one request, anonymous or not. Reads nothing until asked.

    Every question is noted, and the response is marked private because of it
    (``responses.mark_response``). A visitor without a request has chosen nothing.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        self._request = request
        # A page cache of the site may hide the cookies from the views inside it.
        self._cookies = request.COOKIES if request is not None else {}
        self.reads = Reads()

    def turn_away(self) -> None:
        """Answer from now on as somebody who chose nothing.

        For what is asked when the head of the response has left without the mark.
        """
        self._request = None
        self.__dict__.pop("_choices", None)

    @property
    def situations(self) -> tuple[Situation, ...]:
        """The chosen situations, in the editors' order."""
        self.reads.all_situations = True
        return self._situations

    @property
    def situation_pks(self) -> frozenset[int]:
        """The keys of the chosen situations."""
        self.reads.all_situations = True
        return self._situation_pks

    @property
    def saved(self) -> tuple[Kept, ...]:
        """What the visitor has saved, oldest first."""
        if self.has_saved:
            self.reads.personal = True
        return self._saved

    @property
    def dismissed(self) -> tuple[Kept, ...]:
        """What the visitor does not want to see suggested."""
        if self.has_dismissed:
            self.reads.personal = True
        return self._dismissed

    @property
    def has_saved(self) -> bool:
        """Does this device keep saved things?"""
        return self._fact("has_saved", bool(self._choices.saved))

    @property
    def has_dismissed(self) -> bool:
        """Does this device keep things that were waved away?"""
        return self._fact("has_dismissed", bool(self._choices.dismissed))

    @property
    def keeps_sensitive_things(self) -> bool:
        """Is one of the saved or dismissed things sensitive?"""
        kept = (*self._choices.saved, *self._choices.dismissed)
        return self._fact(
            "keeps_sensitive_things", any(item.made is not None for item in kept)
        )

    @property
    def is_remembered(self) -> bool:
        """Does this device remember the choice after the visit?"""
        return self._fact("is_remembered", self._choices.remember)

    def matches(self, audience: Audience) -> bool:
        """Say whether the visitor belongs to an audience."""
        if audience.constant is not None:
            return audience.constant
        answer = self.reads.audiences.get(audience)
        if answer is None:
            answer = audience.is_met(self._situation_pks, self._asking)
            self.reads.audiences[audience] = answer
        return answer

    def why(self, audience: Audience) -> tuple[Situation, ...]:
        """Return the chosen situations because of which an audience is met."""
        if audience.constant is not None:
            return ()
        reasons = audience.reasons(self._situation_pks)
        self.reads.reasons[audience] = reasons
        return situations.get().resolve(reasons)

    def _fact(self, name: str, answer: bool) -> bool:
        self.reads.facts[name] = answer
        return answer

    @cached_property
    def _choices(self) -> Choices:
        request = self._request
        # A preview carries the editor's own cookies; it is nobody's visit.
        if request is None or is_preview(request):
            return Choices()
        return read_choices(self._cookies)

    @property
    def _asking(self) -> HttpRequest | None:
        request = self._request
        if request is None or not is_preview(request):
            return request
        return without_the_editor(request)

    @cached_property
    def _saved(self) -> tuple[Kept, ...]:
        return things_without_newly_sensitive(self._choices.saved)

    @cached_property
    def _dismissed(self) -> tuple[Kept, ...]:
        return things_without_newly_sensitive(self._choices.dismissed)

    @cached_property
    def _situations(self) -> tuple[Situation, ...]:
        return situations.get().resolve(self._situation_pks)

    @cached_property
    def _situation_pks(self) -> frozenset[int]:
        request = self._request
        if request is not None and is_preview(request):
            return situations.get().active_pks & preview_as_of(request).situation_pks
        if not self._choices.situations:
            return frozenset()
        kept = situations_without_newly_sensitive(self._choices.situations)
        return situations.get().active_pks.intersection([item.pk for item in kept])


def get_visitor(request: HttpRequest | None) -> Visitor:
    """Return the visitor of a request; without one, somebody who chose nothing."""
    visitor = getattr(request, "visitor", None)
    return visitor if isinstance(visitor, Visitor) else Visitor()
