"""Text messages: the provider's address in the form of Twilio's Messages API. Off until TEXT_URL is set."""

import re
from typing import Any
from urllib.parse import urlsplit

from fusus_portal.ground import env

LOOPBACK = {"127.0.0.1", "localhost"}
SECRET_HINT = "Your provider shows it beside the account; at Twilio it is the auth token."  # noqa: S105
SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{5,6}")

TEXT_URL = ""
"""Address of the provider of text messages. Without it no text is sent, and no page offers texts."""

TEXT_ACCOUNT = TEXT_SENDER = TEXT_SECRET = TEXT_SIGNING_SECRET = ""
TEXT_TIMEOUT_SECONDS = 20.0
"""Seconds until the provider's answer counts as lost. Two tries stay far below MESSAGE_LEASE_SECONDS."""


def text_settings(*, loopback: bool) -> dict[str, Any]:
    """Return settings of text messages. loopback: allow a local stand-in. Raises Misconfigured, never with a secret."""
    url = env.text("TEXT_URL")
    if not url:
        return {}
    must_be_https(url, loopback=loopback)
    sender = env.required("TEXT_SENDER", hint="The number that texts come from, for example +12055550199.")
    if not SENDER.fullmatch(sender):
        raise env.Misconfigured("TEXT_SENDER", f"is {sender!r}", "Write +12055550199, or a short code.")
    secret = env.secret("TEXT_SECRET", hint=SECRET_HINT)
    signs_with_another = env.text("TEXT_SIGNING_SECRET") or env.text("TEXT_SIGNING_SECRET_FILE")
    return {
        "TEXT_URL": url,
        "TEXT_ACCOUNT": env.required("TEXT_ACCOUNT", hint="The user name of the provider's basic authentication."),
        "TEXT_SENDER": sender,
        "TEXT_SECRET": secret,
        "TEXT_SIGNING_SECRET": env.secret("TEXT_SIGNING_SECRET", hint=SECRET_HINT) if signs_with_another else secret,
    }


def must_be_https(url: str, *, loopback: bool) -> None:
    """Raise Misconfigured unless the provider's address is plain https, or http on this machine with `loopback`."""
    parts = urlsplit(url)
    stands_in = loopback and parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (stands_in or (parts.scheme == "https" and parts.hostname)) or parts.query or parts.username:
        hint = "For example https://api.twilio.com/2010-04-01/Accounts/AC.../Messages.json"
        raise env.Misconfigured("TEXT_URL", f"is {url!r}", hint)
