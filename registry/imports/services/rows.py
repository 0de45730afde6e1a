"""Rows of an import, written some thousand at once, in a number of statements that does not depend on how many."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import Line, record_each
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.database.writing import insert_many
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.imports.models import ExternalKey, ImportBatch, Imported, ImportInvitation
from registry.imports.parser.columns import OF_CAMERA
from registry.imports.services.decisions import Decision, RowOutcome
from registry.people.models import Registrant, RegistrantKind, registrant_number
from registry.places.models import Camera, Confirmation, ConfirmedBy, Premises

ROLES: Mapping[str, Role] = {RegistrantKind.PERSON: Role.RESIDENT, RegistrantKind.BUSINESS: Role.BUSINESS}
ADDRESS = ("street", "city", "state", "zip_code")
Columns = dict[str, list[Any]]
"""Values by field, one for each written row."""


def write(*, batch: ImportBatch, decisions: Sequence[Decision], actor: Actor) -> set[UUID]:
    """Write decisions, with history and entries, inside the caller's transaction.

    Returns the registrations that were not written, since their addresses got an account in this very moment.
    """
    lost = _write_accounts([each for each in decisions if each.new_person])
    added = [each for each in decisions if each.outcome == RowOutcome.ADDED and each.registrant not in lost]
    people = [each for each in added if each.new_person]
    _write_people(batch, people)
    _record_people(batch, people, actor)
    _write_places([each for each in added if each.new_place], actor)
    _write_cameras(added, actor)
    withdraw_invitations(emails=[each.row.email for each in people])
    _write_invitations(batch, [each for each in decisions if each.outcome == RowOutcome.INVITED])
    _write_keys("registrant_id", [(each.row.key, each.registrant) for each in added])
    return lost


def withdraw_invitations(*, emails: Iterable[str]) -> int:
    invitations = list(ImportInvitation.objects.filter(email__in=list(emails)))
    if invitations:
        notifications.withdraw_many(subjects=[invitation.subject for invitation in invitations])
        ImportInvitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).delete()
    return len(invitations)


def _write_accounts(people: Sequence[Decision]) -> set[UUID]:
    """Write accounts without a password; return those that lost to an account made at the same moment."""
    people = sorted(people, key=lambda each: each.row.email)
    emails = {each.registrant: each.row.email for each in people}
    own: Columns = {
        "id": list(emails),
        "role": [ROLES[each.row.kind] for each in people],
        "password": [make_password(None) for _each in people],
        **_columns([each.row for each in people], "email", "language"),
    }
    insert_many(User, shared={}, varying=own, ignore_conflicts=True)
    made = list(User.objects.filter(pk__in=emails).values_list("pk", flat=True))
    addresses: Columns = {"user_id": made, "email": [emails[pk] for pk in made]}
    insert_many(EmailAddress, shared={"primary": True, "verified": False}, varying=addresses)
    return emails.keys() - made


def _write_people(batch: ImportBatch, people: Sequence[Decision]) -> None:
    ids, rows = [each.registrant for each in people], [each.row for each in people]
    own: Columns = {
        "id": ids,
        "user_id": ids,
        "reference": [registrant_number() for _each in people],
        **_columns(rows, "kind", "name", "phone", "language"),
    }
    insert_many(Registrant, shared={}, varying=own)
    write_history(Registrant, ids)
    consent: Columns = {"registrant_id": ids, **_columns(rows, "consent_on", "consent_source")}
    insert_many(Imported, shared={"batch_id": batch.pk}, varying=consent)


def _record_people(batch: ImportBatch, people: Sequence[Decision], actor: Actor) -> None:
    lines = [
        Line(
            Subject("registrant", str(each.registrant)),
            premises_type=each.row.place_kind,
            area=each.row.address.zip_code[:5],
            facts={"import": batch.number, "consent_on": str(each.row.consent_on)},
        )
        for each in people
    ]
    record_each(event=Event.REGISTRANT_IMPORTED, actor=actor, lines=lines)


def _write_places(places: Sequence[Decision], actor: Actor) -> None:
    ids, rows = [each.premises for each in places], [each.row for each in places]
    own: Columns = {
        "id": ids,
        "registrant_id": [each.registrant for each in places],
        "kind": [row.place_kind for row in rows],
        **_columns(rows, "precision", "county_fips"),
        **_columns([row.address for row in rows], *ADDRESS),
        **_columns([row.point for row in rows], "latitude", "longitude"),
    }
    insert_many(Premises, shared={}, varying=own)
    write_history(Premises, ids)
    own_points: Columns = {
        "id": [uuid4() for _each in places],
        "premises_id": ids,
        **_columns(rows, "precision"),
        **_columns([row.point for row in rows], "latitude", "longitude"),
    }
    insert_many(Confirmation, shared={"way": ConfirmedBy.IMPORT}, varying=own_points)
    lines = [
        Line(
            Subject("premises", str(each.premises)),
            premises_type=each.row.place_kind,
            area=each.row.address.zip_code[:5],
            facts={"precision": each.row.precision, "confirmed": ConfirmedBy.IMPORT},
        )
        for each in places
    ]
    record_each(event=Event.PREMISES_ADDED, actor=actor, lines=lines)


def _write_cameras(added: Sequence[Decision], actor: Actor) -> None:
    cameras = [(uuid4(), each.premises, camera) for each in added for camera in each.cameras]
    ids = [pk for pk, _place, _camera in cameras]
    own: Columns = {
        "id": ids,
        "premises_id": [place for _pk, place, _camera in cameras],
        **_columns([camera for _pk, _place, camera in cameras], *OF_CAMERA),
    }
    insert_many(Camera, shared={}, varying=own)
    write_history(Camera, ids)
    places = _kinds_and_areas(added)
    lines = [
        Line(Subject("camera", str(pk)), camera=str(pk), premises_type=places[place][0], area=places[place][1])
        for pk, place, _camera in cameras
    ]
    record_each(event=Event.CAMERA_ADDED, actor=actor, lines=lines)


def _kinds_and_areas(added: Sequence[Decision]) -> dict[UUID, tuple[str, str]]:
    """Return kind and area of each place for the entries of its cameras; of older places as they are now."""
    new = {each.premises: (each.row.place_kind, each.row.address.zip_code[:5]) for each in added if each.new_place}
    older = Premises.objects.filter(pk__in={each.premises for each in added} - new.keys())
    return new | {pk: (kind, code[:5]) for pk, kind, code in older.values_list("pk", "kind", "zip_code")}


def _write_invitations(batch: ImportBatch, invited: Sequence[Decision]) -> None:
    ids, rows = [uuid4() for _each in invited], [each.row for each in invited]
    own: Columns = {
        "id": ids,
        **_columns(rows, "email", "name", "language"),
        **_columns([row.address for row in rows], *ADDRESS),
    }
    insert_many(ImportInvitation, shared={"batch_id": batch.pk}, varying=own)
    _write_keys("invitation_id", [(row.key, pk) for pk, row in zip(ids, rows, strict=True)])


def _write_keys(owner: str, keys: Sequence[tuple[str, UUID]]) -> None:
    named = [(key, pk) for key, pk in keys if key]
    varying: Columns = {"key": [key for key, _pk in named], owner: [pk for _key, pk in named]}
    insert_many(ExternalKey, shared={}, varying=varying, ignore_conflicts=True)


def _columns(rows: Sequence[object], *fields: str) -> Columns:
    return {field: [getattr(row, field) for row in rows] for field in fields}


def write_history(model: Any, ids: Sequence[UUID]) -> None:
    """Write the first line of history of new rows in one statement, as saving each of them would."""
    there, here = model.history.model._meta, model._meta  # noqa: SLF001  (Django's documented API of models)
    own = {field.column for field in here.concrete_fields}
    kept = [field.column for field in there.concrete_fields if field.column in own]
    columns = ", ".join(connection.ops.quote_name(column) for column in kept)
    into, source = connection.ops.quote_name(there.db_table), connection.ops.quote_name(here.db_table)
    statement = (
        f"INSERT INTO {into} ({columns}, history_date, history_type, history_change_reason) "  # noqa: S608
        f"SELECT {columns}, %s, '+', NULL FROM {source} WHERE id = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [timezone.now(), list(ids)])
