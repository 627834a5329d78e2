"""The one function through which the package calls other systems."""

import logging
import re
from collections.abc import Mapping

from django.views.decorators.debug import sensitive_variables

from wagtail_medborgare.core.http import circuit
from wagtail_medborgare.core.http.answers import HttpAnswer
from wagtail_medborgare.core.http.bulkhead import take_slot
from wagtail_medborgare.core.http.deadline import Deadline
from wagtail_medborgare.core.http.exceptions import (
    HttpError,
    HttpRefused,
    HttpStatusError,
)
from wagtail_medborgare.core.http.exchange import Exchange, OutgoingRequest
from wagtail_medborgare.core.http.policy import HttpPolicy, locate

logger = logging.getLogger("wagtail_medborgare.core.http")

USER_AGENT = "wagtail-medborgare"
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
PATH_TEMPLATE = re.compile(r"/[\x21\x22\x24-\x3e\x40-\x7e]{0,199}")
HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
HEADER_VALUE = re.compile(r"(?:[\x21-\x7e\xa1-\xff][\x20-\x7e\xa0-\xff]*)?")
# The client's own business, or a way around one of its rules.
FORBIDDEN_HEADERS = {
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


@sensitive_variables()
def fetch(
    policy: HttpPolicy,
    url: str,
    *,
    method: str = "GET",
    path_template: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpAnswer:
    """Call another system within a connector's policy and return its answer.

    Whatever the other system does, the answer is an HttpAnswer or an HttpError, within
    the policy's deadline. The path template, such as /cases/{id}, stands for the path in
    the log and in errors; a wrong method or template is a ValueError.
    """
    if method not in METHODS or not PATH_TEMPLATE.fullmatch(path_template):
        raise ValueError("the method or the path template is not allowed")
    exchange = Exchange(policy, deadline=Deadline(policy.deadline))
    call = f"{policy.name} {method} {path_template}"
    try:
        origin, safe_url = locate(policy, url)
        request = OutgoingRequest(
            origin=origin,
            method=method,
            url=safe_url,
            body=body,
            headers=_checked_headers(policy, headers or {}),
        )
        answer = _call(exchange, request)
    except HttpError as error:
        error.connector, error.path_template = policy.name, path_template
        _log(exchange, call, error)
        raise
    _log(exchange, call)
    return answer


def _checked_headers(policy: HttpPolicy, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers to send; refuse those that would change the exchange."""
    for name, value in headers.items():
        if name.lower() in FORBIDDEN_HEADERS or not HEADER_NAME.fullmatch(name):
            raise HttpRefused("a header is not allowed")
        if not HEADER_VALUE.fullmatch(value):
            raise HttpRefused("the value of a header is not allowed")
    return {
        "Accept": ", ".join(policy.content_types),
        "User-Agent": USER_AGENT,
        **headers,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _call(exchange: Exchange, request: OutgoingRequest) -> HttpAnswer:
    """Make the call if the connector's circuit and slots allow, and note how it went."""
    policy = exchange.policy
    circuit.admit(policy)
    free_slot = take_slot(policy, deadline=exchange.deadline)
    try:
        answer = exchange.run(request, when_over=free_slot)
    except HttpStatusError:
        # The system works, it only says no.
        circuit.note_success(policy)
        raise
    except HttpError:
        circuit.note_failure(policy)
        raise
    circuit.note_success(policy)
    return answer


def _log(exchange: Exchange, call: str, error: HttpError | None = None) -> None:
    """Write the one line per call: no address, no query, no header, no body."""
    expected = error is None or isinstance(error, HttpStatusError)
    logger.log(
        logging.INFO if expected else logging.WARNING,
        "%s: %s, status %s, %d ms, %d bytes",
        call,
        "answered" if error is None else f"{type(error).__name__} ({error.reason})",
        exchange.status or "-",
        exchange.deadline.elapsed() * 1000,
        exchange.bytes_read,
    )
