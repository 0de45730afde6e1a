import hashlib

from django.conf import settings
from django.http import HttpRequest

from audit.log.actors import Source
from fusus_portal.ground.serving import networks


def address_of(request: HttpRequest) -> str:
    """Return the client's IP address behind our proxies, or "" if unknown."""
    peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    return networks.address_behind(peer, forwarded, proxies=settings.TRUSTED_PROXY_COUNT)


def network_of(request: HttpRequest) -> str:
    """Return the client's network as the key of limits: the IPv4 address, the /64 of an IPv6 one, or "" if unknown."""
    return networks.network_of(address_of(request))


def sign_in_of(request: HttpRequest) -> str:
    """Return an opaque id of the session (64 hexadecimal digits), or "" without one."""
    key = request.session.session_key
    return digest_of(key) if key else ""


def digest_of(key: str) -> str:
    return hashlib.sha256(f"sign-in:{key}".encode()).hexdigest()


def source_of(request: HttpRequest) -> Source:
    return Source(
        address=address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
        sign_in=sign_in_of(request),
    )
