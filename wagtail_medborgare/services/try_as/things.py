"""Which services, modules and segments fit a resident, which not, and why."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale

from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.segments.explaining import (
    Answer,
    answer_for,
    sentence_of_segment,
    shown_to,
)
from wagtail_medborgare.segments.explaining.conditions import condition_of_segment
from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.modules import BaseModule, module_kinds
from wagtail_medborgare.services.snapshot import catalogue
from wagtail_medborgare.visitors.visitor import Visitor

MOST_SERVICES = 50


class TriedVisitor(Visitor):
    """A made-up visitor who has chosen these situations, with nothing kept and no log-in."""

    def __init__(self, situation_pks: frozenset[int]) -> None:
        super().__init__(None)
        self._tried = situation_pks

    @cached_property
    def _situation_pks(self) -> frozenset[int]:
        return self._tried


@dataclass(frozen=True, kw_only=True)
class TriedService:
    """A service, and for whom it is."""

    service: Service
    may_edit: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class TriedServices:
    """The services that fit, at most so many of them; how many there are, and are not."""

    services: tuple[TriedService, ...]
    total: int
    others: int

    @property
    def more(self) -> int:
        """How many fit that are not listed."""
        return self.total - len(self.services)


def try_services(user: Any, situation_pks: frozenset[int]) -> TriedServices:
    """Return the published services for these situations, in order of their names."""
    published = _published()
    fitting = published.filter(
        pk__in=published.filter(life_situation_items__tag__in=situation_pks).values(
            "pk"
        )
    )
    total = fitting.count()
    listed = list(fitting.for_list().order_by("name", "pk")[:MOST_SERVICES])
    editable = _editable(user, listed)
    return TriedServices(
        services=tuple(
            TriedService(
                service=service,
                may_edit=service.pk in editable,
                sentence=shown_to(Audience.only(*catalogue.get().tags_of(service.pk))),
            )
            for service in listed
        ),
        total=total,
        others=published.count() - total,
    )


def _published() -> Any:
    """Return what residents see in the language of the site, not in that of the editor."""
    services = Service.objects.filter(live=True)
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return services
    return services.filter(locale=Locale.get_default())


def _editable(user: Any, services: list[Service]) -> frozenset[int]:
    registered: Any = Service  # Wagtail sets the viewset when it is registered.
    policy = registered.snippet_viewset.permission_policy
    allowed: QuerySet[Service] = policy.instances_user_has_permission_for(
        user, "change"
    )
    pks = [service.pk for service in services]
    return frozenset(allowed.filter(pk__in=pks).values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class TriedModule:
    """A module of My services, and whether it has anything to show."""

    kind: type[BaseModule]
    is_shown: bool
    is_shown_to_all: bool

    @property
    def sentence(self) -> str:
        """Why it is shown, or not."""
        if self.is_shown_to_all:
            return _("Shown to everyone, whatever they have chosen")
        if self.is_shown:
            return _("Shown because it has something for this choice")
        return _("Not shown: it has nothing for this choice")


def try_modules(situation_pks: frozenset[int]) -> tuple[TriedModule, ...]:
    """Return all kinds of modules, and whether each shows something to such a visitor.

    They are asked without a request: what takes a log-in has nothing to show.
    """
    with override(Locale.get_default().language_code):
        return tuple(
            TriedModule(
                kind=kind,
                is_shown=(is_shown := _shows(kind, situation_pks)),
                is_shown_to_all=is_shown and _shows(kind, frozenset()),
            )
            for kind in module_kinds().values()
        )


def _shows(kind: type[BaseModule], situation_pks: frozenset[int]) -> bool:
    return kind().get_context(TriedVisitor(situation_pks), None) is not None


@dataclass(frozen=True, kw_only=True)
class TriedSegment:
    """A segment of the site's own, and whether the resident is in it."""

    name: str
    answer: Answer
    sentence: str


def try_segments(situation_pks: frozenset[int]) -> tuple[TriedSegment, ...]:
    """Return the segments in use, but for those that are a situation's."""
    return tuple(
        TriedSegment(
            name=item.row["name"],
            answer=answer_for(condition_of_segment(item), situation_pks),
            sentence=sentence_of_segment(item),
        )
        for item in segments.get().by_pk.values()
        if not item.is_owned
    )
