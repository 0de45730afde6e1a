"""Notices of waiting things: one mail when a thing begins to wait, and one shortly before it is due.

A round reads the same sources as the start page, so no act has to notify, and a person who lost the role gets nothing.
A notice's row and its message are written in one transaction: a killed worker leaves neither.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox
from fusus_portal.ground.push import services as push
from fusus_portal.ground.worklist import selectors
from fusus_portal.ground.worklist.models import WorkNotice, WorkSeen
from fusus_portal.ground.worklist.sources import Source, WorkItem

TELLER: Final = "worklist.tell"
KEPT: Final = timedelta(days=400)
"""Time until the row of a notice, or of what was seen, is deleted: longer than anything waits."""


def tell() -> int:
    asked = selectors.telling()
    return sum(_tell(pk, asked) for pk in _people(asked))


def forget() -> int:
    before = timezone.now() - KEPT
    notices = WorkNotice.objects.filter(told_at__lt=before).delete()[0]
    return notices + WorkSeen.objects.filter(seen_at__lt=before).delete()[0]


def see(*, items: Iterable[WorkItem], by: User) -> None:
    """Note the rows that a person sees. Not for the part that a script fetches: nobody may sit in front of it."""
    now = timezone.now()
    rows = [WorkSeen(person=by, key=key, seen_at=now) for key in sorted({item.key for item in items})]
    WorkSeen.objects.bulk_create(rows, ignore_conflicts=True)


def read(*, item: WorkItem, by: User) -> None:
    """Note that a person opens a row: news leaves their list."""
    now = timezone.now()
    WorkSeen.objects.update_or_create(
        person=by, key=item.key, defaults={"opened_at": now}, create_defaults={"seen_at": now, "opened_at": now}
    )


def withdraw(account: User, _by: Actor) -> None:
    outbox.withdraw_many(subjects=[account.subject], kind=MessageKind.WORK_WAITS)


def _people(asked: Sequence[Source]) -> list[UUID]:
    roles = {role for source in asked for role in source.permission.roles}
    now = timezone.now()
    people = User.objects.filter(role__in=roles, is_active=True).order_by("pk")
    return [person.pk for person in people if selectors.untold(person, asked, now)]


def _tell(pk: UUID, asked: Sequence[Source]) -> int:
    """Notify one person under a lock, so that no second worker does and nobody changes the role. Return 0 or 1."""
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).filter(pk=pk, is_active=True).first()
        fresh = selectors.untold(person, asked, timezone.now()) if person else []
        if person is None or not fresh:
            return 0
        keys = list(dict.fromkeys(key for key, _item in fresh))
        WorkNotice.objects.bulk_create(
            WorkNotice(person=person, source=source, subject_id=subject_id, due=due, is_reminder=is_reminder)
            for source, subject_id, due, is_reminder in keys
        )
        outbox.send(kind=MessageKind.WORK_WAITS, to=person, about=person.subject, context=_context(keys))
        push.offer_notice(person)
    return 1


def _context(keys: Sequence[selectors.Key]) -> dict[str, str | int]:
    """Return by source the number of things and the first due time, without ids and names."""
    context: dict[str, str | int] = {}
    for source in dict.fromkeys(key[0] for key in keys):
        same = [key for key in keys if key[0] == source]
        dues = [key[2] for key in same if key[2] is not None]
        context[source] = len(same)
        if dues:
            context[f"{source}_due"] = min(dues).isoformat()
    return context
