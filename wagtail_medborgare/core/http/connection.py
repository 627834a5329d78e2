"""Connect requests to the address that was judged, with TLS always verified."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from wagtail_medborgare.core.http.addresses import ResolvedAddress
from wagtail_medborgare.core.http.policy import Origin

Dial = Callable[[], socket.socket]


class ExchangeThread(threading.Thread):
    """Run one exchange; known by its type to the log filter below."""


class _SilentInExchanges(logging.Filter):
    """Drop what urllib3 logs about our calls: its records hold paths and queries."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not isinstance(threading.current_thread(), ExchangeThread)


for _name in ("connection", "connectionpool", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(_SilentInExchanges())


def connect(address: ResolvedAddress, *, timeout: float) -> socket.socket | None:
    """Return a connected socket, or None when the address does not answer."""
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address.sockaddr)
    except OSError:
        sock.close()
        return None
    return sock


@lru_cache(maxsize=8)
def tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    """Make a context that verifies chain and host name; there is no other kind."""
    # Not create_default_context(): it writes the keys where SSLKEYLOGFILE says.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    return context


class _Pinned:
    """Take the socket from our dialler; host name, SNI and Host stay the real ones."""

    def __init__(self, *args: Any, dial: Dial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial()


class _PinnedHTTPConnection(_Pinned, HTTPConnection):
    pass


class _PinnedHTTPSConnection(_Pinned, HTTPSConnection):
    pass


class _PinnedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PinnedHTTPConnection


class _PinnedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedHTTPSConnection


class PinnedAdapter(HTTPAdapter):
    """Send one request over a connection that we dial ourselves.

    Only the connection is ours: send() is inherited, so that tests of a vendor's
    adapter may replace the transport with the `responses` library.
    """

    def __init__(self, origin: Origin, *, dial: Dial, ca_bundle: str | None) -> None:
        super().__init__()
        self._pool: HTTPConnectionPool
        if origin.scheme == "https":
            self._pool = _PinnedHTTPSPool(
                origin.host, origin.port, ssl_context=tls_context(ca_bundle), dial=dial
            )
        else:
            self._pool = _PinnedHTTPPool(origin.host, origin.port, dial=dial)

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: Any,
        proxies: Any = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        """Return our pool, whatever the request says."""
        return self._pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the pool alone: its context verifies, and cannot be told not to."""

    def close(self) -> None:
        """Close the connection and forget it."""
        self._pool.close()
        super().close()
