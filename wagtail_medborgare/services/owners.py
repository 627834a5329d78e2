"""Which unit something belongs to: a service, a module, a page, a unit itself."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from wagtail.models import Page

from wagtail_medborgare.services.models.pages import UnitOwnedPageMixin
from wagtail_medborgare.services.models.units import Unit

_KEPT_AS = "_medborgare_units_of_pages"


def owner_field(model: Any) -> str:
    """Return the name of the column that says which unit an object belongs to."""
    return "pk" if issubclass(model, Unit) else "unit_id"


def owner_of(instance: Any) -> int | None:
    """Return the unit that something belongs to now; None when it is nobody's.

    Its row is asked: what was made of a revision says whose it was then. A list, whose
    objects are their rows, knows the answer already: see ``owner_field``.
    """
    if isinstance(instance, Page):
        return owners_of_pages([instance])[instance.path]
    model = type(instance)
    if isinstance(instance, Unit) or instance.pk is None:
        return getattr(instance, owner_field(model), None)
    rows = model._base_manager.filter(pk=instance.pk)
    owner: int | None = rows.values_list(owner_field(model), flat=True).first()
    return owner


def unit_owned_page_types() -> list[Any]:
    """Return the site's own page types that belong to units."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, UnitOwnedPageMixin) and issubclass(model, Page)
    ]


def owners_of_pages(pages: Iterable[Page]) -> dict[str, int | None]:
    """Return the unit of each page by its path: its own, else the nearest above it."""
    paths = {page.path for page in pages}
    lines = {path for page in paths for path in _line(page)}
    units = dict(_units(Q(path__in=lines)))
    return {path: _nearest(path, units) for path in paths}


def owner_of_listed_page(page: Page, user: Any) -> int | None:
    """Return the unit of a page; its siblings are asked for next, so they come along.

    One query for all pages under one parent, kept on the user as long as the request.
    """
    kept: dict[str, dict[str, int]] = user.__dict__.setdefault(_KEPT_AS, {})
    above = page.path[: -page.steplen]
    if above not in kept:
        kept[above] = dict(
            _units(
                Q(path__in=_line(above)) | Q(path__startswith=above, depth=page.depth)
            )
        )
    return _nearest(page.path, kept[above])


def pages_of_others(page: Page, units: frozenset[int]) -> QuerySet[Any]:
    """Return the paths and units of pages under a page that belong to other units."""
    return _units(Q(path__startswith=page.path) & ~Q(unit__in=units))


def _units(condition: Q) -> QuerySet[Any]:
    """Return paths and units of the pages that name one, of all types in one query."""
    found = [
        model._base_manager.filter(condition, unit__isnull=False)
        .order_by()
        .values_list("path", "unit_id")
        for model in unit_owned_page_types()
    ]
    if not found:
        return Unit.objects.none().values_list("slug", "pk")
    return found[0].union(*found[1:], all=True)


def _line(path: str) -> list[str]:
    """Return a path and those above it, the nearest first."""
    return [path[:end] for end in range(len(path), 0, -Page.steplen)]


def _nearest(path: str, units: dict[str, int]) -> int | None:
    return next((units[each] for each in _line(path) if each in units), None)
