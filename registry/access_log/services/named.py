"""Pages that tell people of the agency somebody's name, street or phone number: a look is an entry that they read."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.selectors import was_recorded
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.rows import InLog

ONE_LOOK: Final = timedelta(minutes=10)
"""Somebody who comes back to the same page of the same owner within this time is one entry."""


def see(*, owner: UUID | None, by: User, subject: Subject, number: str, within: InLog | None = None) -> None:
    """Record that somebody is about to read whose something is; a page says it once this is committed (promise R5).

    owner: the id of their registration, None for one who has left: then auditors alone read the entry. subject, number:
    of the thing whose page it is. within: the incident that it is of.
    """
    since, whose = timezone.now() - ONE_LOOK, str(owner or "")
    if was_recorded(event=Event.OWNER_SEEN, actor=by.actor, subject=subject, since=since, camera=whose):
        return
    with transaction.atomic():
        record(
            event=Event.OWNER_SEEN,
            actor=by.actor,
            subject=subject,
            camera=whose,
            facts={"number": number},
            **(within or {}),
        )
