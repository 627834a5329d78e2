"""Resolve a name once, judge every address, and keep to the judged ones."""

import ipaddress
import socket
from typing import Any, NamedTuple

from wagtail_medborgare.core.http.exceptions import HttpRefused, HttpUnavailable
from wagtail_medborgare.core.http.policy import HttpPolicy, Origin

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_ADDRESSES = 4
NAT64 = ipaddress.ip_network("64:ff9b::/96")
THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
# Metadata services of cloud providers outside the link-local range; a named private
# network must not open them by accident.
METADATA = {
    ipaddress.ip_address("100.100.100.200"),
    ipaddress.ip_address("168.63.129.16"),
    ipaddress.ip_address("192.0.0.192"),
    ipaddress.ip_address("fd00:ec2::254"),
}


class ResolvedAddress(NamedTuple):
    """What a socket needs to connect to a judged address."""

    family: int
    sockaddr: Any


def resolve(policy: HttpPolicy, origin: Origin) -> list[ResolvedAddress]:
    """Return the addresses of a host; one forbidden address refuses the whole name.

    Ignores every deadline, as the system's resolver does: call it in a thread.
    """
    try:
        found = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HttpUnavailable("the name cannot be resolved") from None
    for *_, sockaddr in found:
        address = ipaddress.ip_address(str(sockaddr[0]))
        if not may_reach(policy, origin, address):
            raise HttpRefused("the host has an address that is not allowed")
    return [ResolvedAddress(entry[0], entry[4]) for entry in found][:MAX_ADDRESSES]


def may_reach(policy: HttpPolicy, origin: Origin, address: IPAddress) -> bool:
    """Tell whether a connector may connect to an address behind an origin."""
    address = embedded_ipv4(address)
    if address.is_loopback:
        pairs = {(origin.host, origin.port), (str(address), origin.port)}
        return bool(pairs & policy.loopback_pairs)
    if is_never_allowed(address):
        return False
    if policy.any_public:
        return address.is_global
    if origin.scheme != "https":
        return False
    return address.is_global or any(address in network for network in policy.networks)


def embedded_ipv4(address: IPAddress) -> IPAddress:
    """Return the IPv4 address that an IPv6 address leads to, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_never_allowed(address: IPAddress) -> bool:
    """Tell whether an address is out of bounds whatever a policy says."""
    return (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
        or getattr(address, "is_site_local", False)
        or address in THIS_NETWORK
        or address in METADATA
    )
