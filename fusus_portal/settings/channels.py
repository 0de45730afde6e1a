"""How messages travel: mail, text messages, notices on devices."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fusus_portal.ground import env

MAIL_PORTS = {"smtp": 587, "smtps": 465}
MAIL_TIMEOUT_SECONDS = 20


def mail_settings(variable: str, url: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings for a mail server's address. Raises Misconfigured, which names the variable.

    url: `smtp://user:password@host:587?tls=yes`, or `smtps://` for TLS from the start.
    """
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise env.Misconfigured(variable, "is not a mail server", "Write smtp://user:password@host:587?tls=yes")
    tls = parse_qs(parts.query).get("tls", ["yes"])
    if tls not in (["yes"], ["no"]):
        raise env.Misconfigured(variable, f"says tls={tls[0]}", "Write ?tls=no for a server without TLS, else nothing.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and tls == ["yes"],
        "EMAIL_TIMEOUT": MAIL_TIMEOUT_SECONDS,
    }


TEXT_URL = ""
"""Address of the provider of text messages. Without it no text is sent, and no page offers texts."""

TEXT_ACCOUNT = TEXT_SENDER = TEXT_SECRET = TEXT_SIGNING_SECRET = ""
TEXT_TIMEOUT_SECONDS = 20.0
"""Seconds until the provider's answer counts as lost. Two tries stay far below MESSAGE_LEASE_SECONDS."""

_SECRET_HINT = "Your provider shows it beside the account; at Twilio it is the auth token."  # noqa: S105
_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{5,6}")


def text_settings(*, loopback: bool) -> dict[str, Any]:
    """Return settings of text messages. loopback: allow a local stand-in. Raises Misconfigured, never with a secret."""
    url = env.text("TEXT_URL")
    if not url:
        return {}
    must_be_https(url, loopback=loopback)
    sender = env.required("TEXT_SENDER", hint="The number that texts come from, for example +12055550199.")
    if not _SENDER.fullmatch(sender):
        raise env.Misconfigured("TEXT_SENDER", f"is {sender!r}", "Write +12055550199, or a short code.")
    secret = env.secret("TEXT_SECRET", hint=_SECRET_HINT)
    return {
        "TEXT_URL": url,
        "TEXT_ACCOUNT": env.required("TEXT_ACCOUNT", hint="The user name of the provider's basic authentication."),
        "TEXT_SENDER": sender,
        "TEXT_SECRET": secret,
        "TEXT_SIGNING_SECRET": env.secret("TEXT_SIGNING_SECRET", hint=_SECRET_HINT, needed=False) or secret,
    }


def must_be_https(url: str, *, loopback: bool) -> None:
    """Raise Misconfigured unless the provider's address is plain https, or http on this machine with `loopback`."""
    parts = urlsplit(url)
    stands_in = loopback and parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    if not (stands_in or (parts.scheme == "https" and parts.hostname)) or parts.query or parts.username:
        hint = "For example https://api.twilio.com/2010-04-01/Accounts/AC.../Messages.json"
        raise env.Misconfigured("TEXT_URL", f"is {url!r}", hint)


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

_KEY_HINT = "Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out push.pem"


def push_settings() -> dict[str, Any]:
    """Return the settings of notices on devices. Raises Misconfigured, never with the key in its text."""
    key = env.secret("PUSH_KEY", hint=_KEY_HINT, needed=False)
    if not key:
        return {}
    try:
        found = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, EllipticCurvePrivateKey) or not isinstance(found.curve, SECP256R1):
        raise env.Misconfigured("PUSH_KEY", "is no private key on P-256 without a password", _KEY_HINT)
    return {"PUSH_KEY": key}
