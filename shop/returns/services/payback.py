"""Refunds of accepted returns over the payments of their order, to the cent, each of them once.

A return is closed when its money has arrived, and owed again if that turns out to be untrue.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.log.actors import Actor
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from shop.catalogue.money import dollars
from shop.connections.services import subscriptions
from shop.orders.models.orders import Order
from shop.orders.services import invoices
from shop.payments import locks as payment_locks
from shop.payments import policies as payment_policies
from shop.payments.models import Payment, Refund, RefundSource
from shop.payments.services import refunds
from shop.payments.states import OPEN_REFUNDS, RefundState
from shop.returns import locks, policies
from shop.returns.models import Return
from shop.returns.states import ReturnState


def pay(*, back: Return, by: User) -> Return:
    """Refund a return, as a person who did not inspect it: two people answer for each.

    From now on the CORE may be sent to somebody else, and its connection has ended. The unpaid part of the order comes
    off its invoice. A failed refund is made again, as another row. Earlier refunds of the same line are not paid twice.
    Raises Refused, and Stale if nothing is left to pay: of two people in the same second one pays.
    """
    with transaction.atomic():
        order, locked = locks.whole(back.pk)
        demand(by, Permission.GIVE_BACK, subject=locked.subject)
        payment_policies.must_not_have_inspected(locked, by=by)
        if locked.state in (ReturnState.REFUNDING, ReturnState.CLOSED):
            policies.must_be_owed(locked)
        else:
            steps.take(locked, ReturnState.REFUNDING, by, facts={"cents": locked.refund or 0})
            locked.item.back_at = timezone.now()
            locked.item.save(update_fields=["back_at"])
            subscriptions.end_for_return(back=locked, by=by)
            _credit_unpaid(locked, order, by)
        for payment in payment_locks.payments_of(order):
            _refund(locked, order, payment, by)
        close_if_done(locked, by=by)
    return locked


def follow(*, refund: Refund, by: User | Actor) -> None:
    """Update the return of a locked refund to the state of its money, inside the caller's transaction."""
    if refund.of_return_id is None:
        return
    _order, back = locks.whole(refund.of_return_id)
    if refund.state == RefundState.SUCCEEDED:
        close_if_done(back, by=by)
    elif back.state == ReturnState.CLOSED:
        back.ended_at = None
        steps.take(back, ReturnState.REFUNDING, by, facts={"refund": str(refund.pk)})


def close_if_done(back: Return, *, by: User | Actor) -> None:
    """Close a locked return without pending refunds and with nothing left to pay."""
    on_its_way = back.refunds.filter(state__in=[RefundState.REQUESTED, *OPEN_REFUNDS]).exists()
    if back.state == ReturnState.REFUNDING and not on_its_way and not can_pay(back):
        back.ended_at = timezone.now()
        steps.take(back, ReturnState.CLOSED, by)


def can_pay(back: Return) -> bool:
    """True if a return is owed money that its order still holds."""
    line = back.line
    payments = Payment.objects.filter(order=back.order_id)
    return policies.owed(back) > 0 and line.total > line.held and any(payment.refundable for payment in payments)


def _credit_unpaid(back: Return, order: Order, by: User) -> None:
    """Take the unpaid part of a locked order on account off its invoice."""
    back.credited = invoices.credit_part(
        order=order, cents=back.refund or 0, reason=_reason(back, order), actor=by.actor
    )
    back.save(update_fields=["credited"])


def _refund(back: Return, order: Order, payment: Payment, by: User) -> None:
    """Refund from a locked payment what is still owed, as far as payment and line allow."""
    line = order.lines.get(pk=back.line_id)
    cents = min(policies.owed(back), payment.refundable, line.total - line.held)
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
    refunds.record_lines(refund=refund, order=order, actor=by.actor, parts=[(line, cents)])
    refunds.submit(refund=refund, by=by)


def _reason(back: Return, order: Order) -> str:
    """Return the text of the credit note, in the language of the order."""
    with override(order.language):
        sentence = _("Return %(number)s: %(device)s for the CORE, %(fee)s for unused months of the fee")
        device = (back.refund or 0) - back.fee_back
        return sentence % {"number": back.number, "device": dollars(device), "fee": dollars(back.fee_back)}
