"""Webhooks of the payment service: signed hints that something happened. The service is asked what happened."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

TOLERANCE_SECONDS = 300
"""An older signature is refused, so that nobody replays a webhook."""

LONGEST_ID = 255
LONGEST_KIND = 80


class BadNotice(Exception):
    """A webhook that is not signed by the payment service, signed too long ago, or unreadable."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A hint that something happened. id: of the event. object_id: of the object that it happened to."""

    id: str
    kind: str
    object_id: str
    made_at: datetime


def read(payload: bytes, signature: str) -> Notice:
    """Return the notice of a webhook. payload: the body, to the byte. Raises BadNotice."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    if not secret:
        raise BadNotice("no secret")
    try:
        stripe.WebhookSignature.verify_header(payload.decode(), signature, secret, TOLERANCE_SECONDS)
        return of(json.loads(payload))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadNotice("not signed, or not readable") from error


def of(event: Any) -> Notice:
    """Return an event of the service as a notice. Raises KeyError, TypeError or ValueError if it can't be one."""
    notice = Notice(
        id=event["id"],
        kind=event["type"],
        object_id=event["data"]["object"].get("id", ""),
        made_at=datetime.fromtimestamp(event["created"], UTC),
    )
    for text, longest in ((notice.id, LONGEST_ID), (notice.kind, LONGEST_KIND), (notice.object_id, LONGEST_ID)):
        if not isinstance(text, str) or not 0 < len(text) <= longest or "\0" in text:
            raise ValueError("an id that can't be one")
    return notice
