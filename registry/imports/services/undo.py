"""Undo of an import: only what it added, and only what nobody has used since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import Line, record_each
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.garbage import uncollected
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.steps import take
from registry.canvasses.models.canvasses import FootageRequest
from registry.imports import selectors
from registry.imports.models import ImportBatch, Imported, ImportFault, ImportInvitation
from registry.imports.services import imports
from registry.imports.services.decisions import NOBODY
from registry.imports.states import ImportState
from registry.people import locks
from registry.people.models import Registrant
from registry.people.services import departures
from registry.places.models import Camera, Premises

AT_ONCE = 1000
ALL_OF_ONE = ("self", "registrant", "registrant__user")
"""Tables locked before an imported registration goes: nobody claims it or signs in meanwhile."""


def undo_all(*, pk: UUID) -> bool:
    """Remove what an import added, piece by piece, each with its entries; True once all of it is done.

    People who are signing in at this moment are skipped: the sweep comes back.
    """
    actor = task_actor(imports.WORKER)
    after: UUID | None = NOBODY
    while after is not None:
        after = _undo_piece(pk, actor, after=after)
    with transaction.atomic():
        batch = imports.hold(pk)
        if batch.state != ImportState.UNDOING or selectors.untouched(batch).exists():
            return False
        _finish(batch, actor)
    return True


@uncollected()
def _undo_piece(pk: UUID, actor: Actor, *, after: UUID) -> UUID | None:
    with transaction.atomic():
        batch = imports.hold(pk)
        if batch.state != ImportState.UNDOING:
            return None
        rows = selectors.untouched(batch).select_for_update(of=ALL_OF_ONE, skip_locked=True)
        next_ones = rows.filter(pk__gt=after).order_by("pk").select_related("registrant__user")[:AT_ONCE]
        people = [row.registrant for row in next_ones]
        if not people:
            return None
        ids = [person.pk for person in people]
        asked = set(FootageRequest.objects.filter(registrant__in=ids).values_list("registrant_id", flat=True))
        _take_out([person for person in people if person.pk not in asked], actor)
        batch.worked_at = timezone.now()
        batch.save(update_fields=["worked_at"])
    for person in people:
        if person.pk in asked:
            _take_out_asked(person.pk, actor)
    return people[-1].pk


def _take_out(people: Sequence[Registrant], actor: Actor) -> None:
    if not people:
        return
    ids = [person.pk for person in people]
    cameras = Camera.objects.registered().filter(premises__registrant__in=ids)
    lines = [
        Line(Subject("camera", str(pk)), camera=str(pk), premises_type=kind, area=zip_code[:5])
        for pk, kind, zip_code in cameras.values_list("pk", "premises__kind", "premises__zip_code")
    ]
    record_each(event=Event.CAMERA_REMOVED, actor=actor, lines=lines)
    _delete_with_history(ids)
    _forget(people, actor)


def _take_out_asked(pk: UUID, actor: Actor) -> bool:
    """Remove a registration that was asked for footage and gave none, as if its owner left; False if that changed."""
    with transaction.atomic():
        incidents = locks.incidents_asked_about(pk)
        rows = Imported.objects.select_for_update(of=ALL_OF_ONE).select_related("batch", "registrant__user")
        row = rows.filter(registrant=pk).first()
        if row is None or not selectors.untouched(row.batch).filter(pk=row.pk).exists():
            return False
        person = row.registrant
        if FootageRequest.objects.filter(registrant=person).exclude(incident__in=incidents).exists():
            raise Stale("a request arrived in this moment", subject=person.subject)
        departures.erase(registrant=person, incidents=incidents, actor=actor)
        _forget([person], actor)
    return True


def _forget(people: Sequence[Registrant], actor: Actor) -> None:
    notifications.withdraw_many(subjects=[person.subject for person in people])
    _delete(User, [person.user_id for person in people])
    record_each(event=Event.REGISTRANT_TAKEN_OUT, actor=actor, lines=[Line(person.subject) for person in people])


def _delete_with_history(registrants: Sequence[UUID]) -> None:
    places = list(Premises.objects.filter(registrant__in=registrants).values_list("pk", flat=True))
    _delete(Registrant, registrants)
    Camera.history.filter(premises_id__in=places).delete()
    Premises.history.filter(registrant_id__in=registrants).delete()
    Registrant.history.filter(id__in=registrants).delete()


def _delete(model: Any, ids: Sequence[UUID]) -> None:
    """Delete rows with their dependents, some thousand at once: no signal, so no line of history for each.

    A protected or unknown dependent stops the database, and with it the whole piece.
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
    batch.kept = Imported.objects.filter(batch=batch).count()
    imports.forget_rows(batch)
    take(batch, ImportState.UNDONE, actor, facts={"kept": batch.kept})
