"""Steps of orders, attempts and refunds."""

from collections.abc import Callable

from shop.orders.services import orders as order_services
from shop.orders.states import ORDER, OrderState as State
from shop.payments.gateway.answers import Failed, RefundStatus
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.services import payments, refunds
from shop.payments.states import ATTEMPT, REFUND, AttemptState as Attempt, RefundState as Returning
from tests.factories import person
from tests.lifecycle.drivers import Driver, Taken, beginning, drives, take
from tests.shop.orders import orders as made_orders
from tests.shop.orders.orders import BACK, buyer_of, gateway

OWNER, CLERK, TASK = "business", "clerk", "task"


@drives(ORDER, State.DRAFT, State.AWAITING_PAYMENT, OWNER)
def place(role: str) -> Taken:
    """An order is placed, to be paid by card."""
    order = beginning(made_orders.drafted)
    return take(order, lambda: made_orders.placed(order))


@drives(ORDER, State.DRAFT, State.AWAITING_APPROVAL, OWNER)
def submit(role: str) -> Taken:
    """An order is placed by a purchase order."""
    order = beginning(made_orders.drafted)
    return take(order, lambda: made_orders.submitted(order))


@drives(ORDER, State.AWAITING_PAYMENT, State.PAID, TASK)
def pay(role: str) -> Taken:
    """The buyer paid an order on the payment page."""
    attempt = made_orders.opened()
    gateway().pay(attempt.session_id)
    return take(attempt.order, lambda: payments.settle(attempt=attempt))


@drives(ORDER, State.EXPIRED, State.PAID, TASK)
def pay_late(role: str) -> Taken:
    """The money for an order came late, and the stock is still there."""
    attempt = made_orders.opened()
    gateway().before["expire_session"] = [made_orders.unknown()]
    made_orders.lapse(attempt.order)
    order_services.expire_due()
    gateway().pay(attempt.session_id)
    return take(attempt.order, lambda: payments.settle(attempt=attempt))


def does(source: State) -> Driver:
    """Return a driver that records an order of services alone as done."""

    def driver(role: str) -> Taken:
        order = made_orders.services_alone(source)
        return take(order, lambda: order_services.complete_services(order=order, by=person(role)))

    return driver


for source in (State.PAID, State.ON_ACCOUNT):
    drives(ORDER, source, State.COMPLETED, CLERK)(does(source))


@drives(ORDER, State.AWAITING_PAYMENT, State.EXPIRED, TASK)
def expire(role: str) -> Taken:
    """Nobody paid an order in time."""
    order = beginning(made_orders.placed)
    made_orders.lapse(order)
    return take(order, order_services.expire_due)


@drives(ORDER, State.AWAITING_APPROVAL, State.ON_ACCOUNT, CLERK)
def approve(role: str) -> Taken:
    """A clerk approves the purchase order."""
    waiting = made_orders.submitted()
    return take(waiting.order, lambda: order_services.approve_purchase_order(purchase_order=waiting, by=person(role)))


def cancel(source: State) -> Driver:
    """Return a driver that cancels an order, as its buyer or as a clerk."""

    def driver(role: str) -> Taken:
        order = beginning(made_orders.order_at, source)
        by = person(role) if role == CLERK else buyer_of(order)
        return take(order, lambda: order_services.cancel(order=order, by=by))

    return driver


for each in (State.AWAITING_PAYMENT, State.AWAITING_APPROVAL, State.PAID, State.ON_ACCOUNT):
    drives(ORDER, each, State.CANCELLED, OWNER, CLERK)(cancel(each))


Happens = Callable[[str], object]
"""An event at the gateway, about the session of an id."""


def settled(source: Attempt, happens: Happens) -> Driver:
    """Return a driver that brings in what happened at the gateway."""

    def driver(role: str) -> Taken:
        attempt = made_orders.attempt_at(source)
        happens(attempt.session_id)
        return take(attempt, lambda: payments.settle(attempt=attempt))

    return driver


def pays(session_id: str) -> object:
    """The buyer pays."""
    return gateway().pay(session_id)


def ends(session_id: str) -> object:
    """The payment page expires."""
    return gateway().expire(session_id)


def works(session_id: str) -> object:
    """The buyer's money is on its way."""
    return gateway().process(session_id)


def bounces(session_id: str) -> object:
    """The buyer's money does not come after all."""
    gateway().process(session_id)
    return gateway().bounce(session_id)


SETTLED: dict[tuple[Attempt, Attempt], Happens] = {
    (Attempt.OPEN, Attempt.PROCESSING): works,
    (Attempt.OPEN, Attempt.SUCCEEDED): pays,
    (Attempt.OPEN, Attempt.FAILED): bounces,
    (Attempt.OPEN, Attempt.EXPIRED): ends,
    (Attempt.PROCESSING, Attempt.SUCCEEDED): pays,
    (Attempt.PROCESSING, Attempt.FAILED): bounces,
    (Attempt.EXPIRED, Attempt.SUCCEEDED): pays,
    (Attempt.FAILED, Attempt.SUCCEEDED): lambda session_id: gateway().pay(session_id, failed=False),
    (Attempt.CANCELLED, Attempt.SUCCEEDED): pays,
}
for (begin, end), happening in SETTLED.items():
    drives(ATTEMPT, begin, end, TASK)(settled(begin, happening))


