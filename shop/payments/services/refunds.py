"""Refunds: asked for, sent, looked for at the gateway, settled. No row ever refunds its cents twice."""

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.publishing import broker
from shop.catalogue.money import share
from shop.catalogue.policies import check_text
from shop.catalogue.services import lock_stocks
from shop.orders import hooks as order_hooks, locks as order_locks
from shop.orders.models.orders import Order, OrderLine, TaskKind
from shop.orders.selectors.money import Split
from shop.orders.services import invoices, orders
from shop.payments import hooks, locks, policies, selectors
from shop.payments.gateway.answers import BROKEN, Failed, GatewayFault, GatewayRefund, RefundStatus
from shop.payments.gateway.client import gateway
from shop.payments.models import Payment, PaymentMethod, Refund, RefundLine, RefundSource
from shop.payments.states import LIVE_REFUNDS, OPEN_REFUNDS, RefundState
from shop.rules import RETRY_AFTER

SEND_REFUND = "shop.send_refund"


def give(
    *,
    order: Order,
    by: User,
    amounts: Mapping[UUID, int],
    reason: str,
    pieces: Mapping[UUID, int] | None = None,
    key: UUID,
) -> tuple[Split, Refund | None]:
    """Give money of an order back as a clerk: the unpaid part comes off the invoice, the rest by `request`.

    The buyer gets a message of what comes off, and of the rest once it is paid out. Returns where it goes, and the
    refund, if any. Arguments, and what is raised, as for `request`; ValidationError on "amounts" also for more off the
    invoice than one person may take off for what is sent or done.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        locks.payments_of(locked)
        if selectors.is_given(key, by):
            return Split(), selectors.asked_refund(key, by)
        lock_stocks(locked.lines.filter(pk__in=amounts).values_list("product", flat=True))
        locks.person(by)
        giving = selectors.giving_of(locked, by, amounts=amounts, reason=reason, pieces=pieces)
        if giving.off:
            tidy = check_text("reason", reason, longest=200)
            note = invoices.take_off(order=locked, clerk=by, parts=giving.off, alone=giving.alone, reason=tidy, key=key)
            less = " ".join(f"{pk}:{number}" for pk, number in giving.less_off.items())
            orders.write_to_buyer(locked, MessageKind.ORDER_REFUND, note=str(note.pk), less=less)
        if lines := [line for line, _cents, number in giving.off if number]:
            orders.reserve_for_lines(order=locked, lines=lines)
            orders.follow_parcels(order=locked, by=by)
            order_hooks.year_order.answer.order_ended(order=locked, actor=by.actor)
        payment = selectors.payment_of(locked)
        if payment is None or not giving.back:
            return giving.split, None
        taken = {line.pk: number for line, _cents, number in giving.off}
        numbers = {pk: giving.pieces[pk] - taken.get(pk, 0) for pk in giving.back}
        asked = request(payment=payment, by=by, amounts=giving.back, reason=reason, pieces=numbers, key=key)
    return giving.split, asked


def request(
    *,
    payment: Payment,
    by: User,
    amounts: Mapping[UUID, int],
    reason: str,
    pieces: Mapping[UUID, int] | None = None,
    key: UUID | None = None,
) -> Refund:
    """Ask for a refund as a clerk. amounts: cents by line id, with their share of tax and discount. `submit` sends it.

    pieces: how many of a line don't ship any more; for any other line, as many as the amount covers. Their stock is
    released at once, unless packed. key: of the form, so that a second press adds nothing. It takes the place of a
    refund of these lines that failed. Raises Refused, ValidationError on "amounts", "reason", or a line's field.
    """
    demand(by, Permission.FULFILMENT, subject=payment.subject)
    with transaction.atomic():
        order = order_locks.order(payment.order_id)
        locked = locks.payment(payment.pk)
        if key and (asked := Refund.objects.filter(pk=key, payment=locked, clerk=by).first()) is not None:
            return asked
        lines = {line.pk: line for line in order.lines.order_by("position")}
        cents = policies.check_amounts(amounts, payment=locked, lines=lines)
        refunded = policies.check_all_pieces(pieces or {}, amounts=amounts, lines=lines)
        _end_failed(lines=amounts, by=by)
        lock_stocks(lines[pk].product_id for pk, number in refunded.items() if number)
        locks.person(by)
        refund = Refund.objects.create(
            pk=key or uuid4(),
            payment=locked,
            source=RefundSource.STAFF,
            cents=cents,
            reason=check_text("reason", reason, longest=200),
            clerk=by,
            needs_second=not selectors.given_alone(by, order).has_room_for(cents),
        )
        parts = [(lines[pk], amount) for pk, amount in sorted(amounts.items())]
        record_lines(refund=refund, order=order, actor=by.actor, parts=parts, pieces=refunded)
        orders.reserve_for_lines(order=order, lines=[lines[pk] for pk, number in refunded.items() if number])
    return refund


def cancel(*, refund: Refund, by: User) -> Refund:
    """Cancel a refund that is not sent yet, or that failed and holds goods back: they are to ship again.

    Raises Refused; Stale if its whole order is canceled, or if the refund was made again.
    """
    with transaction.atomic():
        order, _payment, locked = locks.refund_with_order(refund.pk)
        policies.may_be_taken_back(locked, order)
        _settle_failed(locked, by, "The goods ship after all")
        steps.take(locked, RefundState.CANCELLED, by)
        if lines := _lines_held_back(locked):
            orders.reserve_for_lines(order=order, lines=lines)
            orders.follow_parcels(order=order, by=by)
    return locked


def _end_failed(*, lines: Iterable[UUID], by: User) -> None:
    """Cancel the refunds of lines of a locked order that failed and wait: a new one of this transaction replaces them.

    Their pieces are counted in the new refund, so nothing of them ships in between.
    """
    for failed in policies.waiting_for(lines):
        _settle_failed(failed, by, "Given back again")
        steps.take(locks.refund(failed.pk), RefundState.CANCELLED, by)


def _settle_failed(refund: Refund, by: User, note: str) -> None:
    """Close the task about a refund that failed, if it did."""
    orders.settle_by_act(kind=TaskKind.REFUND_FAILED, about=str(refund.pk), by=by, note=note)


def _lines_held_back(refund: Refund) -> list[OrderLine]:
    """Return the lines that a refund keeps from shipping, in whole or in part."""
    return [part.line for part in refund.lines.filter(pieces__gt=0).select_related("line")]


def _drop_card(refund: Refund, order: Order, actor: Actor) -> None:
    """Delete the buyer's card if a refund that was paid out dropped the last CORE that it could pay for.

    Not before: until then a clerk may ship the goods after all.
    """
    if _lines_held_back(refund):
        order_hooks.year_order.answer.order_ended(order=order, actor=actor)


def give_all_back(*, order: Order, actor: Actor) -> int:
    """Refund what is left of a locked order, in its transaction, and write to the buyer; return how many refunds."""
    refunds = 0
    for payment in locks.payments_of(order):
        if payment.refundable > 0:
            refund = _automatic(payment, RefundSource.CANCELLATION, payment.refundable)
            record_lines(refund=refund, order=order, actor=actor, parts=_greedily(order, payment.refundable))
            orders.write_of_refund(order=order, refund=refund)
            refunds += 1
    return refunds


def give_for(*, line: OrderLine, cents: int, source: RefundSource, actor: Actor) -> int:
    """Refund `cents` of a line of a locked order, as far as payments and line allow. Returns the cents refunded."""
    given = 0
    for payment in locks.payments_of(line.order):
        line.refresh_from_db(fields=["held"])
        part = min(cents - given, payment.refundable, line.total - line.held)
        if part > 0:
            refund = _automatic(payment, source, part)
            record_lines(refund=refund, order=line.order, actor=actor, parts=[(line, part)])
            given += part
    return given


def give_back(*, payment: Payment, order: Order, source: RefundSource, actor: Actor) -> Refund:
    """Refund a payment that bought nothing, because it was late or double, inside the caller's transaction."""
    refund = _automatic(payment, source, payment.refundable)
    record_lines(refund=refund, order=order, actor=actor, parts=())
    orders.write_of_refund(order=order, refund=refund)
    return refund


