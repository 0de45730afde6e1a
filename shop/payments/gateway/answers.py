"""Typed answers of the payment service, read from its own and from its webhooks: no type of its library leaves here.

Amounts are cents of `currency`, in lower case as the service writes it ("usd"). metadata: what the portal gave the
object when it was made; it has ids of the portal. All other ids are the service's.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import stripe
from django.conf import settings

from fusus_portal.ground.geo.geocoding import Address


class GatewayFault(Exception):
    """The service did not do what the portal asked. code: of the service, or the kind of fault; never its text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unknown(GatewayFault):
    """Nobody knows whether a call was carried out: no answer, a broken one, or a fault of the service (5xx, timeout).

    A service that is too busy (429), refuses the portal's key (401, 403) or still works on the call (409) counts here
    too: nothing failed for good. The caller makes nothing again because of it, leaves its row as it is, and asks later.
    """


class Failed(GatewayFault):
    """The service says that it did not carry out a call and never will (any other 4xx), or declined the card."""


class Missing(Failed):
    """The service has no such object (404)."""


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card as its owner knows it. brand: the service's name ("visa"). brand and last4 are "" if unknown."""

    brand: str = ""
    last4: str = ""


class SessionStatus(StrEnum):
    """States of a payment page. COMPLETE alone does not say that money was captured: see `Session.paid`."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page, or a page for another card, which has no amount.

    paid: the money was captured. amount: cents of the whole page. customer, intent_id, method, setup_method: "" if
    unset. method: the payment method that paid. setup_method: the one that was saved instead. card: of either.
    checked_address: the payer's, if the card's bank confirmed street and ZIP code. failed: the page is complete and its
    payment failed for good (an asynchronous one that bounced); failure: why.
    """

    id: str
    status: SessionStatus
    paid: bool
    amount: int | None
    currency: str
    url: str = ""
    customer: str = ""
    intent_id: str = ""
    method: str = ""
    setup_method: str = ""
    card: SavedCard = SavedCard()
    checked_address: Address | None = None
    failed: bool = False
    failure: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


class IntentStatus(StrEnum):
    NEW = "new"
    NEEDS_PERSON = "needs_person"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED_INTENTS = (IntentStatus.NEEDS_PERSON, IntentStatus.FAILED, IntentStatus.CANCELLED)
"""States from which a payment is not captured any more without its owner."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment at the service, by a page or of a renewal. amount, captured: cents. failure: decline code, or ""."""

    id: str
    status: IntentStatus
    amount: int
    captured: int
    currency: str
    customer: str = ""
    method: str = ""
    card: SavedCard = SavedCard()
    failure: str = ""
    made_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def without_page(intent: Intent) -> Session:
    """Return the payment of a saved card as a Session, as if it had a page: id and url are ""."""
    over = {IntentStatus.SUCCEEDED, IntentStatus.PROCESSING, *ENDED_INTENTS}
    paid = intent.status == IntentStatus.SUCCEEDED
    return Session(
        id="",
        status=SessionStatus.COMPLETE if intent.status in over else SessionStatus.OPEN,
        paid=paid,
        amount=intent.captured if paid else intent.amount,
        currency=intent.currency,
        customer=intent.customer,
        intent_id=intent.id,
        method=intent.method,
        card=intent.card,
        failed=intent.status in ENDED_INTENTS,
        failure=intent.failure,
        metadata=intent.metadata,
    )


class RefundStatus(StrEnum):
    """States of a refund at the service. SUCCEEDED may still become FAILED, days later."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


BROKEN = (RefundStatus.FAILED, RefundStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    """A refund at the service. metadata["refund"]: id of the Refund, missing if made in the service's dashboard."""

    id: str
    intent_id: str
    status: RefundStatus
    amount: int
    failure: str = ""
    made_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


Json = Mapping[str, Any]

INTENT = {
    "requires_payment_method": IntentStatus.NEW,
    "requires_confirmation": IntentStatus.NEW,
    "requires_action": IntentStatus.NEEDS_PERSON,
    "requires_capture": IntentStatus.PROCESSING,
    "processing": IntentStatus.PROCESSING,
    "succeeded": IntentStatus.SUCCEEDED,
    "canceled": IntentStatus.CANCELLED,
}

REFUND = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELLED,
}
"""States of a refund by the service's names. Any other name makes an answer unreadable, so that it settles nothing."""


BRAND, LAST4 = re.compile(r"[a-z_]{1,20}"), re.compile(r"[0-9]{4}")


def session(told: Json) -> Session:
    """Return the payment page that an answer describes. Raises KeyError or ValueError if it describes no page."""
    intent, setup = told.get("payment_intent"), told.get("setup_intent")
    status = SessionStatus(told["status"])
    paid = told["payment_status"] == "paid"
    return Session(
        id=told["id"],
        status=status,
        paid=paid,
        amount=told.get("amount_total"),
        currency=told.get("currency") or "",
        url=told.get("url") or "",
        customer=identity(told.get("customer")),
        intent_id=identity(intent),
        method=identity(intent.get("payment_method")) if isinstance(intent, Mapping) else "",
        setup_method=identity(setup.get("payment_method")) if isinstance(setup, Mapping) else "",
        card=card(next((each.get("payment_method") for each in (intent, setup) if isinstance(each, Mapping)), None)),
        checked_address=checked_address(intent.get("payment_method")) if isinstance(intent, Mapping) else None,
        failed=status == SessionStatus.COMPLETE and not paid and _fell_through(intent),
        metadata=dict(told.get("metadata") or {}),
    )


