"""Where the site has put its catalogue and its My services page, without a query."""

from typing import Any

from django.apps import apps
from django.db.models.signals import post_delete
from django.http import HttpRequest
from wagtail.models import Page, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.services.models import (
    MyServicesPageMixin,
    Service,
    ServiceCataloguePageMixin,
)
from wagtail_medborgare.services.models.services import active_language, shown_address

CATALOGUE = "catalogue"
MY_SERVICES = "my-services"

# Stands where the slug of a service will; no page of a site is called this.
_ANY_SLUG = "a-service-of-wagtail-medborgare"

_MIXINS: dict[str, type] = {
    CATALOGUE: ServiceCataloguePageMixin,
    MY_SERVICES: MyServicesPageMixin,
}

Found = dict[str, list[Page]]


def _load() -> Found:
    return {kind: _live_pages(mixin) for kind, mixin in _MIXINS.items()}


def _live_pages(mixin: type) -> list[Page]:
    found: list[Page] = []
    for model in _page_models(mixin):
        found += model.objects.live().select_related("locale").order_by("path")
    return found


def _page_models(mixin: type) -> list[Any]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, mixin) and issubclass(model, Page)
    ]


pages = Snapshot("service-pages", _load)


def page_url(kind: str, request: HttpRequest | None) -> str:
    """Return the address of the site's page of this kind; empty when it has none."""
    page = _page(kind, request)
    return (page.get_url(request) or "") if page else ""


def service_url(service: Service, request: HttpRequest | None) -> str:
    """Return the address of a service's page, or of its first channel without one."""
    pattern = _service_pattern(request)
    if pattern:
        return pattern.replace(_ANY_SLUG, service.slug)
    if hasattr(service, "first_url"):  # As lists have it: no query for each line.
        return shown_address(service.first_url)
    channel = service.channels.exclude(url="").first()
    return channel.web_address if channel else ""


def _service_pattern(request: HttpRequest | None) -> str:
    """Return the address of any service's page, made once for a list of them."""
    known: dict[str, str] = getattr(request, "_medborgare_service_pattern", {})
    language = active_language()
    if language not in known:
        page = _page(CATALOGUE, request)
        known[language] = (
            f"{page.get_url(request)}{page.reverse_subpage('service', args=[_ANY_SLUG])}"
            if page
            else ""
        )
        if request is not None:
            request._medborgare_service_pattern = known  # type: ignore[attr-defined]
    return known[language]


def _page(kind: str, request: HttpRequest | None) -> Any:
    """Prefer this site's page in this language, then this site's, then any."""
    # One page shows many links: the same answer for the whole request.
    known: dict[str, Page | None] = getattr(request, "_medborgare_pages", {})
    if kind not in known:
        known[kind] = _best_page(kind, request)
        if request is not None:
            request._medborgare_pages = known  # type: ignore[attr-defined]
    return known[kind]


def _best_page(kind: str, request: HttpRequest | None) -> Any:
    candidates = pages.get()[kind]
    site = Site.find_for_request(request) if request else None
    language = active_language()

    def rank(page: Page) -> tuple[bool, bool]:
        parts = page.get_url_parts(request)
        is_here = bool(site and parts and parts[0] == site.pk)
        return (is_here, page.locale.language_code == language)

    return max(candidates, key=rank, default=None)


def _renew(**kwargs: Any) -> None:
    pages.renew()


def follow_changes() -> None:
    """Renew when such a page is published, moved, renamed or gone."""
    for mixin in _MIXINS.values():
        for model in _page_models(mixin):
            for signal in (page_published, page_unpublished, page_slug_changed):
                signal.connect(
                    _renew,
                    sender=model,
                    dispatch_uid=f"medborgare.pages.{id(signal)}.{model._meta.label}",
                )
            post_delete.connect(
                _renew,
                sender=model,
                dispatch_uid=f"medborgare.pages.{model._meta.label}",
            )
    post_page_move.connect(_renew, dispatch_uid="medborgare.pages.move")
