"""What clerks read about the refunds of an order."""

from dataclasses import dataclass
from functools import partial

from fusus_portal.accounts.models import User
from registry.policies import why_not
from shop.models import Order, Payment, PaymentMethod, Refund
from shop.money import dollars
from shop.policies import refunds as policy
from shop.selectors import orders as known
from shop.states import RefundState


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One refund, with what can be done about it now."""

    refund: Refund
    user: User

    @property
    def amount(self) -> str:
        """How much."""
        return dollars(self.refund.cents)

    @property
    def why(self) -> str:
        """Why it was given."""
        return self.refund.reason or self.refund.get_source_display()

    @property
    def waits(self) -> bool:
        """Whether it was asked for and not sent."""
        return self.refund.state == RefundState.REQUESTED

    @property
    def why_not_send(self) -> str:
        """Why this person can't send it, "" when they can."""
        return why_not(partial(policy.may_send, self.refund, by=self.user))

    @property
    def is_paid_by_check(self) -> bool:
        """Whether a check pays it out, whose number is to be written down."""
        is_check = self.refund.payment.method == PaymentMethod.CHECK
        return is_check and self.refund.state == RefundState.SUBMITTED


def refund_lines(order: Order, user: User) -> list[RefundLine]:
    """Return the refunds of an order, the first first."""
    return [RefundLine(refund, user) for refund in known.refunds_of(order)]


def payment_of(order: Order) -> Payment | None:
    """Return the payment of which most can still go back, None when nothing can."""
    left = [payment for payment in order.payments.all() if payment.refundable > 0]
    return max(left, key=lambda payment: payment.refundable, default=None)
