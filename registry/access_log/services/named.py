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
"""Returning to the same page of the same owner within this time is the same entry."""


def see(*, owner: UUID | None, by: User, subject: Subject, number: str, within: InLog | None = None) -> None:
    """Record that a person is about to read an owner's name, street or phone number. The page follows (promise R5).

    owner: id of the registration, None after they left: then only auditors read the entry. subject, number: of the
    thing on the page. within: its incident.
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
