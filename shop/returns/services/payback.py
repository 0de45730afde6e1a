"""The money of an accepted return: refunds over the payments of its order, to the cent, each of them once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from fusus_portal.accounts.models import User
from shop.models import Order, Payment, Refund, RefundSource, Return
from shop.money import dollars
from shop.policies import refunds as refund_policy
from shop.policies import returns as policy
from shop.services import closing, invoices, locking, refunding, refunds, return_locking, steps, subscriptions
from shop.states import ReturnState


def pay(*, back: Return, by: User) -> Return:
    """Give the money of a return back, as another person than who inspected it: two stand for each.

    From now on the CORE may be sent to somebody else, and its connection has ended. What of the order was never paid is
    taken off its invoice. A refund that failed is made anew, as another row. What was given back for the same line
    before is not given twice. Raises Refused, and Stale when nothing is left to pay: of two people in the same second
    one pays.
    """
    with transaction.atomic():
        order, locked = return_locking.whole(back.pk)
        refund_policy.may_give_back(by, subject=locked.subject)
        refund_policy.must_not_have_inspected(locked, by=by)
        if locked.state in (ReturnState.REFUNDING, ReturnState.CLOSED):
            policy.must_be_owed(locked)
        else:
            steps.back(locked, ReturnState.REFUNDING, by, facts={"cents": locked.refund or 0})
            locked.item.back_at = timezone.now()
            locked.item.save(update_fields=["back_at"])
            subscriptions.end_for_return(back=locked, by=by)
            _credit_unpaid(locked, order, by)
        for payment in locking.payments_of(order):
            _refund(locked, order, payment, by)
        closing.close_if_done(locked, by=by)
    return locked


def _credit_unpaid(back: Return, order: Order, by: User) -> None:
    """Take off the invoice what of a locked order on account was never paid."""
    back.credited = invoices.credit_part(
        order=order, cents=back.refund or 0, reason=_reason(back, order), actor=by.actor
    )
    back.save(update_fields=["credited"])


def _refund(back: Return, order: Order, payment: Payment, by: User) -> None:
    """Refund from a locked payment what is still owed, as far as payment and line go."""
    line = order.lines.get(pk=back.line_id)
    cents = min(policy.owed(back), payment.refundable, line.total - line.held)
    if cents <= 0:
        return
    refund = Refund.objects.create(
        payment=payment,
        source=RefundSource.RETURN,
        cents=cents,
        reason=_reason(back, order),
        clerk=by,
        of_return=back,
    )
    refunds.write_down(refund=refund, order=order, actor=by.actor, parts=[(line, cents)])
    refunding.submit(refund=refund, by=by)


def _reason(back: Return, order: Order) -> str:
    """Return what the credit note says, in the language of the order."""
    with override(order.language):
        sentence = _("Return %(number)s: %(device)s for the CORE, %(fee)s for unused months of the fee")
        device = (back.refund or 0) - back.fee_back
        return sentence % {"number": back.number, "device": dollars(device), "fee": dollars(back.fee_back)}
