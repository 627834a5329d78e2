from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from wagtail import hooks

from wagtail_medborgare.visitors.responses import mark_response

Serve = Callable[[Any, HttpRequest, Any, Any], HttpResponseBase]


@hooks.register("on_serve_page")
def mark_personal_pages(serve: Serve) -> Serve:
    """Mark a page inside any cache decorator around Wagtail's view.

    A page renders after the view returns; a cache that decorates the view would store
    it before the middleware could mark it.
    """

    def inner(
        page: Any, request: HttpRequest, args: Any, kwargs: Any
    ) -> HttpResponseBase:
        response = serve(page, request, args, kwargs)
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.add_post_render_callback(
                lambda rendered: mark_response(request, rendered)
            )
        else:
            mark_response(request, response)
        return response

    return inner
