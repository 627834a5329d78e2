"""What an editor is told about sections: what comes from above, and how far own ones reach."""

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page

from wagtail_medborgare.situations.models import SectionExit
from wagtail_medborgare.situations.pages import in_regions, sections_around
from wagtail_medborgare.situations.sections import regions
from wagtail_medborgare.situations.snapshot import Situation, situations


@dataclass
class SectionAbove:
    """A section that a page lies in, with what is said there."""

    page: Page
    can_edit: bool
    situations: list[Situation] = field(default_factory=list)


def sections_above(parent: Page, user: Any) -> list[SectionAbove]:
    """Return what holds beneath a page, from where: the outermost section first."""
    by_pk = situations.get().by_pk
    found: dict[int, SectionAbove] = {}
    items = sections_around(parent).select_related("content_object")
    for item in items.order_by("content_object__path", "tag__sort_order", "tag_id"):
        page = item.content_object
        if page.pk not in found:
            can_edit = page.permissions_for_user(user).can_edit()
            found[page.pk] = SectionAbove(page, can_edit)
        if item.tag_id in by_pk:
            found[page.pk].situations.append(by_pk[item.tag_id])
    return list(found.values())


def count_beneath(page: Page) -> int:
    """Return how many published pages a page's own situations reach as a section."""
    exits = SectionExit.objects.filter(
        page__live=True, page__path__startswith=page.path
    ).exclude(page_id=page.pk)
    reached = regions([page.path], exits.values_list("page__path", flat=True))
    beneath = Page.objects.live().filter(in_regions(reached))
    return beneath.exclude(pk=page.pk).count()
