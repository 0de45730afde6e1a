"""Workers that are killed, two workers at once, and a person who registers in the same moment."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from registry.imports import table_storage
from registry.imports.models import ImportBatch, Imported, ImportInvitation
from registry.imports.services import imports, rows
from registry.imports.states import ImportState
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.database.clone import Clone
from tests.factories import registrant_at
from tests.peers.queue import handed_over
from tests.people import make_person
from tests.registry.imports.import_files import brought, counts, fresh, guessed, line, many, started

ROWS = 60


class Killed(BaseException):
    """An error that ends a worker in the middle."""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a piece be ten rows."""
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 10)


def kill_in_piece(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Kill the worker once it has written a piece, before that is committed."""
    pieces, take = [0], imports._take_rows

    def then_die(*arguments: object) -> None:
        take(*arguments)  # type: ignore[arg-type]
        pieces[0] += 1
        if pieces[0] == number:
            raise Killed

    monkeypatch.setattr(imports, "_take_rows", then_die)


@pytest.mark.parametrize("piece", [1, 3, 6])
def test_another_worker_goes_on_and_no_row_comes_in_twice(
    piece: int, portal_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = started(list(many(ROWS)))
    with monkeypatch.context() as patched:
        kill_in_piece(patched, piece)
        with pytest.raises(Killed):
            imports.work(pk=batch.pk)
    assert fresh(batch).done_rows == (piece - 1) * 10
    imports.work(pk=batch.pk)
    done = fresh(batch)
    assert (done.state, done.done_rows, counts(done)) == (ImportState.DONE, ROWS, (54, 6, 0, 0))
    assert (Registrant.objects.count(), Camera.objects.count(), ImportInvitation.objects.count()) == (54, 54, 6)
    assert AuditEntry.objects.filter(event="registry:registrant:import").count() == 54


def test_a_count_that_was_killed_begins_anew(portal_db: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = started(list(many(ROWS)))
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.CHECKING)
    with monkeypatch.context() as patched:
        kill_in_piece(patched, 3)
        with pytest.raises(Killed):
            imports.work(pk=batch.pk)
    imports.work(pk=batch.pk)
    assert counts(fresh(batch)) == (54, 6, 0, 0)


@pytest.mark.django_db
def test_a_place_whose_rows_lie_in_two_pieces_has_each_camera_once() -> None:
    batch = started([line(1), *(line(number) for number in range(2, 11)), line(1, camera="Garage"), line(1)])
    imports.work(pk=batch.pk)
    cameras = Camera.objects.filter(premises__registrant__user__email="person.1@old.example")
    assert sorted(cameras.values_list("name", flat=True)) == ["Front door", "Garage"]
    assert counts(fresh(batch)) == (11, 0, 1, 0)


@pytest.mark.django_db
def test_the_sweep_offers_what_makes_no_progress() -> None:
    batch = started([line(1)])
    assert imports.take_up() == 0
    assert str(batch.pk) not in handed_over(imports.WORKER)
    ImportBatch.objects.filter(pk=batch.pk).update(worked_at=batch.worked_at - imports.PATIENCE)
    assert imports.take_up() == 1
    assert str(batch.pk) in handed_over(imports.WORKER)


def test_two_workers_at_once_bring_each_row_in_once(portal_db: Clone) -> None:
    batch = started(list(many(ROWS)))
    faults: list[BaseException] = []

    def run() -> None:
        try:
            imports.work(pk=batch.pk)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    imports.work(pk=batch.pk)
    assert faults == []
    assert (fresh(batch).state, Registrant.objects.count()) == (ImportState.DONE, 54)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"state": ImportState.UNDOING}, {"done_rows": 20}])
def test_a_piece_that_somebody_stopped_or_another_worker_wrote_is_left_alone(
    change: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, rows_of = started(list(many(ROWS))), table_storage.rows_of

    def changed_after_a_piece(key: str, **options: int) -> Iterator[tuple[int, list[str]]]:
        for place, row in enumerate(rows_of(key, **options)):
            if place == 10:
                ImportBatch.objects.filter(pk=batch.pk).update(**change)
            yield row

    monkeypatch.setattr(table_storage, "rows_of", changed_after_a_piece)
    assert imports.work(pk=batch.pk)
    assert Registrant.objects.count() == 9


@pytest.mark.django_db
def test_a_worker_that_comes_late_leaves_what_another_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, rows_of = brought(list(many(ROWS))), table_storage.rows_of
    imports.check(batch=batch, columns=guessed(batch), points="pinned", by=batch.uploaded_by)

    def after_another_worker(key: str, **options: int) -> Iterator[tuple[int, list[str]]]:
        monkeypatch.setattr(table_storage, "rows_of", rows_of)
        imports.work(pk=batch.pk)
        return rows_of(key, **options)

    monkeypatch.setattr(table_storage, "rows_of", after_another_worker)
    assert imports.work(pk=batch.pk)
    assert (fresh(batch).state, counts(fresh(batch))) == (ImportState.CHECKED, (54, 6, 0, 0))


def test_a_fault_stops_it_at_the_last_whole_piece(portal_db: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = started(list(many(ROWS)))
    with monkeypatch.context() as patched:
        pieces: list[int] = []
        write = rows.write_decisions

        def fail(**arguments: object) -> object:
            pieces.append(1)
            if len(pieces) == 3:
                raise ValueError("something that nobody thought of")
            return write(**arguments)  # type: ignore[arg-type]

        patched.setattr(imports, "write_decisions", fail)
        imports.work(pk=batch.pk)
    assert (fresh(batch).state, Registrant.objects.count()) == (ImportState.FAILED, 18)
    imports.start(batch=batch, by=batch.uploaded_by)
    imports.work(pk=batch.pk)
    assert (fresh(batch).state, Registrant.objects.count()) == (ImportState.DONE, 54)


def test_of_one_who_registers_in_the_same_moment_the_own_registration_stays(
    portal_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = started([line(1), line(2)])
    write = rows.write_decisions

    def register_first(**arguments: object) -> object:
        thread = threading.Thread(target=register_by_themself)
        thread.start()
        thread.join()
        return write(**arguments)  # type: ignore[arg-type]

    def register_by_themself() -> None:
        registrant_at(user=make_person("resident", "person.1@old.example"))
        connection.close()

    monkeypatch.setattr(imports, "write_decisions", register_first)
    imports.work(pk=batch.pk)
    own = Registrant.objects.get(user__email="person.1@old.example")
    assert (own.name, User.objects.filter(email="person.1@old.example").count()) == ("Ana Rivera", 1)
    assert not Imported.objects.filter(registrant=own).exists()
    done = fresh(batch)
    assert (counts(done), done.people, done.cameras) == ((1, 0, 1, 0), 1, 1)
    assert not batch.faults.exists()


def test_history_is_as_if_each_row_had_been_saved(portal_db: Clone) -> None:
    own = registrant_at()
    saved = Registrant.history.get(id=own.pk)
    Registrant.history.all().delete()
    rows.write_history(Registrant, [own.pk])
    written = Registrant.history.get(id=own.pk)
    unlike = {"history_id", "history_date"}
    columns = [field.attname for field in Registrant.history.model._meta.concrete_fields if field.attname not in unlike]
    assert [getattr(written, name) for name in columns] == [getattr(saved, name) for name in columns]


@pytest.mark.django_db
def test_an_import_that_is_not_there_is_nobody_s() -> None:
    batch = started([line(1)])
    assert not imports.work(pk=batch.uploaded_by_id)
    with pytest.raises(NotYours):
        imports.hold(batch.uploaded_by_id)
