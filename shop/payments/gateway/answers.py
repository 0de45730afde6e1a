"""Typed answers of the payment service: nothing of its own library leaves the client.

Amounts are cents of `currency`, in lower case as the service writes it ("usd"). metadata: what we gave the object when
it was made; it has our own ids. All other ids are the service's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fusus_portal.ground.geo.geocoding import Address


class GatewayFault(Exception):
    """The service did not do as asked. code: of the service, or the kind of fault; never a text of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unknown(GatewayFault):
    """Nobody knows whether it was done: no answer, a broken one, or a fault of the service itself (5xx, timeout).

    A service that is too busy (429), refuses our key (401, 403) or still works on it (409) counts here too: nothing
    failed for good. Nothing is made again because of it. The caller leaves the row as it is, and it is looked for
    later.
    """


class Failed(GatewayFault):
    """The service says that it was not done and never will be (any other 4xx)."""


class Missing(Failed):
    """The service has no such object (404)."""


class Declined(Failed):
    """The card was declined. code: the service's decline code, "card_declined" for none."""


class NeedsPerson(Failed):
    """The bank wants its customer (3-D Secure), who is absent: a renewal without them does not go through."""


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card as its owner knows it. brand: as the service calls it ("visa"). Both "" if the service does not say."""

    brand: str = ""
    last4: str = ""


class SessionStatus(StrEnum):
    """States of a payment page. COMPLETE alone does not say that money came: see `Session.paid`."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page (mode "payment"), or a page for another card (mode "setup").

    paid: the money was captured. amount: all of it, None in mode "setup". client_reference: our order's id. customer,
    intent_id, method, setup_method: "" if unset. method: it was paid with this. setup_method: the payment method that
    was saved instead. card: of the one or the other. checked_address: the payer's, if the card's bank confirmed street
    and ZIP code. failed: it is complete and its payment failed for good (an asynchronous one that bounced); failure:
    why.
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
"""Without its owner no money comes from these any more."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment at the service, of a page or of a renewal. failure: decline code, "" for none."""

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
    """Return a payment without a page in the shape of one with a page: its id and address are ""."""
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
    """A refund at the service. metadata["refund"]: id of our row, missing for one made in the service's dashboard."""

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
    """One line of a payment page. The sum of cents * quantity over the items is paid."""

    name: str
    cents: int
    quantity: int = 1
