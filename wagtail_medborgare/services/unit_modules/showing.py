"""Which modules of units this visitor sees, in the editors' order, and why."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, prefetch_related_objects
from django.http import HttpRequest
from wagtail.models import Locale

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.core.sources import note_end
from wagtail_medborgare.services.models import Module, TaggedModule
from wagtail_medborgare.services.snapshot import shown_language
from wagtail_medborgare.services.unit_modules.base import unit_module_kinds
from wagtail_medborgare.situations.snapshot import Situation
from wagtail_medborgare.visitors.visitor import Visitor, get_visitor

# More than this on one page is a list that nobody reads.
MOST = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One published module: whom it is for, and until when."""

    pk: int
    language: str
    tags: frozenset[int]
    expires: float | None


@dataclass(frozen=True, kw_only=True)
class ShownModule:
    """A module that has something to show to this visitor."""

    module: Module
    template_name: str
    context: dict[str, Any] = field(default_factory=dict)
    reasons: tuple[Situation, ...] = ()


def _load() -> tuple[Entry, ...]:
    tags: dict[int, set[int]] = defaultdict(set)
    for pk, tag in TaggedModule.objects.values_list("content_object_id", "tag_id"):
        tags[pk].add(tag)
    rows = (
        Module.objects.filter(live=True)
        .order_by(F("sort_order").asc(nulls_last=True), "title", "pk")
        .values_list("pk", "locale__language_code", "expire_at")
    )
    return tuple(
        Entry(
            pk=pk,
            language=language,
            tags=frozenset(tags[pk]),
            expires=expire_at.timestamp() if expire_at else None,
        )
        for pk, language, expire_at in rows
    )


unit_modules: Snapshot[tuple[Entry, ...]] = Snapshot("unit-modules", _load)


def follow_changes() -> None:
    """Renew when a module, its situations or its language change."""
    unit_modules.follow(Module, TaggedModule, Locale)


def modules_for_visitor(
    visitor: Visitor, *, request: HttpRequest | None
) -> list[ShownModule]:
    """Return the modules for what the visitor has chosen, and those for everybody.

    However many there are, each kind reads what it needs once.
    """
    entries = _entries_for(visitor)
    if not entries:
        return []
    # The keys come from memory, which may be a second old: the database has the last
    # word.
    modules = Module.objects.filter(live=True).select_related("unit")
    found = modules.in_bulk([entry.pk for entry in entries])
    listed = [found[entry.pk] for entry in entries if entry.pk in found]
    _prefetch(listed)
    tags = {entry.pk: entry.tags for entry in entries}
    return _rendered(listed, tags, visitor, request)


def preview_of(module: Module, request: HttpRequest | None) -> ShownModule | None:
    """Return one module as it is in the form; None where it has nothing to show."""
    tags = {item.tag_id for item in module.life_situation_items.all()}
    shown = _rendered([module], {module.pk: tags}, get_visitor(request), request)
    return shown[0] if shown else None


def is_for_somebody_else(module: Module, request: HttpRequest | None) -> bool:
    """Say whether the visitor of a preview would not meet the module."""
    tags = {item.tag_id for item in module.life_situation_items.all()}
    return bool(tags) and tags.isdisjoint(get_visitor(request).situation_pks)


def _entries_for(visitor: Visitor) -> list[Entry]:
    language = shown_language()
    chosen, now = visitor.situation_pks, time.time()
    entries = [
        entry
        for entry in unit_modules.get()
        if (not language or entry.language == language)
        and (not entry.tags or not entry.tags.isdisjoint(chosen))
        # Whether or not ``publish_scheduled`` has come by since.
        and (entry.expires is None or entry.expires > now)
    ][:MOST]
    for entry in entries:
        if entry.expires is not None:
            note_end(entry.expires)
    return entries


def _prefetch(modules: Sequence[Module]) -> None:
    """Read what the modules are made of, once for each kind."""
    for name, kind in unit_module_kinds().items():
        alike = [module for module in modules if module.kind == name]
        if alike:
            prefetch_related_objects(alike, *kind.prefetch)


def _rendered(
    modules: Sequence[Module],
    tags: Mapping[Any, Collection[int]],
    visitor: Visitor,
    request: HttpRequest | None,
) -> list[ShownModule]:
    by_kind: dict[str, list[Module]] = defaultdict(list)
    for module in modules:
        by_kind[module.kind].append(module)
    # A kind that nobody offers any more leaves its modules out.
    kinds = {
        name: kind() for name, kind in unit_module_kinds().items() if name in by_kind
    }
    for name, kind in kinds.items():
        kind.prepare(by_kind[name], visitor, request)
    return [
        ShownModule(
            module=module,
            template_name=kinds[module.kind].template_name,
            context=context,
            reasons=tuple(
                item for item in visitor.situations if item.pk in tags[module.pk]
            ),
        )
        for module in modules
        if module.kind in kinds
        and (context := kinds[module.kind].get_context(module, visitor, request))
        is not None
    ]
