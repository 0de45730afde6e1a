"""The books of a period: exported, and compared with the payment service's own report.

The service is asked for each payment and refund; no amount is ours. An item counts on the day that it has in the
books, so that a minute around midnight makes no difference. An item that the books lack counts on the day on which the
service made it.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.publishing import broker
from shop.books.models import BookCheck
from shop.books.periods import Period
from shop.books.selectors import entries
from shop.books.selectors.sums import sums_of
from shop.books.services.comparisons import A_DAY, CLOCKS, UNHEARD, captured_of
from shop.payments.gateway import client
from shop.payments.gateway.answers import GatewayFault, GatewayRefund, IntentStatus, Missing, RefundStatus
from shop.payments.gateway.client import gateway
from shop.payments.models import Payment, PaymentMethod, Refund

WORKER = "shop.check_books"
SWEEPER = "shop.take_up_book_checks"
ACTOR = task_actor(WORKER)

SLOWEST = timedelta(days=35)
"""Longest time from the beginning of a payment to its capture."""

BROKEN = (RefundStatus.FAILED, RefundStatus.CANCELLED)


def export(*, by: User, period: Period) -> None:
    """Record an export of a period, before its first row is handed over. Raises Refused."""
    demand(by, Permission.READ_BOOKS)
    with transaction.atomic():
        subject = Subject("books", f"{period.first}/{period.last}")
        record(event=Event.BOOKS_EXPORTED, actor=by.actor, subject=subject, facts=_days(period))


def ask(*, by: User, period: Period) -> BookCheck:
    """Let the worker compare a period with the payment service. Raises Refused."""
    demand(by, Permission.READ_BOOKS)
    with transaction.atomic():
        check = BookCheck.objects.create(staff=by, first=period.first, last=period.last)
        record(event=Event.BOOKS_CHECK_ASKED, actor=by.actor, subject=check.subject, facts=_days(period))
        transaction.on_commit(partial(broker.offer, check.pk, task=WORKER), robust=True)
    return check


def take_up() -> int:
    """Run the checks that no worker took within five minutes; return their number."""
    waiting = BookCheck.objects.filter(finished_at__isnull=True, asked_at__lte=timezone.now() - UNHEARD)
    return len([run(pk=pk) for pk in waiting.values_list("pk", flat=True)])


def run(*, pk: UUID) -> BookCheck:
    """Compare a period with the payment service and store both sides, or the failure of the service.

    A finished check is returned as it is.
    """
    check = BookCheck.objects.get(pk=pk)
    if check.finished_at is not None:
        return check
    period = Period(check.first, check.last)
    try:
        check.told_in, check.told_out = told(period)
    except GatewayFault as fault:
        check.failure = fault.code[:80]
    check.own_in, check.own_out = sums_of(period).at_the_service
    with transaction.atomic():
        check.finished_at = timezone.now()
        check.save()
        sums = ("own_in", "own_out", "told_in", "told_out")
        facts: dict[str, int | str] = {**_days(period), **{name: getattr(check, name) for name in sums}}
        outcome = "failed" if check.failure else "done"
        record(event=Event.BOOKS_CHECKED, actor=ACTOR, subject=check.subject, facts=facts, outcome=outcome)
    return check


def told(period: Period) -> tuple[int, int]:
    """Return the cents that the service took in a period, and those that it gave back and that did not return.

    Raises GatewayFault.
    """
    return _taken(period), _given_back(period)


def _taken(period: Period) -> int:
    listed = {one.id: one for one in client.list_intents(since=period.begins - SLOWEST, until=period.ends + A_DAY)}
    ids = entries.payments(period).filter(method=PaymentMethod.CARD).values_list("gateway_id", flat=True)
    own = sum(listed[pk].captured if pk in listed else captured_of(pk) for pk in ids.iterator())
    made = {pk: one for pk, one in listed.items() if one.made_at and period.begins <= one.made_at < period.ends}
    known = set(Payment.objects.filter(gateway_id__in=list(made)).values_list("gateway_id", flat=True))
    paid = [one for pk, one in made.items() if pk not in known and one.status == IntentStatus.SUCCEEDED]
    return own + sum(one.captured for one in paid)


def _given_back(period: Period) -> int:
    since, until = period.begins - CLOCKS, period.ends + A_DAY
    listed = {one.id: one for one in client.list_refunds(since=since, until=until)}
    out = list(entries.refunds_out(period).values_list("gateway_id", flat=True))
    back = list(entries.refunds_back(period).values_list("gateway_id", flat=True))
    own = sum(_amount(pk, listed) for pk in out) - sum(_amount(pk, listed, came_back=True) for pk in back)
    made = {pk: one for pk, one in listed.items() if one.made_at and period.begins <= one.made_at < period.ends}
    known = set(Refund.objects.filter(gateway_id__in=list(made)).values_list("gateway_id", flat=True))
    # A refund that failed there and not yet in the books is a difference, whatever its day.
    broken = [pk for pk in out if pk in listed and listed[pk].status in BROKEN]
    unheard = Refund.objects.filter(gateway_id__in=broken).exclude(state__in=entries.BROKEN)
    strange = [one.amount for pk, one in made.items() if pk not in known and one.status not in BROKEN]
    return own - sum(unheard.values_list("cents", flat=True)) + sum(strange)


def _amount(pk: str, listed: Mapping[str, GatewayRefund], *, came_back: bool = False) -> int:
    try:
        found = listed[pk] if pk in listed else gateway().retrieve_refund(refund_id=pk)
    except Missing:
        return 0
    return found.amount if not came_back or found.status in BROKEN else 0


def _days(period: Period) -> dict[str, int | str]:
    return {"first": str(period.first), "last": str(period.last)}
