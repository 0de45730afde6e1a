"""An import is undone as a whole: nothing of it is left, and nothing of anybody else is touched."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from django.utils import timezone
from psycopg import sql

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.models import Message
from registry.imports.services import imports, people
from registry.imports.states import ImportState
from registry.people.services import departures, registrants
from registry.places.models import Camera
from registry.places.services import cameras
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.database.clone import Clone
from tests.factories import person, registrant_at, request_at
from tests.registry.footage.footage import given
from tests.registry.imports.import_files import fresh, imported, invited, line, many, started, undone
from tests.registry.test_races import waits

MARKER = "old.example"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


@pytest.fixture
def superuser(portal_db: Clone) -> Iterator[psycopg.Connection]:
    with portal_db.connect() as connection:
        yield connection


def sizes(superuser: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    found = {}
    for (table,) in superuser.execute(TABLES).fetchall():
        (count,) = superuser.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() or (
            0,
        )
        found[table] = count
    return found


def files(root: Path) -> set[Path]:
    """Return the files of imports."""
    return {path for path in (root / "tables").rglob("*") if path.is_file()}


def test_nothing_of_it_is_left_but_the_log(superuser: psycopg.Connection, uploads_root: Path) -> None:
    registrant_at()
    administrator = person("administrator")
    before, files_before = sizes(superuser), files(uploads_root)
    batch = imported(many(40), by=administrator)
    imports.write_to_people(batch=batch, number=40, by=administrator)
    people.write_due()
    assert Message.objects.filter(to__endswith=MARKER).count() == 40
    batch = undone(batch)
    assert (batch.state, batch.kept) == (ImportState.UNDONE, 0)
    after = sizes(superuser)
    changed = {table for table in after if after[table] != before[table] and not table.startswith("audit_")}
    assert changed == {"registry_importbatch"}
    assert files(uploads_root) == files_before


def test_a_person_who_signs_in_at_this_moment_is_waited_for(superuser: psycopg.Connection) -> None:
    batch = imported([line(1), line(2)])
    first = Registrant.objects.get(user__email="person.1@old.example")
    with superuser.transaction():
        superuser.execute("SELECT 1 FROM registry_registrant WHERE id = %s FOR UPDATE", [first.pk])
        assert undone(batch).state == ImportState.UNDOING
        assert list(Registrant.objects.all()) == [first]
    imports.work(pk=batch.pk)
    assert fresh(batch).state == ImportState.UNDONE
    assert not imports.carry_out_undo(pk=batch.pk)


@pytest.mark.django_db
class TestWhatIsKept:
    def test_a_person_who_signed_in(self) -> None:
        batch = imported([line(1), line(2)])
        owner = Registrant.objects.get(user__email="person.1@old.example").user
        people.claim(by=owner)
        batch = undone(batch)
        assert batch.kept == 1
        assert [kept.user for kept in Registrant.objects.all()] == [owner]

    def test_a_person_who_changed_something(self) -> None:
        batch = imported([line(1), line(2)])
        camera = Camera.objects.select_related("premises__registrant__user").get(
            premises__registrant__user__email="person.2@old.example"
        )
        owner = camera.premises.registrant.user
        cameras.change(camera=camera, by=owner, details=CameraDetails(name="Back door"))
        assert undone(batch).kept == 1
        assert Registrant.objects.get().user == owner

    def test_a_person_who_gave_footage_but_not_one_who_was_only_asked(self) -> None:
        batch = imported([line(1), line(2), line(3)])
        people = list(Registrant.objects.order_by("name"))
        given(request_at("footage", registrant=people[0]))
        assert undone(batch).kept == 1
        assert list(Registrant.objects.all()) == [people[0]]

    def test_a_person_who_was_there_before(self) -> None:
        own = registrant_at()
        undone(imported([line(1, email=own.user.email), line(2)]))
        assert list(Registrant.objects.all()) == [own]


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "kept"), [("claim", 1), ("leave", 0)])
def test_who_comes_or_leaves_while_another_is_taken_out_decides_for_themself(
    act: str, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, erase = imported([line(1), line(2)]), departures.erase
    first, second = Registrant.objects.select_related("user").order_by("pk")
    canvass = request_at("sent", registrant=first).canvass
    assert second.requests.filter(canvass=canvass).exists()

    def meanwhile(*, registrant: Registrant, **options: Any) -> None:
        monkeypatch.setattr(departures, "erase", erase)
        if act == "claim":
            people.claim(by=second.user)
        else:
            registrants.leave(registrant=second, by=second.user)
        erase(registrant=registrant, **options)

    monkeypatch.setattr(departures, "erase", meanwhile)
    assert undone(batch).kept == kept
    assert list(Registrant.objects.all()) == [second][:kept]


@pytest.mark.django_db(transaction=True)
def test_nobody_comes_for_what_is_being_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, erase = imported([line(1)]), departures.erase
    owner = Registrant.objects.select_related("user").get()
    request_at("sent", registrant=owner)
    came: list[bool] = []

    def meanwhile(**options: Any) -> None:
        came.append(waits(lambda: people.claim(by=owner.user)))
        erase(**options)

    monkeypatch.setattr(departures, "erase", meanwhile)
    assert undone(batch).kept == 0
    assert came == [True]
    assert not Registrant.objects.exists()


@pytest.mark.django_db
def test_it_goes_on_behind_whom_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "UNDONE_AT_ONCE", 2)
    batch = imported([line(number) for number in range(9)])
    kept = [owner.user for owner in Registrant.objects.order_by("pk")[2:5]]
    for owner in kept:
        people.claim(by=owner)
    batch = undone(batch)
    assert (batch.state, batch.kept) == (ImportState.UNDONE, 3)
    assert [left.user for left in Registrant.objects.order_by("pk")] == kept


@pytest.mark.django_db
def test_it_notes_that_it_makes_progress() -> None:
    batch = imported([line(1)])
    imports.undo(batch=batch, by=batch.uploaded_by)
    with time_machine.travel(timezone.now() + imports.PATIENCE):
        imports.work(pk=batch.pk)
    assert fresh(batch).worked_at >= batch.worked_at + imports.PATIENCE


@pytest.mark.django_db
def test_each_camera_and_registration_taken_out_is_an_entry() -> None:
    undone(imported([line(1), line(2)]))
    for event in (Event.CAMERA_REMOVED, Event.REGISTRANT_TAKEN_OUT):
        assert AuditEntry.objects.filter(event=event).count() == 2


@pytest.mark.django_db
def test_one_that_runs_is_stopped_and_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 10)
    batch = started(list(many(30)))
    take = imports._take_rows

    def stop_after_first(*arguments: object) -> None:
        take(*arguments)  # type: ignore[arg-type]
        if Registrant.objects.exists() and fresh(batch).state == ImportState.RUNNING:
            raise KeyboardInterrupt

    monkeypatch.setattr(imports, "_take_rows", stop_after_first)
    with pytest.raises(KeyboardInterrupt):
        imports.work(pk=batch.pk)
    monkeypatch.setattr(imports, "_take_rows", take)
    assert undone(batch).state == ImportState.UNDONE
    assert not Registrant.objects.exists()


@pytest.mark.django_db
def test_after_it_the_same_file_comes_in_again() -> None:
    lines = [line(1), invited(2)]
    undone(imported(lines))
    again = imported(lines)
    assert (again.added, again.invited, again.there) == (1, 1, 0)


@pytest.mark.long
def test_two_thousand_rows_twice_and_undone_leave_none(portal_db: Clone) -> None:
    lines = list(many(2_000))
    first = imported(lines)
    again = imported(lines)
    assert (first.added, first.invited, again.there) == (1_800, 200, 2_000)
    undone(first)
    undone(again)
    assert not Registrant.objects.exists()
    assert not Registrant.history.exists()
    assert not Camera.history.exists()
