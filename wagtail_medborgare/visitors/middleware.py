from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from wagtail_medborgare.visitors.responses import mark_response
from wagtail_medborgare.visitors.visitor import Visitor


class VisitorMiddleware:
    """Give each request its ``visitor``, and its response what was read of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.visitor = Visitor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        mark_response(request, response)
        return response
