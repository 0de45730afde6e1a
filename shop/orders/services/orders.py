"""Orders: placed, expired, canceled. Payments settle what is paid."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import actor_of, task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from shop import hooks
from shop.catalogue.services import stock
from shop.orders import locks
from shop.orders.models.orders import Order, PayMethod
from shop.orders.policies import orders
from shop.orders.selectors.quotes import consent_of, quote, wanted_of
from shop.orders.services import carts, invoices
from shop.orders.services.drafts import changed_sentence
from shop.orders.states import OrderState
from shop.rules import RESERVED_FOR

EXPIRER = "shop.expire_orders"
AT_ONCE = 100


def place(*, order: Order, by: User, consents: bool) -> Order:
    """Place an order that is paid by card: its stock is reserved for a while, and it waits for the payment.

    consents: to the yearly fee, as `consent_of` says it. Raises NotYours for another's order, Stale if it was placed
    already, and ValidationError: on "prices" if it would cost another amount now or the cart holds something else (the
    page makes it again and shows it), on "ship_zip" if the ZIP code is not in use, on "consent", and on "lines" if
    something is sold out.
    """
    with transaction.atomic():
        locked = locks.own_order(order.pk, by=by)
        steps.check(locked, OrderState.AWAITING_PAYMENT, by)
        make_ready(order=locked, by=by, consents=consents)
        locked.method = PayMethod.CARD
        locked.reserved_until = timezone.now() + RESERVED_FOR
        steps.take(locked, OrderState.AWAITING_PAYMENT, by, facts={"number": locked.number})
    return locked


def make_ready(*, order: Order, by: User, consents: bool) -> None:
    """Check a locked draft once more, reserve its stock and empty the cart, inside the caller's transaction.

    Raises ValidationError as `place`. A further year costs what was announced, and was agreed to at first.
    """
    if order.renews_id is not None:
        order.placed_at = timezone.now()
        return
    now_costs = quote(wanted_of(order), state=order.ship_state, zip_code=order.ship_zip, registrant=order.registrant)
    if not now_costs.is_as(order):
        raise ValidationError({"prices": changed_sentence()})
    order.consent = orders.check_consent(consents=consents, sentence=consent_of(order))
    order.placed_at = timezone.now()
    order.consent_at = order.placed_at if order.consent else None
    stock.reserve(order=order)
    carts.hand_over(order=order, user=by)


def cancel(*, order: Order, by: User) -> Order:
    """Cancel an order before anything of it is shipped, as its buyer for any reason, or as a clerk.

    What was paid is refunded in full. Raises NotYours for another's order; Stale if it has shipped or ended, while a
    payment is being processed (nobody knows yet whether there is something to refund), for a bill, and for a further
    year, which ends with its connection.
    """
    with transaction.atomic():
        locked = locks.order(order.pk) if by.role in AGENCY_ROLES else locks.own_order(order.pk, by=by)
        orders.must_not_renew(locked)
        orders.must_be_ordered(locked)
        end(order=locked, by=by)
    hooks.order_closed.answer.close_pages(order=locked)
    return locked


def end(*, order: Order, by: User | Actor, role: str = "", waits: bool = True) -> None:
    """Cancel a locked order, inside the caller's transaction. role: as of `steps.take`.

    waits: raise Stale while a payment is being processed. Otherwise its money is refunded when it comes.
    """
    actor = actor_of(by)
    steps.check(order, OrderState.CANCELLED, actor, role=role)
    hooks.order_closed.answer.cancel_attempts(order=order, actor=actor, role=role, waits=waits)
    stock.release(order=order)
    order.ended_at = timezone.now()
    steps.take(order, OrderState.CANCELLED, actor, role=role, facts={"number": order.number})
    hooks.order_closed.answer.give_all_back(order=order, actor=actor)
    hooks.year_order.answer.order_ended(order=order, actor=actor)
    invoices.credit_unpaid(order=order, actor=actor)


def expire_due() -> int:
    """Expire orders that were not paid in time, so that others may buy. Returns how many.

    The gateway is asked first. A payment in the last moment counts; an order with a payment in process waits.
    """
    due = Order.objects.filter(state=OrderState.AWAITING_PAYMENT, reserved_until__lte=timezone.now())
    expired = 0
    for pk in due.order_by("reserved_until", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        hooks.order_closed.answer.close_pages(order=Order.objects.get(pk=pk))
        expired += _expire(pk)
    return expired


@transaction.atomic
def _expire(pk: UUID) -> bool:
    locked = locks.order(pk)
    if locked.state != OrderState.AWAITING_PAYMENT or locked.reserved_until is None:
        return False
    if locked.reserved_until > timezone.now():
        return False
    if hooks.order_closed.answer.is_being_paid(order=locked):
        return False
    stock.release(order=locked)
    locked.ended_at = timezone.now()
    steps.take(locked, OrderState.EXPIRED, task_actor(EXPIRER), facts={"number": locked.number})
    return True
