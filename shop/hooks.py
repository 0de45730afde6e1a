"""What a noun of the shop asks of the nouns above it. Each contract has one answer, from that noun's `extensions`.

A contract that nobody answers raises ImproperlyConfigured: money depends on each of them.
"""

from datetime import date
from typing import Any, Protocol

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook
from integration.cores.models import Core
from shop.orders.models.orders import Order
from shop.payments.gateway.answers import Session
from shop.payments.models.payments import PaymentAttempt
from shop.payments.models.refunds import Refund


class OrderClosed(Protocol):
    """An order is canceled or expires: what becomes of its payments. Its row is locked, except for `close_pages`."""

    def is_being_paid(self, *, order: Order) -> bool:
        """Lock the attempts of an order, and tell whether one is being processed."""

    def cancel_attempts(self, *, order: Order, actor: Actor, role: str, waits: bool) -> None:
        """Cancel the attempts that may still be paid. waits: raise Stale while one is being processed."""

    def give_all_back(self, *, order: Order, actor: Actor) -> None:
        """Give back what was paid and is not held yet."""

    def close_pages(self, *, order: Order) -> None:
        """Close the payment pages, outside any transaction, and settle what was paid on them."""


class YearOrder(Protocol):
    """An order of a further year of a connection is locked, bought, not paid or declined."""

    def lock_core(self, order: Order) -> Core | None:
        """Lock the CORE of a year before its order. None for an order of goods."""

    def buy(self, *, order: Order, actor: Actor, due_on: date | None = None) -> bool:
        """Let a locked year that is paid, or approved on account, begin; return False when none can begin."""

    def failed(self, *, order: Order, why: str) -> None:
        """Record that the saved card of a locked year could not be charged. why: the code of the payment service."""

    def declined(self, *, order: Order) -> Order | None:
        """Let a locked year whose purchase order was declined wait for a card again."""

    def card_used(self, *, attempt: PaymentAttempt, order: Order, answer: Session) -> None:
        """Record the card with which a locked order was bought, goods or a year, if its buyer ticked that."""

    def order_ended(self, *, order: Order, actor: Actor) -> None:
        """Let the card on file pay no more for a locked order that was canceled or has expired."""

    def page_followed(self, object_id: str) -> bool:
        """Settle the page on which a card was left; return False when the page is of a payment."""


class RefundMoved(Protocol):
    """A refund was paid out, failed or was canceled."""

    def __call__(self, *, refund: Refund, by: User | Actor) -> None:
        """Bring the return of a locked refund to where its money is."""


order_closed = Hook[OrderClosed]("shop.hooks.order_closed")
year_order = Hook[YearOrder]("shop.hooks.year_order")
refund_moved = Hook[RefundMoved]("shop.hooks.refund_moved")

ALL: tuple[Hook[Any], ...] = (order_closed, year_order, refund_moved)


def must_be_answered() -> None:
    """Raise ImproperlyConfigured when a contract has no answer."""
    for hook in ALL:
        _ = hook.answer
