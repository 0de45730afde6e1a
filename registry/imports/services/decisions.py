"""The outcome of each row of an import: the same decision for counting and for writing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import connection

from fusus_portal.ground.accounts.models import User
from registry.imports.models import ExternalKey, ImportBatch, Imported, ImportInvitation, StaysOut
from registry.imports.parser.digests import digests_of
from registry.imports.parser.rows import ImportRow
from registry.places.models import AddressKey, Camera, Premises
from registry.places.services.cameras import CameraDetails

ADDRESS_KEYS = (
    "SELECT registry_address_key(street, zip_code) FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY "
    "AS address (street, zip_code, place) ORDER BY place"
)
PlaceKey = tuple[str, str]
"""E-mail address, and the database's key of the address of a place."""


class RowOutcome(StrEnum):
    ADDED = "added"
    INVITED = "invited"
    THERE = "there"
    ERROR = "errors"


NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a row, with the ids to write. cameras: those that are not there yet."""

    row: ImportRow
    outcome: RowOutcome
    registrant: UUID = NOBODY
    premises: UUID = NOBODY
    new_person: bool = False
    new_place: bool = False
    cameras: tuple[CameraDetails, ...] = ()


@dataclass(slots=True)
class KnownRows:
    """Rows of the database that some rows of an import meet.

    people: registrations of this very import that nobody has claimed, by e-mail address; only these grow. taken:
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

    def learn(self, batch: ImportBatch, rows: Iterable[ImportRow]) -> None:
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
        digests = {digest: email for email in emails for digest in digests_of(email)}
        found = StaysOut.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
        self.left_out.update(digests[bytes(digest)] for digest in found)

    def _learn_address_keys(self, addresses: Iterable[tuple[str, str]]) -> None:
        """Ask the database for the keys by which it takes two addresses for one place."""
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


def decide(known: KnownRows, rows: Sequence[ImportRow]) -> list[Decision]:
    """Decide on rows in their order, and note each in `known`: a repeated row changes nothing."""
    return [_decide(known, row) for row in rows]


def _decide(known: KnownRows, row: ImportRow) -> Decision:
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
    return _add(known, row) or there


def _add(known: KnownRows, row: ImportRow) -> Decision | None:
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
