from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from wagtail_medborgare.visitors.responses import mark_response
from wagtail_medborgare.visitors.visitor import Visitor


class VisitorMiddleware:
    """Give each request its ``visitor``, and its response what was read of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_class: Any = type(request)
        request.__class__ = _with_sticky_mark(request_class)
        visitor = Visitor(request)
        request.visitor = visitor  # type: ignore[attr-defined]  # ours
        response = self.get_response(request)
        mark_response(request, response)
        if response.streaming and not visitor.reads:
            # What its generator asks comes too late for the mark.
            visitor.turn_away()
        return response


@cache
def _with_sticky_mark(request_class: Any) -> Any:
    """Return the class of request whose response no cache of Django's stores once read.

    Django's cache asks the private attribute ``_cache_update_cache`` after the view, and
    sets it to true when a cached view begins: a visitor who was read before that would
    be stored. As a property of the request it cannot be forgotten.
    """

    def get_mark(self: Any) -> bool:
        return self.__dict__.get("_cache_wanted", False) and not self.visitor.reads

    def set_mark(self: Any, value: bool) -> None:
        self.__dict__["_cache_wanted"] = value

    return type(
        request_class.__name__,
        (request_class,),
        {"_cache_update_cache": property(get_mark, set_mark)},
    )
