"""A rendered page as it is stored, and which responses may be stored at all."""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.sources import Versions
from wagtail_medborgare.segments.page_cache.addresses import is_language_in_address

# The language is in the address, what was read of the cookies in the manifest.
_KEYED_ALREADY = frozenset({"cookie"})

_NOT_KEPT = ("private", "no-store", "no-cache", "max-age=0", "s-maxage=0")
_CSP = ("Content-Security-Policy", "Content-Security-Policy-Report-Only")


class Body(NamedTuple):
    """A page: what is sent, and the versions of everything it was made from."""

    content: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    versions: Versions
    epoch: str
    made_at: float

    def to_response(self, request: HttpRequest) -> HttpResponseBase:
        """Return a response of one's own: what is done to it does not reach the cache."""
        response = HttpResponse(self.content, content_type=self.content_type)
        headers = response.headers
        for name, value in self.headers:
            headers[name] = value
        if "max-age" in headers.get("Cache-Control", ""):
            headers["Age"] = str(max(0, int(time.time() - self.made_at)))
        etag = headers.get("ETag")
        if etag and "HTTP_IF_NONE_MATCH" in request.META:
            answer = get_conditional_response(request, etag=etag, response=response)
            return answer or response
        return response


def body_of(response: HttpResponse, *, versions: Versions, epoch: str) -> Body:
    """Return what is kept of a response."""
    return Body(
        content=response.content,
        content_type=response.headers.get("Content-Type", ""),
        headers=tuple(
            item for item in response.headers.items() if item[0] != "Content-Type"
        ),
        versions=versions,
        epoch=epoch,
        made_at=time.time(),
    )


def lives_until() -> float:
    """Return until when a page is kept: not beyond the day, as it may show dates."""
    zone = timezone.get_default_timezone()
    tomorrow = datetime.now(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), tzinfo=zone)
    return min(time.time() + app_settings.PAGE_CACHE_SECONDS, midnight.timestamp())


def is_for_many(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Say whether a response may be sent to others with the same answers."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    headers = response.headers
    wished = getattr(
        response, "wished_cache_control", headers.get("Cache-Control", "")
    ).lower()
    return not (
        response.has_header("Set-Cookie")
        or any(word in wished for word in _NOT_KEPT)
        or "*" in headers.get("Vary", "")
        or _varies_by_unknown_cookie(request, response)
        or _has_nonce(request, response)
        or getattr(request, "is_preview", False)
        or _is_somebody(request)
    )


def _varies_by_unknown_cookie(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A cookie was read, and neither the visitor nor the empty session explains it."""
    if "cookie" not in response.headers.get("Vary", "").lower():
        return False
    visitor, session = (
        getattr(request, "visitor", None),
        getattr(request, "session", None),
    )
    return not (getattr(visitor, "reads", False) or getattr(session, "accessed", False))


def _is_somebody(request: HttpRequest) -> bool:
    """Somebody is logged in without a session: by a header that a gateway sets."""
    user = getattr(request, "user", None)
    return bool(getattr(user, "is_authenticated", False))


def _has_nonce(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A number used once would be used often. Set by Django 6 and by django-csp."""
    if bool(getattr(request, "_csp_nonce", None)):
        return True
    return any("nonce-" in response.headers.get(name, "") for name in _CSP)


def headers_in_vary(response: HttpResponseBase) -> frozenset[str]:
    """Return the request headers that make another body, as keys of ``META``."""
    names = response.headers.get("Vary", "").lower().split(",")
    return frozenset(
        "HTTP_" + name.strip().upper().replace("-", "_")
        for name in names
        if name.strip()
        and name.strip() not in _KEYED_ALREADY
        # A language middleware of the site's own may choose in another way.
        and (name.strip() != "accept-language" or not is_language_in_address())
    )
