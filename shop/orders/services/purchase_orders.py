"""Buying on account: a school, church or public body sends its purchase order, a clerk approves it, a check follows."""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from registry import doubled
from shop import files
from shop.models import Order, Payment, PaymentMethod, PayMethod, PurchaseOrder, TaskKind
from shop.models.orders import NUMBER_ONCE
from shop.policies import checks as check_policy
from shop.policies import orders as policy
from shop.policies import refunds as money_policy
from shop.policies import taxes as decision_policy
from shop.policies import texts
from shop.rules import DUE_AFTER
from shop.selectors import dues
from shop.services import announcing as years
from shop.services import buying, locking, orders, renewing, staff_tasks, steps, telling
from shop.states import ORDER, OrderState


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
        locked = locking.own_order(order.pk, by=by)
        ORDER.check(source=locked.state, target=OrderState.AWAITING_APPROVAL, role=by.role, subject=locked.subject)
        tidy = policy.check_number(number, registrant=locked.registrant)
        policy.check_limit(limit, total=locked.total)
        orders.make_ready(order=locked, by=by, consents=consents)
        with doubled.refused(NUMBER_ONCE, field="number", sentence=policy.used_words()):
            purchase_order = PurchaseOrder.objects.create(
                order=locked,
                registrant=locked.registrant,
                number=tidy,
                limit=limit,
                total=locked.total,
                paper=key,
            )
        locked.method = PayMethod.PURCHASE_ORDER
        steps.order(locked, OrderState.AWAITING_APPROVAL, by, facts={"number": locked.number, "limit": limit})
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
        buying.buy_on_account(order=order, actor=by.actor, due_on=due_on)
    return locked


def decline(*, purchase_order: PurchaseOrder, by: User, reason: str) -> PurchaseOrder:
    """Decline a purchase order, and say why: its order is canceled, and its number may be used again.

    A further year waits for a card again.

    Raises as `approve`, and ValidationError on "reason".
    """
    with transaction.atomic():
        order, locked = _locked(purchase_order, by, approves=False)
        locked.reason = texts.check_text("reason", reason, longest=200)
        locked.declined_by, locked.declined_at = by, timezone.now()
        locked.save(update_fields=["declined_by", "declined_at", "reason"])
        record(event=Event.PURCHASE_ORDER_DECLINED, actor=by.actor, subject=locked.subject, reason=reason)
        orders.end(order=order, by=by)
        telling.decline(order=order)
        if order.renews_id is not None:
            years.announce_again(order=order)
    return locked


def record_check(*, order: Order, by: User, number: str, cents: int, received_on: date) -> Payment:
    """Record a check that came for an order on account.

    Raises Refused, Stale for an order that is not on account, and ValidationError by field: the same check twice, and
    more than is due, are slips.
    """
    money_policy.may_ask(by, subject=order.subject)
    with transaction.atomic():
        locked = locking.order(order.pk)
        locking.payments_of(locked)
        check_policy.must_be_on_account(locked)
        tidy = check_policy.check_number(number, order=locked)
        check_policy.check_cents(cents, due=dues.owed_of(locked))
        check_policy.check_day(received_on)
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
        invoice = dues.invoice_of(locked)
        if invoice is not None and not dues.owed_of(locked):
            paid = f"Paid by check {tidy}"
            staff_tasks.settle_by_act(kind=TaskKind.INVOICE_OVERDUE, about=str(invoice.pk), by=by, note=paid)
    return payment


def _locked(purchase_order: PurchaseOrder, by: User, *, approves: bool) -> tuple[Order, PurchaseOrder]:
    """Lock a purchase order that waits for a decision, and its order before it."""
    decision_policy.may_decide(by, subject=purchase_order.subject)
    renewing.lock_core(purchase_order.order)
    order = locking.order(purchase_order.order_id)
    locked = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=purchase_order.pk)
    policy.must_be_undecided(locked)
    bought = OrderState.ON_ACCOUNT if order.renews_id is None else OrderState.COMPLETED
    target = bought if approves else OrderState.CANCELLED
    ORDER.check(source=order.state, target=target, role=by.role, subject=order.subject)
    return order, locked
