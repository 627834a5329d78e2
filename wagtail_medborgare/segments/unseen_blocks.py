"""Blocks that no visitor can see, on all pages at once."""

from collections.abc import Iterator

from django.db.models import Q
from wagtail.models import Page
from wagtail.query import PageQuerySet

from wagtail_medborgare.segments.explaining import who_sees
from wagtail_medborgare.segments.explaining.blocks import PersonalPart
from wagtail_medborgare.segments.explaining.pages import pages_with_audiences
from wagtail_medborgare.segments.panels import pages_with_lost_audiences

_AT_ONCE = 200


def unseen_blocks(pages: PageQuerySet) -> Iterator[tuple[Page, PersonalPart]]:
    """Yield such blocks of the published ones among some pages, by title of the page.

    The same blocks, for the same reasons, as the editor of each page is told of. Their
    pages are read in batches, with a constant number of queries for each page type.
    """
    named = Q(pk__in=pages_with_audiences().values("pk"))
    # What has been deleted is named by no reference any more: the history knows of it.
    lost = Q(pk__in=pages_with_lost_audiences().order_by().values("pk"))
    found = pages.filter(named | lost, live=True).order_by("title", "pk")
    for page in found.specific().iterator(chunk_size=_AT_ONCE):
        for part in who_sees(page).unseen:
            yield page, part
