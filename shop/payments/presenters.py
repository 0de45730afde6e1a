"""Refunds as clerks read them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Action
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.payments import policies, selectors
from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.states import RefundState
from shop.returns.models import Return
from shop.returns.selectors import left_of, split_of_return
from shop.returns.states import ReturnState

TAGS = {
    RefundState.PENDING: ("warn", gettext_lazy("On its way to the card")),
    RefundState.FAILED: ("bad", gettext_lazy("Did not arrive: give it back again")),
    RefundState.CANCELLED: ("quiet", gettext_lazy("Taken back before it was sent")),
}


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund: Refund
    user: User

    @property
    def amount(self) -> str:
        return dollars(self.refund.cents)

    @property
    def tag(self) -> tuple[str, str]:
        refund = self.refund
        is_check = refund.payment.method == PaymentMethod.CHECK
        if refund.state == RefundState.REQUESTED:
            return "warn", _("To be sent by a person") if _waits_for_person(refund) else _("Sent automatically, soon")
        if refund.state == RefundState.SUBMITTED:
            return "warn", _("Write the check") if is_check else _("At the payment service, no answer yet")
        if refund.state == RefundState.SUCCEEDED:
            words = (
                _("Paid by check %(number)s") % {"number": refund.check_number} if is_check else _("Back on the card")
            )
            return "good", words
        return TAGS[RefundState(refund.state)][0], str(TAGS[RefundState(refund.state)][1])

    @property
    def since(self) -> datetime:
        return self.refund.settled_at or self.refund.submitted_at or self.refund.requested_at

    @property
    def ago(self) -> str:
        return times.ago(self.since)

    @property
    def exactly(self) -> str:
        return times.moment(self.since)

    @property
    def action(self) -> Action | None:
        """The action that this person can take now, or why they can't; None if there is nothing to do."""
        refund = self.refund
        if refund.state == RefundState.REQUESTED and _waits_for_person(refund):
            name, words = "send", _("Send the refund of %(amount)s")
        elif waits_for_check(refund):
            name, words = "check", _("Note the check over %(amount)s")
        else:
            return None
        label, address = words % {"amount": self.amount}, reverse(f"refund_{name}", args=[refund.pk])
        return Action(f"{name}-{refund.pk}", label, address, why_not_send(refund, self.user), is_link=True)


def returns_waiting(user: User) -> list[tuple[Return, str, Action]]:
    found = selectors.waiting_returns()
    buttons = [pay_action(back, user, name=f"pay-{back.pk}") for back in found]
    return [(back, dollars(_waiting_of(back)), button) for back, button in zip(found, buttons, strict=True)]


def pay_action(back: Return, user: User, *, name: str = "pay") -> Action:
    reason = why_not(partial(policies.must_not_have_inspected, back, by=user))
    address = reverse("return_pay", args=[back.pk])
    return Action(name, pay_label(back), address, reason, is_link=True)


def pay_label(back: Return) -> str:
    split = split_of_return(back)
    return _("Take it off the invoice") if split.off and not split.back else _("Give the money back")


def waits_for_check(refund: Refund) -> bool:
    return refund.state == RefundState.SUBMITTED and refund.payment.method == PaymentMethod.CHECK


def why_not_send(refund: Refund, user: User) -> str:
    """Return why this person can't send a refund, or record its check; "" if they can."""
    order = refund.payment.order
    is_within = refund.state != RefundState.REQUESTED or selectors.is_within(refund, order, user)
    bound = selectors.limit_alone(order)
    return why_not(partial(policies.may_send, refund, by=user, is_within=is_within, bound=bound))


def _waiting_of(back: Return) -> int:
    """Return the cents of a return that one press gives back, or takes off its invoice."""
    if back.state != ReturnState.ACCEPTED:
        return left_of(back)
    split = split_of_return(back)
    return split.off + split.back


def _waits_for_person(refund: Refund) -> bool:
    """True if a requested refund waits for a person: an automatic one to a card does not."""
    return refund.clerk_id is not None or refund.payment.method == PaymentMethod.CHECK


def payment_of(order: Order) -> Payment | None:
    """Return the payment with the most left to refund, None if nothing is left."""
    left = [payment for payment in order.payments.all() if payment.refundable > 0]
    return max(left, key=lambda payment: payment.refundable, default=None)
