"""What reports and logs may tell: nothing that a visitor chose, saved or searched for."""

import logging
from functools import cache
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import HttpRequest, QueryDict
from django.views.debug import (
    SafeExceptionReporterFilter,
    get_exception_reporter_filter,
)

from wagtail_medborgare.visitors.cookies import DEVICE, VISIT

SEARCH = "q"

_OWN = "medborgare_visitors"
_COOKIES = (VISIT.plain_name, DEVICE.plain_name)


class PrivateReporterFilter(SafeExceptionReporterFilter):
    """Keep the visitor's choice out of the reports that Django mails.

    Each report of an uncaught exception has it, whatever the settings say. As
    ``DEFAULT_EXCEPTION_REPORTER_FILTER`` it is also in those of refused requests.
    """

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        cookies: dict[str, Any] = super().get_safe_cookies(request)
        # Encrypted, but whoever has it can show it to the site and see the choice.
        return {
            name: self.cleansed_substitute if name.endswith(_COOKIES) else value
            for name, value in cookies.items()
        }

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        meta: dict[str, Any] = super().get_safe_request_meta(request)
        meta["HTTP_COOKIE"] = self.cleansed_substitute
        if "HTTP_REFERER" in meta:
            # The page before may have been a search.
            meta["HTTP_REFERER"] = meta["HTTP_REFERER"].partition("?")[0]
        return meta

    def get_traceback_frame_variables(self, request: Any, tb_frame: FrameType) -> Any:
        variables = super().get_traceback_frame_variables(request, tb_frame)
        if not (self.is_active(request) and _is_personal(request)):
            return variables
        return [(name, self.cleansed_substitute) for name, _value in variables]


class WithoutContext(logging.Filter):
    """Log that a template's variable was missing, not the whole context around it.

    Django logs that with an exception whose text is everything the template was given:
    on a personal page that is the visitor's choice.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if not settings.DEBUG:
            record.exc_info = record.exc_text = None
        return True


def protect_report(request: HttpRequest, **kwargs: Any) -> None:
    """Give a failed request the filter, before anybody reports it."""
    site_filter = get_exception_reporter_filter(request)
    site_class: Any = type(site_filter)
    private: Any = _private(site_class)()
    request.exception_reporter_filter = private
    if site_filter.is_active(request):
        _hide_search(request)


def follow_errors() -> None:
    """Protect the report of every exception that no view caught, and Django's log."""
    logging.getLogger("django.template").addFilter(_without_context)
    got_request_exception.connect(
        protect_report, dispatch_uid="medborgare.visitors.error_reports"
    )


# One object, so that it is added once.
_without_context = WithoutContext()


@cache
def _private(site_class: type) -> type:
    """Return the site's own filter with ours in front."""
    if issubclass(site_class, PrivateReporterFilter):
        return site_class
    return type(site_class.__name__, (PrivateReporterFilter, site_class), {})


def _is_personal(request: Any) -> bool:
    visitor = getattr(request, "visitor", None)
    match = getattr(request, "resolver_match", None)
    return (
        bool(visitor is not None and visitor.reads)
        or (match is not None and match.app_name == _OWN)
        or SEARCH in getattr(request, "GET", ())
    )


def _hide_search(request: Any) -> None:
    """Take the words out of the address itself: no filter is asked about that."""
    try:
        query: QueryDict = request.GET.copy()
    except SuspiciousOperation:  # More fields than Django reads.
        query = QueryDict(f"{SEARCH}=", mutable=True)
    if SEARCH in query:
        query[SEARCH] = SafeExceptionReporterFilter.cleansed_substitute
        request.GET = query
        request.META["QUERY_STRING"] = query.urlencode(safe="*")
