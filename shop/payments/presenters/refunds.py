"""What clerks read about refunds: those of an order, and those that wait for somebody."""

from dataclasses import dataclass, replace
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from registry.policies import why_not
from registry.presenters.actions import Action
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.payments import policies
from shop.payments.models.payments import Payment, PaymentMethod
from shop.payments.models.refunds import Refund
from shop.payments.selectors import one_person, payments
from shop.payments.states import RefundState
from shop.returns import policies as return_policies
from shop.returns.models import Return


@dataclass(frozen=True, slots=True)
class RefundRow:
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
    def action(self) -> Action | None:
        """What this person can do with it now, or why they can't; None for nothing."""
        action = action_of(self.refund)
        return None if action is None else replace(action, reason=why_not_send(self.refund, self.user))


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return that is accepted, and whose money waits."""

    back: Return
    user: User

    @property
    def party(self) -> str:
        """Whom the money goes to."""
        return self.back.registrant.name if self.back.registrant else self.back.order.party

    @property
    def amount(self) -> str:
        """How much."""
        return dollars(return_policies.owed(self.back))

    @property
    def action(self) -> Action:
        """The button, or why this person can't."""
        reason = why_not(partial(policies.must_not_have_inspected, self.back, by=self.user))
        address = reverse("return_pay", args=[self.back.pk])
        return Action(f"pay-{self.back.pk}", _("Give the money back"), address, reason, is_link=True)


def action_of(refund: Refund) -> Action | None:
    """Return what is to be done with a refund by somebody now, None for nothing."""
    words = {"amount": dollars(refund.cents)}
    if refund.state == RefundState.REQUESTED and _waits_for_person(refund):
        label = _("Send the refund of %(amount)s") % words
        return Action(f"send-{refund.pk}", label, reverse("refund_send", args=[refund.pk]), is_link=True)
    if waits_for_check(refund):
        label = _("Note the check over %(amount)s") % words
        return Action(f"check-{refund.pk}", label, reverse("refund_check", args=[refund.pk]), is_link=True)
    return None


def waits_for_check(refund: Refund) -> bool:
    """Tell whether a refund is paid out by a check whose number is not noted yet."""
    return refund.state == RefundState.SUBMITTED and refund.payment.method == PaymentMethod.CHECK


def why_not_send(refund: Refund, user: User) -> str:
    """Return why this person can't send a refund, or note its check, "" when they can."""
    is_within = refund.state != RefundState.REQUESTED or one_person.is_within(refund, refund.payment.order, user)
    return why_not(partial(policies.may_send, refund, by=user, is_within=is_within))


def _waits_for_person(refund: Refund) -> bool:
    """Tell whether a refund that was asked for waits for a press: what goes back to a card by itself does not."""
    return refund.clerk_id is not None or refund.payment.method == PaymentMethod.CHECK


def refund_lines(order: Order, user: User) -> list[RefundRow]:
    """Return the refunds of an order, the first first."""
    return [RefundRow(refund, user) for refund in payments.refunds_of(order)]


def payment_of(order: Order) -> Payment | None:
    """Return the payment of which most can still go back, None when nothing can."""
    left = [payment for payment in order.payments.all() if payment.refundable > 0]
    return max(left, key=lambda payment: payment.refundable, default=None)
