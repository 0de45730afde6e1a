"""Taking an import out again: only what it added, and only what nobody has used since."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record, record_many
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from fusus_portal.notifications import services as notifications
from registry.models import Camera, FootageRequest, ImportBatch, Imported, ImportFault, ImportInvitation, Registrant
from registry.selectors import imports as known
from registry.services import erasing, imports, locking, offering
from registry.services.acting import task_actor
from registry.services.cameras import line_of
from registry.states import IMPORT, ImportState

AT_ONCE = 1000


def undo_all(*, pk: UUID) -> bool:
    """Take out what an import added, piece by piece, each with its entries; return whether all of it is done.

    Whoever is signing in at this moment is waited for: the sweep comes back.
    """
    actor = task_actor(offering.IMPORT)
    while _undo_piece(pk, actor):
        pass
    with transaction.atomic():
        batch = imports.hold(pk)
        if batch.state != ImportState.UNDOING or known.untouched(batch).exists():
            return False
        _finish(batch, actor)
    return True


def _undo_piece(pk: UUID, actor: Actor) -> bool:
    """Take out one piece; return whether there may be more."""
    with transaction.atomic():
        batch = imports.hold(pk)
        if batch.state != ImportState.UNDOING:
            return False
        rows = known.untouched(batch).select_for_update(of=("self", "registrant", "registrant__user"), skip_locked=True)
        people = [row.registrant for row in rows.select_related("registrant__user")[:AT_ONCE]]
        if not people:
            return False
        asked = set(FootageRequest.objects.filter(registrant__in=people).values_list("registrant_id", flat=True))
        _take_out([person for person in people if person.pk not in asked], actor)
        batch.worked_at = timezone.now()
        batch.save(update_fields=["worked_at"])
    for person in people:
        if person.pk in asked:
            _take_out_asked(person.pk, actor)
    return True


def _take_out(people: Sequence[Registrant], actor: Actor) -> None:
    if not people:
        return
    cameras = Camera.objects.registered().filter(premises__registrant__in=people).select_related("premises")
    record_many(event=Event.CAMERA_REMOVED, actor=actor, lines=[line_of(camera) for camera in cameras])
    erasing.delete_with_history([person.pk for person in people])
    _forget(people, actor)


def _take_out_asked(pk: UUID, actor: Actor) -> bool:
    """Take out a registration that was asked for footage and gave none, as if its owner left; not when that changed."""
    with transaction.atomic():
        incidents = locking.incidents_asked_about(pk)
        row = Registrant.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
        if row is None or not known.untouched(row.imported.batch).filter(registrant=pk).exists():
            return False
        if FootageRequest.objects.filter(registrant=row).exclude(incident__in=incidents).exists():
            raise Stale("a request arrived in this moment", subject=row.subject)
        erasing.erase(registrant=row, incidents=incidents, actor=actor)
        _forget([row], actor)
    return True


def _forget(people: Sequence[Registrant], actor: Actor) -> None:
    """Delete the accounts and unsent messages of registrations that are gone, and write their entries."""
    notifications.withdraw_many(subjects=[person.subject for person in people])
    User.objects.filter(pk__in=[person.user_id for person in people]).delete()
    record_many(event=Event.REGISTRANT_TAKEN_OUT, actor=actor, lines=[Line(person.subject) for person in people])


def _finish(batch: ImportBatch, actor: Actor) -> None:
    invitations = list(ImportInvitation.objects.filter(batch=batch))
    notifications.withdraw_many(subjects=[invitation.subject for invitation in invitations])
    ImportInvitation.objects.filter(batch=batch).delete()
    ImportFault.objects.filter(batch=batch).delete()
    rule = IMPORT.check(source=batch.state, target=ImportState.UNDONE, role=actor.role, subject=batch.subject)
    batch.state = ImportState.UNDONE
    batch.kept = Imported.objects.filter(batch=batch).count()
    imports.end(batch)
    record(event=Event(rule.event), actor=actor, subject=batch.subject, facts={"kept": batch.kept})
