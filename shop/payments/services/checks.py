from datetime import date

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.selectors import invoices
from shop.orders.services import staff_tasks
from shop.payments import locks, policies
from shop.payments.models.payments import Payment, PaymentMethod


def receive(*, order: Order, by: User, number: str, cents: int, received_on: date) -> Payment:
    """Record a check that came for an order on account.

    Raises Refused, Stale if the order is not on account, and ValidationError by field: the same check twice, and more
    than is due, are slips.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        locks.payments_of(locked)
        policies.must_be_on_account(locked)
        tidy = policies.check_new_number(number, order=locked)
        policies.check_cents(cents, due=invoices.owed_of(locked))
        policies.check_day(received_on)
        now = timezone.now()
        payment = Payment.objects.create(
            order=locked,
            method=PaymentMethod.CHECK,
            captured=cents,
            captured_at=now,
            check_number=tidy,
            received_on=received_on,
            recorded_by=by,
            recorded_at=now,
        )
        facts: dict[str, int | str] = {"order": str(locked.pk), "cents": cents}
        record(event=Event.PAYMENT_RECORDED, actor=by.actor, subject=payment.subject, facts=facts)
        invoice = invoices.invoice_of(locked)
        if invoice is not None and not invoices.owed_of(locked):
            paid = f"Paid by check {tidy}"
            staff_tasks.settle_by_act(kind=TaskKind.INVOICE_OVERDUE, about=str(invoice.pk), by=by, note=paid)
    return payment
