"""Which live, public pages are for these situations: one question, one place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db.models import (
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from wagtail.models import Locale, Page, Site
from wagtail.query import PageQuerySet

from wagtail_medborgare.situations.models import SectionExit, TaggedPage
from wagtail_medborgare.situations.sections import (
    Region,
    deepest_exit,
    holds,
    regions,
)
from wagtail_medborgare.situations.tagged_pages import TaggedPages, tagged_pages

_MANY = 500


@dataclass(frozen=True, kw_only=True)
class PageForSituations:
    """A page, and the keys of the situations because of which it is listed."""

    page: Page
    situation_pks: frozenset[int]


def pages_for_situations(
    situation_pks: Iterable[int], *, site: Site | None = None
) -> PageQuerySet:
    """Return the live, public pages of any type that are tagged, most relevant first.

    A page counts as tagged by its own situations and by those of a section above it that
    it has not left. Pages in the active language only, where the site has several. A
    constant number of queries: the sections, what has left them, the start pages, the
    view restrictions, the pages.
    """
    pks = list(situation_pks)
    items = TaggedPage.objects.filter(tag_id__in=pks)
    own = items.filter(content_object_id=OuterRef("pk")).order_by()
    is_tagged = Q(pk__in=items.values("content_object_id"))
    covered = regions(_section_paths(pks), exit_paths())
    pages = Page.objects.live().public().filter(is_tagged | in_regions(covered))
    if site is not None:
        pages = pages.filter(_is_in_site(site))
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        pages = pages.filter(locale=Locale.get_active())
    hits = own.values("content_object_id").annotate(hits=Count("pk")).values("hits")
    return pages.annotate(
        situation_hits=Coalesce(Subquery(hits, output_field=IntegerField()), 0)
    ).order_by("-situation_hits", F("last_published_at").desc(nulls_last=True), "pk")


def first_pages_for_situations(
    situation_pks: Iterable[int],
    *,
    site: Site | None = None,
    limit: int,
    among: PageQuerySet | None = None,
) -> list[PageForSituations]:
    """Return the first of ``pages_for_situations``, with reasons, however many there are.

    The keys come from memory, which may be a second old: whether a page is live and
    public is asked of the database. ``among`` narrows the pages further.
    """
    tags = frozenset(situation_pks)
    known = tagged_pages.get()
    # What is private is read once, here.
    pages = (Page.objects.all() if among is None else among).live().public()
    best = known.best(tags, site=site.pk if site else None)
    found = _first(best, pages, limit)
    if len(found) < limit:
        rest = _in_sections(tags, known, pages.exclude(pk__in=[*found]), site)
        found |= {page.pk: (page, frozenset()) for page in rest[: limit - len(found)]}
    return [
        PageForSituations(
            page=page, situation_pks=own | known.tags_of_sections(page.path) & tags
        )
        for page, own in found.values()
    ]


Found = dict[int, tuple[Page, frozenset[int]]]


def _first(
    best: Iterator[tuple[int, frozenset[int]]], pages: PageQuerySet, limit: int
) -> Found:
    """Read pages until there are enough: in one query, but for those not to be shown."""
    found: Found = {}
    size = limit
    while len(found) < limit and (keys := dict(islice(best, size))):
        read = pages.in_bulk(keys)
        found |= {pk: (read[pk], own) for pk, own in keys.items() if pk in read}
        size = _MANY
    return dict(islice(found.items(), limit))


def _in_sections(
    tags: frozenset[int], known: TaggedPages, pages: PageQuerySet, site: Site | None
) -> PageQuerySet:
    """Return the pages that no tag of their own, but one of a section is about."""
    covered = known.regions(tags)
    if not covered:
        return pages.none()
    pages = pages.filter(in_regions(covered))
    if site is not None:
        pages = pages.filter(_beneath(known.site_paths.get(site.pk, [])))
    if known.shown_locale is not None:
        pages = pages.filter(locale_id=known.shown_locale)
    return pages.order_by(F("last_published_at").desc(nulls_last=True), "pk")


def _beneath(paths: Iterable[str]) -> Q:
    """Match the pages with these paths and everything beneath them."""
    is_beneath = Q(pk__in=[])
    for path in paths:
        is_beneath |= Q(path__startswith=path)
    return is_beneath


def in_regions(covered: Iterable[Region]) -> Q:
    """Match the pages of these parts of the tree."""
    is_inside = Q(pk__in=[])
    for region in covered:
        # What has left is one condition each, and seldom anything.
        is_inside |= Q(path__startswith=region.path) & ~_beneath(region.exits)
    return is_inside


def with_reasons(
    pages: Iterable[Page], situation_pks: Iterable[int]
) -> list[PageForSituations]:
    """Say for each page which of the situations it is for, in two queries."""
    listed = list(pages)
    exits = exit_paths()
    left = {page.pk: deepest_exit(page.path, exits) for page in listed}
    reasons: dict[int, set[int]] = defaultdict(set)
    items = TaggedPage.objects.filter(
        Q(content_object__in=[page.pk for page in listed]) | Q(covers_section=True),
        tag_id__in=list(situation_pks),
        content_object__live=True,
    ).values_list(
        "tag_id", "content_object_id", "covers_section", "content_object__path"
    )
    for tag, page_pk, covers_section, path in items:
        for page in listed:
            is_inside = covers_section and holds(path, page.path, left[page.pk])
            if page.pk == page_pk or is_inside:
                reasons[page.pk].add(tag)
    return [
        PageForSituations(page=page, situation_pks=frozenset(reasons[page.pk]))
        for page in listed
    ]


def situations_of_page(page: Page) -> frozenset[int]:
    """Return the keys of the situations a page is about, its sections' included."""
    items = TaggedPage.objects.filter(
        Q(content_object_id=page.pk) | Q(pk__in=sections_around(page))
    )
    return frozenset(items.values_list("tag_id", flat=True))


def sections_around(page: Page) -> QuerySet[TaggedPage]:
    """Return what holds for a page because of a section, its own included."""
    paths = [
        page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)
    ]
    # Of paths that begin with each other, the longest is the last one.
    left = (
        SectionExit.objects.filter(Q(page__live=True) | Q(page_id=page.pk))
        .filter(page__path__in=paths)
        .order_by("-page__path")
        .values("page__path")
    )
    return TaggedPage.objects.filter(
        covers_section=True,
        content_object__live=True,
        content_object__path__in=paths,
        content_object__path__gte=Coalesce(Subquery(left[:1]), Value("")),
    )


def exit_paths() -> list[str]:
    """Return the live pages for which nothing holds that is said above them."""
    exits = SectionExit.objects.filter(page__live=True)
    return list(exits.values_list("page__path", flat=True))


def _is_in_site(site: Site) -> Q:
    """Match the start page, its translations, and everything beneath them."""
    start_pages = site.root_page.get_translations(inclusive=True)
    return _beneath(start_pages.values_list("path", flat=True))


def _section_paths(situation_pks: list[int]) -> list[str]:
    sections = TaggedPage.objects.filter(
        tag_id__in=situation_pks, covers_section=True, content_object__live=True
    )
    return list(sections.values_list("content_object__path", flat=True))
