"""Contact and the history of the own record: all of it can be changed, and each change be read (promise R8)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from registry.people.services import moves, registrants
from registry.people.services.registrants import Reach
from registry.places.models import Camera
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.places.services.premises import NewPremises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, north_of, place_at, registrant_at, request_at
from tests.people import sign_in
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


class TestContact:
    def test_a_resident_says_who_may_call(self, registrant: Registrant, resident_client: Client) -> None:
        page = text(resident_client, "contact")
        assert "Whom to ask for" not in page
        changed = {"name": "Ana", "phone": "205 555 0117", "language": "en", "may_call": "on", "kind": "person"}
        resident_client.post(reverse("contact"), changed)
        registrant.refresh_from_db()
        assert registrant.contact_way == "call"
        assert "a deputy may call me" in text(resident_client, "profile_account")

    def test_a_business_says_whom_to_ask_for_and_when(self, business: User, business_client: Client) -> None:
        registrant = registrants.register(
            by=business, kind="business", name="Acme", phone="205-555-0117", language="en",
            place=place_at(LINN_PARK, kind="business"), cameras=[CameraDetails(name="Door")],
        )  # fmt: skip
        changed = {
            "kind": "business", "name": "Acme Hardware", "phone": "205-555-0117", "language": "en",
            "contact_person": "Kim Brooks", "second_phone": "(205) 555 0118", "hours": "Monday to Friday, 9 to 5",
        }  # fmt: skip
        page = business_client.post(reverse("contact"), changed, follow=True).content.decode()
        for said in ("Acme Hardware", "Kim Brooks", "205-555-0118", "Monday to Friday, 9 to 5", "By e-mail only"):
            assert said in page
        registrant.refresh_from_db()
        assert (registrant.second_phone, registrant.contact_way) == ("205-555-0118", "email")

    def test_who_is_a_business_by_now_says_so_and_then_whom_to_ask_for(
        self, registrant: Registrant, resident: User, resident_client: Client
    ) -> None:
        typed = {"name": "Ana's Bakery", "phone": "205-555-0117", "language": "en"}
        answer = resident_client.post(reverse("contact"), typed | {"kind": "business"})
        assert answer.headers["Location"] == reverse("contact")
        assert "Whom to ask for" in text(resident_client, "contact")
        resident_client.post(reverse("contact"), typed | {"kind": "business", "contact_person": "Kim Brooks"})
        registrant.refresh_from_db()
        resident.refresh_from_db()
        assert (registrant.kind, registrant.contact_person, resident.role) == ("business", "Kim Brooks", "business")
        resident_client.post(reverse("contact"), typed | {"kind": "person", "contact_person": "Kim Brooks"})
        registrant.refresh_from_db()
        resident.refresh_from_db()
        assert (registrant.kind, registrant.contact_person, resident.role) == ("person", "", "business")

    def test_nobody_gets_a_role_of_the_office_this_way(
        self, registrant: Registrant, resident: User, resident_client: Client
    ) -> None:
        typed = {"name": "Ana", "phone": "205-555-0117", "language": "en", "kind": "deputy"}
        assert "not one of the available choices" in resident_client.post(reverse("contact"), typed).content.decode()
        resident.refresh_from_db()
        assert resident.role == "resident"

    def test_the_account_speaks_the_language_that_the_person_chose(
        self, registrant: Registrant, resident: User, resident_client: Client
    ) -> None:
        typed = {"kind": "person", "name": "Ana", "phone": "205-555-0117", "language": "es"}
        resident_client.post(reverse("contact"), typed)
        resident.refresh_from_db()
        assert resident.language == "es"

    def test_a_deputy_reads_the_number_only_when_a_call_is_allowed(self, registrant: Registrant, deputy: User) -> None:
        file = given(request_at("footage", registrant=registrant, by=deputy))
        address, desk = reverse("evidence", args=[file.pk]), sign_in(deputy)
        page = desk.get(address).content.decode()
        assert registrant.phone not in page
        assert "By e-mail only" in page
        registrants.change(
            registrant=registrant, by=registrant.user, kind="person", name="Ana Rivera", phone=registrant.phone,
            language="en", reach=Reach("call"),
        )  # fmt: skip
        assert registrant.phone in desk.get(address).content.decode()

    def test_no_way_in_stands_in_a_contact(self, registrant: Registrant, resident_client: Client) -> None:
        typed = {"name": "rtsp://10.0.0.9/live", "phone": "205-555-0117", "language": "en"}
        assert "so that nobody can watch" in resident_client.post(reverse("contact"), typed).content.decode()


class TestHistory:
    def test_it_says_what_changed_when_and_who_did_it(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        resident_client.post(reverse("camera", args=[camera.pk]), {"name": "Back door", "facing": "90"})
        resident_client.post(reverse("camera_pause", args=[camera.pk]))
        typed = {"kind": "person", "name": "Ana Ruiz", "phone": "205-555-0117", "language": "es"}
        resident_client.post(reverse("contact"), typed)
        lines = resident_client.get(reverse("history")).context["lines"]
        assert [(line["who"], line["sentence"]) for line in lines[:3]] == [
            ("You", "Contact details changed"),
            ("You", "Camera paused: Back door"),
            ("You", "Camera changed: Back door"),
        ]
        assert lines[2]["changes"] == [
            ("Name", "Camera 1", "Back door"),
            ("Faces", "nothing", "east (90°)"),
        ]
        assert [field for field, _was, _became in lines[0]["changes"]] == ["Name", "We write in"]
        assert {line["sentence"] for line in lines[3:]} == {
            "Registered", "Camera added: Camera 1", "Place added: 600 20th Street North",
        }  # fmt: skip

    def test_a_move_reads_as_one_address_and_one_point(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        there = north_of(LINN_PARK, 300)
        address = Address("700 21st Street North", "Birmingham", "AL", "35203")
        place = NewPremises(kind="home", address=address, pin=there)
        moves.move(premises=camera.premises, by=registrant.user, place=place)
        (latest, *_rest) = resident_client.get(reverse("history")).context["lines"]
        assert latest["sentence"] == "New address: 700 21st Street North"
        assert [field for field, _was, _became in latest["changes"]] == ["Address", "Point on the map"]
        assert latest["changes"][0][2] == str(address)
        assert latest["changes"][1][1:] == ("Where no street is known", "Where no street is known")

    def test_a_removed_place_leaves_one_line_and_no_address(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        resident_client.post(reverse("premises_remove", args=[camera.premises_id]), follow=True)
        page = text(resident_client, "history")
        assert "Place removed, with its cameras" in page
        assert "600 20th Street North" not in page

    def test_somebody_of_the_office_is_named_by_badge(
        self, registrant: Registrant, resident_client: Client, administrator: User
    ) -> None:
        registrant.phone = "205-555-0199"
        registrant._history_user = administrator  # type: ignore[attr-defined]
        registrant.save()
        (latest, *_rest) = resident_client.get(reverse("history")).context["lines"]
        assert latest["who"] == f"The office, {administrator.pseudonym}"
        assert administrator.email not in text(resident_client, "history")

    def test_nobody_reads_anothers(self, camera: Camera, other_resident: User, other_resident_client: Client) -> None:
        registrant_at(north_of(LINN_PARK, 5_000), user=other_resident)
        assert len(other_resident_client.get(reverse("history")).context["lines"]) == 3

    def test_it_is_paged_in_a_few_queries(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        counted = []
        for _round in range(2):
            for number in range(30):
                cameras.change(camera=camera, by=registrant.user, details=CameraDetails(name=f"Door {number}"))
            with CaptureQueriesContext(connection) as captured:
                assert len(resident_client.get(reverse("history")).context["lines"]) == 25
            counted.append(len(captured))
        assert counted[0] == counted[1]
        assert "Page 1 of 3" in text(resident_client, "history")


class TestTheProfileItself:
    def test_forty_cameras_take_as_many_queries_as_one(self, resident: User, resident_client: Client) -> None:
        registrant = registrant_at(user=resident)
        counted = []
        for number in range(2):
            with CaptureQueriesContext(connection) as captured:
                page = text(resident_client, "profile")
            counted.append(len(captured))
            for more in range(39 * (1 - number)):
                details = CameraDetails(name=f"More {more}", facing=9 * more, angle=90, reach_m=20)
                cameras.add(premises=registrant.premises.get(), by=resident, details=details)
        assert counted[0] == counted[1]
        assert "34 more cameras" in page
        assert page.count('"kind": "sector"') == 39

    def test_with_all_removed_it_says_what_to_do(self, registrant: Registrant, resident_client: Client) -> None:
        premises.remove(premises=registrant.premises.get(), by=registrant.user)
        page = text(resident_client, "profile")
        assert "No place is registered" in page
        assert reverse("premises_new") in page
