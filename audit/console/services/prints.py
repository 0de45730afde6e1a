"""Prints of the log: ordered by an auditor, made by a worker, downloaded by the same auditor, deleted after a day."""

import logging
from datetime import timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

from celery import current_app
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from audit.console.copies.contents import Form
from audit.console.models import LogPrint
from audit.console.search.query import Wanted
from audit.console.services.copies import note, prepared
from audit.console.services.searches import LOG
from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.lifecycle import Stale, find_or_refuse

MAKER = "audit.make_print"
SWEEPER = "audit.sweep_prints"
KEPT = timedelta(days=1)
UNHEARD = timedelta(seconds=20)
"""A print that no worker began within this time is offered again."""

GIVEN_UP = timedelta(minutes=10)
"""A print begun this long ago and still not made has failed."""

logger = logging.getLogger(__name__)


def ask(*, wanted: Wanted, query: str, by: Actor) -> LogPrint:
    """Order a print of a search. Raises ValidationError for no matches, and for too many."""
    taken = prepared(wanted=wanted, form=Form.PAPER)
    with transaction.atomic():
        note(taken, by=by)
        asked = LogPrint.objects.create(
            owner=by.id, said=taken.said, query=query, entries=taken.entries, checkpoint=taken.size
        )
        transaction.on_commit(partial(_offer, asked.pk), robust=True)
    return asked


def own(*, pk: UUID, by: Actor) -> LogPrint:
    rows = LogPrint.objects.filter(pk=pk, owner=by.id)
    return find_or_refuse(rows, _("There is no such print of yours, or not any more."), subject=("log_print", str(pk)))


def take(*, pk: UUID, by: Actor) -> BinaryIO:
    """Return the file of one's own print. Raises NotYours, Stale until it is made."""
    found = own(pk=pk, by=by)
    if not found.key:
        raise Stale(_("This print is not ready yet."), subject=found.subject)
    with transaction.atomic():
        record(event=Event.PRINT_TAKEN, actor=by, subject=found.subject, facts={"entries": len(found.entries)})
    return storage().open(found.key, "rb")  # type: ignore[return-value]


def sweep() -> int:
    """Offer prints again that no worker began, give up stuck ones, delete those a day old; return how many."""
    now = timezone.now()
    waiting = LogPrint.objects.filter(begun_at__isnull=True, asked_at__lt=now - UNHEARD)
    for pk in waiting.values_list("pk", flat=True):
        _offer(pk)
    unfinished = LogPrint.objects.filter(made_at__isnull=True, failed_at__isnull=True)
    unfinished.filter(begun_at__lt=now - GIVEN_UP).update(failed_at=now)
    with transaction.atomic():
        return _delete(LogPrint.objects.select_for_update(skip_locked=True).filter(asked_at__lt=now - KEPT))


def _delete(old: QuerySet[LogPrint]) -> int:
    gone = list(old)
    if gone:
        actor = Actor(ActorKind.TASK, SWEEPER, role="task")
        record(event=Event.PRINTS_EXPIRED, actor=actor, subject=LOG, facts={"prints": len(gone)})
    for each in gone:
        if each.key:
            transaction.on_commit(partial(storage().delete, each.key))
        each.delete()
    return len(gone)


def _offer(pk: UUID) -> None:
    """Hand a print to a worker. A lost message is harmless: the sweep finds the row."""
    try:
        current_app.send_task(MAKER, args=[str(pk)], retry=False)
    except OperationalError as fault:
        logger.warning("The broker does not answer (%s); a print waits for the sweep.", type(fault).__name__)


def storage() -> Storage:
    return storages["prints"]
