"""A hostile HTTP server of real sockets: one port per mode, nothing mocked."""

import asyncio
import contextlib
import datetime
import gzip
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LENGTH_100 = HEAD + b"Content-Length: 100\r\n\r\n"
NO_LENGTH = HEAD + b"\r\n"
MEGABYTE = b"x" * 1_000_000

Writer = asyncio.StreamWriter
Mode = Callable[[Writer, "Line"], Awaitable[None]]
MODES: dict[str, Mode] = {}


@dataclass
class Line:
    """One listening port in one mode, and what has happened on it."""

    scheme: str = "http"
    port: int = 0
    other: str = ""
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.pair}"


def mode(function: Mode) -> Mode:
    """Register a way to misbehave under the function's name."""
    MODES[function.__name__] = function
    return function


def canned(name: str, *parts: bytes) -> None:
    """Register a mode that sends fixed bytes and closes."""

    async def send(writer: Writer, line: Line) -> None:
        for part in parts:
            writer.write(part.replace(b"OTHER", line.other.encode()))
            await writer.drain()

    MODES[name] = send


def answer(status: str, *headers: str, body: bytes = b"{}") -> bytes:
    """Write a complete answer."""
    length = f"Content-Length: {len(body)}"
    head = "\r\n".join((f"HTTP/1.1 {status}", length, *headers, "", ""))
    return head.encode() + body


JSON = "Content-Type: application/json"
canned("well", answer("200 OK", f"{JSON}; charset=UTF-8", body=b'{"case": 1}'))
canned("empty", answer("204 No Content", body=b""))
canned("error_500", answer("500 Oops", JSON))
canned("busy_429", answer("429 Slow down", JSON, "Retry-After: 120"))
canned("denied_401", answer("401 No", JSON))
canned("html_login", answer("200 OK", "Content-Type: text/html", body=b"<h1>Log in"))
canned("untyped", answer("200 OK"))
canned("two_types", answer("200 OK", JSON, "Content-Type: text/html"))
canned("cookie", answer("200 OK", JSON, "Set-Cookie: a=b"))
canned(
    "bomb",
    answer("200 OK", JSON, "Content-Encoding: gzip", body=gzip.compress(MEGABYTE * 10)),
)
canned("gzip_transfer", HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n")
canned("redirect", answer("302 Found", JSON, "Location: OTHER", body=MEGABYTE))
canned("declared_10_mb", answer("200 OK", JSON, body=MEGABYTE * 10))
canned("undeclared_10_mb", NO_LENGTH, *[MEGABYTE] * 10)
canned("short_length", LENGTH_100, b"{}")
canned("broken_chunk", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}")
canned("not_http", b"SSH-2.0-OpenSSH_9.2\r\n")
canned("closes", b"")
canned("bad_header", b"HTTP/1.1 200 OK\r\n\x00 : :\r\nno colon\r\n\r\n")


@mode
async def silent(writer: Writer, line: Line) -> None:
    await asyncio.sleep(60)


@mode
async def drip_body(writer: Writer, line: Line) -> None:
    await drip(writer, LENGTH_100, b"[1,2,3,4,5,6,7,8,9]", pause=0.2)


@mode
async def drip_headers(writer: Writer, line: Line) -> None:
    await drip(writer, b"", HEAD, pause=0.05)


@mode
async def stall(writer: Writer, line: Line) -> None:
    await drip(writer, LENGTH_100, b"{", pause=60)


@mode
async def reset(writer: Writer, line: Line) -> None:
    await drip(writer, LENGTH_100, b'{"a', pause=0.01)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@mode
async def endless_chunks(writer: Writer, line: Line) -> None:
    await flood(writer, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")


@mode
async def endless_headers(writer: Writer, line: Line) -> None:
    await flood(writer, HEAD, b"X-Filler: filler\r\n")


@mode
async def endless_interim(writer: Writer, line: Line) -> None:
    await flood(writer, b"", b"HTTP/1.1 100 Continue\r\n\r\n")


async def drip(writer: Writer, start: bytes, rest: bytes, *, pause: float) -> None:
    writer.write(start)
    for byte in rest:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(pause)


async def flood(writer: Writer, start: bytes, again: bytes) -> None:
    writer.write(start)
    while True:
        writer.write(again * 200)
        await writer.drain()
        await asyncio.sleep(0.005)


class HostileServer:
    """Open lines in an event loop of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.servers: list[asyncio.Server] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def __call__(
        self, name: str, *, other: str = "", tls: ssl.SSLContext | None = None
    ) -> Line:
        """Listen on a free port of 127.0.0.1 and misbehave in the named mode."""
        line = Line(scheme="https" if tls else "http", other=other)
        if tls:
            tls.sni_callback = lambda _sock, asked, _ctx: line.server_names.append(
                asked
            )
        return self.run(self._open(line, MODES[name], tls))

    def run(self, coroutine: Awaitable[Line]) -> Line:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(5)

    async def _open(self, line: Line, act: Mode, tls: ssl.SSLContext | None) -> Line:
        async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
            self.tasks.add(asyncio.current_task())
            line.connections += 1
            # The client leaves early as often as the server does.
            with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
                head = await reader.readuntil(b"\r\n\r\n")
                line.requests.append(head)
                await act(writer, line)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
        line.port = server.sockets[0].getsockname()[1]
        self.servers.append(server)
        return line

    async def close(self) -> None:
        for server in self.servers:
            server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture(scope="session")
def server_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    # What a client that hangs up does to a server is not what is tested here.
    loop.set_exception_handler(lambda *_: None)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def hostile(server_loop: asyncio.AbstractEventLoop) -> Iterator[HostileServer]:
    server = HostileServer(server_loop)
    yield server
    asyncio.run_coroutine_threadsafe(server.close(), server_loop).result(5)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nothing listens, kept from others by being bound."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


_connects: list[object] | None = None


def _note_connect(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _connects is not None:
        _connects.append(arguments[1])


sys.addaudithook(_note_connect)


@pytest.fixture
def connects() -> Iterator[list[object]]:
    """Every address that any thread tries to connect to, as the interpreter sees it."""
    global _connects
    _connects = []
    yield _connects
    _connects = None


@dataclass
class Certificates:
    """One authority and the server contexts it has signed for."""

    authority: Path
    for_localhost: ssl.SSLContext
    for_another_host: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    authority = sign("Test authority", key=key, issuer_key=key, is_authority=True)
    path = folder / "authority.pem"
    path.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return Certificates(
        authority=path,
        for_localhost=server_context(folder, "localhost", key),
        for_another_host=server_context(folder, "other.example", key),
    )


def server_context(
    folder: Path, host: str, issuer_key: ec.EllipticCurvePrivateKey
) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = sign(host, key=key, issuer_key=issuer_key, is_authority=False)
    path = folder / f"{host}.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def sign(
    name: str,
    *,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
