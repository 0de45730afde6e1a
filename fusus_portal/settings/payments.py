"""The payment service: its keys, its address, and its pages to which our forms may redirect."""

import re
from typing import Any
from urllib.parse import urlsplit

from fusus_portal.ground import env

from .security import content_policy

SERVICE = "https://api.stripe.com"
PAGES = "https://checkout.stripe.com"
LOOPBACK = {"127.0.0.1", "localhost"}

STRIPE_SECRET_KEY = ""
"""The portal's key at the payment service. Without one no card is taken."""

STRIPE_WEBHOOK_SECRET = ""
STRIPE_API_BASE = SERVICE
STRIPE_TIMEOUT_SECONDS = 20.0
"""Seconds until the service's answer counts as lost: longer than it takes, shorter than a buyer waits."""

KEY_HINT = "Take the secret key from the payment service's dashboard: sk_... or rk_..."
WEBHOOK_HINT = "Take the signing secret of the webhook from the payment service's dashboard: whsec_..."
_KEY = re.compile(r"(?:sk|rk)_(?:test|live)_\w+")
_SECRET = re.compile(r"whsec_\w+")


def payment_settings(*, loopback: bool) -> dict[str, Any]:
    """Return settings of card payments. loopback: allow a local stand-in. Raises Misconfigured, never with a key."""
    base, pages = service(env.text("STRIPE_API_BASE", SERVICE), loopback=loopback)
    key = env.secret("STRIPE_SECRET_KEY", hint=KEY_HINT, needed=False)
    must_be_like(_KEY, "STRIPE_SECRET_KEY", key, KEY_HINT)
    if base != SERVICE and "_live_" in key:
        raise env.Misconfigured("STRIPE_SECRET_KEY", "is a live key", "Only the payment service itself may see it.")
    secret = env.secret("STRIPE_WEBHOOK_SECRET", hint=WEBHOOK_HINT, needed=bool(key))
    must_be_like(_SECRET, "STRIPE_WEBHOOK_SECRET", secret, WEBHOOK_HINT)
    return {
        "STRIPE_SECRET_KEY": key,
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_API_BASE": base,
        "CONTENT_SECURITY_POLICY": content_policy(payment_pages=[pages]),
    }


def service(address: str, *, loopback: bool) -> tuple[str, str]:
    """Return the payment service's address, and its pages' source for the content policy. Raises Misconfigured."""
    if address.rstrip("/") == SERVICE:
        return SERVICE, PAGES
    hint = "Leave it out: keys and payments go to the payment service and to nobody else."
    parts = urlsplit(address)
    if not loopback or parts.scheme != "http" or parts.hostname not in LOOPBACK or parts.path not in {"", "/"}:
        raise env.Misconfigured("STRIPE_API_BASE", f"is {address!r}", hint)
    return address.rstrip("/"), f"http://{parts.hostname}:*"


def must_be_like(shape: re.Pattern[str], name: str, value: str, hint: str) -> None:
    """Raise Misconfigured, without the value, if a secret does not match its pattern. "" is no fault."""
    if value and not shape.fullmatch(value):
        raise env.Misconfigured(name, "has another shape", hint)
