"""One request on its own thread, which can be ended from outside at any moment.

Time-outs of HTTP libraries count per read, and dripped headers defeat even those that
are checked between reads. So the caller waits on a future, never on the call, and cuts
the line when the deadline has passed.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import TimeoutError as Urllib3Timeout

from wagtail_medborgare.core.http.addresses import ResolvedAddress, resolve
from wagtail_medborgare.core.http.answers import (
    HttpAnswer,
    check_headers,
    check_status,
    read_body,
    read_content_type,
)
from wagtail_medborgare.core.http.connection import (
    ExchangeThread,
    PinnedAdapter,
    connect,
)
from wagtail_medborgare.core.http.deadline import Deadline
from wagtail_medborgare.core.http.exceptions import (
    HttpDeadlineExceeded,
    HttpError,
    HttpUnavailable,
)
from wagtail_medborgare.core.http.policy import HttpPolicy, Origin

RETRY_PAUSE_SECONDS = 0.1
SHORTEST_TIMEOUT = 0.001  # zero would mean "do not wait", None "wait for ever"


@dataclass(frozen=True, kw_only=True)
class OutgoingRequest:
    """Carry a checked request; its parts stay out of every representation."""

    origin: Origin
    method: str
    url: str = field(repr=False)
    body: bytes | None = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def prepare(self) -> requests.PreparedRequest:
        """Write the request as the library wants it, without session or cookies."""
        return requests.Request(
            self.method, self.url, headers=dict(self.headers), data=self.body
        ).prepare()


class Exchange:
    """Make one request, with one more attempt when a GET finds no connection."""

    def __init__(self, policy: HttpPolicy, *, deadline: Deadline) -> None:
        self.policy = policy
        self.deadline = deadline
        self.status: int | None = None
        self.bytes_read = 0
        self._addresses: list[ResolvedAddress] = []
        self._handle: socket.socket | None = None
        self._connected = False
        self._ended = False
        self._lock = threading.Lock()

    def run(
        self, request: OutgoingRequest, *, when_over: Callable[[], None]
    ) -> HttpAnswer:
        """Wait for the answer, but not beyond the deadline.

        The given function is called when the thread is really over, which may be later.
        """
        future: Future[HttpAnswer] = Future()

        def work() -> None:
            try:
                future.set_result(self._attempt(request))
            except Exception as error:  # noqa: BLE001  (its text may hold the address)
                future.set_exception(_translated(error))
            finally:
                self.end()
                when_over()

        _start(work, when_over)
        try:
            return future.result(timeout=self.deadline.remaining())
        except TimeoutError:
            raise HttpDeadlineExceeded(
                "no answer in time", status=self.status
            ) from None
        finally:
            self.end()

    def end(self) -> None:
        """Cut the line, which makes the thread end by itself; harmless when it has."""
        with self._lock:
            self._ended = True
            handle, self._handle = self._handle, None
        if handle is not None:
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster
            handle.close()

    def _attempt(self, request: OutgoingRequest) -> HttpAnswer:
        try:
            return self._send(request)
        except HttpUnavailable as error:
            if self._connected or error.status or request.method != "GET":
                raise
            if self.deadline.remaining() <= RETRY_PAUSE_SECONDS:
                raise
        time.sleep(RETRY_PAUSE_SECONDS)
        return self._send(request)

    def _send(self, request: OutgoingRequest) -> HttpAnswer:
        adapter = PinnedAdapter(
            request.origin,
            dial=lambda: self._dial(request.origin),
            ca_bundle=self.policy.ca_bundle,
        )
        # Not Session.send(): it reads the body of a redirect, unpacked and without a
        # limit, keeps cookies, and obeys environment proxies and .netrc.
        with closing(adapter):
            prepared = request.prepare()
            response = adapter.send(prepared, stream=True, timeout=self._timeout())
            with closing(response):
                return self._read(response)

    def _read(self, response: requests.Response) -> HttpAnswer:
        self.status = response.status_code
        check_status(response)
        content_type = check_headers(response, self.policy)
        body = read_body(response, self.policy, on_bytes=self._note_bytes)
        return HttpAnswer(
            status=response.status_code,
            content_type=content_type,
            charset=read_content_type(response.headers)[1],
            body=body,
            seconds=self.deadline.elapsed(),
        )

    def _note_bytes(self, total: int) -> None:
        self.bytes_read = total
        if self._ended or not self.deadline.remaining():
            raise HttpDeadlineExceeded(
                "the body did not end in time", status=self.status
            )

    def _timeout(self) -> float:
        return max(self.deadline.remaining(), SHORTEST_TIMEOUT)

    def _dial(self, origin: Origin) -> socket.socket:
        """Connect to one of the judged addresses of the host and to no other."""
        if not self._addresses:
            self._addresses = resolve(self.policy, origin)
        untried = len(self._addresses)
        for address in self._addresses:
            if self._ended or not self.deadline.remaining():
                break
            sock = connect(address, timeout=self._timeout() / untried)
            untried -= 1
            if sock is not None:
                return self._adopt(sock)
        if self._ended or not self.deadline.remaining():
            raise HttpDeadlineExceeded("no connection in time")
        raise HttpUnavailable("no connection")

    def _adopt(self, sock: socket.socket) -> socket.socket:
        # end() gets its own handle: shutdown() on a TLS socket would first turn it into
        # a plain one, under the feet of the thread that is writing to it.
        handle = sock.dup()
        with self._lock:
            self._connected = True
            if not self._ended:
                self._handle = handle
                sock.settimeout(self._timeout())
                return sock
        handle.close()
        sock.close()
        raise HttpDeadlineExceeded("no connection in time")


def _start(work: Callable[[], None], when_over: Callable[[], None]) -> None:
    # A daemon, so that a hung system cannot keep the process from exiting.
    thread = ExchangeThread(target=work, name="medborgare-http", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        when_over()
        raise HttpUnavailable("no thread can be started") from None


def _translated(error: Exception) -> HttpError:
    """Return one of our own errors, without the frames and texts that led to it."""
    if isinstance(error, HttpError):
        ours = error
    elif isinstance(error, requests.exceptions.SSLError | ssl.SSLError):
        ours = HttpUnavailable("TLS failed")
    elif isinstance(error, requests.exceptions.Timeout | Urllib3Timeout | TimeoutError):
        ours = HttpDeadlineExceeded("no answer in time")
    else:
        ours = HttpUnavailable(f"the connection broke ({type(error).__name__})")
    ours.__context__ = ours.__cause__ = None
    return ours.with_traceback(None)