def _fell_through(intent: object) -> bool:
    return isinstance(intent, Mapping) and intent.get("status") in {"requires_payment_method", "canceled"}


def intent(told: Json) -> Intent:
    """Return the payment that an answer describes. Raises KeyError if it describes no payment."""
    error = told.get("last_payment_error") or {}
    failure = str(error.get("decline_code") or error.get("code") or "")[:80]
    status = INTENT[told["status"]]
    return Intent(
        id=told["id"],
        status=IntentStatus.FAILED if failure and status == IntentStatus.NEW else status,
        amount=told["amount"],
        captured=told.get("amount_received") or 0,
        currency=told["currency"],
        customer=identity(told.get("customer")),
        method=identity(told.get("payment_method")),
        card=card(told.get("payment_method")),
        failure=failure,
        made_at=moment(told.get("created")),
        metadata=dict(told.get("metadata") or {}),
    )


def refund(told: Json) -> GatewayRefund:
    """Return the refund that an answer describes. Raises KeyError if it describes no refund."""
    return GatewayRefund(
        id=told["id"],
        intent_id=identity(told.get("payment_intent")),
        status=REFUND[told["status"]],
        amount=told["amount"],
        failure=str(told.get("failure_reason") or "")[:80],
        made_at=moment(told.get("created")),
        metadata=dict(told.get("metadata") or {}),
    )


def card(method: object) -> SavedCard:
    """Return the card of a payment method given in full, for people to read; an unusual one is left empty."""
    told = method.get("card") if isinstance(method, Mapping) else None
    if not isinstance(told, Mapping):
        return SavedCard()
    brand, last4 = str(told.get("brand")), str(told.get("last4"))
    return SavedCard(brand, last4) if BRAND.fullmatch(brand) and LAST4.fullmatch(last4) else SavedCard()


def checked_address(method: object) -> Address | None:
    """Return the address of a payment method given in full, if the card's bank confirmed street and ZIP code."""
    if not isinstance(method, Mapping):
        return None
    checks = (method.get("card") or {}).get("checks") or {}
    told = (method.get("billing_details") or {}).get("address") or {}
    if any(checks.get(f"address_{part}_check") != "pass" for part in ("line1", "postal_code")):
        return None
    return Address(*(str(told.get(part) or "")[:120] for part in ("line1", "city", "state", "postal_code")))


def identity(thing: object) -> str:
    """Return the id of an object that the service gives by id or in full; "" for no object."""
    if isinstance(thing, Mapping):
        return str(thing["id"])
    return str(thing or "")


def moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


LONGEST_CODE = 80
NEEDS_PERSON_CODES = {"authentication_required", "authentication_not_handled"}
"""Codes for a bank that wants its customer, who is absent. Other refusals of a card have a decline code."""

NOT_NOW = {401, 403, 409, 429}
"""HTTP statuses: the portal's key is refused, a call with the same idempotency key runs, or the portal asks too often.

None of these answers the call: a refund must not fail because of them, but wait and be tried again.
"""


def our_fault(error: stripe.StripeError) -> GatewayFault:
    """Return the GatewayFault for an error of the service's library, without its text, which may name a person."""
    status = error.http_status
    code = str(error.code or type(error).__name__)[:LONGEST_CODE]
    if status is None or status >= 500 or status in NOT_NOW:
        return Unknown(code)
    if isinstance(error, stripe.CardError) and error.code not in NEEDS_PERSON_CODES:
        decline = getattr(error.error, "decline_code", None)
        return Failed(str(decline or error.code or "card_declined")[:LONGEST_CODE])
    if status == 404 or error.code == "resource_missing":
        return Missing(code)
    return Failed(code)


@contextmanager
def our_faults() -> Iterator[None]:
    """Turn every error inside into a GatewayFault, also an unreadable answer."""
    try:
        yield
    except stripe.StripeError as error:
        raise our_fault(error) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unknown("unreadable_answer") from error


TOLERANCE_SECONDS = 300
"""A webhook with an older signature is refused, so that nobody replays one."""

LONGEST_ID = 255
LONGEST_KIND = 80


class BadNotice(Exception):
    """A webhook that is not signed by the payment service, signed too long ago, or unreadable."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A hint that something happened at the service. id: of the event. object_id: of the object it happened to."""

    id: str
    kind: str
    object_id: str
    made_at: datetime


def read_notice(payload: bytes, signature: str) -> Notice:
    """Return the notice in a webhook. payload: the body, to the byte. Raises BadNotice."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    if not secret:
        raise BadNotice("no secret")
    try:
        stripe.WebhookSignature.verify_header(payload.decode(), signature, secret, TOLERANCE_SECONDS)
        return notice_of(json.loads(payload))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadNotice("not signed, or not readable") from error


def notice_of(event: Any) -> Notice:
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
