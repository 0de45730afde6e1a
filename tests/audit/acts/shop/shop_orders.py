"""Acts about orders and money."""

from django.utils import timezone

from audit.log.events import Event
from shop.orders.models.staff_tasks import ShopTask, TaskKind
from shop.orders.services import buyers, drafts, purchase_orders, staff_tasks
from shop.orders.services import orders as order_services
from shop.payments.gateway.answers import Failed, RefundStatus
from shop.payments.models.refunds import Refund
from shop.payments.services import attempts, checks, payouts, refunds, settlement
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders as made_orders
from tests.shop.orders.orders import BACK, SENDING, buyer_of, gateway, pdf

CLERK = "clerk"


@calls(drafts.draft, Event.ORDER_DRAFTED)
def draft() -> Act:
    """A business puts an order together."""
    made_orders.tax_rate()
    owner = business_at()
    cart = made_orders.cart_with(owner, (made_orders.product(), 1))
    return lambda: drafts.draft(registrant=owner, cart=cart, by=owner.user, sending=SENDING)


@calls(buyers.see, Event.OWNER_SEEN)
def see_buyer() -> Act:
    """A clerk is about to read whose order it is."""
    order, clerk = made_orders.drafted(), person(CLERK)
    return lambda: buyers.see(order=order, by=clerk)


@calls(order_services.place, Event.ORDER_PLACED)
def place() -> Act:
    """And places it."""
    order = made_orders.drafted()
    return lambda: order_services.place(order=order, by=buyer_of(order), consents=True)


@calls(order_services.cancel, Event.ORDER_CANCELLED)
def cancel() -> Act:
    """And cancels it, paid as it is."""
    order = made_orders.order_at("paid")
    return lambda: order_services.cancel(order=order, by=buyer_of(order))


@calls(order_services.expire_due, Event.ORDER_EXPIRED)
def expire() -> Act:
    """Nobody pays."""
    made_orders.lapse(made_orders.placed())
    return order_services.expire_due


@calls(purchase_orders.submit, Event.PURCHASE_ORDER_SUBMITTED)
def submit() -> Act:
    """A school sends its purchase order."""
    order = made_orders.drafted()
    return lambda: purchase_orders.submit(
        order=order, by=buyer_of(order), consents=True, number="PO-77", limit=order.total, paper=pdf()
    )


@calls(purchase_orders.approve, Event.PURCHASE_ORDER_APPROVED)
def approve() -> Act:
    """A clerk approves it."""
    by, waiting = person(CLERK), made_orders.submitted()
    return lambda: purchase_orders.approve(purchase_order=waiting, by=by)


@calls(purchase_orders.decline, Event.PURCHASE_ORDER_DECLINED)
def decline() -> Act:
    """Or declines it."""
    by, waiting = person(CLERK), made_orders.submitted()
    return lambda: purchase_orders.decline(purchase_order=waiting, by=by, reason="It is not signed")


@calls(checks.receive, Event.PAYMENT_RECORDED)
def record_check() -> Act:
    """The check comes."""
    by, order = person(CLERK), made_orders.order_at("on_account")
    today = timezone.localdate()
    return lambda: checks.receive(order=order, by=by, number="1001", cents=order.total, received_on=today)


@calls(attempts.begin, Event.ATTEMPT_OPENED, written_before=("shop_paymentattempt", "shop_order", "audit_entry"))
def begin() -> Act:
    """The payment service answers at the second try; the attempt was written down before the first."""
    attempt = made_orders.attempt_at("created")
    return lambda: attempts.begin(order=attempt.order, by=buyer_of(attempt.order), return_to=BACK, keeps=True)


@calls(settlement.settle, Event.ORDER_PAID)
def settle() -> Act:
    """The buyer has paid."""
    attempt = made_orders.opened()
    gateway().pay(attempt.session_id)
    return lambda: settlement.settle(attempt=attempt)


@calls(refunds.request, Event.REFUND_REQUESTED)
def request() -> Act:
    """A clerk asks for a refund."""
    payment, by = made_orders.paid(), person(CLERK)
    return lambda: made_orders.requested(payment, by=by)


@calls(refunds.cancel, Event.REFUND_CANCELLED)
def cancel_refund() -> Act:
    """It was a slip."""
    refund, by = made_orders.requested(), person(CLERK)
    return lambda: refunds.cancel(refund=refund, by=by)


@calls(payouts.submit, Event.REFUND_SUBMITTED)
def submit_refund() -> Act:
    """A second person sends it."""
    refund, by = made_orders.requested(), person(CLERK)
    return lambda: payouts.submit(refund=refund, by=by)


@calls(payouts.pay_out, Event.REFUND_SUCCEEDED)
def pay_out() -> Act:
    """What came by check goes back by check."""
    by = person(CLERK)
    refund = payouts.submit(refund=made_orders.requested(made_orders.check_payment()), by=by)
    return lambda: payouts.pay_out(refund=refund, by=by, check_number="2201")


@calls(payouts.send, Event.REFUND_SUCCEEDED, written_before=("shop_refund",))
def send() -> Act:
    """It is sent. The try is written down before, so that two never make it."""
    refund = made_orders.refund_at("submitted")
    return lambda: payouts.send(pk=refund.pk)


@calls(payouts.send_due, Event.REFUND_FAILED, written_before=("shop_refund",))
def send_due() -> Act:
    """The payment service says no."""
    made_orders.refund_at("submitted")
    gateway().before["create_refund"] = [Failed("charge_disputed")]
    return payouts.send_due


@calls(payouts.settle, Event.REFUND_SUCCEEDED)
def settle_refund() -> Act:
    """A refund that was on its way has arrived."""
    refund = made_orders.refund_at("pending")
    gateway().move(refund.gateway_id, RefundStatus.SUCCEEDED)
    return lambda: payouts.settle(refund=refund)


@calls(payouts.apply, Event.REFUND_FAILED)
def fail_refund() -> Act:
    """A refund that had arrived has failed after all."""
    refund: Refund = made_orders.refund_at("succeeded")
    answer = gateway().move(refund.gateway_id, RefundStatus.FAILED)
    return lambda: payouts.apply(pk=refund.pk, answer=answer)


@calls(payouts.found, Event.REFUND_FOUND)
def found() -> Act:
    """Somebody refunded in the dashboard."""
    payment = made_orders.paid()
    answer = gateway().refund_by_hand(payment.gateway_id, 500)
    return lambda: payouts.found(payment=payment, answer=answer)


@calls(staff_tasks.settle, Event.SHOP_TASK_DONE)
def settle_task() -> Act:
    """Somebody looked into it."""
    task, by = ShopTask.objects.create(kind=TaskKind.DIFFERENCE, about="re_1"), person(CLERK)
    return lambda: staff_tasks.settle(task=task, by=by, note="It was ours")