def begun(attempt: PaymentAttempt) -> object:
    """Let the buyer try again to get to the payment page."""
    return payments.begin_attempt(order=attempt.order, by=buyer_of(attempt.order), return_to=BACK, keeps=True)


@drives(ATTEMPT, Attempt.CREATED, Attempt.OPEN, TASK)
def open_page(role: str) -> Taken:
    """The gateway opens a payment page at the second try."""
    attempt = made_orders.attempt_at(Attempt.CREATED)
    return take(attempt, lambda: begun(attempt))


@drives(ATTEMPT, Attempt.CREATED, Attempt.FAILED, TASK)
def refuse_page(role: str) -> Taken:
    """The gateway refuses a payment page."""
    attempt = made_orders.attempt_at(Attempt.CREATED)
    gateway().before["create_session"] = [Failed("parameter_invalid")]
    return take(attempt, lambda: made_orders.refused(lambda: begun(attempt)))


def given_up(source: Attempt) -> Driver:
    """Return a driver that gives an attempt up with its order."""

    def driver(role: str) -> Taken:
        attempt = made_orders.attempt_at(source)
        by = person(role) if role == CLERK else buyer_of(attempt.order)
        return take(attempt, lambda: order_services.cancel(order=attempt.order, by=by))

    return driver


for each_attempt in (Attempt.CREATED, Attempt.OPEN):
    drives(ATTEMPT, each_attempt, Attempt.CANCELLED, OWNER, CLERK)(given_up(each_attempt))


@drives(REFUND, Returning.REQUESTED, Returning.SUBMITTED, CLERK, "administrator")
def send_as_staff(role: str) -> Taken:
    """A second person sends a refund."""
    refund = made_orders.requested()
    return take(refund, lambda: refunds.submit(refund=refund, by=person(role)))


@drives(REFUND, Returning.REQUESTED, Returning.SUBMITTED, TASK)
def send_by_itself(role: str) -> Taken:
    """The portal sends the refund of a canceled order; what follows is left out, so that the step can be seen."""
    order = beginning(made_orders.order_at, State.PAID)
    order_services.cancel(order=order, by=buyer_of(order))
    refund = Refund.objects.get(payment__order=order)
    gateway().before["list_refunds"] = [made_orders.unknown()]
    return take(refund, lambda: made_orders.refused(lambda: refunds.send(pk=refund.pk)))


@drives(REFUND, Returning.REQUESTED, Returning.CANCELLED, CLERK, "administrator")
def take_back(role: str) -> Taken:
    """A clerk cancels a refund."""
    refund = made_orders.requested()
    return take(refund, lambda: refunds.cancel(refund=refund, by=person(role)))


@drives(REFUND, Returning.FAILED, Returning.CANCELLED, CLERK, "administrator")
def ship_after_all(role: str) -> Taken:
    """A refund failed, and its goods ship after all."""
    refund = made_orders.failed(made_orders.refunded(made_orders.paid().order.lines.get()))
    return take(refund, lambda: refunds.cancel(refund=refund, by=person(role)))


def sent(status: RefundStatus) -> Driver:
    """Return a driver that sends a refund and gets this answer."""

    def driver(role: str) -> Taken:
        refund = made_orders.refund_at(Returning.SUBMITTED)
        gateway().next_refund = status
        return take(refund, lambda: refunds.send(pk=refund.pk))

    return driver


for status in (RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED):
    drives(REFUND, Returning.SUBMITTED, status, TASK)(sent(status))


def moved(source: Returning, status: RefundStatus) -> Driver:
    """Return a driver that brings in what became of a refund at the gateway."""

    def driver(role: str) -> Taken:
        refund = made_orders.refund_at(source)
        gateway().move(refund.gateway_id, status)
        return take(refund, lambda: refunds.settle(refund=refund))

    return driver


for status in (RefundStatus.SUCCEEDED, RefundStatus.FAILED):
    drives(REFUND, Returning.PENDING, status, TASK)(moved(Returning.PENDING, status))
drives(REFUND, Returning.SUCCEEDED, Returning.FAILED, TASK)(moved(Returning.SUCCEEDED, RefundStatus.FAILED))


@drives(REFUND, Returning.SUBMITTED, Returning.SUCCEEDED, CLERK, "administrator")
def pay_by_check(role: str) -> Taken:
    """A clerk pays a refund out by check, since its payment came by check."""
    refund = made_orders.requested(made_orders.check_payment())
    refunds.submit(refund=refund, by=person(CLERK))
    return take(refund, lambda: refunds.pay_out(refund=refund, by=person(role), check_number="2201"))
