"""Which pages are about something sensitive: known without a query."""

from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import post_page_move

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.situations.models import LifeSituation, SectionExit, TaggedPage
from wagtail_medborgare.situations.sections import deepest_exit, holds


@dataclass(frozen=True)
class SensitivePages:
    """Pages by key, and whole sections by their path in the tree."""

    pks: frozenset[int]
    section_paths: tuple[str, ...]
    exits: tuple[str, ...]
    """Live pages for which nothing holds that is said above them."""


def _load() -> SensitivePages:
    items = TaggedPage.objects.filter(tag__is_sensitive=True)
    sections = items.filter(covers_section=True)
    # A draft that leaves says nothing yet: what is above it still holds.
    exits = SectionExit.objects.filter(page__live=True)
    return SensitivePages(
        pks=frozenset(items.values_list("content_object_id", flat=True)),
        section_paths=tuple(sections.values_list("content_object__path", flat=True)),
        exits=tuple(exits.values_list("page__path", flat=True)),
    )


sensitive_pages = Snapshot("sensitive-pages", _load)


def is_sensitive_page(page: Page) -> bool:
    """Say whether a page, or a section it lies in, is tagged as something sensitive."""
    found = sensitive_pages.get()
    if page.pk in found.pks:
        return True
    if not page.path.startswith(found.section_paths):
        return False
    left = deepest_exit(page.path, found.exits)
    return any(holds(path, page.path, left) for path in found.section_paths)


def _renew_after_move(**kwargs: Any) -> None:
    sensitive_pages.renew()


def _renew_after_tagging(instance: TaggedPage, **kwargs: Any) -> None:
    # Most tags are about nothing sensitive, and every page depends on this.
    known = sensitive_pages.get().pks
    if instance.tag.is_sensitive or instance.content_object_id in known:
        sensitive_pages.renew()


def _renew_after_publishing(instance: Any, **kwargs: Any) -> None:
    written = kwargs.get("update_fields")
    if not isinstance(instance, Page) or not (written is None or "live" in written):
        return
    if SectionExit.objects.filter(page_id=instance.pk).exists():
        sensitive_pages.renew()


def follow_changes() -> None:
    """Renew when tags, the sensitive flag, what has left, or the tree changes."""
    sensitive_pages.follow(LifeSituation, SectionExit)
    post_save.connect(
        _renew_after_publishing, dispatch_uid="medborgare.sensitive.publishing"
    )
    for signal in (post_save, post_delete):
        signal.connect(
            _renew_after_tagging,
            sender=TaggedPage,
            dispatch_uid=f"medborgare.sensitive.{id(signal)}",
        )
    post_page_move.connect(_renew_after_move, dispatch_uid="medborgare.sensitive")
