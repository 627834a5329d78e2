"""What the site's own page types say of their pages: one query for all of them."""

from typing import Any

from django.apps import apps

from wagtail_medborgare.services.owners import unit_owned_page_types
from wagtail_medborgare.situations.models import LifeSituationPageMixin


def situation_page_types() -> list[type[Any]]:
    """Return the page types with situations."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, LifeSituationPageMixin) and not model._meta.proxy
    ]


def page_review_dates() -> dict[int, Any]:
    """Return the day by which each page wants to be looked through, where it says so."""
    rows = [
        model._default_manager.filter(review_by__isnull=False)
        .order_by()
        .values_list("pk", "review_by")
        for model in unit_owned_page_types()
    ]
    return dict(rows[0].union(*rows[1:])) if rows else {}
