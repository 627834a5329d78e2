"""Where a visitor lands after a choice: the page they came from, on this site."""

import re
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail.models import Page, Site
from wagtail.views import serve

START = "/"
OWN = "medborgare_visitors"

# Our own redirects are paths; what a browser could read as another host is refused.
_ODD = re.compile(r"[\x00-\x20\x7f\\]|//")


def path_back(request: HttpRequest) -> str:
    """Return the path (and query) of the same-origin referrer, else the start page.

    No parameter is ever a URL: the browser alone says where the visitor was, and only
    an address that this site serves counts.
    """
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return start_page(request)
    if (parts.scheme, parts.netloc) != (request.scheme, request.get_host()):
        return start_page(request)
    if not parts.path or _is_odd(parts.path) or not _is_served(request, parts.path):
        return start_page(request)
    query = f"?{parts.query}" if parts.query and not _is_odd(parts.query) else ""
    return f"{parts.path}{query}"


def start_page(request: HttpRequest) -> str:
    """Return the path of the site's start page in the active language."""
    site = Site.find_for_request(request)
    if site is None:
        return START
    parts = site.root_page.localized.get_url_parts(request)
    return str(parts[2]) if parts and parts[2] else START


def _is_odd(text: str) -> bool:
    # Twice: some servers decode a path once more than the browser encoded it.
    once = unquote(text)
    return bool(_ODD.search(once) or _ODD.search(unquote(once)))


def _is_served(request: HttpRequest, path: str) -> bool:
    try:
        match = resolve(unquote(path), getattr(request, "urlconf", None))
    except (Resolver404, UnicodeError):
        return False
    if match.func is not serve:
        # Of our own addresses only this one answers to a GET with a page.
        return match.app_name != OWN or match.url_name == "choices"
    route = match.args[0] if match.args else ""
    return Page.route_for_request(request, route) is not None
