"""The second year of a business: the card that it has by then, and its way to pay when a charge fails."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from integration.cores.models import Core
from shop.connections.models import CardOnFile
from shop.connections.services import cards, years
from shop.orders.models.orders import Order
from shop.orders.states import OrderState
from shop.payments.services import payments
from tests.peers.payments import ASKS, DECLINED, PAID
from tests.shop.orders.orders import pdf
from tests.shop.payments.paying import BACK
from tests.shop.year.plan import Card

if TYPE_CHECKING:
    from tests.shop.year.business import Business

A_YEAR, BEFORE = 365, 15
"""Days. So long before its second year a business leaves another card: the notice of its amount is out by then."""

LEFT = {
    Card.CHANGED: PAID,
    Card.FAILS_THEN_PAID_ON_PAGE: DECLINED,
    Card.FAILS_THEN_ANOTHER: DECLINED,
    Card.FAILS_FOR_GOOD: DECLINED,
    Card.FAILS_THEN_RECONNECTED: DECLINED,
    Card.BANK_ASKS: ASKS,
}
"""Cards that are left before the second year; a bank declines them, or wants to see their owner, once it is charged."""

PAID_ON_PAGE = (Card.FAILS_THEN_PAID_ON_PAGE, Card.BANK_ASKS)


@dataclass
class Renewal:
    """The second year of a business's COREs."""

    of: "Business"

    def begins(self) -> None:
        """Plan what happens around the first day of the second year."""
        card, days, tries = self.of.life.card, self.of.office.days, self.of.tries
        if self.of.life.is_on_account:
            days.after(A_YEAR + self.of.office.some(1, 8), tries(self.by_purchase_order))
        elif card in LEFT:
            days.after(A_YEAR - BEFORE, tries(lambda: self.leaves(LEFT[card])))
        elif card == Card.REMOVED:
            days.after(A_YEAR - BEFORE, self.removes)
            days.after(A_YEAR + self.of.office.some(1, 8), tries(self.by_purchase_order))
        if card in PAID_ON_PAGE:
            days.after(A_YEAR + self.of.office.some(1, 8), tries(self.pays_on_page))
        elif card == Card.FAILS_THEN_ANOTHER:
            days.after(A_YEAR + self.of.office.some(1, 10), tries(lambda: self.leaves(PAID)))
        elif card == Card.FAILS_THEN_RECONNECTED:
            days.after(A_YEAR + self.of.office.some(33, 40), tries(self.reconnects))

    def leaves(self, card: str) -> None:
        """Use another card on a page of the service; its owner comes back from there, or is never heard of."""
        if not CardOnFile.objects.filter(registrant=self.of.owner).exists():
            return
        change = cards.begin_change(registrant=self.of.owner, by=self.of.by, return_to=BACK)
        self.of.office.service.peer.pay(change.session_id, card)
        if self.of.life.is_heard:
            cards.settle_change(change=change)

    def removes(self) -> None:
        """Let no card be charged any more."""
        cards.remove(registrant=self.of.owner, by=self.of.by)

    def pays_on_page(self) -> None:
        """Pay the years that have begun, by a card that is good."""
        for order in self._unpaid():
            attempt = self.of.opens_page(order)
            self.of.office.service.peer.pay(attempt.session_id, PAID)
            if self.of.life.is_heard:
                payments.settle(attempt=attempt)

    def by_purchase_order(self) -> None:
        """Pay the years that have begun on account."""
        for number, order in enumerate(self._unpaid(), start=2):
            sent = years.pay_by_purchase_order(
                order=order, by=self.of.by, number=f"PO-{number}", limit=order.total, paper=pdf()
            )
            self.of.office.days.after(3, lambda sent=sent: self.of.office.decides(sent, is_good=True))  # type: ignore[misc]

    def reconnects(self) -> None:
        """Let the COREs work again that were stopped, and pay for a year from that day on."""
        for core in Core.objects.filter(registrant=self.of.owner, subscriptions__state="lapsed"):
            order = years.reconnect(core=core, by=self.of.by)
            attempt = self.of.opens_page(order)
            self.of.office.service.peer.pay(attempt.session_id, PAID)

    def _unpaid(self) -> list[Order]:
        begun = Order.objects.filter(registrant=self.of.owner, year_from__lte=timezone.localdate())
        return list(begun.filter(state=OrderState.AWAITING_PAYMENT).order_by("pk"))
