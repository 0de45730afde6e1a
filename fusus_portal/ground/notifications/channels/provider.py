import base64
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings

CONNECT_SECONDS = 5.0
LISTED = 50
CLOCKS_DIFFER = timedelta(minutes=5)
MENDABLE = frozenset({401, 403, 404, 408, 425, 429})
"""HTTP statuses that the operator, or time, can fix."""

NO_LIST = frozenset({403, 404, 405, 501})
"""HTTP statuses of a provider that offers no list of messages."""

STOPPED = 21610
NO_TEXTS = frozenset({21211, 21614, 30006})
"""The provider's codes of a number that takes no texts: invalid, not a mobile phone, landline."""


class ProviderFault(Exception):
    """The provider did not take a text. Its words are left out: they repeat the number. status, code: its own, or 0."""

    def __init__(self, status: int, code: int = 0) -> None:
        super().__init__(f"status {status}, code {code}")
        self.status, self.code = status, code

    @property
    def is_lasting(self) -> bool:
        return 400 <= self.status < 500 and self.status not in MENDABLE


def is_configured() -> bool:
    return bool(settings.TEXT_URL)


def post(*, to: str, body: str, callback: str) -> None:
    """Send a text. callback: URL for its delivery status. Raises ProviderFault."""
    form = {"To": to, "From": settings.TEXT_SENDER, "Body": body, "StatusCallback": callback}
    answer = _ask("POST", data=form)
    if not HTTPStatus(200) <= answer.status_code < HTTPStatus(300):
        raise _fault(answer)


def has(*, to: str, body: str, since: datetime) -> bool:
    """True if the provider has taken this text before, when an attempt ended without answer. Raises ProviderFault."""
    answer = _ask("GET", params={"To": to, "From": settings.TEXT_SENDER, "PageSize": LISTED})
    if answer.status_code in NO_LIST:
        return False
    if answer.status_code != HTTPStatus.OK:
        raise _fault(answer)
    return any(_is_it(each, body, since - CLOCKS_DIFFER) for each in _read(answer).get("messages", []))


def is_signed(url: str, form: Mapping[str, str], signature: str) -> bool:
    """True if the provider signed a call: HMAC-SHA1 of URL and sorted fields (Twilio, "Validating signatures")."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    mac = hmac.new(settings.TEXT_SIGNING_SECRET.encode(), signed.encode(), "sha1").digest()
    return hmac.compare_digest(base64.b64encode(mac), signature.encode())


def _ask(method: str, **asked: Any) -> requests.Response:
    try:
        return requests.request(
            method,
            settings.TEXT_URL,
            auth=(settings.TEXT_ACCOUNT, settings.TEXT_SECRET),
            timeout=(CONNECT_SECONDS, settings.TEXT_TIMEOUT_SECONDS),
            allow_redirects=False,
            **asked,
        )
    except requests.RequestException:
        raise ProviderFault(0) from None  # requests' own words hold the URL, and so the number


def _fault(answer: requests.Response) -> ProviderFault:
    code = _read(answer).get("code", 0)
    return ProviderFault(answer.status_code, code if isinstance(code, int) else 0)


def _read(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_it(listed: Mapping[str, Any], body: str, earliest: datetime) -> bool:
    try:
        made = parsedate_to_datetime(listed["date_created"])
    except (KeyError, TypeError, ValueError):
        return False
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return made >= earliest and str(listed.get("body", "")).endswith(body)
