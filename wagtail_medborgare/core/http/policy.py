"""Where one connector may go, for how long, and how much it may read."""

import ipaddress
import re
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import idna

from wagtail_medborgare.core.http.exceptions import HttpRefused

DEFAULT_PORTS = {"https": 443, "http": 80}
# urlsplit() drops line breaks and tabs in silence, and reads a backslash as we do
# but not as others do.
FORBIDDEN_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Origin(NamedTuple):
    """Scheme, host and port, in the one spelling that is compared."""

    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """Write host and port as an address has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == DEFAULT_PORTS[self.scheme]
        return host if usual else f"{host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class HttpPolicy:
    """Say where a connector may go, for how long and how much it may read.

    A mistyped value raises ValueError when the policy is made. Plain http is accepted
    only towards a loopback pair; nothing turns the verification of TLS off.
    """

    name: str
    """Which connector is this? Names it in the log, its circuit and its slots."""

    allowed: tuple[str, ...]
    """Which origins may it call? Written https://host or https://host:port."""

    any_public: bool = False
    """May it call any public host as well, also over plain http?

    Only for what sends nothing and believes nothing of the answer, as a look at whether
    a link works. Addresses that are not public are out of bounds as ever.
    """

    deadline: float = 5.0
    """How many seconds may a whole call take, from the wait for a slot to the body?"""

    max_bytes: int = 1_000_000
    """How many bytes may a body have?"""

    content_types: tuple[str, ...] = ("application/json",)
    """Which content types are answers? Everything else is refused unread."""

    private_networks: tuple[str, ...] = ()
    """Which private networks may it reach? Written as CIDR: 10.20.0.0/16."""

    loopback: tuple[str, ...] = ()
    """Which ports of this machine may it reach? Written host:port: 127.0.0.1:8080."""

    ca_bundle: str | None = None
    """Which PEM file holds the authorities to trust instead of the public ones?"""

    slots: int = 4
    """How many calls may be under way at once in one process?"""

    failures_to_open: int = 5
    """After how many failures in a row are calls no longer made?"""

    open_seconds: float = 30.0
    """After how many seconds may one call probe whether the system is back?"""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a connector name")
        for field in fields(self):
            if field.type in (int, float) and not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} must be greater than zero")
        if self.open_seconds < 1:
            raise ValueError(
                "open_seconds must be one or more: caches count in seconds"
            )
        if self.ca_bundle is not None and not Path(self.ca_bundle).is_file():
            raise ValueError("ca_bundle is not a file")
        # Read now what is used later: a mistyped setting is told at start-up.
        origins, pairs, _ = self.origins, self.loopback_pairs, self.networks
        if any(one.scheme == "http" and one[1:] not in pairs for one in origins):
            raise ValueError("http:// is only for a pair named in loopback")

    @cached_property
    def origins(self) -> frozenset[Origin]:
        """Read the allowed origins."""
        return frozenset(read_origin(text) for text in self.allowed)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """Read the private networks."""
        return tuple(ipaddress.ip_network(text) for text in self.private_networks)

    @cached_property
    def loopback_pairs(self) -> frozenset[tuple[str, int]]:
        """Read the loopback pairs."""
        origins = [read_origin(f"http://{text}") for text in self.loopback]
        return frozenset((origin.host, origin.port) for origin in origins)


def read_origin(text: str) -> Origin:
    """Read an origin from a setting; raise ValueError if it is anything more."""
    shown = text.rpartition("@")[2]  # what precedes it may be a password
    try:
        parts = urlsplit(text)
        origin = origin_of(parts)
    except HttpRefused as error:
        raise ValueError(f"{shown!r} is not an origin: {error}") from None
    if FORBIDDEN_IN_URL.search(text) or "".join(parts[2:]) or text[-1] in "/?#:":
        raise ValueError(f"{shown!r} is not an origin")
    return origin


def origin_of(parts: SplitResult) -> Origin:
    """Give the one spelling of an address's origin, or refuse it."""
    if parts.scheme not in DEFAULT_PORTS:
        raise HttpRefused("the scheme is not allowed")
    if "@" in parts.netloc:
        raise HttpRefused("the address holds user information")
    host = _canonical_host(parts)
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    return Origin(parts.scheme, host, port)


def _canonical_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not parts.netloc.isascii():
        # Not parts.hostname: lower() makes an ordinary k of the Kelvin sign.
        try:
            host = idna.encode(parts.netloc.partition(":")[0], strict=True).decode()
        except idna.IDNAError:
            raise HttpRefused("the host is not allowed") from None
    if not host:
        raise HttpRefused("the address has no host")
    return host


def locate(policy: HttpPolicy, url: str) -> tuple[Origin, str]:
    """Return the origin and the safe spelling of an address, or refuse it.

    The host must equal an allowed one letter by letter, so 127.1 is not 127.0.0.1;
    the address that is called is built from the policy's spelling, not the caller's.
    """
    if FORBIDDEN_IN_URL.search(url):
        raise HttpRefused("the address holds forbidden characters")
    try:
        parts = urlsplit(url)
        origin = origin_of(parts)
    except ValueError:
        raise HttpRefused("the address cannot be read") from None
    if not policy.any_public and origin not in policy.origins:
        raise HttpRefused("the scheme, host or port is not allowed")
    if parts.fragment or not (parts.path + parts.query).isascii():
        raise HttpRefused("the address has a fragment or unquoted characters")
    if any(unquote(segment) in {".", ".."} for segment in parts.path.split("/")):
        raise HttpRefused("the path climbs")
    path = parts.path or "/"
    return origin, urlunsplit((origin.scheme, origin.netloc, path, parts.query, ""))
