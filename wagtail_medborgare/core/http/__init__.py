"""The only way out: one function calls other systems, within a connector's policy."""

from wagtail_medborgare.core.http.answers import HttpAnswer
from wagtail_medborgare.core.http.circuit import close_circuit
from wagtail_medborgare.core.http.client import fetch
from wagtail_medborgare.core.http.exceptions import (
    HttpCircuitOpen,
    HttpDeadlineExceeded,
    HttpError,
    HttpRefused,
    HttpStatusError,
    HttpTooLarge,
    HttpUnavailable,
    InvalidJson,
)
from wagtail_medborgare.core.http.policy import HttpPolicy
from wagtail_medborgare.core.http.strict_json import parse_json

__all__ = [
    "HttpAnswer",
    "HttpCircuitOpen",
    "HttpDeadlineExceeded",
    "HttpError",
    "HttpPolicy",
    "HttpRefused",
    "HttpStatusError",
    "HttpTooLarge",
    "HttpUnavailable",
    "InvalidJson",
    "close_circuit",
    "fetch",
    "parse_json",
]
