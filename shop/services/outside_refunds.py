"""Refunds that somebody made in the gateway's own dashboard. They become rows; their order is left as it is."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from registry.services.acting import task_actor
from shop.gateway.answers import GatewayRefund, RefundStatus
from shop.models import Payment, Refund, RefundSource, TaskKind
from shop.services import invoices, locking, staff_tasks
from shop.states import RefundState

FINDER = "shop.find_refunds"
ACTOR = task_actor(FINDER)


def found(*, payment: Payment, answer: GatewayRefund) -> Refund | None:
    """Write down a refund of ours that we did not make, once; staff have a task about it.

    None for one that never moved money, and for one that is more than the books know of: then the task alone says so.
    """
    with transaction.atomic():
        order = locking.order(payment.order_id)
        locked = locking.payment(payment.pk)
        known = Refund.objects.filter(gateway_id=answer.id).first()
        if known is not None or answer.status not in (RefundStatus.PENDING, RefundStatus.SUCCEEDED):
            return known
        facts: dict[str, int | str] = {"order": str(order.pk), "cents": answer.amount}
        try:
            with transaction.atomic():
                refund = _write(locked, answer)
        except IntegrityError:
            staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=answer.id, order=order, facts=facts)
            return None
        record(event=Event.REFUND_FOUND, actor=ACTOR, subject=refund.subject, facts=facts)
        staff_tasks.open_task(kind=TaskKind.REFUND_EXTERNAL, about=str(refund.pk), order=order, facts=facts)
        if refund.state == RefundState.SUCCEEDED:
            invoices.credit(refund=refund, order=order, actor=ACTOR)
    return refund


def _write(payment: Payment, answer: GatewayRefund) -> Refund:
    has_arrived = answer.status == RefundStatus.SUCCEEDED
    now = timezone.now()
    return Refund.objects.create(
        payment=payment,
        state=RefundState.SUCCEEDED if has_arrived else RefundState.PENDING,
        source=RefundSource.EXTERNAL,
        cents=answer.amount,
        gateway_id=answer.id,
        submitted_at=answer.made_at or now,
        settled_at=now if has_arrived else None,
    )
