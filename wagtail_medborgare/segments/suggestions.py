"""What follows from the chosen situations: pages, and what comes next."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page, Site

from wagtail_medborgare.segments.compat import without_variants
from wagtail_medborgare.situations.documents import first_documents_for_situations
from wagtail_medborgare.situations.pages import first_pages_for_situations
from wagtail_medborgare.situations.snapshot import NextStep, Situation, situations
from wagtail_medborgare.visitors.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class SuggestedPage:
    """A page for this visitor, and the chosen situations that made it appear."""

    page: Page
    reasons: tuple[Situation, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestedDocument:
    """A document for this visitor, and the chosen situations that made it appear."""

    document: Any
    reasons: tuple[Situation, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestedStep:
    """What usually comes next, and from which chosen situation."""

    step: NextStep
    situation: Situation
    reasons: tuple[Situation, ...]


def pages_for_visitor(
    visitor: Visitor, *, site: Site | None, limit: int
) -> list[SuggestedPage]:
    """Return the pages for what the visitor has chosen, most relevant first."""
    chosen = {situation.pk: situation for situation in visitor.situations}
    if not chosen:
        return []
    pages = first_pages_for_situations(
        chosen, site=site, limit=limit, among=without_variants(Page.objects.all())
    )
    return [
        SuggestedPage(
            page=item.page,
            reasons=tuple(
                situation
                for pk, situation in chosen.items()
                if pk in item.situation_pks
            ),
        )
        for item in pages
    ]


def documents_for_visitor(visitor: Visitor, *, limit: int) -> list[SuggestedDocument]:
    """Return the documents for what the visitor has chosen, most relevant first."""
    chosen = {situation.pk: situation for situation in visitor.situations}
    if not chosen:
        return []
    return [
        SuggestedDocument(
            document=item.document,
            reasons=tuple(
                situation
                for pk, situation in chosen.items()
                if pk in item.situation_pks
            ),
        )
        for item in first_documents_for_situations(chosen, limit=limit)
    ]


def next_steps(visitor: Visitor) -> list[SuggestedStep]:
    """Return what usually comes next, soonest first; never what is chosen already."""
    chosen = visitor.situations
    chosen_pks = {situation.pk for situation in chosen}
    by_pk = situations.get().by_pk
    steps = [
        SuggestedStep(step=step, situation=by_pk[step.to_pk], reasons=(situation,))
        for situation in chosen
        for step in situation.next_steps
        if step.to_pk not in chosen_pks and _can_be_suggested(by_pk[step.to_pk])
    ]
    return sorted(steps, key=lambda item: item.step.after_months)


def _can_be_suggested(situation: Situation) -> bool:
    # We never suggest that something sensitive is about to happen to anybody.
    return situation.is_active and not situation.is_sensitive
