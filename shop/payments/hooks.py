"""Contracts: what payments ask of connections and returns."""

from typing import Protocol

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook
from shop.orders.models.orders import Order
from shop.payments.gateway.answers import Session
from shop.payments.models import PaymentAttempt, Refund


class CardOfYears(Protocol):
    """The card that a buyer saves for further years."""

    def customer_of(self, order: Order) -> str:
        """Return the buyer's customer id at the payment service, or "" if no card is saved."""

    def failed(self, *, order: Order, why: str) -> None:
        """Record that a saved card could not be charged for a locked order of a year. why: the service's code."""

    def card_used(self, *, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
        """Save the card that paid a locked order, of goods or of a year, if the buyer ticked that."""

    def page_followed(self, object_id: str) -> bool:
        """Settle the page with this id, if a card was saved on it. False if it is a page for a payment."""


class RefundMoved(Protocol):
    """The return of a CORE whose refund was paid out, failed or was canceled."""

    def __call__(self, *, refund: Refund, by: User | Actor) -> None:
        """Close the return of a locked refund that arrived, or open it again if the refund failed."""


saved_card = Hook[CardOfYears]("shop.payments.hooks.saved_card")
refund_moved = Hook[RefundMoved]("shop.payments.hooks.refund_moved")
