"""Which network a connection comes from: what limits count by."""

import ipaddress
from typing import Final

UNKNOWN: Final = ""
ONE_SUBSCRIBER: Final = 64
"""Leading bits of an IPv6 address that one household or phone is given; the others it may pick as it likes."""


def address_behind(peer: str, forwarded: str, *, proxies: int) -> str:
    """Return the network address of whoever asks, or "" when it can't be told.

    forwarded: the header X-Forwarded-For. It is what the caller says, except for the entries that our own proxies added
    at its end: with n of them it is the n-th from the end. A header too short for that is not believed.
    """
    if proxies == 0:
        return _canonical(peer)
    entries = forwarded.split(",")
    return _canonical(entries[-proxies]) if len(entries) >= proxies else UNKNOWN


def network_of(address: str) -> str:
    """Return the IPv4 address, or the /64 of an IPv6 one, of an address that is canonical or ""."""
    if ":" not in address:
        return address
    found = ipaddress.IPv6Address(address.partition("%")[0])
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((found, ONE_SUBSCRIBER), strict=False))


def _canonical(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        return UNKNOWN