def record_lines(
    *,
    refund: Refund,
    order: Order,
    actor: Actor,
    parts: Iterable[tuple[OrderLine, int]],
    pieces: Mapping[UUID, int] | None = None,
) -> None:
    """Record the lines of a refund, with the share of tax in each, inside the caller's transaction.

    Triggers subtract the cents at once from what can be refunded of the payment and of each line: a request in the same
    second does not find them. pieces: how many don't ship any more, by line id.
    """
    numbers = pieces or {}
    for line, cents in parts:
        RefundLine.objects.create(
            refund=refund, line=line, cents=cents, tax=_tax_share(line, cents), pieces=numbers.get(line.pk, 0)
        )
    facts: dict[str, int | str] = {"order": str(order.pk), "cents": refund.cents, "source": refund.source}
    record(event=Event.REFUND_REQUESTED, actor=actor, subject=refund.subject, facts=facts, reason=refund.reason)


def _tax_share(line: OrderLine, cents: int) -> int:
    """Return how many of the next `cents` refunded of a line are tax. All parts of a line add up to its tax."""
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


logger = logging.getLogger(__name__)

SENDER = "shop.send_refunds"
ACTOR = task_actor(SENDER)
FINDER = "shop.find_refunds"
FINDING = task_actor(FINDER)
AT_ONCE = 100
TOLD_AT_ONCE = (RefundSource.LATE, RefundSource.TWICE, RefundSource.CANCELLATION)
"""Sources of refunds that the buyer was told about when they were made, so not again when they arrive."""

