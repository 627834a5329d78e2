"""What follows from the note: a response that read anything is for one visitor only."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

PRIVATE = "private, no-store"


def mark_response(request: HttpRequest, response: HttpResponseBase) -> None:
    """Mark a response as private if anything was asked of the visitor."""
    visitor = getattr(request, "visitor", None)
    if visitor is not None and visitor.reads:
        mark_private(response)


def mark_private(response: HttpResponseBase) -> None:
    """Keep a response out of every cache between us and the visitor."""
    response.headers["Cache-Control"] = PRIVATE
    del response.headers["Expires"]
    patch_vary_headers(response, ["Cookie"])
