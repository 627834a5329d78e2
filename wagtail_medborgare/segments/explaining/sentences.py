"""An audience as one plain sentence in the active language, read from the snapshots."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.explaining.conditions import condition_of_segment
from wagtail_medborgare.segments.explaining.logic import NEVER
from wagtail_medborgare.segments.explaining.rules import clause_of_segment
from wagtail_medborgare.segments.explaining.words import either
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.segments.snapshot import SegmentDefinition, segments
from wagtail_medborgare.situations.snapshot import situations


def shown_to(audience: Audience) -> str:
    """Return who sees what has this audience."""
    named = _Named(audience)
    if audience.mode == Mode.EVERYONE:
        return _("Shown to everyone")
    if audience.mode == Mode.ONLY:
        if not named.is_somebody:
            return _shown_to_nobody(named)
        if not named.groups:
            return _("Shown to those who have chosen %(situations)s") % {
                "situations": named.situations
            }
        return _("Shown to %(people)s") % {"people": named.people}
    if not named.is_somebody:
        return _shown_to_everyone(named)
    if not named.groups:
        return _("Shown to everyone but those who have chosen %(situations)s") % {
            "situations": named.situations
        }
    return _("Shown to everyone but %(people)s") % {"people": named.people}


def leaves_out(audience: Audience) -> str:
    """Return who does not see what has this audience."""
    named = _Named(audience)
    if audience.mode == Mode.EVERYONE:
        return _("Leaves out nobody")
    if not named.is_somebody:
        is_only = audience.mode == Mode.ONLY
        return _("Leaves out everyone") if is_only else _("Leaves out nobody")
    if audience.mode == Mode.EXCEPT:
        return _("Leaves out %(people)s") % {"people": named.people}
    if not named.groups:
        return _("Leaves out everyone who has not chosen %(situations)s") % {
            "situations": named.situations
        }
    return _("Leaves out everyone but %(people)s") % {"people": named.people}


def sentence_of_segment(definition: SegmentDefinition) -> str:
    """Return who is in a segment."""
    if condition_of_segment(definition) == NEVER:
        return _("Nobody can be in this segment")
    return _("Those who %(rules)s") % {"rules": clause_of_segment(definition)}


def _shown_to_nobody(named: "_Named") -> str:
    if named.resting:
        return _("Shown to nobody: residents cannot choose %(situations)s") % {
            "situations": either(named.resting)
        }
    if named.is_empty:
        return _("Shown to nobody: no situation is chosen")
    return _("Shown to nobody: what it was made for has been deleted or switched off")


def _shown_to_everyone(named: "_Named") -> str:
    if named.resting:
        return _("Shown to everyone: residents cannot choose %(situations)s") % {
            "situations": either(named.resting)
        }
    if named.is_empty:
        return _("Shown to everyone: no situation is chosen")
    return _("Shown to everyone: what it left out has been deleted or switched off")


@dataclass(frozen=True)
class _Named:
    """What an audience names, sorted by how it is said."""

    audience: Audience

    @property
    def is_empty(self) -> bool:
        """Does it name nothing, not even what is deleted?"""
        return not self.audience.situations and not self.audience.segments

    @property
    def is_somebody(self) -> bool:
        """Can anybody be in what it names?"""
        return bool(self._chosen or self.groups)

    @cached_property
    def _segments(self) -> tuple[SegmentDefinition, ...]:
        known = segments.get().by_pk
        found = (known[pk] for pk in sorted(self.audience.segments) if pk in known)
        return tuple(item for item in found if condition_of_segment(item) != NEVER)

    @cached_property
    def _keys(self) -> frozenset[int]:
        """The situations, and those of segments that ask for nothing else."""
        of_segments = (_plain_situations(item) or () for item in self._segments)
        return self.audience.situations.union(*of_segments)

    @property
    def _chosen(self) -> tuple[str, ...]:
        return tuple(item.name for item in situations.get().resolve(self._keys))

    @property
    def resting(self) -> tuple[str, ...]:
        """The names of situations that nobody can choose."""
        known = situations.get().all
        return tuple(
            item.name for item in known if item.pk in self._keys and not item.is_active
        )

    @property
    def situations(self) -> str:
        """The names of the situations: “a, b or c”."""
        return either(self._chosen)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The segments that ask for more than one situation, each in words."""
        return tuple(
            _("those who %(rules)s") % {"rules": clause_of_segment(item)}
            for item in self._segments
            if _plain_situations(item) is None
        )

    @property
    def people(self) -> str:
        """All of them: “those who have chosen a or b or those who visit on …”."""
        chosen = (
            [
                _("those who have chosen %(situations)s")
                % {"situations": self.situations}
            ]
            if self._chosen
            else []
        )
        return either([*chosen, *self.groups])


def _plain_situations(definition: SegmentDefinition) -> frozenset[int] | None:
    """Return the situations that a segment is only another name for; else None."""
    if not all(isinstance(rule, LifeSituationRule) for rule in definition.rules):
        return None
    if len(definition.rules) > 1 and not definition.row["match_any"]:
        return None
    return frozenset(rule.situation_id for rule in definition.rules)