ENDS = (RefundState.SUCCEEDED, RefundState.FAILED)


def submit(*, refund: Refund, by: User) -> Refund:
    """Send a refund that was asked for, as the clerk who asked or as a second person. Raises Refused, Stale."""
    with transaction.atomic():
        order, payment, locked = locks.refund_with_order(refund.pk)
        locks.person(by)
        is_within, bound = selectors.is_within(locked, order, by), selectors.limit_alone(order)
        policies.may_send(locked, by=by, is_within=is_within, bound=bound)
        locked.second, locked.submitted_at = by, timezone.now()
        steps.take(locked, RefundState.SUBMITTED, by)
        if _lines_held_back(locked):
            orders.follow_parcels(order=order, by=by)
        if payment.method == PaymentMethod.CARD:
            transaction.on_commit(partial(broker.offer, locked.pk, task=SEND_REFUND))
    return locked


def pay_out(*, refund: Refund, by: User, check_number: str) -> Refund:
    """Record the check by which staff have paid a refund. Raises Refused, Stale, ValidationError on "check_number"."""
    with transaction.atomic():
        order, payment, locked = locks.refund_with_order(refund.pk)
        # The limit of one person was checked when the refund was sent.
        policies.may_send(locked, by=by, is_within=True, bound=selectors.limit_alone(order))
        policies.must_be_by_check(locked, payment)
        locked.check_number = check_text("check_number", check_number, longest=40)
        locked.settled_at = timezone.now()
        steps.take(locked, RefundState.SUCCEEDED, by)
        invoices.credit(refund=locked, order=order, actor=by.actor)
        hooks.refund_moved.answer(refund=locked, by=by)
        _drop_card(locked, order, by.actor)
        orders.write_of_refund(order=order, refund=locked)
    return locked


def send_due() -> int:
    """Send automatic refunds, and those whose result is unknown. Returns how many."""
    automatic = Refund.objects.filter(state=RefundState.REQUESTED, clerk__isnull=True)
    unknown = Refund.objects.filter(state=RefundState.SUBMITTED)
    due = (automatic | unknown).filter(payment__method=PaymentMethod.CARD).order_by("requested_at", "pk")
    sent = 0
    for pk in due.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            send(pk=pk)
        except GatewayFault as fault:
            # A fault of one refund does not stop the others. The comparison makes a task of each that stays.
            logger.warning("Refund %s waits: %s %s", pk, type(fault).__name__, fault.code)
            continue
        sent += 1
    return sent


def send(*, pk: UUID) -> Refund:
    """Have the gateway pay a refund out, once, however often this is called. Returns the refund as it is.

    First the row is `submitted` and committed. Then, in steps that each commit: look for a refund with this id at the
    gateway, and adopt it; else claim the try, and only then make it. Raises Unknown if nobody knows the result now: the
    refund stays submitted and its cents held, and for a while it is only looked for, not made again, since the lost
    call may still arrive.
    """
    _submit_automatic(pk)
    answer = _find_at_gateway(pk)
    if answer is None and _claim(pk):
        answer = _make(pk)
    return apply_answer(pk=pk, answer=answer) if answer is not None else Refund.objects.get(pk=pk)


def settle(*, refund: Refund) -> Refund:
    """Bring a refund to its state at the gateway. Raises GatewayFault if the gateway does not say."""
    known = Refund.objects.select_related("payment").get(pk=refund.pk)
    if known.payment.method != PaymentMethod.CARD or known.state in (RefundState.REQUESTED, RefundState.CANCELLED):
        return known
    if not known.gateway_id:
        return send(pk=known.pk)
    return apply_answer(pk=known.pk, answer=gateway().retrieve_refund(refund_id=known.gateway_id))


def apply_answer(*, pk: UUID, answer: GatewayRefund) -> Refund:
    """Record the gateway's answer about a refund: its state, its credit note, and a task if it failed."""
    with transaction.atomic():
        order, payment, locked = locks.refund_with_order(pk)
        if (answer.intent_id, answer.amount) != (payment.gateway_id, locked.cents):
            facts: dict[str, int | str] = {"amount": answer.amount}
            orders.open_task(kind=TaskKind.DIFFERENCE, about=str(locked.pk), order=order, facts=facts)
            return locked
        target = _target(locked, answer)
        if target is None:
            return locked
        locked.gateway_id = locked.gateway_id or answer.id
        return _arrive(order, locked, target, failure=answer.failure)


