"""Acts about orders and money."""

from django.utils import timezone

from audit.events import Event
from shop.gateway.answers import Failed, RefundStatus
from shop.models import Refund, ShopTask, TaskKind
from shop.services import (
    drafting,
    orders,
    outside_refunds,
    paying,
    purchase_orders,
    refunding,
    refunds,
    settling,
    staff_tasks,
)
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.devices import business_at
from tests.shop import orders as made
from tests.shop.orders import BACK, SENDING, buyer_of, gateway, pdf

CLERK = "clerk"


@calls(drafting.draft, Event.ORDER_DRAFTED)
def draft() -> Act:
    """A business puts an order together."""
    made.tax_rate()
    owner = business_at()
    cart = made.cart_with(owner, (made.product(), 1))
    return lambda: drafting.draft(registrant=owner, cart=cart, by=owner.user, sending=SENDING)


@calls(orders.place, Event.ORDER_PLACED)
def place() -> Act:
    """And places it."""
    order = made.drafted()
    return lambda: orders.place(order=order, by=buyer_of(order), consents=True)


@calls(orders.cancel, Event.ORDER_CANCELLED)
def cancel() -> Act:
    """And cancels it, paid as it is."""
    order = made.order_at("paid")
    return lambda: orders.cancel(order=order, by=buyer_of(order))


@calls(orders.expire_due, Event.ORDER_EXPIRED)
def expire() -> Act:
    """Nobody pays."""
    made.lapse(made.placed())
    return orders.expire_due


@calls(purchase_orders.submit, Event.PURCHASE_ORDER_SUBMITTED)
def submit() -> Act:
    """A school sends its purchase order."""
    order = made.drafted()
    return lambda: purchase_orders.submit(
        order=order, by=buyer_of(order), consents=True, number="PO-77", limit=order.total, paper=pdf()
    )


@calls(purchase_orders.approve, Event.PURCHASE_ORDER_APPROVED)
def approve() -> Act:
    """A clerk approves it."""
    by, waiting = person(CLERK), made.submitted()
    return lambda: purchase_orders.approve(purchase_order=waiting, by=by)


@calls(purchase_orders.decline, Event.PURCHASE_ORDER_DECLINED)
def decline() -> Act:
    """Or declines it."""
    by, waiting = person(CLERK), made.submitted()
    return lambda: purchase_orders.decline(purchase_order=waiting, by=by, reason="It is not signed")


@calls(purchase_orders.record_check, Event.PAYMENT_RECORDED)
def record_check() -> Act:
    """The check comes."""
    by, order = person(CLERK), made.order_at("on_account")
    today = timezone.localdate()
    return lambda: purchase_orders.record_check(order=order, by=by, number="1001", cents=order.total, received_on=today)


@calls(paying.begin, Event.ATTEMPT_OPENED, written_before=("shop_paymentattempt", "shop_order", "audit_entry"))
def begin() -> Act:
    """The payment service answers at the second try; the attempt was written down before the first."""
    attempt = made.attempt_at("created")
    return lambda: paying.begin(order=attempt.order, by=buyer_of(attempt.order), return_to=BACK)


@calls(settling.settle, Event.ORDER_PAID)
def settle() -> Act:
    """The buyer has paid."""
    attempt = made.opened()
    gateway().pay(attempt.session_id)
    return lambda: settling.settle(attempt=attempt)


@calls(refunds.request, Event.REFUND_REQUESTED)
def request() -> Act:
    """A clerk asks for a refund."""
    payment, by = made.paid(), person(CLERK)
    return lambda: made.requested(payment, by=by)


@calls(refunds.cancel, Event.REFUND_CANCELLED)
def cancel_refund() -> Act:
    """It was a slip."""
    refund, by = made.requested(), person(CLERK)
    return lambda: refunds.cancel(refund=refund, by=by)


@calls(refunding.submit, Event.REFUND_SUBMITTED)
def submit_refund() -> Act:
    """A second person sends it."""
    refund, by = made.requested(), person(CLERK)
    return lambda: refunding.submit(refund=refund, by=by)


@calls(refunding.pay_out, Event.REFUND_SUCCEEDED)
def pay_out() -> Act:
    """What came by check goes back by check."""
    by = person(CLERK)
    refund = refunding.submit(refund=made.requested(made.check_payment()), by=by)
    return lambda: refunding.pay_out(refund=refund, by=by, check_number="2201")


@calls(refunding.send, Event.REFUND_SUCCEEDED, written_before=("shop_refund",))
def send() -> Act:
    """It is sent. The try is written down before, so that two never make it."""
    refund = made.refund_at("submitted")
    return lambda: refunding.send(pk=refund.pk)


@calls(refunding.send_due, Event.REFUND_FAILED, written_before=("shop_refund",))
def send_due() -> Act:
    """The payment service says no."""
    made.refund_at("submitted")
    gateway().before["create_refund"] = [Failed("charge_disputed")]
    return refunding.send_due


@calls(refunding.settle, Event.REFUND_SUCCEEDED)
def settle_refund() -> Act:
    """A refund that was on its way has arrived."""
    refund = made.refund_at("pending")
    gateway().move(refund.gateway_id, RefundStatus.SUCCEEDED)
    return lambda: refunding.settle(refund=refund)


@calls(refunding.apply, Event.REFUND_FAILED)
def fail_refund() -> Act:
    """A refund that had arrived has failed after all."""
    refund: Refund = made.refund_at("succeeded")
    answer = gateway().move(refund.gateway_id, RefundStatus.FAILED)
    return lambda: refunding.apply(pk=refund.pk, answer=answer)


@calls(outside_refunds.found, Event.REFUND_FOUND)
def found() -> Act:
    """Somebody refunded in the dashboard."""
    payment = made.paid()
    answer = gateway().refund_by_hand(payment.gateway_id, 500)
    return lambda: outside_refunds.found(payment=payment, answer=answer)


@calls(staff_tasks.settle, Event.SHOP_TASK_DONE)
def settle_task() -> Act:
    """Somebody looked into it."""
    task, by = ShopTask.objects.create(kind=TaskKind.DIFFERENCE, about="re_1"), person(CLERK)
    return lambda: staff_tasks.settle(task=task, by=by, note="It was ours")
