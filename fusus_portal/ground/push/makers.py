"""Push servers of browser makers: notices are sent (RFC 8030), encrypted (RFC 8291) and signed (RFC 8292)."""

import socket
import time
from email.utils import parseaddr
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ValidationError
from py_vapid import Vapid02, b64urlencode
from pywebpush import WebPusher
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from fusus_portal.ground.push import policies

WORD: Final = b"waits"
"""Content of every notice. The browser holds the sentence, so a stolen key can't send another one."""

LIFE_SECONDS: Final = 3600
"""Seconds that a maker keeps a notice for a device that is off."""

SIGNED_SECONDS: Final = 600
TIMEOUT_SECONDS: Final = 5.0
GONE: Final = frozenset({404, 410})
"""HTTP statuses for a browser that takes no more notices."""


class NotPublic(OSError):
    """A host's name resolves to no address, or to one that is not public."""


def is_configured() -> bool:
    return bool(settings.PUSH_KEY)


def public_key() -> str:
    """Return the portal's public key, for browsers that subscribe: 65 bytes in base64url."""
    point = _signer(settings.PUSH_KEY).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def host_of(endpoint: str) -> str:
    """Return the host of a browser's endpoint, the only part that may be logged."""
    return urlsplit(endpoint).hostname or ""


def hand_over(*, endpoint: str, p256dh: str, auth: str) -> tuple[int, str]:
    """Send a notice to a browser, once; return the HTTP status and "", or 0 and a fault without the endpoint."""
    try:
        # The list may have become shorter.
        policies.check_endpoint(endpoint)
        browser = WebPusher({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}})
        with _pool(endpoint) as pool:
            answer = pool.urlopen(
                "POST",
                endpoint.partition(urlsplit(endpoint).netloc)[2],
                body=bytes(browser.encode(WORD)["body"]),
                headers=_headers(endpoint),
                redirect=False,
                preload_content=False,
            )
            answer.close()
    except (HTTPError, OSError, ValidationError) as fault:
        return 0, type(fault).__name__
    return answer.status, ""


def public_address(host: str) -> str:
    """Return an IP address of a host. Raises NotPublic if any of its addresses is not public."""
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):  # for a name with an empty or too long label
        found = set()
    if not found or not all(policies.is_public(each) for each in found):
        raise NotPublic(host)
    return min(found, key=lambda each: (":" in each, each))


def _pool(endpoint: str) -> HTTPConnectionPool:
    timeout = Timeout(total=TIMEOUT_SECONDS)
    parts = urlsplit(endpoint)
    if policies.is_peer(endpoint):
        return HTTPConnectionPool(parts.hostname or "", parts.port, timeout=timeout, retries=False)
    host = host_of(endpoint)
    return HTTPSConnectionPool(
        public_address(host), 443, server_hostname=host, assert_hostname=host, timeout=timeout, retries=False
    )


def _headers(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_SECONDS,
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    return {
        **_signer(settings.PUSH_KEY).sign(claims),
        "Host": parts.netloc,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFE_SECONDS),
        "Urgency": "high",
        "Topic": "portal",
    }


@cache
def _signer(key: str) -> Vapid02:
    return Vapid02.from_pem(key.encode())
