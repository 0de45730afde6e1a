"""Where a request comes from: network address, browser, sign-in."""

import hashlib
import ipaddress

from django.conf import settings
from django.http import HttpRequest

from audit.actors import Source

UNKNOWN = ""


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
