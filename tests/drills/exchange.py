"""One request and its response, sent over HTTP or straight into a WSGI handler."""

from __future__ import annotations

import gzip
import http.client
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

HOST = "testserver"
Headers = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client sends, header by header as it stands on the wire."""

    method: str = "GET"
    target: str = "/"
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, kw_only=True)
class Response:
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """Return every value of a header, joined by commas."""
        return ", ".join(self.all(name))

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def plain_body(self) -> bytes:
        is_whole_gzip = self.header("Content-Encoding") == "gzip" and self.status != 206
        return gzip.decompress(self.body) if is_whole_gzip and self.body else self.body

    @property
    def everything(self) -> bytes:
        """All bytes in which something could stand that is somebody else's."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers)
        return head.encode("latin-1", "replace") + b"\n\n" + self.plain_body


class Transport(Protocol):
    def send(self, request: Request) -> Response:
        """Send one request and return the whole response."""


class HttpTransport:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=30)

    def close(self) -> None:
        self._connection.close()

    def send(self, request: Request) -> Response:
        for _attempt in range(3):
            try:
                return self._send(request)
            except (ConnectionError, http.client.BadStatusLine):
                # A server may close an idle connection, or one after a bad request.
                self._connection.close()
        return self._send(request)

    def _send(self, request: Request) -> Response:
        connection = self._connection
        connection.putrequest(
            request.method, request.target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in [("Host", HOST), *request.headers]:
            connection.putheader(name, value.encode("latin-1", "replace"))
        if request.body or request.method == "POST":
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        answer = connection.getresponse()
        body = answer.read()
        return Response(status=answer.status, headers=answer.getheaders(), body=body)


class WsgiTransport:
    """A WSGI application in this process."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application

    def send(self, request: Request) -> Response:
        started: list[Any] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            started[:] = [int(status.split()[0]), list(headers)]

        parts = self._application(environ_of(request), start_response)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        if request.method == "HEAD":
            body = b""
        return Response(status=started[0], headers=started[1], body=body)


def environ_of(request: Request) -> dict[str, Any]:
    """Return what a WSGI server makes of a request (PEP 3333)."""
    path, _mark, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(request.body)),
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        # Repeated headers are joined, as gunicorn does.
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
