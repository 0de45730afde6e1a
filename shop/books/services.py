"""The books: exported, compared with the payment service, and reminders of unpaid invoices and old COREs.

A period is compared with the service's own report, payment by payment; no amount is from the books. A payment or refund
counts on its day in the books, so that a minute around midnight makes no difference; one that the books lack counts on
the day on which the service made it. A comparison settles open attempts and refunds on the way, so that none stays
submitted or processing once the service knows its end. Differences that remain are tasks for staff. A reminder stops no
CORE and charges nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.publishing import broker
from shop.books import policies, selectors as book_selectors
from shop.books.models import BookCheck, Reconciliation, Reminder, ReminderStep
from shop.orders import locks as order_locks
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order, TaskKind
from shop.orders.selectors import money
from shop.orders.services import orders
from shop.payments.gateway import client
from shop.payments.gateway.answers import BROKEN, Failed, GatewayFault, GatewayRefund, Intent, IntentStatus, Missing
from shop.payments.models import Payment, PaymentAttempt, PaymentMethod, Refund
from shop.payments.services import notices, payments, refunds as refund_services
from shop.payments.states import LIVE_ATTEMPTS, OPEN_REFUNDS, AttemptState, RefundState
from shop.rules import OLD_UNIT_REMINDED_AFTER, REMINDED_AFTER
from shop.warranty import locks as warranty_locks, selectors, services as warranty
from shop.warranty.models import Claim
from shop.warranty.states import ClaimState

COMPARISON_WORKER = "shop.compare_books"
NIGHTLY = "shop.compare_books_nightly"
COMPARISON_SWEEPER = "shop.take_up_comparisons"

UNHEARD = timedelta(minutes=5)
"""A worker should begin within this time after a request."""

LOOKED_BACK = timedelta(days=35)
"""Time before the last comparison that is compared again: a refund takes less time to fail."""

TOLD_BACK = timedelta(days=29)
"""Undelivered notices that are no older than this are fetched: the service keeps its events for 30 days."""

CLOCKS = timedelta(minutes=10)
"""Largest difference between the clocks of portal and service, and longest time of an answer."""

A_DAY = timedelta(days=1)
"""No payment page is open longer. The service may date a payment from when its page was opened."""

AT_THE_SERVICE = (*OPEN_REFUNDS, RefundState.SUCCEEDED)


def ask_for_comparison(*, by: User) -> Reconciliation:
    """Let the worker compare payments and refunds with the service now, as a clerk. Raises Refused."""
    demand(by, Permission.FULFILMENT)
    with transaction.atomic():
        run = Reconciliation.objects.create(clerk=by)
        record(event=Event.RECONCILIATION_ASKED, actor=by.actor, subject=run.subject)
        transaction.on_commit(partial(broker.offer, run.pk, task=COMPARISON_WORKER), robust=True)
    return run


def compare_nightly() -> int:
    """Compare payments and refunds with the service; return the number of differences."""
    return run_comparison(pk=Reconciliation.objects.create().pk).differences


def take_up_comparisons() -> int:
    """Run the comparisons that no worker took within five minutes; return how many."""
    waiting = Reconciliation.objects.filter(finished_at__isnull=True, asked_at__lte=timezone.now() - UNHEARD)
    return len([run_comparison(pk=pk) for pk in waiting.values_list("pk", flat=True)])


def run_comparison(*, pk: UUID) -> Reconciliation:
    """Run a comparison, unless it is finished, and record its result, or why the payment service gave none."""
    run = Reconciliation.objects.get(pk=pk)
    if run.finished_at is not None:
        return run
    now = timezone.now()
    try:
        _compare(run, now)
    except GatewayFault as fault:
        run.failure = fault.code
    with transaction.atomic():
        run.finished_at = timezone.now()
        run.save()
        counted = ("attempts", "refunds", "notices", "differences")
        facts: dict[str, int | str] = {name: getattr(run, name) for name in counted}
        outcome = "failed" if run.failure else "done"
        actor = task_actor(COMPARISON_WORKER)
        record(event=Event.RECONCILIATION_DONE, actor=actor, subject=run.subject, facts=facts, outcome=outcome)
    return run


def settle_attempts(*, since: datetime) -> int:
    """Settle each attempt that may be paid, now or after its end; return how many. Raises GatewayFault."""
    ended = Q(begun_at__gte=since) & ~Q(state=AttemptState.SUCCEEDED)
    rows = PaymentAttempt.objects.filter(Q(state__in=LIVE_ATTEMPTS) | ended)
    found = rows.select_related("order").order_by("begun_at", "pk")
    # Of several pages or charges of one attempt, the one with the money counts.
    paid_last = sorted(client.list_sessions(since=since - CLOCKS), key=lambda page: page.paid)
    captured_last = sorted(client.list_intents(since=since - CLOCKS), key=lambda charge: charge.captured > 0)
    pages = {page.metadata.get("attempt", ""): page.id for page in paid_last}
    charges = {charge.metadata.get("attempt", ""): charge.id for charge in captured_last}
    for attempt in found:
        # If an answer was lost the portal knows no page and no charge, but they name the attempt.
        page, charge = pages.get(str(attempt.pk), ""), charges.get(str(attempt.pk), "")
        if not attempt.session_id and not attempt.intent_id and not page and not charge:
            payments.give_up(attempt=attempt)
        else:
            settle = partial(payments.settle, attempt=attempt, session_id=page, intent_id=charge)
            _settle_one(settle, attempt.subject, attempt.order)
    return len(found)


def settle_refunds(*, since: datetime) -> int:
    """Settle or record each refund that the service has, or may have; return how many. Raises GatewayFault."""
    waiting = Refund.objects.filter(state__in=OPEN_REFUNDS).order_by("requested_at")
    count = 0
    for own in waiting.select_related("payment__order"):
        _settle_one(partial(refund_services.settle, refund=own), own.subject, own.payment.order)
        count += 1
    for found in client.list_refunds(since=since - CLOCKS):
        known = notices.refund_of(found)
        if known is None or known.state != RefundState(found.status):
            notices.record_refund(found)
        count += 1
    return count


def open_differences(*, since: datetime) -> int:
    """Open a task for each payment that differs between books and service; return how many. Raises GatewayFault."""
    intents = {one.id: one for one in client.list_intents(since=since - A_DAY)}
    back = _refunded_by_payment(client.list_refunds(since=since - CLOCKS))
    wanted = Q(captured_at__gte=since) | Q(gateway_id__in=list(back))
    of_cards = Payment.objects.filter(wanted, method=PaymentMethod.CARD)
    books = {payment.gateway_id: payment for payment in of_cards.select_related("order").order_by("captured_at", "pk")}
    count = sum(_differs(payment, intents.get(pk), back, since) for pk, payment in books.items())
    strange = [one for one in intents.values() if one.status == IntentStatus.SUCCEEDED and one.id not in books]
    return count + sum(_is_strange(one) for one in strange)


def _captured_of(intent: str) -> int:
    """Return the cents that the service took by a payment, 0 if it has no such payment. Raises GatewayFault."""
    try:
        return client.gateway().retrieve_intent(intent_id=intent).captured
    except Missing:
        return 0


def _compare(run: Reconciliation, now: datetime) -> None:
    for notice in client.list_undelivered(since=now - TOLD_BACK):
        notices.receive(notice=notice)
    run.notices = notices.work_all()
    since = _compared_until(now) - LOOKED_BACK
    run.attempts = settle_attempts(since=since)
    run.refunds = settle_refunds(since=since)
    run.differences = open_differences(since=since)


def _compared_until(now: datetime) -> datetime:
    """Return the time of the last finished comparison; before the first one, the time of the first attempt."""
    done = Reconciliation.objects.filter(finished_at__isnull=False, failure="").aggregate(at=Max("asked_at"))
    first = PaymentAttempt.objects.aggregate(at=Min("begun_at"))
    return min(now, done["at"] or first["at"] or now)


def _settle_one(act: Callable[[], object], subject: Subject, order: Order) -> None:
    """Settle one attempt or refund. If the service refuses or lacks it, open a task and continue. Raises Unknown."""
    try:
        act()
    except Failed as fault:
        facts: dict[str, int | str] = {"kind": subject.kind, "failure": fault.code}
        orders.open_task(kind=TaskKind.DIFFERENCE, about=subject.id, order=order, facts=facts)


def _refunded_by_payment(found: Sequence[GatewayRefund]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in found:
        if one.status not in BROKEN:
            sums[one.intent_id] += one.amount
    return sums


def _differs(payment: Payment, intent: Intent | None, back: Counter[str], since: datetime) -> bool:
    pk = payment.gateway_id
    captured = _captured_of(pk) if intent is None else intent.captured
    if captured != payment.captured:
        return _task(payment, "captured", payment.captured, captured)
    if payment.captured_at < since:
        # Some of the refunds may be older than the list.
        back = _refunded_by_payment(client.gateway().list_refunds(intent_id=pk))
    own = payment.refunds.filter(state__in=AT_THE_SERVICE).aggregate(sum=Sum("cents"))["sum"] or 0
    return own != back[pk] and _task(payment, "refunded", own, back[pk])


def _task(payment: Payment, what: str, books: int, service: int) -> bool:
    facts: dict[str, int | str] = {"kind": what, "books": books, "service": service}
    orders.open_task(kind=TaskKind.DIFFERENCE, about=payment.gateway_id, order=payment.order, facts=facts)
    return True


def _is_strange(intent: Intent) -> bool:
    if Payment.objects.filter(gateway_id=intent.id).exists():
        return False
    notices.follow(kind=notices.INTENT, object_id=intent.id)
    return not Payment.objects.filter(gateway_id=intent.id).exists()


CHECK_WORKER = "shop.check_books"
CHECK_SWEEPER = "shop.take_up_book_checks"
CHECKER = task_actor(CHECK_WORKER)

SLOWEST = timedelta(days=35)
"""Longest time from the making of a payment at the service to its capture."""


def record_export(*, by: User, period: policies.Period) -> None:
    """Record in the log that a period is exported, before its first row is sent. Raises Refused."""
    demand(by, Permission.READ_BOOKS)
    with transaction.atomic():
        subject = Subject("books", f"{period.first}/{period.last}")
        record(event=Event.BOOKS_EXPORTED, actor=by.actor, subject=subject, facts=_days(period))


def ask_for_check(*, by: User, period: policies.Period) -> BookCheck:
    """Let the worker compare a period with the payment service. Raises Refused."""
    demand(by, Permission.READ_BOOKS)
    with transaction.atomic():
        check = BookCheck.objects.create(staff=by, first=period.first, last=period.last)
        record(event=Event.BOOKS_CHECK_ASKED, actor=by.actor, subject=check.subject, facts=_days(period))
        transaction.on_commit(partial(broker.offer, check.pk, task=CHECK_WORKER), robust=True)
    return check


def take_up_checks() -> int:
    """Run the checks that no worker took within five minutes; return how many."""
    waiting = BookCheck.objects.filter(finished_at__isnull=True, asked_at__lte=timezone.now() - UNHEARD)
    return len([run_check(pk=pk) for pk in waiting.values_list("pk", flat=True)])


def run_check(*, pk: UUID) -> BookCheck:
    """Compare a period with the payment service, once; store both sides, or why the service gave no answer."""
    check = BookCheck.objects.get(pk=pk)
    if check.finished_at is not None:
        return check
    period = policies.Period(check.first, check.last)
    try:
        check.told_in, check.told_out = totals_at_service(period)
    except GatewayFault as fault:
        check.failure = fault.code[:80]
    check.own_in, check.own_out = book_selectors.sums_of(period).at_the_service
    with transaction.atomic():
        check.finished_at = timezone.now()
        check.save()
        sums = ("own_in", "own_out", "told_in", "told_out")
        facts: dict[str, int | str] = {**_days(period), **{name: getattr(check, name) for name in sums}}
        outcome = "failed" if check.failure else "done"
        record(event=Event.BOOKS_CHECKED, actor=CHECKER, subject=check.subject, facts=facts, outcome=outcome)
    return check


def totals_at_service(period: policies.Period) -> tuple[int, int]:
    """Return the cents that the service took in a period, and those that it refunded for good. Raises GatewayFault."""
    return _taken(period), _given_back(period)


def _taken(period: policies.Period) -> int:
    listed = {one.id: one for one in client.list_intents(since=period.begins - SLOWEST, until=period.ends + A_DAY)}
    ids = book_selectors.payments_in(period).filter(method=PaymentMethod.CARD).values_list("gateway_id", flat=True)
    own = sum(listed[pk].captured if pk in listed else _captured_of(pk) for pk in ids.iterator())
    made = {pk: one for pk, one in listed.items() if one.made_at and period.begins <= one.made_at < period.ends}
    known = set(Payment.objects.filter(gateway_id__in=list(made)).values_list("gateway_id", flat=True))
    paid = [one for pk, one in made.items() if pk not in known and one.status == IntentStatus.SUCCEEDED]
    return own + sum(one.captured for one in paid)


def _given_back(period: policies.Period) -> int:
    since, until = period.begins - CLOCKS, period.ends + A_DAY
    listed = {one.id: one for one in client.list_refunds(since=since, until=until)}
    out = list(book_selectors.refunds_out(period).values_list("gateway_id", flat=True))
    back = list(book_selectors.refunds_back(period).values_list("gateway_id", flat=True))
    own = sum(_amount(pk, listed) for pk in out) - sum(_amount(pk, listed, came_back=True) for pk in back)
    made = {pk: one for pk, one in listed.items() if one.made_at and period.begins <= one.made_at < period.ends}
    known = set(Refund.objects.filter(gateway_id__in=list(made)).values_list("gateway_id", flat=True))
    # A refund that failed there and not yet in the books is a difference, whatever its day.
    broken = [pk for pk in out if pk in listed and listed[pk].status in BROKEN]
    unheard = Refund.objects.filter(gateway_id__in=broken).exclude(state__in=book_selectors.BROKEN)
    strange = [one.amount for pk, one in made.items() if pk not in known and one.status not in BROKEN]
    return own - sum(unheard.values_list("cents", flat=True)) + sum(strange)


def _amount(pk: str, listed: Mapping[str, GatewayRefund], *, came_back: bool = False) -> int:
    try:
        found = listed[pk] if pk in listed else client.gateway().retrieve_refund(refund_id=pk)
    except Missing:
        return 0
    return found.amount if not came_back or found.status in BROKEN else 0


def _days(period: policies.Period) -> dict[str, int | str]:
    return {"first": str(period.first), "last": str(period.last)}


REMINDER = "shop.remind_of_dues"
REMINDING_ACTOR = task_actor(REMINDER)


def remind_due() -> int:
    """Write each reminder whose day has come, once; return how many. Missed reminders are skipped."""
    today = timezone.localdate()
    invoices = money.open_invoices().exclude(reminders__step=ReminderStep.LAST)
    claims = Claim.objects.filter(state=ClaimState.OLD_UNIT_DUE).exclude(reminders__step=ReminderStep.LATE)
    written = [_of_invoice(pk, order, today) for pk, order in list(invoices.values_list("pk", "order"))]
    written += [_of_claim(pk, today) for pk in list(claims.order_by("old_due_on").values_list("pk", flat=True))]
    return sum(written)


@transaction.atomic
def _of_invoice(pk: UUID, order: UUID, today: date) -> bool:
    locked = order_locks.order(order)
    invoice = Invoice.objects.get(pk=pk)
    owed = money.owed_of(locked)
    if owed <= 0 or invoice.due_on is None:
        return False
    written = _written(Reminder.objects.filter(invoice=invoice))
    step = policies.step_due(due_on=invoice.due_on, today=today, after=REMINDED_AFTER, written=written)
    if step is None:
        return False
    Reminder.objects.create(invoice=invoice, step=step)
    facts: dict[str, int | str] = {"number": invoice.printed_number, "step": step.value, "cents": owed}
    record(event=Event.INVOICE_REMINDED, actor=REMINDING_ACTOR, subject=invoice.subject, facts=facts)
    orders.write_to_buyer(locked, MessageKind.INVOICE_DUE, invoice=str(invoice.pk), cents=owed, step=step.value)
    if step == ReminderStep.LAST:
        task: dict[str, int | str] = {"invoice": invoice.printed_number, "cents": owed}
        orders.open_task(kind=TaskKind.INVOICE_OVERDUE, about=str(invoice.pk), order=locked, facts=task)
    return True


@transaction.atomic
def _of_claim(pk: UUID, today: date) -> bool:
    locked = warranty_locks.claim(pk)
    if locked.state != ClaimState.OLD_UNIT_DUE or locked.old_due_on is None:
        return False
    written = _written(Reminder.objects.filter(claim=locked))
    step = policies.step_due(due_on=locked.old_due_on, today=today, after=OLD_UNIT_REMINDED_AFTER, written=written)
    if step is None:
        return False
    Reminder.objects.create(claim=locked, step=step)
    facts: dict[str, int | str] = {"core": str(locked.core_id), "number": locked.number, "step": step.value}
    record(event=Event.CLAIM_REMINDED, actor=REMINDING_ACTOR, subject=locked.subject, facts=facts)
    warranty.tell_owner(locked)
    if step == ReminderStep.LATE:
        task: dict[str, int | str] = {"claim": locked.number, "cents": selectors.worth_of_old(locked)}
        orders.open_task(kind=TaskKind.OLD_UNIT_LATE, about=str(locked.pk), facts=task)
    return True


def _written(rows: QuerySet[Reminder]) -> dict[str, date]:
    return {row.step: timezone.localtime(row.sent_at).date() for row in rows}
