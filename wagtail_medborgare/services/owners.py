"""Which unit something belongs to: a service, a module, a page, a unit itself."""

from collections.abc import Iterable, Mapping
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
    field = owner_field(model)
    has_row = instance.pk is not None and not isinstance(instance, Unit)
    if not has_row or not hasattr(instance, field):
        # A type of the site's own may know nothing of units.
        return getattr(instance, field, None)
    rows = model._base_manager.filter(pk=instance.pk)
    owner: int | None = rows.values_list(field, flat=True).first()
    return owner


def owner_of_draft(instance: Any) -> int | None:
    """Return the unit that something will belong to when its last draft is published."""
    revision = getattr(instance, "latest_revision", None)
    content = revision.content if revision is not None else {}
    if "unit" not in content:
        return owner_of(instance)
    unit: int | None = content["unit"]
    if unit is None and isinstance(instance, Page):
        above = instance.get_parent()
        return None if above is None else owners_of_pages([above])[above.path]
    return unit


def unit_owned_page_types() -> list[Any]:
    """Return the site's own page types that belong to units."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, UnitOwnedPageMixin)
        and issubclass(model, Page)
        # Its pages are rows of the type that it stands for, which is listed itself.
        and not model._meta.proxy
    ]


def owners_of_pages(pages: Iterable[Page]) -> dict[str, int | None]:
    """Return the unit of each page by its path: its own, else the nearest above it."""
    paths = {page.path for page in pages}
    lines = {path for page in paths for path in _line(page)}
    units = dict(_units(Q(path__in=lines)))
    return {path: _nearest(path, units) for path in paths}


def units_of_pages(paths: Mapping[int, str]) -> dict[int, int]:
    """Return the unit of each of many pages, given by key and path, in one query.

    For a report on the whole site: all pages that name a unit are read, rather than
    every page above those that were asked for. A page of nobody's is left out.
    """
    units = dict(_units(Q()))
    found = ((pk, _nearest(path, units)) for pk, path in paths.items())
    return {pk: unit for pk, unit in found if unit is not None}


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
