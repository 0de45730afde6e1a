"""The servers of browser makers: a notice is handed over (RFC 8030), encrypted (RFC 8291), signed (RFC 8292)."""

import socket
import time
from dataclasses import dataclass
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
"""What is sent, to anybody and of anything. The browser has the sentence, so who steals the key can't say another."""

LIFE_SECONDS: Final = 3600
"""How long a maker keeps a notice for a device that is off."""

SIGNED_SECONDS: Final = 600
TIMEOUT_SECONDS: Final = 5.0
GONE: Final = frozenset({404, 410})
"""How a maker answers for a browser that takes no more notices."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a notice. status: of the answer, 0 for none. fault: why there is none, without the address."""

    status: int
    fault: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether the browser takes no more notices, ever."""
        return self.status in GONE


class NotPublic(OSError):
    """A name leads to an address that is not of the internet, or to none."""


def is_configured() -> bool:
    """Return whether there is a key to sign with. Without one no page offers notices."""
    return bool(settings.PUSH_KEY)


def public_key() -> str:
    """Return the portal's public key as browsers take it: 65 bytes in base64url."""
    point = _signer(settings.PUSH_KEY).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def host_of(endpoint: str) -> str:
    """Return the host of an address: all of it that a log may have."""
    return urlsplit(endpoint).hostname or ""


def hand_over(*, endpoint: str, p256dh: str, auth: str) -> Answer:
    """Hand over a notice, at once or not at all; nothing is raised for a server that does not take it.

    The list is asked again, since it may be shorter than when notices were turned on. The connection goes to the very
    address that was found to be public. No redirect is followed, and of the answer the status alone is read.
    """
    try:
        policies.check_endpoint(endpoint)
        with _pool(endpoint) as pool:
            answer = pool.urlopen(
                "POST",
                endpoint.partition(urlsplit(endpoint).netloc)[2],
                body=_encrypted(endpoint, p256dh, auth),
                headers=_headers(endpoint),
                redirect=False,
                preload_content=False,
            )
            answer.close()
    except (HTTPError, OSError, ValidationError) as fault:
        return Answer(0, type(fault).__name__)
    return Answer(answer.status)


def public_address(host: str) -> str:
    """Return an address of a host. Raises NotPublic where any of its addresses is not of the internet."""
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):  # of a name with an empty or too long label
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


def _encrypted(endpoint: str, p256dh: str, auth: str) -> bytes:
    browser = WebPusher({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}})
    return bytes(browser.encode(WORD)["body"])


def _headers(endpoint: str) -> dict[str, str]:
    """Return what the maker is told. One topic: a notice takes the place of an older one that still waits there."""
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