def record_external(*, payment: Payment, answer: GatewayRefund) -> Refund | None:
    """Record a refund that was made in the gateway's dashboard, once; its order stays, and staff get a task about it.

    None if the refund never moved money, or exceeds what can be refunded: then there is only a task.
    """
    with transaction.atomic():
        order = order_locks.order(payment.order_id)
        locked = locks.payment(payment.pk)
        known = Refund.objects.filter(gateway_id=answer.id).first()
        if known is not None or answer.status in BROKEN:
            return known
        facts: dict[str, int | str] = {"order": str(order.pk), "cents": answer.amount}
        try:
            with transaction.atomic():
                refund = _insert_external(locked, answer)
        except IntegrityError:
            orders.open_task(kind=TaskKind.DIFFERENCE, about=answer.id, order=order, facts=facts)
            return None
        record(event=Event.REFUND_FOUND, actor=FINDING, subject=refund.subject, facts=facts)
        orders.open_task(kind=TaskKind.REFUND_EXTERNAL, about=str(refund.pk), order=order, facts=facts)
        if refund.state == RefundState.SUCCEEDED:
            invoices.credit(refund=refund, order=order, actor=FINDING)
    return refund


def _target(refund: Refund, answer: GatewayRefund) -> RefundState | None:
    """Return the next state of a refund, None if the answer brings nothing new."""
    target = RefundState.FAILED if answer.status == RefundStatus.CANCELLED else RefundState(answer.status)
    if refund.state == RefundState.SUCCEEDED and target == RefundState.FAILED:
        return target
    return target if refund.state in OPEN_REFUNDS and target != refund.state else None


def _arrive(order: Order, refund: Refund, target: RefundState, *, failure: str = "") -> Refund:
    if target in ENDS:
        refund.settled_at = timezone.now()
    refund.failure = failure[:80]
    steps.take(refund, target, ACTOR)
    if target == RefundState.SUCCEEDED:
        invoices.credit(refund=refund, order=order, actor=ACTOR)
        _drop_card(refund, order, ACTOR)
        if refund.source not in TOLD_AT_ONCE:
            orders.write_of_refund(order=order, refund=refund)
    if target == RefundState.FAILED:
        invoices.reverse(refund=refund, order=order, actor=ACTOR)
        facts: dict[str, int | str] = {"cents": refund.cents, "failure": refund.failure}
        orders.open_task(kind=TaskKind.REFUND_FAILED, about=str(refund.pk), order=order, facts=facts)
    if target in ENDS:
        hooks.refund_moved.answer(refund=refund, by=ACTOR)
    return refund


@transaction.atomic
def _submit_automatic(pk: UUID) -> None:
    locked = locks.refund(pk)
    if locked.state == RefundState.REQUESTED and locked.clerk_id is None:
        locked.submitted_at = timezone.now()
        steps.take(locked, RefundState.SUBMITTED, ACTOR)


def _find_at_gateway(pk: UUID) -> GatewayRefund | None:
    """Return the gateway's refund with this row's id; None also if the row's state needs no search."""
    refund = Refund.objects.select_related("payment").get(pk=pk)
    if refund.state != RefundState.SUBMITTED or refund.payment.method != PaymentMethod.CARD:
        return None
    known = gateway().list_refunds(intent_id=refund.payment.gateway_id)
    return next((each for each in known if each.metadata.get("refund") == str(pk)), None)


@transaction.atomic
def _claim(pk: UUID) -> bool:
    """True if this call may make the refund: nobody has tried for a while. The try is committed before the call."""
    locked = locks.refund(pk)
    now = timezone.now()
    if locked.state != RefundState.SUBMITTED or locked.payment.method != PaymentMethod.CARD or locked.gateway_id:
        return False
    if locked.tried_at is not None and locked.tried_at > now - RETRY_AFTER:
        return False
    locked.tried_at = now
    locked.save(update_fields=["tried_at"])
    return True


def _make(pk: UUID) -> GatewayRefund | None:
    """Make a refund at the gateway. A refund refused for good ends, and frees its cents; another try is a new row."""
    refund = Refund.objects.select_related("payment").get(pk=pk)
    try:
        intent, told = refund.payment.gateway_id, {"refund": str(refund.pk)}
        return gateway().create_refund(key=refund.pk, intent_id=intent, amount=refund.cents, metadata=told)
    except Failed as fault:
        with transaction.atomic():
            order, _payment, locked = locks.refund_with_order(pk)
            if locked.state == RefundState.SUBMITTED:
                _arrive(order, locked, RefundState.FAILED, failure=fault.code)
        return None


def _insert_external(payment: Payment, answer: GatewayRefund) -> Refund:
    has_arrived = answer.status == RefundStatus.SUCCEEDED
    now = timezone.now()
    return Refund.objects.create(
        payment=payment,
        state=RefundState.SUCCEEDED if has_arrived else RefundState.PENDING,
        source=RefundSource.EXTERNAL,
        cents=answer.amount,
        gateway_id=answer.id,
        submitted_at=answer.made_at or now,
        settled_at=now if has_arrived else None,
    )
