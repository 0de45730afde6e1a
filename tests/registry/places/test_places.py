"""Several places for each person: doubled ones refused, removed ones gone, nothing half done."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses import selectors as canvass_selectors
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests as request_services
from registry.places import selectors, snapshot_files
from registry.places.models import NOTHING_LEFT, Camera, Premises
from registry.places.policies import already_here
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.factories import (
    CAPITOL,
    LINN_PARK,
    RADIUS_M,
    draft_of,
    incident_at,
    north_of,
    place_at,
    registrant_at,
    request_at,
)
from tests.registry.entries import entries_of, events_after, newest_id
from tests.registry.places.snapshots import picture

pytestmark = pytest.mark.django_db

WRITTEN = Address("600 20th Street North", "Birmingham", "AL", "35203")


def make_world() -> Registrant:
    """Return somebody with two cameras."""
    return registrant_at(cameras=2)


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def resident(world: Registrant) -> User:
    """Their account."""
    return world.user


@pytest.fixture
def place(registrant: Registrant) -> Premises:
    return registrant.premises.get()


def found() -> list[Camera]:
    return canvass_selectors.cameras_of(canvass_selectors.premises_with_cameras(Area(LINN_PARK, RADIUS_M)))


class TestADoubledPlace:
    @pytest.mark.parametrize(
        "street",
        [
            "600 20th Street North",
            "600  20TH ST. N",
            "600 20th st n.",
            "600 20th St North,",
        ],
    )
    def test_one_address_is_one_place_however_it_is_written(self, registrant: Registrant, street: str) -> None:
        again = place_at(LINN_PARK, address=Address(street, "Birmingham", "AL", "35203-1234"))
        with pytest.raises(ValidationError) as error:
            premises.add(registrant=registrant, by=registrant.user, place=again)
        assert error.value.message_dict == {"street": [already_here()]}
        assert selectors.at_address(registrant, again.address).exists()
        assert registrant.premises.count() == 1

    @pytest.mark.parametrize(
        "street",
        ["601 20th Street North", "600 20th Street South", "600 20th Avenue North", "600 20th Street North Apt 4"],
    )
    def test_another_address_is_another_place(self, registrant: Registrant, street: str) -> None:
        other = place_at(LINN_PARK, address=Address(street, "Birmingham", "AL", "35203"))
        assert not selectors.at_address(registrant, other.address).exists()
        premises.add(registrant=registrant, by=registrant.user, place=other)
        assert registrant.premises.count() == 2

    def test_two_people_may_live_at_one_address(self, registrant: Registrant) -> None:
        assert registrant_at().premises.get().address == registrant.premises.get().address

    def test_the_database_itself_refuses_it(self, place: Premises) -> None:
        place.pk, place.street = uuid4(), "600 20th St N"
        with pytest.raises(IntegrityError, match="premises_once_for_registrant"), transaction.atomic():
            Premises.objects.bulk_create([place])

    def test_a_removed_place_may_be_added_again(self, registrant: Registrant, place: Premises) -> None:
        premises.remove(premises=place, by=registrant.user)
        again = premises.add(registrant=registrant, by=registrant.user, place=place_at(LINN_PARK))
        assert selectors.premises(registrant.user, again.pk).address == WRITTEN


class TestADoubledCamera:
    def test_a_name_is_there_once_at_a_place(self, registrant: Registrant, place: Premises) -> None:
        with pytest.raises(ValidationError) as error:
            cameras.add(premises=place, by=registrant.user, details=CameraDetails(name=" camera  1 "))
        assert error.value.message_dict == {"name": ["You have a camera of this name here already."]}

    def test_another_camera_can_t_take_it_either(self, registrant: Registrant, place: Premises) -> None:
        second = place.cameras.get(name="Camera 2")
        with pytest.raises(ValidationError, match="already"):
            cameras.change(camera=second, by=registrant.user, details=CameraDetails(name="CAMERA 1"))
        second.refresh_from_db()
        assert second.name == "Camera 2"

    def test_the_name_is_free_again_once_the_camera_is_removed(self, registrant: Registrant, place: Premises) -> None:
        cameras.remove(camera=place.cameras.get(name="Camera 1"), by=registrant.user)
        cameras.add(premises=place, by=registrant.user, details=CameraDetails(name="Camera 1"))

    def test_another_place_has_names_of_its_own(self, registrant: Registrant) -> None:
        second = place_at(north_of(LINN_PARK, 30), address=CAPITOL)
        other = premises.add(registrant=registrant, by=registrant.user, place=second)
        cameras.add(premises=other, by=registrant.user, details=CameraDetails(name="Camera 1"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "boat"}, "Value 'boat' is not a valid choice."),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"name": "rtsp://10.0.0.4/live"}, "looks like the address of a camera's video"),
    ],
)
def test_what_a_place_can_t_be_changes_nothing(place: Premises, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        premises.describe(premises=place, by=place.registrant.user, **{"kind": "other", "name": "The barn", **changes})
    place.refresh_from_db()
    assert (place.kind, place.name) == ("home", "")


class TestRemovingAPlace:
    def test_no_search_finds_its_cameras(self, registrant: Registrant, place: Premises) -> None:
        assert len(found()) == 2
        premises.remove(premises=place, by=registrant.user)
        assert found() == []
        assert list(selectors.premises_of(registrant)) == []

    def test_address_point_details_and_history_are_gone(self, registrant: Registrant, place: Premises) -> None:
        details = CameraDetails("Camera 1", "Dome", "Acme", "9", "the alley", 45, 90, 30, 7)
        cameras.change(camera=place.cameras.get(name="Camera 1"), by=registrant.user, details=details)
        premises.describe(premises=place, by=registrant.user, kind="other", name="The barn")
        premises.remove(premises=place, by=registrant.user)
        row = Premises.objects.filter(pk=place.pk).values(*set(NOTHING_LEFT) - {"precision"}).get()
        assert set(row.values()) == {"", 0.0}
        versions = [*Premises.history.filter(id=place.pk), *Camera.history.filter(premises_id=place.pk)]
        assert [(version.street, version.name, version.latitude) for version in versions] == [("", "", 0.0)]
        emptied = Camera.objects.filter(premises=place).values("kind", "make", "model", "covers", "facing", "days_kept")
        assert {value for row in emptied for value in row.values()} == {"", None}

    def test_every_column_is_emptied_but_those_that_say_nothing(self, registrant: Registrant, place: Premises) -> None:
        """A new column of a place or camera stands here, or is emptied when its owner removes it."""
        of_place = {"id", "registrant_id", "kind", "county_fips", "is_listed", "added_at", "placed_at", "removed_at"}
        of_camera = {"id", "premises_id", "name", "added_at", "removed_at"}
        details = CameraDetails("Camera 1", "Dome", "Acme", "9", "the alley", 45, 90, 30, 7)
        cameras.change(camera=place.cameras.get(name="Camera 1"), by=registrant.user, details=details)
        premises.remove(premises=place, by=registrant.user)
        left = [str(value) for row in Premises.objects.values() for name, value in row.items() if name not in of_place]
        left += [str(value) for row in Camera.objects.values() for name, value in row.items() if name not in of_camera]
        assert set(left) <= {"", "None", "0.0", "area"}

    def test_the_database_keeps_a_removed_place_empty(self, registrant: Registrant, place: Premises) -> None:
        premises.remove(premises=place, by=registrant.user)
        for column in ({"street": "600 20th Street North"}, {"latitude": 33.5}, {"name": "The barn"}):
            with pytest.raises(IntegrityError, match="premises_removed_is_empty"), transaction.atomic():
                Premises.objects.filter(pk=place.pk).update(**column)

    def test_each_camera_has_its_entry_and_who_looked_can_still_be_read(
        self, registrant: Registrant, place: Premises
    ) -> None:
        premises.remove(premises=place, by=registrant.user)
        assert len(entries_of(Event.CAMERA_REMOVED)) == 2
        (entry,) = entries_of(Event.PREMISES_REMOVED, place)
        assert entry.facts == {"cameras": 2}
        assert {camera.name for camera in selectors.all_cameras_of(registrant)} == {"Camera 1", "Camera 2"}

    def test_a_request_that_waits_stays_its_owner_s_to_answer(self, registrant: Registrant, place: Premises) -> None:
        request = request_at("sent", registrant=registrant)
        canvass = request.canvass
        assert canvass_selectors.waiting_about(place) == 1
        premises.remove(premises=place, by=registrant.user)
        assert canvass_selectors.cameras_asked(canvass) == []
        assert canvasses.show(canvass=canvass, by=canvass.created_by).cameras == ()
        assert list(canvass_selectors.requests_to_answer(registrant)) == [request]
        assert request_services.answer_none(request=request, by=link_actor(request)).state == "none"

    def test_twice_has_one_effect(self, registrant: Registrant, place: Premises) -> None:
        premises.remove(premises=place, by=registrant.user)
        newest = newest_id()
        premises.remove(premises=place, by=registrant.user)
        assert events_after(newest) == []

    def test_nothing_can_be_done_with_it_afterwards(self, registrant: Registrant, place: Premises) -> None:
        owner, camera = registrant.user, place.cameras.first()
        assert camera is not None
        premises.remove(premises=place, by=owner)
        with pytest.raises(Stale):
            cameras.add(premises=place, by=owner, details=CameraDetails(name="New"))
        with pytest.raises(Stale):
            premises.describe(premises=place, by=owner, kind="home", name="Back")
        with pytest.raises(Stale):
            premises.move_pin(premises=place, by=owner, pin=LINN_PARK)
        with pytest.raises(Stale):
            cameras.keep_snapshot(camera=camera, by=owner, upload=picture())

    def test_the_picture_goes_from_the_disk(self, registrant: Registrant, place: Premises) -> None:
        camera = cameras.keep_snapshot(camera=place.cameras.first(), by=registrant.user, upload=picture())  # type: ignore[arg-type]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transaction, "on_commit", lambda act: act())
            premises.remove(premises=place, by=registrant.user)
        assert snapshot_files.read(camera.snapshot) == b""

    def test_the_next_canvass_asks_about_what_is_left(self, registrant: Registrant, place: Premises) -> None:
        other = premises.add(
            registrant=registrant, by=registrant.user, place=place_at(north_of(LINN_PARK, 30), address=CAPITOL)
        )
        kept = cameras.add(premises=other, by=registrant.user, details=CameraDetails(name="Shed"))
        canvass = draft_of(incident_at())
        premises.remove(premises=place, by=registrant.user)
        canvasses.send(canvass=canvass, by=canvass.created_by)
        request = FootageRequest.objects.get(canvass=canvass)
        assert [asked.camera_id for asked in request.cameras.all()] == [kept.pk]

    def test_the_number_of_queries_does_not_depend_on_how_many_cameras(self) -> None:
        counted = []
        for number in (1, 20):
            registrant = registrant_at(cameras=number)
            with CaptureQueriesContext(connection) as captured:
                premises.remove(premises=registrant.premises.get(), by=registrant.user)
            counted.append(len(captured))
        assert counted[0] == counted[1]
