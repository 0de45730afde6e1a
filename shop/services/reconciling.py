"""Compares the books with the payment service: each night, and when a clerk asks for it.

What can be settled is settled on the way, so that nothing stays submitted or being processed that the service knows
the end of. What differs then is a task for staff.
"""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from audit.actors import Actor, ActorKind
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.notifications.publishing import broker
from shop.gateway import listing
from shop.gateway.answers import GatewayFault
from shop.models import PaymentAttempt, Reconciliation
from shop.policies import differences as policy
from shop.services import comparing, notices

WORKER = "shop.compare_books"
NIGHTLY = "shop.compare_books_nightly"
SWEEPER = "shop.take_up_comparisons"

UNHEARD = timedelta(minutes=5)
"""So long after somebody asked a worker should have begun."""

LOOKED_BACK = timedelta(days=35)
"""So far back from the last comparison everything is compared: longer than a refund may take to fail."""

TOLD_BACK = timedelta(days=29)
"""The service keeps its events for 30 days."""


def ask(*, by: User) -> Reconciliation:
    """Let the worker compare now, as a clerk."""
    policy.may_compare(by)
    with transaction.atomic():
        run = Reconciliation.objects.create(clerk=by)
        record(event=Event.RECONCILIATION_ASKED, actor=by.actor, subject=run.subject)
        transaction.on_commit(partial(broker.offer, run.pk, task=WORKER), robust=True)
    return run


def nightly() -> int:
    """Compare; return how many differences there are."""
    return run_one(pk=Reconciliation.objects.create().pk).differences


def take_up() -> int:
    """Make the comparisons that were asked for a while ago and of which no worker heard; return how many."""
    before = timezone.now() - UNHEARD
    waiting = Reconciliation.objects.filter(finished_at__isnull=True, asked_at__lte=before)
    return len([run_one(pk=pk) for pk in waiting.values_list("pk", flat=True)])


def run_one(*, pk: UUID) -> Reconciliation:
    """Make a comparison and write down what came of it. When the service is down it says so, and changes nothing.

    One that is finished is not made again.
    """
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
        facts: dict[str, int | str] = {
            "attempts": run.attempts,
            "refunds": run.refunds,
            "notices": run.notices,
            "differences": run.differences,
        }
        outcome = "failed" if run.failure else "done"
        actor = Actor(ActorKind.TASK, WORKER, role="task")
        record(event=Event.RECONCILIATION_DONE, actor=actor, subject=run.subject, facts=facts, outcome=outcome)
    return run


def _compare(run: Reconciliation, now: datetime) -> None:
    for notice in listing.undelivered(since=now - TOLD_BACK):
        notices.receive(notice=notice)
    run.notices = notices.work_all()
    since = _compared_until(now) - LOOKED_BACK
    run.attempts = comparing.attempts(since=since)
    run.refunds = comparing.refunds(since=since)
    run.differences = comparing.differences(since=since)


def _compared_until(now: datetime) -> datetime:
    """Return when the last comparison was made that came to its end; before there was one, when shopping began."""
    done = Reconciliation.objects.filter(finished_at__isnull=False, failure="").aggregate(at=Max("asked_at"))
    first = PaymentAttempt.objects.aggregate(at=Min("begun_at"))
    return min(now, done["at"] or first["at"] or now)
