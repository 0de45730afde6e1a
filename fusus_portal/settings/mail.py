"""The mail server's address: `smtp://user:password@host:587?tls=yes`, or `smtps://` for TLS from the start."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from fusus_portal.ground import env

PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT_SECONDS = 20


def mail_settings(variable: str, url: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings for a mail server's address. Raises Misconfigured, which names the variable."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise env.Misconfigured(
            variable,
            "is not a mail server",
            "Write smtp://user:password@host:587?tls=yes",
        )
    tls = parse_qs(parts.query).get("tls", ["yes"])
    if tls not in (["yes"], ["no"]):
        raise env.Misconfigured(variable, f"says tls={tls[0]}", "Write ?tls=no for a server without TLS, else nothing.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and tls == ["yes"],
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
