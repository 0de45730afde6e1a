"""The payment service: its keys, its address, and the pages of its own that a form of ours may lead to."""

import re
from typing import Any
from urllib.parse import urlsplit

from fusus_portal import env

from .security import content_policy

SERVICE = "https://api.stripe.com"
PAGES = "https://checkout.stripe.com"
LOOPBACK = {"127.0.0.1", "localhost"}

STRIPE_SECRET_KEY = ""
"""Without one, cards are not taken."""

STRIPE_WEBHOOK_SECRET = ""
STRIPE_API_BASE = SERVICE
STRIPE_TIMEOUT_SECONDS = 20.0
"""After this an answer counts as lost. Longer than the service takes, shorter than a buyer waits."""

_KEY = re.compile(r"(?:sk|rk)_(?:test|live)_\w+")
_SECRET = re.compile(r"whsec_\w+")


def payment_settings(*, loopback: bool) -> dict[str, Any]:
    """Return the settings of card payments; without a key cards are not taken. Raises Misconfigured, never with a key.

    loopback: whether a service on this machine may stand in for the real one, as in development and tests.
    """
    base, pages = service(env.text("STRIPE_API_BASE", SERVICE), loopback=loopback)
    key = shaped(
        "STRIPE_SECRET_KEY", _KEY, "Take the secret key from the payment service's dashboard: sk_... or rk_..."
    )
    if base != SERVICE and "_live_" in key:
        raise env.Misconfigured("STRIPE_SECRET_KEY", "is a live key", "Only the payment service itself may see it.")
    hint = "Take the signing secret of the webhook from the payment service's dashboard: whsec_..."
    secret = shaped("STRIPE_WEBHOOK_SECRET", _SECRET, hint)
    if key and not secret:
        raise env.Misconfigured("STRIPE_WEBHOOK_SECRET", "is not set", hint)
    return {
        "STRIPE_SECRET_KEY": key,
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_API_BASE": base,
        "CONTENT_SECURITY_POLICY": content_policy(payment_pages=[pages]),
    }


def service(address: str, *, loopback: bool) -> tuple[str, str]:
    """Return the service's address and the source of its pages for the content policy. Raises Misconfigured."""
    if address.rstrip("/") == SERVICE:
        return SERVICE, PAGES
    hint = "Leave it out: keys and payments go to the payment service and to nobody else."
    parts = urlsplit(address)
    if not loopback or parts.scheme != "http" or parts.hostname not in LOOPBACK or parts.path not in {"", "/"}:
        raise env.Misconfigured("STRIPE_API_BASE", f"is {address!r}", hint)
    return address.rstrip("/"), f"http://{parts.hostname}:*"


def shaped(name: str, shape: re.Pattern[str], hint: str) -> str:
    """Return a secret of the environment, "" for none. Raises Misconfigured for one that can't be one, without it."""
    if not env.text(name) and not env.text(f"{name}_FILE"):
        return ""
    value = env.secret(name, hint=hint)
    if not shape.fullmatch(value):
        raise env.Misconfigured(name, "has another shape", hint)
    return value
