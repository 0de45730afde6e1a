"""Where a request comes from: network address, browser, sign-in."""

import hashlib
import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from audit.actors import Source

UNKNOWN = ""
ONE_SUBSCRIBER: Final = 64
"""Leading bits of an IPv6 address that one household or phone is given; the others it may pick as it likes."""


def address_of(request: HttpRequest) -> str:
    """Return the network address of whoever asks, or "" when it can't be told.

    X-Forwarded-For is what the caller says, except for the entries that our own proxies added at its end:
    with TRUSTED_PROXY_COUNT = n it is the n-th from the end. A header too short for that is not believed.
    """
    proxies: int = settings.TRUSTED_PROXY_COUNT
    if proxies == 0:
        return _canonical(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if len(forwarded) < proxies:
        return UNKNOWN
    return _canonical(forwarded[-proxies])


def network_of(request: HttpRequest) -> str:
    """Return what limits count by: the IPv4 address, or the /64 of an IPv6 one, or "" when it can't be told."""
    address = address_of(request)
    if ":" not in address:
        return address
    found = ipaddress.IPv6Address(address.partition("%")[0])
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((found, ONE_SUBSCRIBER), strict=False))


def sign_in_of(request: HttpRequest) -> str:
    """Return an opaque id of the session (64 hexadecimal digits), or "" without one."""
    key = request.session.session_key
    return hashlib.sha256(f"sign-in:{key}".encode()).hexdigest() if key else ""


def source_of(request: HttpRequest) -> Source:
    """Return what entries of this request say about where it came from."""
    return Source(
        address=address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
        sign_in=sign_in_of(request),
    )


def _canonical(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        return UNKNOWN
