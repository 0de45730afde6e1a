"""The profile: one's own cameras and contact, and everyone who looked. Nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import token_for
from registry.canvasses.services import canvasses
from registry.people.services.registrants import register
from registry.places.models import Camera
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, person, place_at, registrant_at, request_at
from tests.registry.other_counties.elsewhere import IN_AVONDALE
from tests.registry.people.moves.test_move_pages import AVONDALE, go, pin

SAME_WHATEVER_HAPPENS = {"registrant.kind", "premises.state", "premises.precision"}
"""A business is one by its account, the county lies in one state, and a pin was placed before and is placed again."""


def given_in(camera: Camera) -> dict[str, object]:
    """Return all that a person gave about a camera, its place and themselves, by table and column."""
    rows = {"registrant": camera.premises.registrant, "premises": camera.premises, "camera": camera}
    return {
        f"{table}.{column.name}": getattr(row, column.name)
        for table, row in rows.items()
        for column in row._meta.concrete_fields
        if column.editable and not column.is_relation
    }


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


@pytest.mark.django_db
class TestTheProfile:
    def test_it_shows_what_the_person_gave(self, registrant: Registrant, resident_client: Client) -> None:
        given = {
            "profile": ["Ana Rivera", "600 20th Street North", "Camera 1"],
            "profile_account": [registrant.reference, "Ana Rivera", "205-555-0117"],
        }
        for name, words in given.items():
            page = text(resident_client, name)
            assert [said for said in words if said not in page] == []

    def test_it_shows_nothing_of_others(self, resident: User, resident_client: Client) -> None:
        registrant_at(user=resident)
        other = register(
            by=person(),
            kind="person",
            name="Someone Else",
            phone="205-555-0199",
            language="en",
            place=place_at(north_of(LINN_PARK, 50)),
            cameras=[CameraDetails(name="Not yours")],
        )
        page = text(resident_client, "profile")
        assert "Not yours" not in page
        assert other.reference not in page

    def test_a_request_to_answer_stands_first(self, registrant: Registrant, resident_client: Client) -> None:
        asked = request_at("sent", registrant=registrant)
        page = text(resident_client, "profile")
        assert page.index(reverse("reply", args=[token_for(asked)])) < page.index("600 20th Street North")
        assert "One request waits for your answer" in page

    @pytest.mark.parametrize("state", ["none", "declined", "withdrawn", "expired"])
    def test_a_request_that_waits_no_more_is_gone(
        self, state: str, registrant: Registrant, resident_client: Client
    ) -> None:
        request_at(state, registrant=registrant)
        assert "No request is waiting for you" in text(resident_client, "profile")

    def test_who_is_not_registered_is_led_there(self, resident_client: Client) -> None:
        for name in ["profile", "looks", "profile_account", "contact"]:
            assert resident_client.get(reverse(name)).headers["Location"] == reverse("register_you")

    def test_it_is_kept_by_no_cache(self, registrant: Registrant, resident_client: Client) -> None:
        assert "no-store" in resident_client.get(reverse("profile"))["Cache-Control"]


@pytest.mark.django_db
class TestWhoLooked:
    def test_it_names_when_who_what_and_which_incident(
        self, registrant: Registrant, deputy: User, resident_client: Client
    ) -> None:
        deputy.name = "Maria Torres"
        deputy.save()
        incident = incident_at(by=deputy)
        canvasses.send(canvass=draft_of(incident), by=deputy)
        page = text(resident_client, "looks")
        for told in [deputy.pseudonym, incident.number, "asked for footage from this camera", "Camera 1"]:
            assert told in page
        assert deputy.email not in page
        assert "Torres" not in page

    def test_its_numbers_have_no_gap(self, registrant: Registrant, resident_client: Client) -> None:
        request_at("sent", registrant=registrant)
        lines = resident_client.get(reverse("looks")).context["looks"]
        numbers = [look.number for look in lines]
        assert numbers == list(range(len(numbers), 0, -1))
        assert len(numbers) == AuditEntry.objects.filter(camera_id__isnull=False).count() > 2

    def test_what_the_owner_did_is_called_you(self, registrant: Registrant, resident_client: Client) -> None:
        (line,) = resident_client.get(reverse("looks")).context["looks"]
        assert (line.who, line.sentence) == ("You", "added this camera")

    def test_a_removed_camera_can_still_be_read_about(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        resident_client.post(reverse("camera_remove", args=[camera.pk]))
        sentences = [look.sentence for look in resident_client.get(reverse("looks")).context["looks"]]
        assert sentences == ["removed this camera", "added this camera"]

    def test_nobody_reads_of_anothers_cameras(
        self, registrant: Registrant, other_resident: User, other_resident_client: Client
    ) -> None:
        request_at("sent", registrant=registrant)
        registrant_at(north_of(LINN_PARK, 5_000), user=other_resident)
        (line,) = other_resident_client.get(reverse("looks")).context["looks"]
        assert line.who == "You"


@pytest.mark.django_db
class TestChanging:
    def test_contact(self, registrant: Registrant, resident_client: Client) -> None:
        changed = {"kind": "person", "name": "Ana María Rivera", "phone": "+1 205 555 0133", "language": "es"}
        assert resident_client.post(reverse("contact"), changed).headers["Location"] == reverse("profile_account")
        registrant.refresh_from_db()
        assert (registrant.name, registrant.phone, registrant.language) == ("Ana María Rivera", "205-555-0133", "es")

    def test_all_that_a_person_gave_can_be_changed(self, business: User, business_client: Client) -> None:
        """R8, by column: a new one that nobody can change fails."""
        registrant = registrant_at(user=business)
        Registrant.objects.filter(pk=registrant.pk).update(kind="business")
        camera = Camera.objects.select_related("premises__registrant").get(premises__registrant=registrant)
        before = given_in(camera)
        changed = {
            "kind": "business",
            "name": "Corner Shop",
            "phone": "205-555-0133",
            "language": "es",
            "may_call": "on",
        }
        business_called = {"contact_person": "Luz", "second_phone": "205-555-0134", "hours": "8 to 5"}
        business_client.post(reverse("contact"), changed | business_called)
        place = {"kind": "other", "name": "Corner"}
        business_client.post(reverse("premises", args=[camera.premises_id]), place)
        go(business_client, camera.premises, AVONDALE | {"city": "Avondale", "kind": "other"}, pin(IN_AVONDALE))
        business_client.post(reverse("premises_move_check", args=[camera.premises_id]))
        said = {"name": "Back door", "kind": "PTZ", "make": "Acme", "model": "9", "covers": "the alley"}
        sees = {"facing": "NE", "angle": "100", "reach_m": "80", "days_kept": "14"}
        business_client.post(reverse("camera", args=[camera.pk]), said | sees)
        after = given_in(Camera.objects.select_related("premises__registrant").get(pk=camera.pk))
        assert {name for name, value in after.items() if value == before[name]} == SAME_WHATEVER_HAPPENS

    def test_a_wrong_phone_number_changes_nothing(self, registrant: Registrant, resident_client: Client) -> None:
        page = resident_client.post(reverse("contact"), {"name": "New", "phone": "12", "language": "en"})
        assert "ten digits" in page.content.decode()
        assert 'value="New"' in page.content.decode()
        registrant.refresh_from_db()
        assert registrant.name == "Ana Rivera"

    def test_a_camera(self, camera: Camera, resident_client: Client) -> None:
        resident_client.post(reverse("camera", args=[camera.pk]), {"name": "Back door", "covers": "the alley"})
        camera.refresh_from_db()
        assert (camera.name, camera.covers) == ("Back door", "the alley")

    def test_a_new_camera(self, camera: Camera, resident_client: Client) -> None:
        resident_client.post(reverse("camera_new", args=[camera.premises_id]), {"name": "Garage"})
        assert set(camera.premises.cameras.values_list("name", flat=True)) == {"Camera 1", "Garage"}

    def test_removing_asks_first(self, camera: Camera, resident_client: Client) -> None:
        assert "Remove Camera 1?" in text(resident_client, "camera_remove", camera.pk)
        assert Camera.objects.registered().filter(pk=camera.pk).exists()
        resident_client.post(reverse("camera_remove", args=[camera.pk]))
        assert not Camera.objects.registered().filter(pk=camera.pk).exists()

    def test_the_pin(self, camera: Camera, resident_client: Client) -> None:
        spot = north_of(LINN_PARK, 40)
        moved = {"latitude": str(spot.latitude), "longitude": str(spot.longitude)}
        resident_client.post(reverse("premises_pin", args=[camera.premises_id]), moved)
        camera.premises.refresh_from_db()
        assert camera.premises.point == spot

    def test_a_pin_outside_the_county_stays_where_it_was(self, camera: Camera, resident_client: Client) -> None:
        address = reverse("premises_pin", args=[camera.premises_id])
        page = resident_client.post(address, {"latitude": "33.1", "longitude": "-86.75"}).content.decode()
        assert "This place is in Shelby County, Alabama" in page
        camera.premises.refresh_from_db()
        assert camera.premises.point == LINN_PARK

    @pytest.mark.parametrize("name", ["camera", "camera_remove", "camera_new", "premises_pin", "answer"])
    def test_anothers_things_are_not_there(
        self, name: str, camera: Camera, registrant: Registrant, other_resident: User, other_resident_client: Client
    ) -> None:
        registrant_at(north_of(LINN_PARK, 5_000), user=other_resident)
        keys = {"camera_new": camera.premises_id, "premises_pin": camera.premises_id}
        pk = request_at("sent", registrant=registrant).pk if name == "answer" else keys.get(name, camera.pk)
        address = reverse(name, args=[pk])
        assert other_resident_client.get(address).status_code == 404
        assert other_resident_client.get(reverse(name, args=[uuid4()])).status_code == 404
        if name != "answer":
            assert other_resident_client.post(address, {"name": "Mine now"}).status_code == 404
        camera.refresh_from_db()
        assert (camera.name, camera.removed_at) == ("Camera 1", None)


@pytest.mark.django_db
def test_an_own_request_leads_to_its_page(registrant: Registrant, resident_client: Client) -> None:
    asked = request_at("sent", registrant=registrant)
    assert asked.expires_at > timezone.now() + timedelta(days=9)
    answer = resident_client.get(reverse("answer", args=[asked.pk]))
    assert answer.headers["Location"] == reverse("reply", args=[token_for(asked)])


@pytest.mark.django_db
def test_it_begins_with_what_is_shared_and_the_latest_look(registrant: Registrant, resident_client: Client) -> None:
    asked = request_at("sent", registrant=registrant)
    page = text(resident_client, "profile")
    begins = [page.index(f'id="{part}-heading"') for part in ("waiting", "shared", "latest", "places", "requests")]
    assert begins == sorted(begins)
    assert page.index(reverse("cameras_pause")) < page.index('id="places-heading"')
    assert page.count(reverse("cameras_pause")) == 1
    latest = page[page.index('id="latest-heading"') : page.index('id="places-heading"')]
    assert f"{asked.canvass.asker.pseudonym} asked for footage from this camera" in " ".join(latest.split())


@pytest.mark.django_db
def test_requests_beyond_the_first_are_folded(registrant: Registrant, resident_client: Client) -> None:
    numbers = [request_at("sent", registrant=registrant).number for _each in range(4)]
    page = text(resident_client, "profile")
    assert "4 requests wait for your answer" in page
    fold = page[page.index("3 more requests") : page.index('id="shared-heading"')]
    assert sorted(number in fold for number in numbers) == [False, True, True, True]
    assert page.count("Read and answer") == 4


@pytest.mark.django_db
def test_what_the_owner_did_is_no_look(registrant: Registrant, resident_client: Client) -> None:
    assert resident_client.get(reverse("profile")).context["latest"] == []
    asked = request_at("sent", registrant=registrant)
    camera = Camera.objects.get()
    resident_client.post(reverse("cameras_pause"))
    first = resident_client.get(reverse("looks")).context["looks"][0]
    assert (first.who, first.sentence) == ("You", "paused this camera")
    (look,) = resident_client.get(reverse("profile")).context["latest"]
    assert (look.who, look.camera) == (asked.canvass.asker.pseudonym, camera.name)
    assert look.sentence == "asked for footage from this camera"
