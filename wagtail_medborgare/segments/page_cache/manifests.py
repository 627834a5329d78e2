"""What was asked of visitors while a page was rendered, and one visitor's answers to it.

A page is a function of its address and of the answers it asks for, one after the other.
Two visitors with equal answers to everything that was ever asked are therefore asked the
same, and see the same. So a manifest only grows, and a body is stored under the answers
to all of it; what was stored under a smaller one is not found any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.http import HttpRequest

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.visitors.visitor import Reads, Visitor

# Beyond this, the visitor's whole set is the shorter key.
MOST_AUDIENCES = 24

# If the answer is yes, the page shows something that only this visitor sees.
PERSONAL_FACTS = frozenset({"has_saved", "has_dismissed", "keeps_sensitive_things"})


class NotForTheCache(Exception):
    """What this visitor sees must be rendered each time, and stored nowhere."""


@dataclass(frozen=True)
class Manifest:
    """What was asked of visitors so far on one page."""

    audiences: frozenset[Audience] = frozenset()
    facts: frozenset[str] = frozenset()
    everything: bool = False

    def __or__(self, other: "Manifest") -> "Manifest":
        """Return what is asked by either; all situations answer for every audience."""
        audiences = self.audiences | other.audiences
        everything = (
            self.everything or other.everything or len(audiences) > MOST_AUDIENCES
        )
        return Manifest(
            frozenset() if everything else audiences,
            self.facts | other.facts,
            everything,
        )

    @cached_property
    def text(self) -> str:
        """The manifest as it is stored: a short text that ``parse`` reads again."""
        asked = (
            "*" if self.everything else ";".join(sorted(map(_write, self.audiences)))
        )
        return f"{asked}#{','.join(self._facts)}" if asked or self.facts else ""

    @cached_property
    def _facts(self) -> tuple[str, ...]:
        return tuple(sorted(self.facts))

    @cached_property
    def _of_situations(self) -> tuple[frozenset[int], ...]:
        """The audiences without segments: whoever is in one of these belongs to it."""
        asked = sorted(self.audiences, key=_write)
        return tuple(item.situations for item in asked if not item.segments)

    @cached_property
    def _of_segments(self) -> tuple[Audience, ...]:
        asked = sorted(self.audiences, key=_write)
        return tuple(item for item in asked if item.segments)

    def answers_of(self, visitor: Visitor) -> str:
        """Return all answers of a visitor, as a short text.

        Raises NotForTheCache where an answer comes from a sensitive choice, or tells of
        something that only this visitor sees.
        """
        chosen = visitor.situation_pks
        if chosen:
            self._refuse_sensitive(chosen)
        facts = [name for name in self._facts if getattr(visitor, name)]
        if not PERSONAL_FACTS.isdisjoint(facts):
            raise NotForTheCache
        if self.everything:
            asked = ",".join(map(str, sorted(chosen)))
        else:
            asked = "".join(
                [
                    "0" if named.isdisjoint(chosen) else "1"
                    for named in self._of_situations
                ]
            )
            asked += "".join(
                ["1" if visitor.matches(item) else "0" for item in self._of_segments]
            )
        return f"{asked}#{','.join(facts)}"

    def _refuse_sensitive(self, chosen: frozenset[int]) -> None:
        sensitive = chosen & situations.get().sensitive_pks
        if sensitive and (
            self.everything
            or any(not sensitive.isdisjoint(named(item)) for item in self.audiences)
        ):
            raise NotForTheCache


@lru_cache(maxsize=4096)
def parse(text: str) -> Manifest:
    """Return the manifest that was stored as a text."""
    asked, _separator, facts = text.partition("#")
    names = frozenset(facts.split(",")) if facts else frozenset()
    if asked == "*":
        return Manifest(facts=names, everything=True)
    audiences = frozenset(_read(item) for item in asked.split(";") if item)
    return Manifest(audiences, names)


def answers(
    request: HttpRequest, manifest: Manifest, visitor: Visitor | None = None
) -> str:
    """Return the answers of whoever makes this request, as given already if at all.

    Raises NotForTheCache as ``Manifest.answers_of``.
    """
    if not manifest.text:
        return ""
    noted = getattr(request, "visitor", None)
    asked = visitor or Visitor(request)
    request.visitor = asked  # type: ignore[attr-defined]  # rules find it there
    try:
        return manifest.answers_of(asked)
    finally:
        if noted is None:
            del request.visitor  # type: ignore[attr-defined]
        else:
            request.visitor = noted  # type: ignore[attr-defined]


def manifest_of(reads: Reads) -> Manifest:
    """Return what one visitor was asked.

    Raises NotForTheCache where an answer is this visitor's alone, or does not last.
    """
    if not reads:
        return Manifest()
    if reads.personal:
        raise NotForTheCache
    asked: dict[Any, bool] = dict(reads.audiences)
    audiences: set[Audience] = {*asked, *_behind_reasons(reads)}
    if not segments.get().last(pk for item in audiences for pk in item.segments):
        raise NotForTheCache
    return Manifest(facts=frozenset(reads.facts)) | Manifest(
        frozenset(audiences), everything=reads.all_situations
    )


def _behind_reasons(reads: Reads) -> Iterator[Audience]:
    """Return the questions that "why do I see this?" stands for: one for each situation."""
    explained: dict[Any, frozenset[int]] = dict(reads.reasons)
    for audience in explained:
        yield audience
        for pk in named(audience):
            yield Audience.only(pk)


def named(audience: Audience) -> frozenset[int]:
    """Return the situations that an audience depends on, through segments too."""
    if not audience.segments:
        return audience.situations
    return audience.situations | segments.get().situations_of(audience.segments)


def _write(audience: Audience) -> str:
    return f"{audience.mode}/{_keys(audience.situations)}/{_keys(audience.segments)}"


def _keys(pks: Iterable[int]) -> str:
    return ",".join(map(str, sorted(pks)))


def _read(text: str) -> Audience:
    mode, chosen, in_segments = text.split("/")
    return Audience(Mode(mode), _read_keys(chosen), _read_keys(in_segments))


def _read_keys(text: str) -> frozenset[int]:
    return frozenset(int(pk) for pk in text.split(",") if pk)
