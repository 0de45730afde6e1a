"""Typed answers of the payment service: no type of its library leaves the client.

Amounts are cents of `currency`, in lower case as the service writes it ("usd"). metadata: what the portal gave the
object when it was made; it has ids of the portal. All other ids are the service's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
    """The service says that it did not carry out a call and never will (any other 4xx)."""


class Missing(Failed):
    """The service has no such object (404)."""


class Declined(Failed):
    """The card was declined. code: the service's decline code, "card_declined" for none."""


class NeedsPerson(Failed):
    """The bank wants its customer (3-D Secure), who is absent: a renewal can't be charged without them."""


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card as its owner knows it. brand: the service's name ("visa"). Both are "" if the service does not say."""

    brand: str = ""
    last4: str = ""


class SessionStatus(StrEnum):
    """States of a payment page. COMPLETE alone does not say that money was captured: see `Session.paid`."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page (mode "payment"), or a page for another card (mode "setup").

    paid: the money was captured. amount: cents of the whole page, None in mode "setup". client_reference: the order's
    id. customer, intent_id, method, setup_method: "" if unset. method: the payment method that paid. setup_method: the
    payment method that was saved instead. card: of either. checked_address: the payer's, if the card's bank confirmed
    street and ZIP code. failed: the page is complete and its payment failed for good (an asynchronous one that
    bounced); failure: why.
    """

    id: str
    mode: str
    status: SessionStatus
    paid: bool
    amount: int | None
    currency: str
    url: str = ""
    client_reference: str = ""
    customer: str = ""
    intent_id: str = ""
    method: str = ""
    setup_method: str = ""
    card: SavedCard = SavedCard()
    checked_address: Address | None = None
    failed: bool = False
    failure: str = ""
    expires_at: datetime | None = None
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
        mode="payment",
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


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    """A refund at the service. metadata["refund"]: id of the Refund, missing if made in the service's dashboard."""

    id: str
    intent_id: str
    status: RefundStatus
    amount: int
    currency: str
    failure: str = ""
    made_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a payment page. cents: of one piece. The page charges the sum of cents * quantity."""

    name: str
    cents: int
    quantity: int = 1
