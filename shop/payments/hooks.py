"""Asked by payments, of connections and of returns."""

from typing import Protocol

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook
from shop.orders.models.orders import Order
from shop.payments.gateway.answers import Session
from shop.payments.models import PaymentAttempt, Refund


class CardOfYears(Protocol):
    """The card that a buyer keeps for further years."""

    def customer_of(self, order: Order) -> str:
        """Return the buyer's id at the payment service, "" without a card."""

    def failed(self, *, order: Order, why: str) -> None:
        """Record that the saved card of a locked year could not be charged. why: code of the payment service."""

    def card_used(self, *, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
        """Record the card that paid a locked order, goods or a year, if its buyer ticked that."""

    def page_followed(self, object_id: str) -> bool:
        """Settle the page on which a card was left. False if the page is of a payment."""


class RefundMoved(Protocol):
    """A refund was paid out, failed or was canceled."""

    def __call__(self, *, refund: Refund, by: User | Actor) -> None:
        """Move the return of a locked refund to the state of its money."""


saved_card = Hook[CardOfYears]("shop.payments.hooks.saved_card")
refund_moved = Hook[RefundMoved]("shop.payments.hooks.refund_moved")
