"""Buying on account: a school, church or public body sends its purchase order, a clerk approves it, a check follows."""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from fusus_portal import steps
from fusus_portal.accounts.models import User
from registry import doubled
from shop.catalogue import files
from shop.catalogue import policies as catalogue_policies
from shop.connections.services import announcements, years
from shop.orders import locks
from shop.orders.models.orders import NUMBER_ONCE, Order, PayMethod, PurchaseOrder
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.policies import orders as order_policies
from shop.orders.policies import taxes
from shop.orders.selectors import invoices
from shop.orders.services import letters, purchases, staff_tasks
from shop.orders.services import orders as order_services
from shop.orders.states import ORDER, OrderState
from shop.payments import locks as payment_locks
from shop.payments import policies as payment_policies
from shop.payments.models.payments import Payment, PaymentMethod
from shop.rules import DUE_AFTER


def submit(
    *,
    order: Order,
    by: User,
    consents: bool,
    number: str,
    limit: int,
    paper: "File[bytes] | files.CheckedPaper | None",
) -> PurchaseOrder:
    """Place an order by a purchase order; its stock is reserved until a clerk has decided.

    limit: cents that the purchase order allows. paper: checked already where a transaction is around this.
    Raises as `orders.place`, and ValidationError on "number" for one that was used before, on "limit" for one that
    does not allow so much, on "paper".
    """
    key, content = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        locked = locks.own_order(order.pk, by=by)
        ORDER.check(source=locked.state, target=OrderState.AWAITING_APPROVAL, role=by.role, subject=locked.subject)
        tidy = order_policies.check_number(number, registrant=locked.registrant)
        order_policies.check_limit(limit, total=locked.total)
        order_services.make_ready(order=locked, by=by, consents=consents)
        with doubled.refused(NUMBER_ONCE, field="number", sentence=order_policies.used_words()):
            purchase_order = PurchaseOrder.objects.create(
                order=locked,
                registrant=locked.registrant,
                number=tidy,
                limit=limit,
                total=locked.total,
                paper=key,
            )
        locked.method = PayMethod.PURCHASE_ORDER
        steps.take(locked, OrderState.AWAITING_APPROVAL, by, facts={"number": locked.number, "limit": limit})
        files.keep_paper(key, content)
    return purchase_order


def approve(*, purchase_order: PurchaseOrder, by: User) -> PurchaseOrder:
    """Approve a purchase order as a clerk: its order is bought, and the invoice is due in 30 days.

    Raises Refused; Stale when somebody has decided, or the order was canceled.
    """
    with transaction.atomic():
        order, locked = _locked(purchase_order, by, approves=True)
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        order.purchase_order = locked
        due_on = timezone.localdate() + DUE_AFTER
        purchases.buy_on_account(order=order, actor=by.actor, due_on=due_on)
    return locked


def decline(*, purchase_order: PurchaseOrder, by: User, reason: str) -> PurchaseOrder:
    """Decline a purchase order, and say why: its order is canceled, and its number may be used again.

    A further year waits for a card again.

    Raises as `approve`, and ValidationError on "reason".
    """
    with transaction.atomic():
        order, locked = _locked(purchase_order, by, approves=False)
        locked.reason = catalogue_policies.check_text("reason", reason, longest=200)
        locked.declined_by, locked.declined_at = by, timezone.now()
        locked.save(update_fields=["declined_by", "declined_at", "reason"])
        record(event=Event.PURCHASE_ORDER_DECLINED, actor=by.actor, subject=locked.subject, reason=reason)
        order_services.end(order=order, by=by)
        letters.decline(order=order)
        if order.renews_id is not None:
            announcements.announce_again(order=order)
    return locked


def record_check(*, order: Order, by: User, number: str, cents: int, received_on: date) -> Payment:
    """Record a check that came for an order on account.

    Raises Refused, Stale for an order that is not on account, and ValidationError by field: the same check twice, and
    more than is due, are slips.
    """
    payment_policies.may_ask(by, subject=order.subject)
    with transaction.atomic():
        locked = locks.order(order.pk)
        payment_locks.payments_of(locked)
        payment_policies.must_be_on_account(locked)
        tidy = payment_policies.check_new_number(number, order=locked)
        payment_policies.check_cents(cents, due=invoices.owed_of(locked))
        payment_policies.check_day(received_on)
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


def _locked(purchase_order: PurchaseOrder, by: User, *, approves: bool) -> tuple[Order, PurchaseOrder]:
    """Lock a purchase order that waits for a decision, and its order before it."""
    taxes.may_decide(by, subject=purchase_order.subject)
    years.lock_core(purchase_order.order)
    order = locks.order(purchase_order.order_id)
    locked = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=purchase_order.pk)
    order_policies.must_be_undecided(locked)
    bought = OrderState.ON_ACCOUNT if order.renews_id is None else OrderState.COMPLETED
    target = bought if approves else OrderState.CANCELLED
    ORDER.check(source=order.state, target=target, role=by.role, subject=order.subject)
    return order, locked
