"""Judge an answer before its body is read, and read no more of it than allowed."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.http import parse_header_parameters, parse_http_date_safe
from requests import Response

from wagtail_medborgare.core.http.exceptions import (
    HttpRefused,
    HttpStatusError,
    HttpTooLarge,
    HttpUnavailable,
)
from wagtail_medborgare.core.http.policy import HttpPolicy

CHUNK_BYTES = 65_536
LONGEST_RETRY_AFTER = 86_400.0
NO_CONTENT = 204
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """What a system answered, complete and within its policy."""

    status: int
    content_type: str
    """Lower case, without parameters; empty when the answer has no body."""
    charset: str | None
    """As declared by the answer, not yet checked."""
    body: bytes = field(repr=False)
    seconds: float


def check_status(response: Response) -> None:
    """Raise unless the status says that the request succeeded."""
    status = response.status_code
    if status >= 500 or status == TOO_MANY_REQUESTS:
        retry_after = read_retry_after(response.headers.get("Retry-After", ""))
        raise HttpUnavailable(
            f"status {status}", status=status, retry_after=retry_after
        )
    if status >= 400:
        raise HttpStatusError(status)
    if not 200 <= status < 300:
        raise HttpRefused(f"status {status} instead of an answer", status=status)


def check_headers(response: Response, policy: HttpPolicy) -> str:
    """Return the content type; refuse what the policy does not accept."""
    headers, status = response.headers, response.status_code
    if headers.get("Content-Encoding", "").strip().lower() not in {"", "identity"}:
        raise HttpRefused("the answer is encoded", status=status)
    if headers.get("Transfer-Encoding", "chunked").strip().lower() != "chunked":
        raise HttpRefused("the answer is encoded", status=status)
    length = headers.get("Content-Length", "").strip()
    if length.isdecimal() and int(length[:20]) > policy.max_bytes:
        raise HttpTooLarge(f"more than {policy.max_bytes} bytes", status=status)
    if status == NO_CONTENT or length == "0":
        return ""
    content_type, _ = read_content_type(headers)
    if content_type not in policy.content_types:
        raise HttpRefused("the content type is not allowed", status=status)
    return content_type


def read_body(
    response: Response, policy: HttpPolicy, *, on_bytes: Callable[[int], None]
) -> bytes:
    """Return the body, raw and complete, or stop one byte past the limit.

    read1() returns what has arrived; read() would wait for a full chunk, during which
    no deadline can be checked.
    """
    body = bytearray()
    while True:
        wanted = min(CHUNK_BYTES, policy.max_bytes + 1 - len(body))
        chunk = response.raw.read1(wanted, decode_content=False)
        if not chunk:
            return bytes(body)
        body += chunk
        on_bytes(len(body))
        if len(body) > policy.max_bytes:
            raise HttpTooLarge(
                f"more than {policy.max_bytes} bytes", status=response.status_code
            )


def read_content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the declared content type and charset, in lower case."""
    content_type, parameters = parse_header_parameters(headers.get("Content-Type", ""))
    return content_type, parameters.get("charset")


def read_retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header asks for, at most a day."""
    if re.fullmatch(r"[0-9]{1,9}", value):
        seconds = float(value)
    elif (moment := parse_http_date_safe(value)) is not None:
        seconds = moment - time.time()
    else:
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)
