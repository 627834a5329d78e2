"""The page types of the site that belong to units: one query for all of them."""

from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from wagtail_medborgare.services.models import UnitOwnedPageMixin
from wagtail_medborgare.situations.models import LifeSituationPageMixin


def owned_page_types() -> list[type[Any]]:
    """Return the page types with a unit."""
    return _types(UnitOwnedPageMixin)


def situation_page_types() -> list[type[Any]]:
    """Return the page types with situations."""
    return _types(LifeSituationPageMixin)


def _types(mixin: type[Model]) -> list[type[Any]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, mixin) and not model._meta.proxy
    ]


def units_of_pages() -> dict[int, int]:
    """Return the unit of each page that has one, in one query."""
    rows: list[QuerySet[Any, Any]] = [
        model._default_manager.filter(unit__isnull=False)
        .order_by()
        .values_list("pk", "unit_id")
        for model in owned_page_types()
    ]
    return dict(rows[0].union(*rows[1:])) if rows else {}


def belongs_to(units: list[int]) -> Q:
    """Match the pages of these units."""
    matches = Q(pk__in=[])
    for model in owned_page_types():
        owned = model._default_manager.filter(unit__in=units).order_by()
        matches |= Q(pk__in=owned.values("pk"))
    return matches


def page_review_dates() -> dict[int, Any]:
    """Return the day by which each page wants to be looked through, where it says so."""
    rows = [
        model._default_manager.filter(review_by__isnull=False)
        .order_by()
        .values_list("pk", "review_by")
        for model in owned_page_types()
    ]
    return dict(rows[0].union(*rows[1:])) if rows else {}
