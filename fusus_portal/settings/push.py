"""Notices on devices (Web Push): the key that signs them, and the servers that take them. Off until PUSH_KEY is set."""

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fusus_portal.ground import env

HINT = "Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out push.pem"

PUSH_KEY = ""
"""A private key on P-256, as PEM (RFC 8292). Without it no page offers notices, and none is sent."""

PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
"""Push servers of Chrome, Firefox, Safari and Edge; a leading dot allows subdomains. Notices go nowhere else."""

PUSH_TEST_PEER = ""
"""Address of a test's stand-in for push servers, `http://127.0.0.1:PORT`. No variable sets it, and the check push.E001
stops a portal that has it and is not the demo."""


def push_settings() -> dict[str, Any]:
    """Return the settings of notices on devices. Raises Misconfigured, never with the key in its text."""
    if not (env.text("PUSH_KEY") or env.text("PUSH_KEY_FILE")):
        return {}
    key = env.secret("PUSH_KEY", hint=HINT)
    try:
        found = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, EllipticCurvePrivateKey) or not isinstance(found.curve, SECP256R1):
        raise env.Misconfigured("PUSH_KEY", "is no private key on P-256 without a password", HINT)
    return {"PUSH_KEY": key}
