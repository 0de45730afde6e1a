"""Writing the rows of an import: some thousand at once, in a number of statements that does not depend on how many."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record_many
from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.notifications import services as notifications
from registry.models import (
    Camera,
    ExternalKey,
    ImportBatch,
    Imported,
    ImportInvitation,
    Premises,
    Registrant,
    RegistrantKind,
)
from registry.services.cameras import line_of
from registry.services.import_deciding import Decision, Outcome


def write(*, batch: ImportBatch, decisions: Sequence[Decision], actor: Actor) -> set[UUID]:
    """Write what was decided, with history and entries, inside the caller's transaction.

    Returns the registrations that were not written, since their addresses got an account in this very moment.
    """
    lost = _write_accounts([each for each in decisions if each.new_person])
    added = [each for each in decisions if each.outcome == Outcome.ADDED and each.registrant not in lost]
    people = [each for each in added if each.new_person]
    _write_people(batch, people)
    premises = _write_places([each for each in added if each.new_place])
    cameras = _write_cameras(added, premises)
    _record(batch, people, premises, cameras, actor)
    withdraw_invitations(emails=[each.row.email for each in people])
    _write_invitations(batch, [each for each in decisions if each.outcome == Outcome.INVITED])
    ExternalKey.objects.bulk_create(
        [ExternalKey(key=each.row.key, registrant_id=each.registrant) for each in added if each.row.key],
        ignore_conflicts=True,
    )
    return lost


def withdraw_invitations(*, emails: Iterable[str]) -> int:
    """Delete invitations of addresses, with what was not sent to them yet; return how many."""
    invitations = list(ImportInvitation.objects.filter(email__in=list(emails)))
    if invitations:
        notifications.withdraw_many(subjects=[invitation.subject for invitation in invitations])
        ImportInvitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).delete()
    return len(invitations)


def _write_accounts(people: Sequence[Decision]) -> set[UUID]:
    """Make accounts without a password; whoever made one in this moment keeps theirs."""
    accounts = {
        each.registrant: User(
            email=each.row.email,
            role=Role.BUSINESS if each.row.kind == RegistrantKind.BUSINESS else Role.RESIDENT,
            language=each.row.language,
            password=make_password(None),
            id=each.registrant,
        )
        for each in sorted(people, key=lambda each: each.row.email)
    }
    User.objects.bulk_create(accounts.values(), ignore_conflicts=True)
    made = set(User.objects.filter(pk__in=accounts).values_list("pk", flat=True))
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=pk, email=account.email, primary=True, verified=False)
        for pk, account in accounts.items()
        if pk in made
    )
    return accounts.keys() - made


def _write_people(batch: ImportBatch, people: Sequence[Decision]) -> None:
    Registrant.objects.bulk_create(
        Registrant(
            id=each.registrant,
            user_id=each.registrant,
            kind=each.row.kind,
            name=each.row.name,
            phone=each.row.phone,
            language=each.row.language,
        )
        for each in people
    )
    Imported.objects.bulk_create(
        Imported(
            registrant_id=each.registrant,
            batch=batch,
            consent_on=each.row.consent_on,
            consent_source=each.row.consent_source,
        )
        for each in people
        if each.row.consent_on is not None
    )
    write_history(Registrant, [each.registrant for each in people])


def _write_places(places: Sequence[Decision]) -> dict[UUID, Premises]:
    written = Premises.objects.bulk_create(
        Premises(
            id=each.premises,
            registrant_id=each.registrant,
            kind=each.row.place_kind,
            street=each.row.address.street,
            city=each.row.address.city,
            state=each.row.address.state,
            zip_code=each.row.address.zip_code,
            latitude=each.row.point.latitude,
            longitude=each.row.point.longitude,
            precision=each.row.precision,
            county_fips=each.row.county_fips,
        )
        for each in places
    )
    write_history(Premises, [premises.pk for premises in written])
    return {premises.pk: premises for premises in written}


def _write_cameras(added: Sequence[Decision], premises: dict[UUID, Premises]) -> list[Camera]:
    older = [each.premises for each in added if each.premises not in premises]
    known = {**premises, **Premises.objects.in_bulk(older)}
    cameras = Camera.objects.bulk_create(
        Camera(premises=known[each.premises], **asdict(camera)) for each in added for camera in each.cameras
    )
    write_history(Camera, [camera.pk for camera in cameras])
    return cameras


def _record(
    batch: ImportBatch,
    people: Sequence[Decision],
    premises: dict[UUID, Premises],
    cameras: Sequence[Camera],
    actor: Actor,
) -> None:
    record_many(
        event=Event.REGISTRANT_IMPORTED,
        actor=actor,
        lines=[
            Line(
                Registrant(pk=each.registrant).subject,
                premises_type=each.row.place_kind,
                area=each.row.address.zip_code[:5],
                facts={"import": batch.number, "consent_on": str(each.row.consent_on)},
            )
            for each in people
        ],
    )
    record_many(
        event=Event.PREMISES_ADDED,
        actor=actor,
        lines=[
            Line(place.subject, premises_type=place.kind, area=place.zip_code[:5], facts={"precision": place.precision})
            for place in premises.values()
        ],
    )
    record_many(event=Event.CAMERA_ADDED, actor=actor, lines=[line_of(camera) for camera in cameras])


def _write_invitations(batch: ImportBatch, invited: Sequence[Decision]) -> None:
    rows = ImportInvitation.objects.bulk_create(
        ImportInvitation(
            batch=batch,
            email=each.row.email,
            name=each.row.name,
            street=each.row.address.street,
            city=each.row.address.city,
            state=each.row.address.state,
            zip_code=each.row.address.zip_code,
            language=each.row.language,
        )
        for each in invited
    )
    pairs = zip(invited, rows, strict=True)
    ExternalKey.objects.bulk_create(
        [ExternalKey(key=each.row.key, invitation=row) for each, row in pairs if each.row.key],
        ignore_conflicts=True,
    )


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
