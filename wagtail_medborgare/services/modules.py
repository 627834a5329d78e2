"""Modules of My services: a contract, a hook, and the kinds that this room brings."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from wagtail_medborgare.segments.suggestions import (
    documents_for_visitor,
    next_steps,
    pages_for_visitor,
)
from wagtail_medborgare.services.addresses import CATALOGUE, page_url
from wagtail_medborgare.services.catalogue import search_services
from wagtail_medborgare.services.models import Unit
from wagtail_medborgare.services.pages_context import catalogue_context
from wagtail_medborgare.services.suggestions import (
    deadlines_for_visitor,
    dismissed_services,
    saved_services,
    services_for_visitor,
)
from wagtail_medborgare.services.unit_modules.showing import modules_for_visitor
from wagtail_medborgare.situations.snapshot import Situation
from wagtail_medborgare.visitors.chooser import chooser_context, what_is_kept
from wagtail_medborgare.visitors.visitor import Visitor, get_visitor

HOOK = "register_medborgare_modules"


class BaseModule(ABC):
    """A kind of module. Register the class with ``register_medborgare_modules``.

    The class is made anew for each rendering and keeps no state between requests.
    """

    name: ClassVar[str]
    """What is stored in the page: short, stable, of one's own."""

    label: ClassVar[str | Promise]
    """What editors choose it by, and its heading when they give none."""

    template_name: ClassVar[str]
    """Rendered with ``heading``, and what ``get_context`` returns as ``shown``."""

    order: ClassVar[int] = 500
    """Its place when the page does not say; the built-in ones use 100 to 900."""

    @abstractmethod
    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        """Return what the template needs; None shows nothing at all."""


@dataclass(frozen=True, kw_only=True)
class RenderedModule:
    """A module that has something to show to this visitor."""

    name: str
    heading: str
    template_name: str
    context: dict[str, Any] = field(default_factory=dict)


class SituationsModule(BaseModule):
    """The chooser, and what is chosen."""

    name = "situations"
    label = _("My choices")
    template_name = "medborgare_services/modules/situations.html"
    order = 100

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any]:
        return chooser_context(visitor)


class NowModule(BaseModule):
    """Dates that are coming up, the nearest first."""

    name = "now"
    label = _("Right now")
    template_name = "medborgare_services/modules/now.html"
    order = 200

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        if not visitor.situations:
            return None
        return {"items": deadlines_for_visitor(visitor, request=request, limit=8)}


class ServicesModule(BaseModule):
    """Services, grouped by chosen situation."""

    name = "services"
    label = _("Services for me")
    template_name = "medborgare_services/modules/services.html"
    order = 300

    MOST: ClassVar[int] = 25
    """How many of a situation; how many in all where the rest has a page of its own."""

    SHOWN_AT_FIRST: ClassVar[int] = 5

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        if not visitor.situations:
            return None
        catalogue_url = page_url(CATALOGUE, request)
        share = max(self.MOST // len(visitor.situations), self.SHOWN_AT_FIRST)

        def limit(situation: Situation, total: int) -> int:
            # No link leads to the rest of what is sensitive: it would name it.
            if situation.is_sensitive or not catalogue_url:
                return self.MOST
            # A few more are unfolded here; many more are read on their own page.
            return share if total <= share else self.SHOWN_AT_FIRST

        return {
            "groups": services_for_visitor(visitor, request=request, limit=limit),
            "shown_at_first": self.SHOWN_AT_FIRST,
            "dismissed": dismissed_services(visitor, request=request),
            "catalogue_url": catalogue_url,
        }


class PagesModule(BaseModule):
    """Pages and documents about what is chosen."""

    name = "pages"
    label = _("Pages for me")
    template_name = "medborgare_services/modules/pages.html"
    order = 400

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        from wagtail.models import Site

        site = Site.find_for_request(request) if request else None
        items = pages_for_visitor(visitor, site=site, limit=6)
        documents = documents_for_visitor(visitor, limit=6)
        if not items and not documents:
            return None
        return {"items": items, "documents": documents}


class NextModule(BaseModule):
    """What usually comes next in the life that the visitor lives."""

    name = "next"
    label = _("What usually comes next")
    template_name = "medborgare_services/modules/next.html"
    order = 500

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        items = next_steps(visitor)
        return {"items": items} if items else None


class SavedModule(BaseModule):
    """What the visitor has saved."""

    name = "saved"
    label = _("Saved")
    template_name = "medborgare_services/modules/saved.html"
    order = 600

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any]:
        return {"items": saved_services(visitor, request=request)}


class UnitsModule(BaseModule):
    """What the units show here by themselves; see ``unit_modules``."""

    name = "units"
    label = _("From our units")
    template_name = "medborgare_services/modules/units.html"
    order = 650

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        items = modules_for_visitor(visitor, request=request)
        return {"items": items} if items else None


class ContactsModule(BaseModule):
    """The units that help in the chosen situations."""

    name = "contacts"
    label = _("People who can help")
    template_name = "medborgare_services/modules/contacts.html"
    order = 700

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        chosen = [situation.pk for situation in visitor.situations]
        if not chosen:
            return None
        units = Unit.objects.live().filter(life_situation_items__tag__in=chosen)
        found = list(units.distinct()[:6])
        return {"units": found} if found else None


class SearchModule(BaseModule):
    """Search in the whole catalogue."""

    name = "search"
    label = _("Find any service")
    template_name = "medborgare_services/modules/search.html"
    order = 800

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any]:
        catalogue_url = page_url(CATALOGUE, request)
        if request is not None and not catalogue_url and "all" in request.GET:
            # Without a page of their own, all services stand here when asked for.
            return catalogue_context(request)
        query = request.GET.get("q", "") if request else ""
        found = search_services(query, request=request)
        return {**found, "everything_url": catalogue_url or "?all=1#mb-search"}


class AboutModule(BaseModule):
    """What the device keeps, and the button that forgets it."""

    name = "about"
    label = _("What this page knows about you")
    template_name = "medborgare_services/modules/about.html"
    order = 900

    def get_context(
        self, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any]:
        return what_is_kept(visitor)


BUILT_IN: tuple[type[BaseModule], ...] = (
    SituationsModule,
    NowModule,
    ServicesModule,
    PagesModule,
    NextModule,
    SavedModule,
    UnitsModule,
    ContactsModule,
    SearchModule,
    AboutModule,
)


def module_kinds() -> dict[str, type[BaseModule]]:
    """Return all kinds by name, in their usual order."""
    kinds = [*BUILT_IN]
    for hook in hooks.get_hooks(HOOK):
        contributed = hook()
        kinds += contributed if isinstance(contributed, Iterable) else [contributed]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.order)}


def rendered_module(
    name: str, *, request: HttpRequest | None, heading: str = ""
) -> RenderedModule | None:
    """Ask one module what it shows; None when it, or its kind, is not there."""
    kind = module_kinds().get(name)
    context = kind().get_context(get_visitor(request), request) if kind else None
    if kind is None or context is None:
        return None
    return RenderedModule(
        name=name,
        heading=heading or str(kind.label),
        template_name=kind.template_name,
        context=context,
    )


def rendered_modules(
    stream: Any, request: HttpRequest | None, page: Any = None
) -> list[RenderedModule]:
    """Return the modules of a page in the editors' order, or all in the usual one."""
    chosen = [
        (child.value["kind"], child.value["heading"]) for child in stream or ()
    ] or [(name, "") for name in module_kinds()]
    found = (
        rendered_module(name, request=request, heading=heading)
        for name, heading in chosen
    )
    return [module for module in found if module is not None]
