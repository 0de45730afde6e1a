"""Joining the registry, places and pins, contact details."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import county_at, near_boundary
from fusus_portal.ground.geo.geocoding import Address, Geocoded, GeocoderUnavailable
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.lifecycle import NotYours, Refused
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.people.services import registrants as registrant_services
from registry.places import selectors
from registry.places.models import Premises
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from registry.registrants.selectors import registrant_of_user
from tests.factories import CAPITOL, LINN_PARK, camera_at, place_at, registrant_at
from tests.registry.entries import entries_of, events_after, newest_id

pytestmark = pytest.mark.django_db

SHELBY_COUNTY = Point(33.28, -86.66)
AT_THE_LINE = Point(33.369, -86.8)
FAR_INSIDE = Point(33.52, -87.2)


def register(by: User, **changes: Any) -> Registrant:
    described: dict[str, Any] = {
        "kind": "person",
        "name": " Ana Rivera ",
        "phone": "205-555-0117",
        "language": "es",
        "place": place_at(LINN_PARK),
        "cameras": [CameraDetails(name="Front door"), CameraDetails(name="Alley", kind="doorbell")],
    }
    return registrant_services.register(by=by, **described | changes)


def sentences(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return error.value.message_dict


def test_a_resident_joins_with_place_and_cameras_and_each_has_an_entry(resident: User) -> None:
    registrant = register(resident)
    assert (registrant.name, registrant.reference[:2], len(registrant.reference)) == ("Ana Rivera", "G-", 10)
    (place,) = selectors.premises_of(registrant)
    assert (place.precision, place.county_fips, place.state) == (Precision.PINNED, "01073", "AL")
    assert {camera.name for camera in place.cameras.all()} == {"Front door", "Alley"}
    (joined,) = entries_of(Event.REGISTRANT_REGISTERED, registrant)
    assert (joined.actor_id, joined.facts, joined.area) == (str(resident.pk), {"cameras": 2}, "35203")
    assert entries_of(Event.PREMISES_ADDED, place)
    for camera in place.cameras.all():
        (added,) = entries_of(Event.CAMERA_ADDED, camera)
        assert (added.camera_id, added.camera_number, added.premises_type) == (str(camera.pk), 1, "home")


def test_entries_hold_no_name_phone_or_street(resident: User) -> None:
    before = newest_id()
    registrant = register(resident)
    registrant_services.change(
        registrant=registrant, by=resident, kind="person", name="Ana Ruiz", phone="205-555-0118", language="en"
    )
    written = [str(vars(entry)) for event in set(events_after(before)) for entry in entries_of(Event(event))]
    assert written
    assert not any(text in entry for entry in written for text in ("Ana", "555-01", "20th Street"))


def test_joining_is_confirmed_by_mail_in_the_person_s_language(resident: User) -> None:
    registrant = register(resident)
    message = Message.objects.get(kind=MessageKind.REGISTRATION_CONFIRMED)
    assert (message.to, message.language, message.subject_id) == (resident.email, "es", str(registrant.pk))


def test_a_person_joins_once(resident: User) -> None:
    register(resident)
    with pytest.raises(ValidationError, match="already registered"):
        register(resident)
    assert Registrant.objects.count() == 1


def test_an_account_of_the_office_can_t_join(deputy: User) -> None:
    with pytest.raises(Refused, match="Residents and businesses keep their own registration"):
        register(deputy)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"cameras": []}, "cameras", "Add at least one camera."),
        ({"cameras": [CameraDetails(name=" ")]}, "name", "This field cannot be blank."),
        ({"name": " "}, "name", "This field cannot be blank."),
        ({"kind": "club"}, "kind", "Value 'club' is not a valid choice."),
        ({"language": "fr"}, "language", "Value 'fr' is not a valid choice."),
        ({"place": place_at(LINN_PARK, kind="boat")}, "kind", "Value 'boat' is not a valid choice."),
        (
            {"place": place_at(LINN_PARK, address=Address(" ", "Birmingham", "AL", "35203"))},
            "street",
            "Write the street and house number.",
        ),
        (
            {"place": place_at(LINN_PARK, address=Address("1 Main St", "Nowhere", "AL", "00000"))},
            "zip_code",
            "We don't know this ZIP code. Please check it.",
        ),
        (
            {"place": place_at(LINN_PARK, address=Address("1 Main St", "Boston", "AL", "02108"))},
            "zip_code",
            "This ZIP code is in another state. Please check both.",
        ),
        (
            {"place": place_at(None, address=Address("1 Main St", "Boston", "MA", "02108"))},
            "zip_code",
            "This place is in Suffolk County, Massachusetts. This registry is for Jefferson County, Alabama.",
        ),
        (
            {"place": place_at(SHELBY_COUNTY, address=Address("1 Main St", "Pelham", "AL", "35124"))},
            "pin",
            "This place is in Shelby County, Alabama. This registry is for Jefferson County, Alabama.",
        ),
        (
            {"place": place_at(FAR_INSIDE)},
            "pin",
            "This pin is far from the address. Please check the pin and the ZIP code.",
        ),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field_and_nothing_is_half_saved(
    resident: User, changes: dict[str, Any], field: str, sentence: str
) -> None:
    before = newest_id()
    with pytest.raises(ValidationError) as error:
        register(resident, **changes)
    assert sentences(error) == {field: [sentence]}
    assert not Registrant.objects.exists()
    assert not Premises.objects.exists()
    assert not events_after(before)
    assert not Message.objects.exists()


def test_a_pin_in_the_sea_names_no_county(resident: User, monkeypatch: pytest.MonkeyPatch) -> None:
    gulf = Point(27.0, -90.0)
    found = Geocoded(gulf, Precision.ROOFTOP, county_at(gulf))
    monkeypatch.setattr(premises, "geocode", lambda address, pin: found)
    with pytest.raises(ValidationError) as error:
        register(resident, place=place_at(None))
    sentence = "This place is not in any county. This registry is for Jefferson County, Alabama."
    assert sentences(error) == {"zip_code": [sentence]}


def test_a_silent_geocoder_is_said_and_not_an_error(resident: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(address: Address, pin: Point | None) -> Geocoded:
        raise GeocoderUnavailable

    monkeypatch.setattr(premises, "geocode", silent)
    with pytest.raises(ValidationError) as error:
        register(resident)
    assert sentences(error)["street"] == ["We can't look up addresses right now. Please try again in a few minutes."]


def test_a_pin_at_the_county_line_is_confirmed_by_the_person(resident: User) -> None:
    assert near_boundary(AT_THE_LINE)
    place = place_at(AT_THE_LINE, address=Address("1 Line Road", "Hoover", "AL", "35226"))
    with pytest.raises(ValidationError) as error:
        register(resident, place=place)
    sentence = "This place is close to the county line. Please confirm that the pin is right."
    assert sentences(error) == {"confirmed": [sentence]}
    confirmed = place_at(AT_THE_LINE, address=place.address, confirmed=True)
    assert register(resident, place=confirmed).premises.count() == 1


def test_a_place_without_a_pin_is_only_as_good_as_its_zip_code(resident: User) -> None:
    (place,) = register(resident, place=place_at(None)).premises.all()
    assert place.precision == Precision.AREA


def test_placing_the_pin_makes_it_findable_and_is_an_entry(resident: User) -> None:
    (place,) = register(resident, place=place_at(None)).premises.all()
    placed = premises.move_pin(premises=place, by=resident, pin=LINN_PARK)
    placed.refresh_from_db()
    assert (placed.precision, placed.point, placed.placed_at > place.placed_at) == (Precision.PINNED, LINN_PARK, True)
    (entry,) = entries_of(Event.PREMISES_PLACED, place)
    assert entry.facts == {"precision": "pinned"}


def test_a_pin_can_t_be_moved_out_of_the_county(resident: User) -> None:
    camera = camera_at(user=resident)
    with pytest.raises(ValidationError) as error:
        premises.move_pin(premises=camera.premises, by=resident, pin=SHELBY_COUNTY)
    assert "pin" in sentences(error)
    camera.premises.refresh_from_db()
    assert camera.premises.point == LINN_PARK


def test_a_second_place_is_added_to_a_registration(resident: User) -> None:
    registrant = register(resident)
    second = place_at(LINN_PARK, kind="business", address=CAPITOL)
    added = premises.add(registrant=registrant, by=resident, place=second)
    assert set(registrant.premises.values_list("kind", flat=True)) == {"home", "business"}
    assert entries_of(Event.PREMISES_ADDED, added)


def test_nobody_touches_what_is_another_s(resident: User, other_resident: User) -> None:
    camera = camera_at(user=resident)
    place, registrant = camera.premises, camera.premises.registrant
    before, details = newest_id(), CameraDetails(name="Mine now")
    attempts: list[Callable[[], Any]] = [
        lambda: registrant_services.change(
            registrant=registrant, by=other_resident, kind="person", name="X", phone="1", language="en"
        ),
        lambda: premises.add(registrant=registrant, by=other_resident, place=place_at(LINN_PARK)),
        lambda: premises.move_pin(premises=place, by=other_resident, pin=LINN_PARK),
        lambda: cameras.add(premises=place, by=other_resident, details=details),
        lambda: cameras.change(camera=camera, by=other_resident, details=details),
        lambda: cameras.remove(camera=camera, by=other_resident),
        lambda: selectors.camera(other_resident, camera.pk),
        lambda: selectors.premises(other_resident, place.pk),
    ]
    for attempt in attempts:
        with pytest.raises(NotYours):
            attempt()
    assert not events_after(before)
    assert selectors.camera(resident, camera.pk) == camera
    assert selectors.premises(resident, place.pk) == place


def test_contact_details_are_changed_by_field(resident: User) -> None:
    registrant = register(resident)
    changed = registrant_services.change(
        registrant=registrant, by=resident, kind="person", name="Ana Rivera", phone="205-555-0199", language="en"
    )
    changed.refresh_from_db()
    assert (changed.phone, changed.language) == ("205-555-0199", "en")
    (entry,) = entries_of(Event.REGISTRANT_CHANGED, registrant)
    assert entry.facts == {"fields": "phone language"}


def test_saving_the_same_details_again_is_no_entry(resident: User) -> None:
    registrant = register(resident)
    same: dict[str, Any] = {"kind": "person", "name": "Ana Rivera", "phone": "205-555-0117", "language": "es"}
    registrant_services.change(registrant=registrant, by=resident, **same)
    assert not entries_of(Event.REGISTRANT_CHANGED)


def test_details_that_can_t_be_are_refused(resident: User) -> None:
    registrant = register(resident)
    with pytest.raises(ValidationError) as error:
        registrant_services.change(registrant=registrant, by=resident, kind="person", name="", phone="1", language="en")
    assert set(sentences(error)) == {"name"}
    registrant.refresh_from_db()
    assert registrant.name == "Ana Rivera"


def test_only_own_registration_is_found(resident: User, other_resident: User) -> None:
    registrant = registrant_at(user=resident)
    assert registrant_of_user(resident) == registrant
    assert registrant_of_user(other_resident) is None
