from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page, Site

from wagtail_medborgare.segments.parts import collect_parts, is_edge_page
from wagtail_medborgare.visitors.responses import mark_private


@require_safe
def personal_page(request: HttpRequest, page_pk: int) -> HttpResponseBase:
    """Show a page that lives at the edge as this visitor sees it."""
    response = _serve(request, _edge_page(request, page_pk))
    mark_private(response)
    return response


@require_safe
def personal_parts(request: HttpRequest, page_pk: int) -> HttpResponse:
    """Return the personal parts of a page that lives at the edge."""
    page = _edge_page(request, page_pk)
    parts = collect_parts(request, page)
    served = _serve(request, page)
    if served.status_code != 200:
        raise Http404
    response = JsonResponse({"parts": parts.collected})
    mark_private(response)
    return response


def _edge_page(request: HttpRequest, page_pk: int) -> Page:
    """Return a live page of this site that is served in the edge form; else 404."""
    page = Page.objects.live().filter(pk=page_pk).first()
    site = Site.find_for_request(request)
    if page is None or site is None or not is_edge_page(page):
        raise Http404
    address = page.get_url_parts(request)
    if address is None or address[0] != site.pk:
        raise Http404
    return page.specific


def _serve(request: HttpRequest, page: Page) -> HttpResponseBase:
    """Serve a page as Wagtail's own view does, restrictions and all."""
    request._medborgare_is_personal = True  # type: ignore[attr-defined]  # ours
    chain = _serve_page
    for wrap in reversed(hooks.get_hooks("on_serve_page")):
        chain = wrap(chain)
    for hook in hooks.get_hooks("before_serve_page"):
        answer = hook(page, request, [], {})
        if isinstance(answer, HttpResponse):
            return answer
    response: Any = chain(page, request, [], {})
    if hasattr(response, "render") and callable(response.render):
        response.render()
    return response


def _serve_page(
    page: Page, request: HttpRequest, args: Any, kwargs: Any
) -> HttpResponseBase:
    response: HttpResponseBase = page.serve(request, *args, **kwargs)
    return response
