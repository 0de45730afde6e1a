"""Asked by orders, of payments, connections and returns."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Hook
from integration.cores.models import Core
from shop.orders.models.orders import Order


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
    """The order of a further year of a connection: locked, bought or declined."""

    def lock_core(self, order: Order) -> Core | None:
        """Lock the CORE of a year before its order. None for an order of goods."""

    def buy(self, *, order: Order, actor: Actor, due_on: date | None = None) -> bool:
        """Begin a locked year that is paid, or approved on account. False if it can't begin."""

    def declined(self, *, order: Order) -> Order | None:
        """Return a locked year to waiting for a card: its purchase order was declined."""

    def order_ended(self, *, order: Order, actor: Actor) -> None:
        """Stop the saved card from paying for a locked order that was canceled or has expired."""


class YearPages(Protocol):
    """Connections on the pages and in the messages of orders."""

    def cards(self, user: User) -> Sequence[object]:
        """Return the connections of a business that have not ended, as its list of orders shows them."""

    def page(self, order: Order) -> object:
        """Return the order of a further year as its buyer's page shows it."""

    def facts(self, order: Order) -> tuple[str, list[tuple[str, str]], str]:
        """Return the serial number of a further year's CORE, its facts, and the state of the connection."""

    def tick_words(self, order: Order) -> str:
        """Return the text of the tick that keeps the card, "" if no later year follows."""

    def pays_words(self, order: Order) -> str:
        """Return what the card of an order pays later, "" without a card."""

    def card_words(self, order: Order) -> str:
        """Return `pays_words`, or that no card is kept, "" if no later year follows."""

    def canceled_words(self, order: Order) -> str:
        """Return what becomes of the card of a canceled order, "" without a card."""


class ComesOff(Protocol):
    """Open returns on the page of their order."""

    def __call__(self, order: Order) -> Sequence[str]:
        """Return what each open return takes off the order's invoice."""


comes_off = Hook[ComesOff]("shop.orders.hooks.comes_off")
order_closed = Hook[OrderClosed]("shop.orders.hooks.order_closed")
year_order = Hook[YearOrder]("shop.orders.hooks.year_order")
year_pages = Hook[YearPages]("shop.orders.hooks.year_pages")
