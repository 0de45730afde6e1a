"""Administrators look into addresses that are not in the county's data: each look is an entry that its owner sees."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.streets.finder import search as finder
from registry.access_log.selectors import entries_of_owner
from registry.places.models import Camera, Premises
from registry.places.services import premises as premises_services
from tests.factories import LINN_PARK, camera_at, north_of
from tests.streets import uploads

pytestmark = pytest.mark.django_db

LIST = reverse("missing_addresses")
STREET = "600 20th Street North"


@pytest.fixture
def camera(db: None) -> Camera:
    """Return a camera at an address that the county's data lacks."""
    uploads.current()
    return camera_at()


def show(browser: Client, place: Premises) -> str:
    """Return the page of one address."""
    answer = browser.post(reverse("missing_address", args=[place.pk]))
    assert answer.status_code == 200
    assert f'data-shown-at="{reverse("missing_addresses")}"' in answer.content.decode()
    return answer.content.decode()


def is_found(text: str) -> bool:
    """Return whether people find an address."""
    return any(each.is_exact for each in finder.find_places(text))


def sent(place: Premises, **changes: str) -> dict[str, str]:
    """Return what the page sends."""
    whole = {"street": place.street, "city": place.city, "zip_code": place.zip_code}
    return {**whole, "latitude": str(place.latitude), "longitude": str(place.longitude), **changes}


def test_the_list_names_no_address_and_is_no_look(administrator_client: Client, camera: Camera) -> None:
    page = administrator_client.get(LIST).content.decode()
    assert "35203" in page
    assert STREET not in page
    assert not entries_of_owner([camera]).filter(event=Event.PREMISES_READ).exists()


def test_an_address_that_is_known_is_not_on_the_list(administrator_client: Client) -> None:
    camera_at()
    assert "No address is missing" in administrator_client.get(LIST).content.decode()


def test_looking_at_an_address_is_an_entry_that_its_owner_sees(administrator_client: Client, camera: Camera) -> None:
    assert STREET in show(administrator_client, camera.premises)
    entry = entries_of_owner([camera]).get(event=Event.PREMISES_READ)
    assert (entry.actor_role, entry.area) == ("administrator", "35203")


def test_a_look_after_the_last_camera_left_is_read_by_its_owner_too(
    administrator_client: Client, camera: Camera
) -> None:
    Camera.objects.update(removed_at=timezone.now())
    show(administrator_client, camera.premises)
    assert entries_of_owner([camera]).filter(event=Event.PREMISES_READ).exists()


def test_a_place_that_never_had_a_camera_is_not_shown(administrator_client: Client, camera: Camera) -> None:
    Camera.objects.all().delete()
    assert "No address is missing" in administrator_client.get(LIST).content.decode()
    assert administrator_client.post(reverse("missing_address", args=[camera.premises_id])).status_code == 404


def test_an_address_that_is_added_is_found_as_staff_wrote_it(administrator_client: Client, camera: Camera) -> None:
    assert not is_found("600 20th St N")
    place = camera.premises
    typed = sent(place, street="600 20th St N")
    answer = administrator_client.post(reverse("missing_address_add", args=[place.pk]), typed, follow=True)
    assert "It is found from now on" in answer.content.decode()
    assert "600 20th St N, Birmingham 35203" in answer.content.decode()
    assert is_found("600 20th Street North")
    place.refresh_from_db()
    assert (place.street, place.is_listed) == (STREET, True)
    assert AuditEntry.objects.filter(event=Event.PREMISES_KNOWN, subject_id=str(place.pk)).count() == 1


def test_an_address_that_is_right_is_noted_and_not_suggested(administrator_client: Client, camera: Camera) -> None:
    administrator_client.post(reverse("missing_address_accept", args=[camera.premises_id]))
    assert "No address is missing" in administrator_client.get(LIST).content.decode()
    assert not is_found("600 20th St N")


def test_it_stays_known_when_its_pin_moves(administrator_client: Client, camera: Camera) -> None:
    administrator_client.post(reverse("missing_address_accept", args=[camera.premises_id]))
    camera.premises.refresh_from_db()
    owner = camera.premises.registrant.user
    premises_services.move_pin(premises=camera.premises, by=owner, pin=north_of(LINN_PARK, 20))
    assert Premises.objects.get().is_listed


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"street": "20th St N"}, "Write the house number and the street"),
        ({"zip_code": "3520"}, "A ZIP code has five digits"),
        ({"latitude": "33.2098", "longitude": "-87.5692"}, "Tuscaloosa County"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    administrator_client: Client, camera: Camera, changes: dict[str, str], sentence: str
) -> None:
    address = reverse("missing_address_add", args=[camera.premises_id])
    answer = administrator_client.post(address, sent(camera.premises, **changes))
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Premises.objects.get().is_listed


def test_a_place_that_nobody_has_to_look_into_is_not_shown(administrator_client: Client) -> None:
    place = camera_at().premises
    for name in ("missing_address", "missing_address_add", "missing_address_accept"):
        assert administrator_client.post(reverse(name, args=[place.pk]), sent(place)).status_code == 404
    assert not AuditEntry.objects.filter(event=Event.PREMISES_READ).exists()


def test_what_was_added_is_taken_out_again(administrator_client: Client, camera: Camera) -> None:
    place = camera.premises
    administrator_client.post(reverse("missing_address_add", args=[place.pk]), sent(place))
    [added] = administrator_client.get(LIST).context["added"]
    administrator_client.post(reverse("added_address_take_out", args=[added.pk]))
    assert not is_found("600 20th St N")


def test_the_card_says_how_many_wait(administrator_client: Client, camera: Camera) -> None:
    assert "One address waits for a look." in administrator_client.get(reverse("admin")).content.decode()
