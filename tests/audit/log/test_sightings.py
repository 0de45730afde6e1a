"""Repeated looks within an hour leave two entries, and then one with the count of the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from time_machine import TimeMachineFixture

from audit.log.actors import Actor, ActorKind, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry, AuditSighting
from audit.log.services import Line
from audit.log.sightings import record_sightings, settle_hours, settle_of

pytestmark = pytest.mark.django_db

DEPUTY = Actor(ActorKind.USER, "5f0c", role="deputy", pseudonym="Deputy K7Q2")
INCIDENT = "0b0e7a52-54f4-4c07-8d4b-8c2f4a5f9d11"
A, B = (f"aaaaaaaa-0000-4000-8000-00000000000{n}" for n in (1, 2))
CAR = Source(address="192.0.2.7", user_agent="Browser/1", sign_in="s1")
TEN, ELEVEN = "2026-03-01 10:00:05+00:00", "2026-03-01 11:00:00+00:00"


@pytest.fixture(autouse=True)
def at_ten(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(TEN, tick=False)
    return time_machine


def see(
    times: int = 1, *, source: Source = CAR, cameras: tuple[str, ...] = (A,), reason: str = "A van left.", **more: Any
) -> None:
    lines = [Line(Subject("camera", camera), camera=camera, area="35203", facts={"canvass": "c"}) for camera in cameras]
    about = {"event": Event.CAMERA_SHOWN, "actor": DEPUTY, "incident": INCIDENT, **more}
    for _time in range(times):
        with acting_from(source), transaction.atomic():
            record_sightings(lines=lines, reason=reason, **about)


def counts(camera: str = A) -> list[int]:
    """Return how often each entry of a camera says that it was seen."""
    entries = AuditEntry.objects.filter(camera_id=camera).order_by("id")
    assert [entry.camera_number for entry in entries] == list(range(1, len(entries) + 1))
    return [int(entry.facts.get("count", 1)) for entry in entries]


def test_the_first_and_the_first_again_are_entries_at_once_and_the_rest_one(at_ten: TimeMachineFixture) -> None:
    see(5, cameras=(A, B))
    assert (counts(A), counts(B)) == ([1, 1], [1, 1])
    assert settle_hours() == 0
    at_ten.move_to(ELEVEN, tick=False)
    assert settle_hours() == 2
    assert settle_hours() == 0
    assert (counts(A), counts(B)) == ([1, 1, 3], [1, 1, 3])
    first, _again, rest = AuditEntry.objects.filter(camera_id=A).order_by("id")
    assert rest.facts == {"canvass": "c", "count": 3, "hour": "2026-03-01T10:00:00+00:00"}
    for column in ("event", "actor_id", "actor_pseudonym", "sign_in", "area", "subject_id", "outcome"):
        assert getattr(rest, column) == getattr(first, column)
    assert str(rest.incident_id) == INCIDENT
    texts = {
        kind: AuditDetail.objects.get(digest=bytes(getattr(rest, f"{kind}_digest"))).text
        for kind in ("reason", "address", "agent")
    }
    assert texts == {"reason": "A van left.", "address": "192.0.2.7", "agent": "Browser/1"}
    assert not AuditSighting.objects.exists()


def test_twice_leaves_nothing_to_write(at_ten: TimeMachineFixture) -> None:
    see(2)
    at_ten.move_to(ELEVEN, tick=False)
    assert settle_hours() == 0
    assert counts() == [1, 1]
    assert not AuditSighting.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"source": Source(address="192.0.2.7", user_agent="Browser/1", sign_in="s2")},
        {"source": Source(address="192.0.2.8", user_agent="Browser/1", sign_in="s1")},
        {"source": Source(address="192.0.2.7", user_agent="Browser/2", sign_in="s1")},
        {"incident": "0b0e7a52-54f4-4c07-8d4b-8c2f4a5f9d12"},
        {"reason": "Another van came."},
        {"actor": Actor(ActorKind.USER, "5f0d", role="deputy", pseudonym="Deputy LEE2")},
    ],
    ids=["sign-in", "network", "browser", "incident", "reason", "person"],
)
def test_what_differs_is_counted_apart(other: dict[str, Any]) -> None:
    see(3)
    see(1, **other)
    assert counts() == [1, 1, 1]


def test_addresses_of_one_network_are_one(at_ten: TimeMachineFixture) -> None:
    for end in ("1", "2", "3"):
        see(source=Source(address=f"2001:db8:0:1::{end}", sign_in="s1"))
    see(source=Source(address="2001:db8:0:2::1", sign_in="s1"))
    assert counts() == [1, 1, 1]
    assert sorted(AuditSighting.objects.values_list("seen", flat=True)) == [1, 3]


def test_each_hour_begins_with_an_entry(at_ten: TimeMachineFixture) -> None:
    see(3)
    at_ten.move_to(ELEVEN, tick=False)
    see(1)
    assert counts() == [1, 1, 1]


def test_without_a_sign_in_each_is_an_entry() -> None:
    see(4, source=Source(address="192.0.2.7"))
    assert counts() == [1, 1, 1, 1]


@pytest.mark.parametrize("event", [Event.EVIDENCE_VIEWED, Event.EVIDENCE_DOWNLOADED, Event.VIEW_STARTED])
def test_playing_downloading_and_live_are_never_folded(event: Event) -> None:
    with pytest.raises(ValueError, match="each time"):
        see(event=event)


def test_the_looks_of_a_person_who_signs_out_are_written_at_once() -> None:
    see(4)
    assert settle_of("somebody else") == 0
    assert settle_of(DEPUTY.id) == 1
    assert counts() == [1, 1, 2]
    see(3)
    assert counts() == [1, 1, 2, 1, 1]


@contextmanager
def broken(table: str) -> Iterator[None]:
    """Let the database refuse to write into a table."""

    def refuse(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.lstrip().startswith("INSERT") and table in sql:
            raise DatabaseError("no room")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        yield


def test_where_the_count_can_not_be_kept_nothing_is_shown() -> None:
    see(3)
    with broken("audit_sighting"), pytest.raises(DatabaseError):
        see()
    assert AuditSighting.objects.get().seen == 3


def test_where_the_entry_can_not_be_written_the_count_stays(at_ten: TimeMachineFixture) -> None:
    see(5)
    at_ten.move_to(ELEVEN, tick=False)
    with broken("audit_entry"), pytest.raises(DatabaseError):
        settle_hours()
    assert AuditSighting.objects.get().seen == 5
    assert settle_hours() == 1
    assert counts() == [1, 1, 3]


class TestTheDatabase:
    """The database refuses counts that no service writes."""

    @pytest.mark.parametrize("change", ["seen = 1", "seen = seen + 2", "seen = seen"])
    def test_a_count_grows_by_one(self, change: str) -> None:
        see(3)
        self._refuses(f"UPDATE audit_sighting SET {change}")

    def test_what_it_is_about_stays(self) -> None:
        see(3)
        self._refuses("UPDATE audit_sighting SET actor_id = 'x'", DatabaseError)

    def test_it_goes_with_its_entry_alone(self) -> None:
        see(3)
        self._refuses("DELETE FROM audit_sighting")

    def test_an_entry_of_fewer_is_not_its_entry(self) -> None:
        see(3)
        see(1, source=Source())
        self._refuses("DELETE FROM audit_sighting")

    def _refuses(self, statement: str, error: type[Exception] = IntegrityError) -> None:
        with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert AuditSighting.objects.get().seen == 3
