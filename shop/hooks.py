"""Contracts of the shop: a noun asks the nouns above it. Each has one answer, from that noun's `extensions`.

A contract without an answer raises ImproperlyConfigured: money depends on each of them.
"""

from datetime import date
from typing import Any, Protocol

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook
from integration.cores.models import Core
from shop.orders.models.orders import Order
from shop.payments.gateway.answers import Session
from shop.payments.models import PaymentAttempt, Refund


class OrderClosed(Protocol):
    """The payments of an order that is canceled or expires. Its row is locked, except for `close_pages`."""

    def is_being_paid(self, *, order: Order) -> bool:
        """Lock the attempts of an order. True if one is being processed."""

    def cancel_attempts(self, *, order: Order, actor: Actor, role: str, waits: bool) -> None:
        """Cancel the attempts that may still be paid. waits: raise Stale while one is being processed."""

    def give_all_back(self, *, order: Order, actor: Actor) -> None:
        """Refund what was paid and no refund holds yet."""

    def close_pages(self, *, order: Order) -> None:
        """Close the payment pages, outside any transaction, and settle payments made on them."""


class YearOrder(Protocol):
    """The order of a further year of a connection: locked, bought, not paid or declined."""

    def lock_core(self, order: Order) -> Core | None:
        """Lock the CORE of a year before its order. None for an order of goods."""

    def buy(self, *, order: Order, actor: Actor, due_on: date | None = None) -> bool:
        """Begin a locked year that is paid, or approved on account. False if it can't begin."""

    def failed(self, *, order: Order, why: str) -> None:
        """Record that the saved card of a locked year could not be charged. why: code of the payment service."""

    def declined(self, *, order: Order) -> Order | None:
        """Return a locked year to waiting for a card: its purchase order was declined."""

    def card_used(self, *, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
        """Record the card that paid a locked order, goods or a year, if its buyer ticked that."""

    def order_ended(self, *, order: Order, actor: Actor) -> None:
        """Stop the saved card from paying for a locked order that was canceled or has expired."""

    def page_followed(self, object_id: str) -> bool:
        """Settle the page on which a card was left. False if the page is of a payment."""


class RefundMoved(Protocol):
    """A refund was paid out, failed or was canceled."""

    def __call__(self, *, refund: Refund, by: User | Actor) -> None:
        """Move the return of a locked refund to the state of its money."""


order_closed = Hook[OrderClosed]("shop.hooks.order_closed")
year_order = Hook[YearOrder]("shop.hooks.year_order")
refund_moved = Hook[RefundMoved]("shop.hooks.refund_moved")

ALL: tuple[Hook[Any], ...] = (order_closed, year_order, refund_moved)


def must_be_answered() -> None:
    for hook in ALL:
        _ = hook.answer
