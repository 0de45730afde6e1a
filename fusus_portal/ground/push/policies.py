import base64
import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.push.models import LONGEST_ENDPOINT

SECRET_BYTES: Final = 16
LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
LONGEST_HOST: Final = 253
ENDPOINT: Final = re.compile(rf"https://{LABEL}(?:\.{LABEL})*(?::443)?/[A-Za-z0-9!$%&'()*+,./:;=?@_~-]+")
"""Form of an endpoint: https, port 443, no user or fragment, unambiguous; a host as DNS allows (RFC 1035, 2.3.4)."""


def check_endpoint(endpoint: str) -> None:
    """Raise ValidationError unless an endpoint is of a browser maker on the list."""
    if len(endpoint) > LONGEST_ENDPOINT or not (is_peer(endpoint) or _is_known(endpoint)):
        raise ValidationError(_("The maker of this browser is not on the list, so it can't show notices."))


def is_peer(endpoint: str) -> bool:
    """True if an endpoint is of the server that tests run in place of a maker's."""
    return bool(settings.PUSH_TEST_PEER) and endpoint.startswith(f"{settings.PUSH_TEST_PEER}/")


def _is_known(endpoint: str) -> bool:
    if not ENDPOINT.fullmatch(endpoint):
        return False
    host = urlsplit(endpoint).hostname or ""
    return len(host) <= LONGEST_HOST and any(
        host.endswith(known) if known.startswith(".") else host == known for known in settings.PUSH_HOSTS
    )


def check_keys(*, p256dh: str, auth: str) -> None:
    """Raise ValidationError for an invalid P-256 public key or 16-byte secret, in base64url (RFC 8291)."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(p256dh, 65))
        _bytes(auth, SECRET_BYTES)
    except ValueError:
        raise ValidationError(_("This browser gave keys that can't be used. Load the page again.")) from None


def _bytes(text: str, length: int) -> bytes:
    found = base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", altchars=b"-_", validate=True)
    if len(found) != length or "=" in text:
        raise ValueError(f"{len(found)} bytes")
    return found


def is_public(address: str) -> bool:
    """False for private, local, link and multicast addresses."""
    found = ipaddress.ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast
