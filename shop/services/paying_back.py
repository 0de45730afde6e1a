"""The money of an accepted return: refunds over the payments of its order, to the cent, each of them once."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from shop.models import Order, Payment, Refund, RefundSource, Return
from shop.money import dollars
from shop.policies import refunds as refund_policy
from shop.policies import returns as policy
from shop.services import closing, invoices, locking, refunding, refunds, return_locking, steps
from shop.states import ReturnState


def pay(*, back: Return, by: User) -> Return:
    """Give the money of a return back. What a clerk may send alone is sent at once; beyond that, a second person does.

    What of the order was never paid is taken off its invoice. A refund that failed is made anew, as another row. What
    was given back for the same line before is not given twice. Raises Refused, and Stale when nothing is left to pay:
    of two clerks in the same second one pays.
    """
    with transaction.atomic():
        order, locked = return_locking.whole(back.pk)
        policy.may_decide(by, subject=locked.subject)
        if locked.state in (ReturnState.REFUNDING, ReturnState.CLOSED):
            policy.must_be_owed(locked)
        else:
            steps.back(locked, ReturnState.REFUNDING, by, facts={"cents": locked.refund or 0})
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
    before = refunds.asked_for(order, by)
    refund = Refund.objects.create(
        payment=payment,
        source=RefundSource.RETURN,
        cents=cents,
        reason=_reason(back, order),
        clerk=by,
        needs_second=refund_policy.needs_second(cents, before=before),
        of_return=back,
    )
    refunds.share_out(refund=refund, parts=[(line, cents)])
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": cents, "source": refund.source}
    record(event=Event.REFUND_REQUESTED, actor=by.actor, subject=refund.subject, facts=facts, reason=refund.reason)
    if not refund.needs_second:
        refunding.submit(refund=refund, by=by)


def _reason(back: Return, order: Order) -> str:
    """Return what the credit note says, in the language of the order."""
    with override(order.language):
        sentence = _("Return %(number)s: %(device)s for the CORE, %(fee)s for unused months of the fee")
        device = (back.refund or 0) - back.fee_back
        return sentence % {"number": back.number, "device": dollars(device), "fee": dollars(back.fee_back)}
