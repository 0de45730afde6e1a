"""Buying on account: a school, church or public body sends its purchase order, and a clerk approves it."""

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database import unique
from fusus_portal.ground.notifications.kinds import MessageKind
from shop import hooks
from shop.catalogue import files
from shop.catalogue.policies import check_text
from shop.orders import locks
from shop.orders.models.orders import NUMBER_ONCE, Order, PayMethod, PurchaseOrder
from shop.orders.policies import orders as order_policies
from shop.orders.policies import taxes
from shop.orders.services import letters, purchases
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
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

    limit: cents that the purchase order allows. paper: checked already if a transaction is around this. Raises as
    `place`, and ValidationError on "number" if it was used before, on "limit" if it does not allow the total, on
    "paper".
    """
    key, content = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        locked = locks.own_order(order.pk, by=by)
        steps.check(locked, OrderState.AWAITING_APPROVAL, by)
        tidy = order_policies.check_number(number, registrant=locked.registrant)
        order_policies.check_limit(limit, total=locked.total)
        order_services.make_ready(order=locked, by=by, consents=consents)
        with unique.refused(NUMBER_ONCE, field="number", sentence=order_policies.used_words()):
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

    Raises Refused; Stale if somebody has decided, or the order was canceled.
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
    """Decline a purchase order with a reason: its order is canceled, and its number may be used again.

    A further year waits for a card again. Raises Refused, Stale, and ValidationError on "reason".
    """
    with transaction.atomic():
        order, locked = _locked(purchase_order, by, approves=False)
        locked.reason = check_text("reason", reason, longest=200)
        locked.declined_by, locked.declined_at = by, timezone.now()
        locked.save(update_fields=["declined_by", "declined_at", "reason"])
        record(event=Event.PURCHASE_ORDER_DECLINED, actor=by.actor, subject=locked.subject, reason=reason)
        order_services.end(order=order, by=by)
        letters.of_order(order, MessageKind.ORDER_REFUSED)
        if order.renews_id is not None:
            hooks.year_order.answer.declined(order=order)
    return locked


def _locked(purchase_order: PurchaseOrder, by: User, *, approves: bool) -> tuple[Order, PurchaseOrder]:
    """Lock a purchase order that waits for a decision, and its order before it."""
    demand(by, Permission.FULFILMENT, subject=purchase_order.subject)
    hooks.year_order.answer.lock_core(purchase_order.order)
    order = locks.order(purchase_order.order_id)
    locked = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=purchase_order.pk)
    taxes.must_be_undecided(locked)
    bought = OrderState.ON_ACCOUNT if order.renews_id is None else OrderState.COMPLETED
    target = bought if approves else OrderState.CANCELLED
    steps.check(order, target, by)
    return order, locked
