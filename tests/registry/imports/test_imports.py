"""An agency's former registry comes in: once, as a whole, and only with consent into searches."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.accounts.tasks import DAILY_ROUND
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.selectors import premises_with_cameras
from registry.imports.models import Imported, ImportInvitation
from registry.imports.services import imports
from registry.imports.states import ImportState
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, canvass_at, owner_of, person, registrant_at
from tests.peers.queue import handed_over
from tests.registry.conftest import Committed
from tests.registry.imports.import_files import (
    brought,
    checked,
    counts,
    faults,
    fresh,
    guessed,
    imported,
    invited,
    line,
    many,
    started,
)

pytestmark = pytest.mark.django_db


def test_a_row_with_consent_is_registered_and_found() -> None:
    batch = imported([line(1)])
    (found,) = premises_with_cameras(Area(LINN_PARK, 300))
    assert (found.street, found.precision, [camera.name for camera in found.cameras.all()]) == (
        "1 Oak Street",
        "pinned",
        ["Front door"],
    )
    registrant = Registrant.objects.get()
    assert (registrant.user.email, registrant.user.role) == ("person.1@old.example", "resident")
    assert not registrant.user.has_usable_password()
    assert (registrant.imported.batch, registrant.imported.consent_source) == (batch, "Paper form")
    assert counts(batch) == (1, 0, 0, 0)


def test_it_is_counted_before_anything_comes_in() -> None:
    batch = checked([line(1), invited(2), line(1), line(3, email="no address")])
    assert (batch.state, counts(batch)) == (ImportState.CHECKED, (1, 1, 1, 1))
    assert not Registrant.objects.exists()
    assert not ImportInvitation.objects.exists()
    imports.start(batch=batch, by=batch.uploaded_by)
    imports.work(pk=batch.pk)
    assert counts(fresh(batch)) == (1, 1, 1, 1)


def test_each_step_is_handed_to_a_worker_at_once(committed: Committed) -> None:
    batch = brought([line(1)])
    with committed(execute=True):
        imports.check(batch=batch, columns=guessed(batch), points="pinned", by=batch.uploaded_by)
    assert str(batch.pk) in handed_over(imports.WORKER)


def test_each_person_place_and_camera_has_its_entry_and_one_line_of_history() -> None:
    batch = imported([line(1), line(2)])
    written = {event: AuditEntry.objects.filter(event=event).count() for event in Event}
    for event in (Event.REGISTRANT_IMPORTED, Event.PREMISES_ADDED, Event.CAMERA_ADDED):
        assert written[event] == 2
    for model in (Registrant, Premises, Camera):
        assert [row.history_type for row in model.history.all()] == ["+", "+"]
    entry = AuditEntry.objects.filter(event=Event.CAMERA_ADDED).first()
    assert entry is not None
    assert entry.actor_id == str(batch.uploaded_by_id)
    assert (entry.premises_type, entry.area) == ("home", "35203")


def test_several_rows_of_one_person_are_one_registration() -> None:
    batch = imported(
        [
            line(1),
            line(1, camera="Garage", key=""),
            line(1, street="1 OAK ST.", camera="garage", key=""),
            line(1, street="9 Elm Ave", camera="", cameras="3", key=""),
        ]
    )
    registrant = Registrant.objects.get()
    names = Camera.objects.filter(premises__registrant=registrant).values_list("name", flat=True)
    assert registrant.premises.count() == 2
    assert sorted(names) == ["Camera 1", "Camera 2", "Camera 3", "Front door", "Garage"]
    assert (batch.people, batch.cameras, counts(batch)) == (1, 5, (3, 0, 1, 0))


def test_a_row_without_consent_is_only_invited_and_found_by_nobody() -> None:
    batch = imported([invited(1), invited(2, consent_date="2024-01-05"), line(3, consent_date="2099-01-01")])
    assert counts(batch) == (0, 3, 0, 0)
    assert premises_with_cameras(Area(LINN_PARK, 500)) == []
    assert not Registrant.objects.exists()
    assert not User.objects.filter(email__endswith="@old.example").exists()
    assert faults(batch) == [(3, "consent_source", "consent_missing"), (4, "consent_date", "consent_date")]


def test_a_row_without_a_point_is_at_its_zip_code_and_found_by_nobody() -> None:
    imported([line(1, latitude="", longitude="")])
    assert Premises.objects.get().precision == "area"
    middle = Premises.objects.get().point
    assert premises_with_cameras(Area(middle, 500)) == []


def test_rough_points_of_a_file_are_found_by_nobody() -> None:
    imported([line(1)], points="area")
    assert premises_with_cameras(Area(LINN_PARK, 500)) == []


def test_the_same_file_twice_adds_nothing() -> None:
    imported(list(many(30)))
    again = imported(list(many(30)))
    assert counts(again) == (0, 0, 30, 0)
    assert (Registrant.objects.count(), ImportInvitation.objects.count()) == (27, 3)


def test_a_number_of_the_former_registry_is_known_again_under_another_address() -> None:
    imported([line(1), invited(2)])
    again = imported([line(1, email="new@old.example"), invited(2, email="other@old.example")])
    assert counts(again) == (0, 0, 2, 0)


def test_a_person_who_is_registered_or_invited_is_not_invited_again() -> None:
    batch = imported([line(1, key=""), invited(1, key=""), invited(2, key=""), invited(2, key="")])
    assert counts(batch) == (1, 1, 2, 0)
    assert counts(imported([invited(1, key=""), invited(2, key="")])) == (0, 0, 2, 0)


@pytest.mark.parametrize("first", [line(1), invited(1)])
@pytest.mark.parametrize("again", [line(2, key="A-1"), invited(2, key="A-1")])
def test_a_key_comes_in_once_whatever_the_address(first: dict[str, object], again: dict[str, object]) -> None:
    done = imported([first, again])
    assert (done.added + done.invited, done.there) == (1, 1)
    assert counts(imported([again])) == (0, 0, 1, 0)


def test_a_person_who_registered_by_themselves_is_left_as_they_are() -> None:
    own = registrant_at(user=person())
    batch = imported([line(1, email=own.user.email.upper(), name="Somebody Else")])
    assert counts(batch) == (0, 0, 1, 0)
    assert faults(batch) == []
    own.refresh_from_db()
    assert (own.name, own.premises.count()) == ("Ana Rivera", 1)
    assert not Imported.objects.exists()


def test_an_invited_person_with_consent_in_a_later_file_is_registered() -> None:
    imported([invited(1, key="")])
    batch = imported([line(1)])
    assert counts(batch) == (1, 0, 0, 0)
    assert not ImportInvitation.objects.exists()


def test_a_request_reaches_an_imported_person_by_mail() -> None:
    imported([line(1)])
    canvass = canvass_at("sent", cameras=0)
    assert [owner_of(request).email for request in canvass.requests.all()] == ["person.1@old.example"]


def test_an_imported_account_waits_for_its_owner() -> None:
    imported([line(1)])
    account = User.objects.get(email="person.1@old.example")
    User.objects.filter(pk=account.pk).update(joined_at=timezone.now() - timedelta(days=30))
    assert accounts.delete_old_unconfirmed(now=timezone.now(), by=DAILY_ROUND) == 0
    assert not accounts.delete_unconfirmed(email=account.email, by=DAILY_ROUND)
    assert not EmailAddress.objects.get(user=account).verified


def test_errors_name_row_and_column_and_nothing_of_the_row_comes_in() -> None:
    wrong: dict[str, dict[str, object]] = {
        "name": {"name": " "},
        "email": {"email": "somebody"},
        "street": {"street": ""},
        "city": {"city": ""},
        "state": {"state": "Alabama"},
        "zip_code": {"zip_code": "00000"},
        "kind": {"kind": "robot"},
        "place_kind": {"place_kind": "boat"},
        "latitude": {"latitude": "north"},
        "longitude": {"longitude": "", "latitude": ""},
        "cameras": {"cameras": "51"},
        "make": {"make": "x" * 81},
        "model": {"model": "a\x07b"},
        "covers": {"covers": "rtsp://10.0.0.1/live"},
    }
    lines = [line(number, **changes) for number, changes in enumerate(wrong.values())]
    batch = imported(lines)
    found = {field for _row, field, _problem in faults(batch)}
    assert found == set(wrong) - {"longitude"}
    assert batch.errors == len(wrong) - 1
    assert Registrant.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"latitude": "-86.8108", "longitude": "33.5206"}, "far"),
        ({"latitude": "nan", "longitude": "nan"}, "point"),
        ({"latitude": "34.72", "longitude": "-86.57", "zip_code": "35801"}, "outside"),
        ({"latitude": "", "longitude": "", "zip_code": "35801"}, "outside"),
        ({"latitude": "33.52", "longitude": ""}, "point"),
    ],
)
def test_a_point_that_can_t_be_right_is_an_error(changes: dict[str, object], problem: str) -> None:
    batch = imported([line(1, **changes)])
    assert [found for _row, _field, found in faults(batch)] == [problem]
    assert batch.errors == 1


def test_a_formula_is_text() -> None:
    imported([line(1, name="=cmd|' /C calc'!A0", camera="@SUM(1)", phone="+1 205 555 0117")])
    registrant = Registrant.objects.get()
    assert (registrant.name, registrant.phone) == ("=cmd|' /C calc'!A0", "+1 205 555 0117")
    assert Camera.objects.get().name == "@SUM(1)"


def test_only_one_import_runs() -> None:
    started([line(1)])
    second = checked([line(2)])
    with pytest.raises(Stale, match="Another import runs"):
        imports.start(batch=second, by=second.uploaded_by)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"street": None, "zip_code": None}, {"street", "zip_code"}),
        ({"name": 0, "email": 0, "city": 99}, {"name", "email", "city"}),
        ({"longitude": None}, {"latitude"}),
    ],
)
def test_columns_must_be_there_and_be_chosen_once(changes: dict[str, int | None], wrong: set[str]) -> None:
    batch = brought([line(1)])
    columns = {name: place for name, place in (guessed(batch) | changes).items() if place is not None}
    with pytest.raises(ValidationError) as refused:
        imports.check(batch=batch, columns=columns, points="pinned", by=batch.uploaded_by)
    assert set(refused.value.message_dict) == wrong
    assert fresh(batch).state == ImportState.UPLOADED
