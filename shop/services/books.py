"""The books of a period: taken along, and held against what the payment service itself reports."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.actors import Subject
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.notifications.publishing import broker
from registry.services.acting import task_actor
from shop.gateway.answers import GatewayFault
from shop.models import BookCheck
from shop.periods import Period
from shop.policies import books as policy
from shop.selectors.sums import sums_of
from shop.services import reporting

WORKER = "shop.check_books"
SWEEPER = "shop.take_up_book_checks"
ACTOR = task_actor(WORKER)
UNHEARD = timedelta(minutes=5)
"""So long after somebody asked a worker should have begun."""


def export(*, by: User, period: Period) -> None:
    """Write down that somebody takes a period of the books along, before the first row of it is handed over."""
    policy.may_read(by)
    with transaction.atomic():
        subject = Subject("books", f"{period.first}/{period.last}")
        record(event=Event.BOOKS_EXPORTED, actor=by.actor, subject=subject, facts=_days(period))


def ask(*, by: User, period: Period) -> BookCheck:
    """Let the worker hold a period against the payment service."""
    policy.may_read(by)
    with transaction.atomic():
        check = BookCheck.objects.create(staff=by, first=period.first, last=period.last)
        record(event=Event.BOOKS_CHECK_ASKED, actor=by.actor, subject=check.subject, facts=_days(period))
        transaction.on_commit(partial(broker.offer, check.pk, task=WORKER), robust=True)
    return check


def take_up() -> int:
    """Make the checks that were asked for a while ago and of which no worker heard; return how many."""
    waiting = BookCheck.objects.filter(finished_at__isnull=True, asked_at__lte=timezone.now() - UNHEARD)
    return len([run(pk=pk) for pk in waiting.values_list("pk", flat=True)])


def run(*, pk: UUID) -> BookCheck:
    """Hold a period against the payment service and write both sides down. When that is down, the check says so.

    One that is finished is not made again.
    """
    check = BookCheck.objects.get(pk=pk)
    if check.finished_at is not None:
        return check
    period = Period(check.first, check.last)
    try:
        check.told_in, check.told_out = reporting.told(period)
    except GatewayFault as fault:
        check.failure = fault.code[:80]
    check.own_in, check.own_out = sums_of(period).at_the_service
    with transaction.atomic():
        check.finished_at = timezone.now()
        check.save()
        facts: dict[str, int | str] = {
            **_days(period),
            "own_in": check.own_in,
            "own_out": check.own_out,
            "told_in": check.told_in,
            "told_out": check.told_out,
        }
        outcome = "failed" if check.failure else "done"
        record(event=Event.BOOKS_CHECKED, actor=ACTOR, subject=check.subject, facts=facts, outcome=outcome)
    return check


def _days(period: Period) -> dict[str, int | str]:
    return {"first": str(period.first), "last": str(period.last)}
