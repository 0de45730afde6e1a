"""Webhooks of the payment service: signed hints that something happened. The service is asked what happened."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

TOLERANCE_SECONDS = 300
"""An older signature is refused, so that nobody sends an overheard one again."""

LONGEST_ID = 255
LONGEST_KIND = 80


class BadNotice(Exception):
    """It is not signed by the payment service, or too long ago, or nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Notice:
    """id: of the event, by which it is told from others. object_id: of what it happened to."""

    id: str
    kind: str
    object_id: str
    made_at: datetime


def read(payload: bytes, signature: str) -> Notice:
    """Return what a webhook says. payload: the body, to the byte. Raises BadNotice."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    if not secret:
        raise BadNotice("no secret")
    try:
        stripe.WebhookSignature.verify_header(payload.decode(), signature, secret, TOLERANCE_SECONDS)
        return of(json.loads(payload))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadNotice("not signed, or not readable") from error


def of(event: Any) -> Notice:
    """Return an event of the service as a hint. Raises KeyError, TypeError or ValueError for what can't be one."""
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
