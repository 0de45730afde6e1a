"""Rows of an import: the outcome of each, decided alike for counting and for writing, and the writing of thousands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
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
from registry.imports.models import ExternalKey, ImportBatch, Imported, ImportInvitation, StaysOut
from registry.imports.parser.columns import OF_CAMERA
from registry.imports.parser.rows import ImportRow
from registry.imports.policies import email_digests
from registry.places.models import ADDRESS, AddressKey, Camera, Confirmation, ConfirmedBy, Premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant, RegistrantKind, registrant_number

ADDRESS_KEYS = (
    "SELECT registry_address_key(street, zip_code) FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY "
    "AS address (street, zip_code, place) ORDER BY place"
)
PlaceKey = tuple[str, str]
"""E-mail address of an owner, and the database's key of the address of a place."""


class RowOutcome(StrEnum):
    ADDED = "added"
    INVITED = "invited"
    THERE = "there"


NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a row, with the ids to write. cameras: those that are not in the registry yet."""

    row: ImportRow
    outcome: RowOutcome
    registrant: UUID = NOBODY
    premises: UUID = NOBODY
    new_person: bool = False
    new_place: bool = False
    cameras: tuple[CameraDetails, ...] = ()


@dataclass(slots=True)
class KnownRows:
    """Rows of the database that matter for some rows of an import.

    people: this import's unclaimed registrations, by e-mail address; places and cameras are added only to these. taken:
    addresses with an account of any other kind. An import changes nothing of people who registered on the portal.
    """

    people: dict[str, UUID] = field(default_factory=dict)
    places: dict[PlaceKey, UUID] = field(default_factory=dict)
    cameras: set[tuple[str, str, str]] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    invited: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    address_keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def decide(self, batch: ImportBatch, rows: Sequence[ImportRow]) -> list[Decision]:
        """Decide on rows in their order, and know each decision from then on: a repeated row changes nothing."""
        self._learn(batch, rows)
        return [_decide_row(self, row) for row in rows]

    def _learn(self, batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
        emails = {row.email for row in rows}
        own = Imported.objects.filter(
            batch=batch,
            claimed_at__isnull=True,
            registrant__user__last_login__isnull=True,
            registrant__user__email__in=emails,
        )
        self.people.update(own.values_list("registrant__user__email", "registrant_id"))
        accounts = User.objects.filter(email__in=emails).values_list("email", flat=True)
        self.taken.update(email for email in accounts if email not in self.people)
        self.invited.update(ImportInvitation.objects.filter(email__in=emails).values_list("email", flat=True))
        self._learn_left_out(emails)
        keys = [row.key for row in rows if row.key]
        self.keys.update(ExternalKey.objects.filter(key__in=keys).values_list("key", flat=True))
        self._learn_address_keys({(row.address.street, row.address.zip_code) for row in rows})
        self._learn_places({registrant: email for email, registrant in self.people.items() if email in emails})

    def _learn_left_out(self, emails: Iterable[str]) -> None:
        digests = {digest: email for email in emails for digest in email_digests(email)}
        found = StaysOut.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
        self.left_out.update(digests[bytes(digest)] for digest in found)

    def _learn_address_keys(self, addresses: Iterable[tuple[str, str]]) -> None:
        """Ask the database for the keys of addresses; two addresses with one key are one place."""
        wanted = sorted(set(addresses) - self.address_keys.keys())
        with connection.cursor() as cursor:
            cursor.execute(ADDRESS_KEYS, [[street for street, _zip in wanted], [code for _street, code in wanted]])
            self.address_keys.update(zip(wanted, (key for (key,) in cursor.fetchall()), strict=True))

    def _learn_places(self, emails: dict[UUID, str]) -> None:
        keys: dict[UUID, PlaceKey] = {}
        rows = Premises.objects.registered().filter(registrant__in=emails)
        keyed = rows.annotate(address_key=AddressKey("street", "zip_code"))
        for pk, registrant, key in keyed.values_list("pk", "registrant_id", "address_key"):
            keys[pk] = (emails[registrant], key)
            self.places[keys[pk]] = pk
        cameras = Camera.objects.registered().filter(premises__in=keys).values_list("premises_id", "name")
        self.cameras.update((*keys[premises], name.casefold()) for premises, name in cameras)


def _decide_row(known: KnownRows, row: ImportRow) -> Decision:
    there = Decision(row, RowOutcome.THERE)
    if row.email in known.taken or row.email in known.left_out:
        return there
    if row.key and row.key in known.keys and row.email not in known.people:
        return there
    if row.consent_on is None:
        if row.email in known.people or row.email in known.invited:
            return there
        known.invited.add(row.email)
        known.keys.add(row.key)
        return Decision(row, RowOutcome.INVITED)
    return _decide_to_add(known, row) or there


def _decide_to_add(known: KnownRows, row: ImportRow) -> Decision | None:
    place = (row.email, known.address_keys[row.address.street, row.address.zip_code])
    new_person, new_place = row.email not in known.people, place not in known.places
    cameras = tuple(each for each in row.cameras if (*place, each.name.casefold()) not in known.cameras)
    if not (new_person or new_place or cameras):
        return None
    registrant = known.people.setdefault(row.email, uuid4())
    premises = known.places.setdefault(place, uuid4())
    known.cameras.update((*place, each.name.casefold()) for each in cameras)
    known.keys.add(row.key)
    return Decision(row, RowOutcome.ADDED, registrant, premises, new_person, new_place, cameras)


ROLES: Mapping[str, Role] = {RegistrantKind.PERSON: Role.RESIDENT, RegistrantKind.BUSINESS: Role.BUSINESS}
Columns = dict[str, list[Any]]
"""Values by field, one value for each row to insert."""


def write_decisions(*, batch: ImportBatch, decisions: Sequence[Decision], actor: Actor) -> set[UUID]:
    """Write decisions on rows, with history and entries, inside the caller's transaction.

    Returns the registrations that were not written, since their addresses got an account at the same moment.
    """
    lost = _write_accounts([each for each in decisions if each.new_person])
    added = [each for each in decisions if each.outcome == RowOutcome.ADDED and each.registrant not in lost]
    people = [each for each in added if each.new_person]
    _write_people(batch, people, actor)
    _write_places([each for each in added if each.new_place], actor)
    _write_cameras(added, actor)
    withdraw_invitations(emails=[each.row.email for each in people])
    _write_invitations(batch, [each for each in decisions if each.outcome == RowOutcome.INVITED])
    _write_keys("registrant_id", [(each.row.key, each.registrant) for each in added])
    return lost


def withdraw_invitations(*, emails: Iterable[str]) -> None:
    delete_invitations(list(ImportInvitation.objects.filter(email__in=list(emails))))


def delete_invitations(invitations: Sequence[ImportInvitation]) -> None:
    """Delete invitations with their unsent mails."""
    if invitations:
        notifications.withdraw_many(subjects=[invitation.subject for invitation in invitations])
        ImportInvitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).delete()


def _write_accounts(people: Sequence[Decision]) -> set[UUID]:
    """Write accounts without a password; return those whose address got an account at the same moment."""
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


def _write_people(batch: ImportBatch, people: Sequence[Decision], actor: Actor) -> None:
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
    lines = [
        _line(each, "registrant", each.registrant, {"import": batch.number, "consent_on": str(each.row.consent_on)})
        for each in people
    ]
    record_each(event=Event.REGISTRANT_IMPORTED, actor=actor, lines=lines)


def _line(decision: Decision, kind: str, pk: UUID, facts: dict[str, int | str]) -> Line:
    row = decision.row
    return Line(Subject(kind, str(pk)), premises_type=row.place_kind, area=row.address.zip_code[:5], facts=facts)


def _write_places(places: Sequence[Decision], actor: Actor) -> None:
    ids, rows = [each.premises for each in places], [each.row for each in places]
    points = {**_columns(rows, "precision"), **_columns([row.point for row in rows], "latitude", "longitude")}
    own: Columns = {
        "id": ids,
        "registrant_id": [each.registrant for each in places],
        "kind": [row.place_kind for row in rows],
        **_columns(rows, "county_fips"),
        **_columns([row.address for row in rows], *ADDRESS),
        **points,
    }
    insert_many(Premises, shared={}, varying=own)
    write_history(Premises, ids)
    confirmed: Columns = {"id": [uuid4() for _each in places], "premises_id": ids, **points}
    insert_many(Confirmation, shared={"way": ConfirmedBy.IMPORT}, varying=confirmed)
    lines = [
        _line(each, "premises", each.premises, {"precision": each.row.precision, "confirmed": ConfirmedBy.IMPORT})
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
    """Return kind and area of each camera's place, for entries; of places that were there before, as they are now."""
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
    """Write the first line of history of each new row in one statement, as saving each of them would."""
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
