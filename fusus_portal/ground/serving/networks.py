import ipaddress
from typing import Final

UNKNOWN: Final = ""
ONE_SUBSCRIBER: Final = 64
"""Leading bits of an IPv6 address that a household or phone is given; it chooses the others freely."""


def address_behind(peer: str, forwarded: str, *, proxies: int) -> str:
    """Return the client's IP address, "" if unknown. peer: the socket's address. forwarded: header X-Forwarded-For."""
    if proxies == 0:
        return _canonical(peer)
    # The client writes the header, but our n proxies append to it: the n-th from the end is the client.
    entries = forwarded.split(",")
    return _canonical(entries[-proxies]) if len(entries) >= proxies else UNKNOWN


def network_of(address: str) -> str:
    """Return the network of a canonical IP address: the IPv4 address, or the /64 of an IPv6 one; "" for "" itself."""
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
