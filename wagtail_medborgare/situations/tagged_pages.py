"""The tagged pages by what they are tagged with, in memory: keys only, no page.

Pages with the same situations, language and sites stand together, newest first. There
are few such groups, so that the best pages for a choice are found by looking at the
groups, however many pages there are.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.signals import post_save
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.situations.models import SectionExit, TaggedPage
from wagtail_medborgare.situations.sections import (
    Region,
    deepest_exit,
    holds,
    regions,
)

# A page that is saved with other fields only is a draft, or was moved.
_PUBLISHING = {"live", "last_published_at", "locale"}


@dataclass(frozen=True)
class Group:
    """What some pages have in common."""

    tags: frozenset[int]
    locale: int
    sites: frozenset[int]


@dataclass(frozen=True, slots=True)
class Section:
    """A live page whose situations hold for everything beneath it."""

    path: str
    tags: frozenset[int]


@dataclass(slots=True)
class TaggedPages:
    """The live pages that are tagged and open to all."""

    pks: "array[int]" = field(default_factory=lambda: array("q"))
    """All of them, the newest first; a page's place in it is how groups know it."""
    groups: "dict[Group, array[int]]" = field(
        default_factory=lambda: defaultdict(lambda: array("l"))
    )
    sections: list[Section] = field(default_factory=list)
    exits: tuple[str, ...] = ()
    """The live pages for which nothing holds that is said above them."""
    site_paths: dict[int, list[str]] = field(default_factory=dict)
    """The start page of each site and its translations."""
    locales: dict[str, int] = field(default_factory=dict)

    def best(
        self, tags: frozenset[int], *, site: int | None
    ) -> Iterator[tuple[int, frozenset[int]]]:
        """Yield keys of pages with their tags: with most of these first, then newest."""
        by_hits: dict[int, list[Iterator[tuple[int, frozenset[int]]]]] = {}
        locale = self.shown_locale
        for group, places in self.groups.items():
            if locale not in (None, group.locale):
                continue
            if site is not None and site not in group.sites:
                continue
            if hit := group.tags & tags:
                by_hits.setdefault(len(hit), []).append(zip(places, repeat(hit)))
        for _hits, each in sorted(by_hits.items(), reverse=True):
            for place, hit in merge(*each, key=itemgetter(0)):
                yield self.pks[place], hit

    def tags_of_sections(self, path: str) -> frozenset[int]:
        """Return what the sections around a page, itself included, are tagged with."""
        left = deepest_exit(path, self.exits)
        around = (item.tags for item in self.sections if holds(item.path, path, left))
        return frozenset().union(*around)

    def regions(self, tags: frozenset[int]) -> list[Region]:
        """Return where sections with any of these situations hold."""
        return regions(
            (item.path for item in self.sections if item.tags & tags), self.exits
        )

    @property
    def shown_locale(self) -> int | None:
        """The key of the active language; None where the site has one language."""
        if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            return None
        return self.locales.get(_language(get_language())) or self.locales.get(
            _language(settings.LANGUAGE_CODE)
        )


def _language(code: str | None) -> str:
    try:
        return str(get_supported_content_language_variant(code or ""))
    except LookupError:
        return ""


def _load() -> TaggedPages:
    found = TaggedPages(
        site_paths=_load_site_paths(),
        locales=dict(Locale.objects.values_list("language_code", "pk")),
        exits=tuple(
            SectionExit.objects.filter(page__live=True).values_list(
                "page__path", flat=True
            )
        ),
    )
    closed = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    known: dict[Any, Any] = {}
    for (pk, path, locale), items in groupby(_rows(), key=lambda row: row[:3]):
        rows = list(items)
        tags = frozenset(row[3] for row in rows)
        if any(row[4] for row in rows):
            covering = frozenset(row[3] for row in rows if row[4])
            found.sections.append(Section(path, covering))
        if path.startswith(closed):
            continue
        sites = frozenset(
            site
            for site, paths in found.site_paths.items()
            if path.startswith(tuple(paths))
        )
        group = Group(tags, locale, sites)
        found.groups[known.setdefault(group, group)].append(len(found.pks))
        found.pks.append(pk)
    return found


def _rows() -> Iterator[tuple[Any, ...]]:
    items = TaggedPage.objects.filter(content_object__live=True).order_by(
        F("content_object__last_published_at").desc(nulls_last=True),
        "content_object_id",
    )
    return items.values_list(
        "content_object_id",
        "content_object__path",
        "content_object__locale_id",
        "tag_id",
        "covers_section",
    ).iterator(chunk_size=2000)


def _load_site_paths() -> dict[int, list[str]]:
    keys = dict(Site.objects.values_list("pk", "root_page__translation_key"))
    pages = Page.objects.filter(translation_key__in=set(keys.values()))
    paths: dict[Any, list[str]] = defaultdict(list)
    for key, path in pages.values_list("translation_key", "path"):
        paths[key].append(path)
    return {site: paths[key] for site, key in keys.items()}


tagged_pages = Snapshot("tagged-pages", _load)


def _renew_after_move(**kwargs: Any) -> None:
    tagged_pages.renew()


def _renew_after_publishing(instance: Any, **kwargs: Any) -> None:
    if not isinstance(instance, Page):
        return
    written = kwargs.get("update_fields")
    if written is not None and _PUBLISHING.isdisjoint(written):
        return
    is_tagged = TaggedPage.objects.filter(content_object_id=instance.pk).exists()
    if is_tagged or SectionExit.objects.filter(page_id=instance.pk).exists():
        tagged_pages.renew()


def follow_changes() -> None:
    """Renew when tags, tagged pages, the tree, privacy, sites or languages change."""
    tagged_pages.follow(TaggedPage, SectionExit, PageViewRestriction, Site, Locale)
    post_page_move.connect(_renew_after_move, dispatch_uid="medborgare.tagged-pages")
    post_save.connect(
        _renew_after_publishing, dispatch_uid="medborgare.tagged-pages.publishing"
    )
