"""Which blocks of the site's pages a resident sees, which not, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_medborgare.segments.explaining import (
    Answer,
    PersonalPart,
    answer_for,
    who_sees,
)
from wagtail_medborgare.segments.explaining.pages import pages_with_audiences

MOST_PAGES = 50


@dataclass(frozen=True, kw_only=True)
class TriedPage:
    """The personal blocks of one page, as somebody meets them."""

    page: Page
    may_edit: bool
    answers: tuple[tuple[PersonalPart, Answer], ...]


@dataclass(frozen=True, kw_only=True)
class TriedPages:
    """The pages, and whether there are more of them."""

    pages: tuple[TriedPage, ...]
    most: int = MOST_PAGES
    has_more: bool


def try_pages(user: Any, situation_pks: frozenset[int]) -> TriedPages:
    """Return the live pages with blocks for somebody, as far as this user may see them.

    The newest first, and at most ``MOST_PAGES``. Their number does not change the number
    of queries; that of their page types does.
    """
    policy = PagePermissionPolicy()
    shown = Q(pk__in=Page.objects.public().values("pk")) | Q(
        pk__in=policy.explorable_instances(user).values("pk")
    )
    found = pages_with_audiences().live().filter(shown)
    newest = found.order_by("-last_published_at", "pk")[: MOST_PAGES + 1]
    pages = list(newest.specific())
    editable = _editable(policy, user, pages)
    return TriedPages(
        pages=tuple(
            TriedPage(
                page=page,
                may_edit=page.pk in editable,
                answers=_answers(page, situation_pks),
            )
            for page in pages[:MOST_PAGES]
        ),
        has_more=len(pages) > MOST_PAGES,
    )


def _editable(
    policy: PagePermissionPolicy, user: Any, pages: Iterable[Page]
) -> frozenset[int]:
    allowed = policy.instances_user_has_any_permission_for(user, {"change"})
    pks = [page.pk for page in pages]
    return frozenset(allowed.filter(pk__in=pks).values_list("pk", flat=True))


def _answers(
    page: Page, situation_pks: frozenset[int]
) -> tuple[tuple[PersonalPart, Answer], ...]:
    """Return who sees what of a page: what is seen first."""
    answers = [
        (part, answer_for(part.condition, situation_pks))
        for part in who_sees(page).listed
    ]
    return tuple(sorted(answers, key=lambda item: -item[1].value))
