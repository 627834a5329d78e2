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
    wished = response.headers.get("Cache-Control", "")
    if wished != PRIVATE:
        # What the site wanted of a cache: our own page cache keeps to it.
        response.wished_cache_control = wished  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = PRIVATE
    # A validator of one visitor's page must never fit another's.
    for name in ("Expires", "ETag", "Last-Modified"):
        del response.headers[name]
    patch_vary_headers(response, ["Cookie"])
