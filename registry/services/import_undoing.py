"""Taking an import out again: only what it added, and only what nobody has used since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record, record_many
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from fusus_portal.notifications import services as notifications
from registry.models import (
    Camera,
    FootageRequest,
    ImportBatch,
    Imported,
    ImportFault,
    ImportInvitation,
    Premises,
    Registrant,
)
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
    _delete_with_history([person.pk for person in people])
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
    _delete(User, [person.user_id for person in people])
    record_many(event=Event.REGISTRANT_TAKEN_OUT, actor=actor, lines=[Line(person.subject) for person in people])


def _delete_with_history(registrants: Sequence[UUID]) -> None:
    places = list(Premises.objects.filter(registrant__in=registrants).values_list("pk", flat=True))
    _delete(Registrant, registrants)
    Camera.history.filter(premises_id__in=places).delete()
    Premises.history.filter(registrant_id__in=registrants).delete()
    Registrant.history.filter(id__in=registrants).delete()


def _delete(model: Any, ids: Sequence[UUID]) -> None:
    """Delete rows and whatever hangs on them, some thousand at once: no signal, so no line of history for each.

    What is protected, or not known here, stops the database, and with it the whole piece.
    """
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001  (documented, in spite of its name)
        if getattr(relation, "on_delete", None) is models.CASCADE and relation.auto_created:
            hanging = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})  # noqa: SLF001
            if found := list(hanging.values_list("pk", flat=True)):
                _delete(relation.related_model, found)
    rows = model._base_manager.filter(pk__in=ids)  # noqa: SLF001
    rows._raw_delete(rows.db)  # noqa: SLF001


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
