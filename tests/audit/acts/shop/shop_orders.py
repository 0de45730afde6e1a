"""Acts about orders and money."""

from uuid import uuid4

from django.utils import timezone

from audit.log.events import Event
from shop.orders.models.orders import ShopTask, TaskKind
from shop.orders.services import orders as order_services
from shop.payments.gateway.answers import Failed, RefundStatus
from shop.payments.models import Refund
from shop.payments.services import payments, refunds
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders as made_orders
from tests.shop.orders.orders import BACK, SENDING, buyer_of, gateway, pdf

CLERK = "clerk"


@calls(order_services.draft, Event.ORDER_DRAFTED)
def draft() -> Act:
    """A business puts an order together."""
    made_orders.tax_rate()
    owner = business_at()
    cart = made_orders.cart_with(owner, (made_orders.product(), 1))
    return lambda: order_services.draft(registrant=owner, cart=cart, by=owner.user, sending=SENDING)


@calls(order_services.see_buyer, Event.OWNER_SEEN)
def see_buyer() -> Act:
    """A clerk is about to read whose order it is."""
    order, clerk = made_orders.drafted(), person(CLERK)
    return lambda: order_services.see_buyer(order=order, by=clerk)


@calls(order_services.place, Event.ORDER_PLACED)
def place() -> Act:
    """A business places an order."""
    order = made_orders.drafted()
    return lambda: order_services.place(order=order, by=buyer_of(order), consents=True)


@calls(order_services.cancel, Event.ORDER_CANCELLED)
def cancel() -> Act:
    """A business cancels an order that is paid."""
    order = made_orders.order_at("paid")
    return lambda: order_services.cancel(order=order, by=buyer_of(order))


@calls(order_services.complete_services, Event.ORDER_DONE)
def complete_services() -> Act:
    """A clerk records that an installation is done."""
    order, by = made_orders.services_alone(), person(CLERK)
    return lambda: order_services.complete_services(order=order, by=by)


@calls(order_services.expire_due, Event.ORDER_EXPIRED)
def expire() -> Act:
    """Nobody pays an order in time."""
    made_orders.lapse(made_orders.placed())
    return order_services.expire_due


@calls(order_services.submit_purchase_order, Event.PURCHASE_ORDER_SUBMITTED)
def submit() -> Act:
    """A school sends its purchase order."""
    order = made_orders.drafted()
    return lambda: order_services.submit_purchase_order(
        order=order, by=buyer_of(order), consents=True, number="PO-77", limit=order.total, paper=pdf()
    )


@calls(order_services.approve_purchase_order, Event.PURCHASE_ORDER_APPROVED)
def approve() -> Act:
    """A clerk approves a purchase order."""
    by, waiting = person(CLERK), made_orders.submitted()
    return lambda: order_services.approve_purchase_order(purchase_order=waiting, by=by)


@calls(order_services.decline_purchase_order, Event.PURCHASE_ORDER_DECLINED)
def decline() -> Act:
    """A clerk declines a purchase order."""
    by, waiting = person(CLERK), made_orders.submitted()
    return lambda: order_services.decline_purchase_order(purchase_order=waiting, by=by, reason="It is not signed")


@calls(payments.receive_check, Event.PAYMENT_RECORDED)
def record_check() -> Act:
    """A clerk records a check."""
    by, order = person(CLERK), made_orders.order_at("on_account")
    today = timezone.localdate()
    return lambda: payments.receive_check(order=order, by=by, number="1001", cents=order.total, received_on=today)


@calls(
    payments.begin_attempt, Event.ATTEMPT_OPENED, written_before=("shop_paymentattempt", "shop_order", "audit_entry")
)
def begin() -> Act:
    """The payment service answers at the second try; the attempt was written down before the first."""
    attempt = made_orders.attempt_at("created")
    return lambda: payments.begin_attempt(order=attempt.order, by=buyer_of(attempt.order), return_to=BACK, keeps=True)


@calls(payments.settle, Event.ORDER_PAID)
def settle() -> Act:
    """The buyer has paid."""
    attempt = made_orders.opened()
    gateway().pay(attempt.session_id)
    return lambda: payments.settle(attempt=attempt)


@calls(refunds.request, Event.REFUND_REQUESTED)
def request() -> Act:
    """A clerk asks for a refund."""
    payment, by = made_orders.paid(), person(CLERK)
    return lambda: made_orders.requested(payment, by=by)


@calls(refunds.give, Event.CREDIT_NOTE_ISSUED)
def give() -> Act:
    """A clerk takes a part of an order that nobody paid off its invoice."""
    order, by, key = made_orders.order_at("on_account"), person(CLERK), uuid4()
    amounts = {order.lines.get().pk: 1_000}
    return lambda: refunds.give(order=order, by=by, amounts=amounts, reason="Scratched", key=key)


@calls(refunds.cancel, Event.REFUND_CANCELLED)
def cancel_refund() -> Act:
    """A clerk cancels a refund."""
    refund, by = made_orders.requested(), person(CLERK)
    return lambda: refunds.cancel(refund=refund, by=by)


@calls(refunds.submit, Event.REFUND_SUBMITTED)
def submit_refund() -> Act:
    """A second person submits a refund."""
    refund, by = made_orders.requested(), person(CLERK)
    return lambda: refunds.submit(refund=refund, by=by)


@calls(refunds.pay_out, Event.REFUND_SUCCEEDED)
def pay_out() -> Act:
    """A clerk pays a refund out by check, since its payment came by check."""
    by = person(CLERK)
    refund = refunds.submit(refund=made_orders.requested(made_orders.check_payment()), by=by)
    return lambda: refunds.pay_out(refund=refund, by=by, check_number="2201")


@calls(refunds.send, Event.REFUND_SUCCEEDED, written_before=("shop_refund",))
def send() -> Act:
    """A refund is sent. The attempt is written down first, so that two workers never make it."""
    refund = made_orders.refund_at("submitted")
    return lambda: refunds.send(pk=refund.pk)


@calls(refunds.send_due, Event.REFUND_FAILED, written_before=("shop_refund",))
def send_due() -> Act:
    """The payment service refuses a refund."""
    made_orders.refund_at("submitted")
    gateway().before["create_refund"] = [Failed("charge_disputed")]
    return refunds.send_due


@calls(refunds.settle, Event.REFUND_SUCCEEDED)
def settle_refund() -> Act:
    """A refund that was on its way has arrived."""
    refund = made_orders.refund_at("pending")
    gateway().move(refund.gateway_id, RefundStatus.SUCCEEDED)
    return lambda: refunds.settle(refund=refund)


@calls(refunds.apply_answer, Event.REFUND_FAILED)
def fail_refund() -> Act:
    """A refund that had arrived has failed after all."""
    refund: Refund = made_orders.refund_at("succeeded")
    answer = gateway().move(refund.gateway_id, RefundStatus.FAILED)
    return lambda: refunds.apply_answer(pk=refund.pk, answer=answer)


@calls(refunds.record_external, Event.REFUND_FOUND)
def found() -> Act:
    """Somebody made a refund in the payment service's dashboard."""
    payment = made_orders.paid()
    answer = gateway().refund_by_hand(payment.gateway_id, 500)
    return lambda: refunds.record_external(payment=payment, answer=answer)


@calls(order_services.settle_task, Event.SHOP_TASK_DONE)
def settle_task() -> Act:
    """A clerk settles a task."""
    task, by = ShopTask.objects.create(kind=TaskKind.DIFFERENCE, about="re_1"), person(CLERK)
    return lambda: order_services.settle_task(task=task, by=by, note="It was ours")
