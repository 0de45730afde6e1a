from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.catalogue.presenters.products import NOTHING
from shop.connections import policies
from shop.connections.models import Subscription
from shop.connections.selectors import renewals
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.states import WAITING, OrderState
from shop.payments.cards import NO_CARD, why_not_charged_for_clerks


@dataclass(frozen=True)
class OwingRow:
    """A connection with an unpaid year, for clerks. Its orders must be loaded."""

    subscription: Subscription

    @property
    def order(self) -> Order | None:
        return max(self.subscription.renewals.all(), key=lambda order: order.drafted_at, default=None)

    @property
    def waits_for_clerk(self) -> bool:
        """True if a clerk has to decide about its purchase order. Nothing stops before that."""
        return self.order is not None and self.order.state == OrderState.AWAITING_APPROVAL

    @property
    def tag(self) -> tuple[str, str]:
        if self.waits_for_clerk:
            return "warn", _("A purchase order waits for a clerk")
        return "bad", self.subscription.get_state_display()

    @property
    def amount(self) -> str:
        """The amount that is due; a stopped CORE owes nothing."""
        waits = self.order is not None and self.order.state in WAITING
        return dollars(self.order.total) if self.order is not None and waits else NOTHING

    @property
    def since(self) -> str:
        return date_format(self.subscription.past_due_on) if self.subscription.past_due_on else NOTHING

    @property
    def stops_on(self) -> str:
        """When its CORE stops, or that it has; a dash while a clerk has to decide."""
        if self.subscription.state == SubscriptionState.LAPSED:
            return _("Stopped")
        if self.waits_for_clerk:
            return NOTHING
        return date_format(policies.stops_on(self.subscription))

    @property
    def why(self) -> str:
        """Why it was not charged; a dash where it is to be paid by a purchase order."""
        if self.waits_for_clerk:
            return NOTHING
        charges = renewals.charges_of(self.order) if self.order is not None else []
        return why_not_charged_for_clerks(next((each.failure for each in reversed(charges) if each.failure), NO_CARD))


def owing() -> Sequence[OwingRow]:
    return [OwingRow(each) for each in renewals.owing()]
