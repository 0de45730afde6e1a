"""Refunds: asked for by a clerk, or caused by the end of an order."""

from collections.abc import Iterable, Mapping
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.publishing import broker
from shop.catalogue.money import share
from shop.catalogue.policies import check_text
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order, OrderLine
from shop.orders.services import letters
from shop.payments import locks, policies
from shop.payments.models.payments import Payment, PaymentMethod
from shop.payments.models.refunds import Refund, RefundLine, RefundSource
from shop.payments.selectors.one_person import given_by
from shop.payments.states import LIVE_REFUNDS, RefundState

SEND_REFUND = "shop.send_refund"


def request(*, payment: Payment, by: User, amounts: Mapping[UUID, int], reason: str, key: UUID | None = None) -> Refund:
    """Ask for a refund as a clerk: cents by line, tax and discount share included. `submit` sends it.

    key: of the form that asks, so that a second press asks for nothing more. Raises Refused, and ValidationError on
    "amounts" or "reason".
    """
    demand(by, Permission.FULFILMENT, subject=payment.subject)
    with transaction.atomic():
        order = order_locks.order(payment.order_id)
        locked = locks.payment(payment.pk)
        if key and (asked := Refund.objects.filter(pk=key, payment=locked, clerk=by).first()) is not None:
            return asked
        locks.person(by)
        lines = {line.pk: line for line in order.lines.order_by("position")}
        cents = policies.check_amounts(amounts, payment=locked, lines=lines)
        tidy = check_text("reason", reason, longest=200)
        refund = Refund.objects.create(
            pk=key or uuid4(),
            payment=locked,
            source=RefundSource.STAFF,
            cents=cents,
            reason=tidy,
            clerk=by,
            needs_second=not given_by(by, order).has_room_for(cents),
        )
        parts = [(lines[pk], amount) for pk, amount in sorted(amounts.items())]
        write_down(refund=refund, order=order, actor=by.actor, parts=parts)
    return refund


def check(*, payment: Payment, amounts: Mapping[UUID, int], reason: str) -> None:
    """Raise ValidationError as `request` would, and ask for nothing: for the page that shows it first."""
    policies.check_amounts(amounts, payment=payment, lines={line.pk: line for line in payment.order.lines.all()})
    check_text("reason", reason, longest=200)


def cancel(*, refund: Refund, by: User) -> Refund:
    """Cancel a refund that is not sent yet. Raises Refused or Stale.

    The rest of a canceled order is refunded in any case, so its refund can't be canceled.
    """
    with transaction.atomic():
        order, _payment, locked = locks.whole_refund(refund.pk)
        policies.must_not_be_owed(locked, order)
        return steps.take(locked, RefundState.CANCELLED, by)


def give_all_back(*, order: Order, actor: Actor) -> None:
    """Refund what was paid for a locked order and is not held yet, inside the caller's transaction."""
    for payment in locks.payments_of(order):
        if payment.refundable > 0:
            refund = _automatic(payment, RefundSource.CANCELLATION, payment.refundable)
            write_down(refund=refund, order=order, actor=actor, parts=_greedily(order, payment.refundable))
            letters.of_refund(order=order, refund=refund)


def give_for(*, line: OrderLine, cents: int, source: RefundSource, actor: Actor) -> int:
    """Refund cents of a line of a locked order, as far as payments and line go. Returns how many."""
    given = 0
    for payment in locks.payments_of(line.order):
        line.refresh_from_db(fields=["held"])
        part = min(cents - given, payment.refundable, line.total - line.held)
        if part > 0:
            refund = _automatic(payment, source, part)
            write_down(refund=refund, order=line.order, actor=actor, parts=[(line, part)])
            given += part
    return given


def give_back(*, payment: Payment, order: Order, source: RefundSource, actor: Actor) -> Refund:
    """Refund a payment that bought nothing, because it came too late or twice, inside the caller's transaction."""
    refund = _automatic(payment, source, payment.refundable)
    write_down(refund=refund, order=order, actor=actor, parts=())
    letters.of_refund(order=order, refund=refund)
    return refund


def write_down(*, refund: Refund, order: Order, actor: Actor, parts: Iterable[tuple[OrderLine, int]]) -> None:
    """Record the lines of a refund, with the share of tax in each, inside the caller's transaction.

    Triggers hold the amount against the payment, and against each line, from the first moment: any other request in the
    same second finds it gone.
    """
    for line, cents in parts:
        RefundLine.objects.create(refund=refund, line=line, cents=cents, tax=tax_share(line, cents))
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": refund.cents, "source": refund.source}
    record(event=Event.REFUND_REQUESTED, actor=actor, subject=refund.subject, facts=facts, reason=refund.reason)


def tax_share(line: OrderLine, cents: int) -> int:
    """Return the cents of tax in the next `cents` of a line. All parts of a line add up to its tax."""
    live = RefundLine.objects.filter(line=line, refund__state__in=LIVE_REFUNDS)
    before = live.aggregate(cents=Sum("cents"), tax=Sum("tax"))
    with_these = share((before["cents"] or 0) + cents, line.total, line.tax)
    return min(max(with_these - (before["tax"] or 0), 0), cents)


def _automatic(payment: Payment, source: RefundSource, cents: int) -> Refund:
    refund = Refund.objects.create(payment=payment, source=source, cents=cents)
    if payment.method == PaymentMethod.CARD:
        # Losing this offer is harmless: the sweep finds the row.
        transaction.on_commit(partial(broker.offer, refund.pk, task=SEND_REFUND))
    return refund


def _greedily(order: Order, cents: int) -> list[tuple[OrderLine, int]]:
    parts = []
    for line in order.lines.order_by("position"):
        part = min(cents, line.total - line.held)
        if part > 0:
            parts.append((line, part))
            cents -= part
    return parts
