"""Contracts: what orders ask of payments, connections and returns."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook
from integration.cores.models import Core
from shop.orders.models.orders import Order
from shop.orders.selectors.money import Split


class OrderClosed(Protocol):
    """The payments of an order that is canceled or expires. The order is locked, except for `close_pages`."""

    def is_being_paid(self, *, order: Order) -> bool:
        """Lock the attempts to pay an order. True if one is being processed."""

    def cancel_attempts(self, *, order: Order, actor: Actor, role: str, waits: bool) -> None:
        """Cancel the attempts that may still lead to a payment. waits: raise Stale while one is being processed."""

    def give_all_back(self, *, order: Order, actor: Actor) -> int:
        """Refund the paid amount, less the part that earlier refunds hold; return the number of refunds."""

    def close_pages(self, *, order: Order) -> None:
        """Close the payment pages, outside any transaction, and settle payments made on these pages."""


class YearOrder(Protocol):
    """The order of a further year of a connection: locked, bought, declined or ended."""

    def lock_core(self, order: Order) -> Core | None:
        """Lock the CORE whose year an order pays for, before the order. Returns None for an order of goods."""

    def buy(self, *, order: Order, actor: Actor, due_on: date | None = None) -> bool:
        """Begin the year of a locked order that is paid, or approved on account. False if the year can't begin."""

    def declined(self, *, order: Order) -> Order | None:
        """Announce the year again after its purchase order was declined. Returns the new order, or None."""

    def order_ended(self, *, order: Order, actor: Actor) -> None:
        """Stop the saved card from paying for a locked order that was canceled, has expired or has no CORE left."""


class YearPages(Protocol):
    """Connections on the pages and in the messages of orders."""

    def cards(self, user: User) -> Sequence[object]:
        """Return the connections of a user's business that have not ended, for its list of orders."""

    def page(self, order: Order) -> object:
        """Return the page of a further year's order, for the buyer."""

    def facts(self, order: Order) -> tuple[str, list[tuple[str, str]], str]:
        """Return a CORE's serial number, rows (label, text) about the further year, and the state of the connection."""

    def tick_words(self, order: Order) -> str:
        """Return the label of the box that saves the payment card, or "" if no later year follows."""

    def pays_words(self, order: Order) -> str:
        """Return the sentence that says what the card saved for an order pays in later years, or "" without one."""

    def card_words(self, order: Order) -> str:
        """Return what the saved card pays for this order, or that none is saved; "" if no later year follows."""

    def canceled_words(self, order: Order) -> str:
        """Return what becomes of the card that was saved for a canceled order, or "" if none was."""

    def ended_words(self, order: Order, at: datetime) -> str:
        """Return which connections that an order paid ended on a day, and if its card is no longer kept, or ""."""


class ComesOff(Protocol):
    """The open returns of an order, for the pages of the order."""

    def __call__(self, order: Order, say: Callable[[Split], str]) -> Sequence[str]:
        """Return for each open return the sentence that says how much it takes off the order's invoice.

        say: where the money goes, in words for the buyer or for clerks.
        """


comes_off = Hook[ComesOff]("shop.orders.hooks.comes_off")
order_closed = Hook[OrderClosed]("shop.orders.hooks.order_closed")
year_order = Hook[YearOrder]("shop.orders.hooks.year_order")
year_pages = Hook[YearPages]("shop.orders.hooks.year_pages")
