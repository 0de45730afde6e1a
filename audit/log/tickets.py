"""Tickets: nobody sees private data before the entry of the view is committed.

The order: record the view and commit; get a ticket; pass it to the function that knows the place of the data. The
database checks each step (`migrations/0002_guard.py`), so a forgotten line shows nothing.
"""

from dataclasses import dataclass

from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Refused


@dataclass(frozen=True, slots=True)
class Ticket:
    """Permission to see one thing for 10 minutes. Bound to event, actor, sign-in and subject."""

    token: str
    event: str
    subject_kind: str
    subject_id: str


def open_ticket(*, entry: AuditEntry, actor: Actor, sign_in: str) -> Ticket:
    """Return a ticket for the view that `entry` records.

    Raises Refused unless the entry is this actor's and sign-in's, committed by an earlier transaction, at most 60 s
    old, and without a ticket so far.
    """
    arguments: list[int | str] = [
        entry.pk,
        entry.event,
        actor.kind.value,
        actor.id,
        sign_in,
        entry.subject_kind,
        entry.subject_id,
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT audit_open_ticket(%s, %s, %s, %s, %s, %s, %s)", arguments)
            (token,) = cursor.fetchone()
    except (ProgrammingError, IntegrityError) as error:
        raise Refused(_("This can be opened only after its audit entry is written. Please open it again.")) from error
    return Ticket(token, entry.event, entry.subject_kind, entry.subject_id)
