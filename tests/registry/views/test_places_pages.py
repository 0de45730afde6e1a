"""The profile's pages of places, cameras, contact and history (promises R2, R8, R10), in both directions."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from fusus_portal.accounts.models import User
from registry.models import Camera, Premises, Registrant
from registry.presenters.coverage import in_words, overwritten
from registry.services import cameras, pausing, premises, registrants
from registry.services.cameras import CameraDetails
from registry.services.registrants import Reach
from tests.factories import CAPITOL, LINN_PARK, draft_of, incident_at, north_of, place_at, registrant_at, request_at
from tests.people import sign_in
from tests.registry.footage import given

pytestmark = pytest.mark.django_db

ADDRESS = {
    "kind": "other",
    "street": CAPITOL.street,
    "city": "Birmingham",
    "state": "AL",
    "zip_code": "35203",
    "name": "Cabin",
}
PIN = {"latitude": str(LINN_PARK.latitude), "longitude": str(LINN_PARK.longitude)}


@pytest.fixture
def registrant(resident: User) -> Registrant:
    return registrant_at(user=resident)


@pytest.fixture
def camera(registrant: Registrant) -> Camera:
    return Camera.objects.get(premises__registrant=registrant)


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


class TestAddingAPlace:
    def test_address_then_pin_then_check(self, registrant: Registrant, resident_client: Client) -> None:
        answer = resident_client.post(reverse("premises_new"), ADDRESS)
        assert answer.headers["Location"] == reverse("premises_new_pin")
        answer = resident_client.post(reverse("premises_new_pin"), PIN)
        assert answer.headers["Location"] == reverse("premises_new_check")
        page = text(resident_client, "premises_new_check")
        assert "1 Capitol Way, Birmingham, AL 35203" in page
        assert "Cabin" in page
        assert registrant.premises.count() == 1
        answer = resident_client.post(reverse("premises_new_check"))
        added = registrant.premises.get(name="Cabin")
        assert answer.headers["Location"] == reverse("camera_new", args=[added.pk])
        assert (added.kind, added.point, added.precision) == ("other", LINN_PARK, "pinned")
        assert "Cabin" in text(resident_client, "profile")

    def test_each_step_wants_the_one_before(self, registrant: Registrant, resident_client: Client) -> None:
        for name in ("premises_new_pin", "premises_new_check"):
            assert resident_client.get(reverse(name)).headers["Location"] == reverse("premises_new")
        resident_client.post(reverse("premises_new"), ADDRESS)
        assert resident_client.get(reverse("premises_new_check")).headers["Location"] == reverse("premises_new_pin")

    def test_an_address_that_is_there_already_is_refused_beside_the_field(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        again = {**ADDRESS, "street": "600 20th st. n"}
        page = resident_client.post(reverse("premises_new"), again).content.decode()
        assert "This address is one of your places already." in page
        assert 'value="600 20th st. n"' in page

    def test_a_second_tab_that_confirms_later_is_refused_in_a_sentence(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        resident_client.post(reverse("premises_new"), ADDRESS)
        resident_client.post(reverse("premises_new_pin"), PIN)
        premises.add(registrant=registrant, by=registrant.user, place=place_at(LINN_PARK, address=CAPITOL))
        page = resident_client.post(reverse("premises_new_check")).content.decode()
        assert "This address is one of your places already." in page
        assert registrant.premises.count() == 2

    def test_a_place_elsewhere_is_refused(self, registrant: Registrant, resident_client: Client) -> None:
        elsewhere = {**ADDRESS, "city": "Boston", "state": "MA", "zip_code": "02108"}
        page = resident_client.post(reverse("premises_new"), elsewhere).content.decode()
        assert "This place is in Suffolk County" in page

    def test_who_is_not_registered_registers_first(self, resident_client: Client) -> None:
        assert resident_client.get(reverse("premises_new")).headers["Location"] == reverse("register_you")


class TestAPlace:
    def test_name_and_kind_are_changed(self, registrant: Registrant, camera: Camera, resident_client: Client) -> None:
        changed = {"kind": "business", "name": " The  shop "}
        resident_client.post(reverse("premises", args=[camera.premises_id]), changed)
        camera.premises.refresh_from_db()
        assert (camera.premises.kind, camera.premises.name) == ("business", "The shop")

    def test_removing_asks_first_and_says_what_goes_and_what_stays(
        self, registrant: Registrant, camera: Camera, resident_client: Client
    ) -> None:
        request_at("sent", registrant=registrant)
        address = reverse("premises_remove", args=[camera.premises_id])
        page = resident_client.get(address).content.decode()
        assert "Remove 600 20th Street North, Birmingham, AL 35203?" in page
        assert "1 request about cameras here. You can still answer it, or leave it." in page
        assert Premises.objects.registered().exists()
        page = resident_client.post(address, follow=True).content.decode()
        assert "Removed: 600 20th Street North" in page
        assert "No place is registered" in page
        assert "One request waits for your answer" in page
        assert resident_client.get(address).status_code == 404

    @pytest.mark.parametrize("name", ["premises", "premises_remove"])
    def test_anothers_is_not_there(self, name: str, camera: Camera, other_resident_client: Client) -> None:
        for pk in (camera.premises_id, uuid4()):
            address = reverse(name, args=[pk])
            assert other_resident_client.get(address).status_code == 404
            assert other_resident_client.post(address, {"kind": "home", "name": "Mine"}).status_code == 404
        assert Premises.objects.registered().filter(pk=camera.premises_id, name="").exists()


class TestACamera:
    SAID = {"name": "Garage", "kind": "an old webcam on a pole", "make": "None", "model": "x", "covers": "the alley"}
    SEES = {"facing": "NE", "angle": "100", "reach_m": "25", "days_kept": "14"}

    def test_any_kind_is_welcome(self, camera: Camera, resident_client: Client) -> None:
        resident_client.post(reverse("camera_new", args=[camera.premises_id]), {**self.SAID, **self.SEES})
        added = Camera.objects.get(name="Garage")
        assert (added.kind, added.facing, added.angle, added.reach_m, added.days_kept) == (
            "an old webcam on a pole", 45, 100, 25, 14,
        )  # fmt: skip
        page = text(resident_client, "profile")
        assert "faces northeast, 100° wide, as far as 25 m" in page
        assert "keeps footage 14 days" in page

    def test_only_the_name_is_needed(self, camera: Camera, resident_client: Client) -> None:
        resident_client.post(reverse("camera_new", args=[camera.premises_id]), {"name": "Anything"})
        assert Camera.objects.get(name="Anything").facing is None

    def test_all_that_was_said_can_be_changed_and_taken_back(self, camera: Camera, resident_client: Client) -> None:
        address = reverse("camera", args=[camera.pk])
        resident_client.post(address, {**self.SAID, **self.SEES})
        page = resident_client.get(address).content.decode()
        for value in ("Garage", "the alley", "northeast", "100", "25", "14"):
            assert f'value="{value}"' in page
        resident_client.post(address, {"name": "Garage"})
        camera.refresh_from_db()
        assert (camera.kind, camera.covers, camera.facing, camera.days_kept) == ("", "", None, None)

    @pytest.mark.parametrize(
        ("typed", "degrees"), [("north", 0), ("NW", 315), ("noreste", None), ("57", 57), ("360", 0), (" 90° ", 90)]
    )
    def test_a_direction_is_a_word_or_degrees(
        self, camera: Camera, resident_client: Client, typed: str, degrees: int | None
    ) -> None:
        said = {"name": "Garage", "facing": typed}
        page = resident_client.post(reverse("camera", args=[camera.pk]), said, follow=True).content.decode()
        camera.refresh_from_db()
        assert camera.facing == degrees
        assert ("Write a direction such as northeast" in page) == (degrees is None)

    def test_in_spanish_it_is_a_word_of_spanish(self, camera: Camera, resident_client: Client) -> None:
        resident_client.cookies["django_language"] = "es"
        resident_client.post(reverse("camera", args=[camera.pk]), {"name": "Garaje", "facing": "noreste"})
        camera.refresh_from_db()
        assert camera.facing == 45

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"facing": "", "angle": "90"}, "facing", "Say where the camera faces"),
            ({"facing": "sideways"}, "facing", "Write a direction"),
            ({"facing": "361"}, "facing", "Write a direction"),
            ({"angle": "400"}, "angle", "less than or equal to 360"),
            ({"reach_m": "0"}, "reach_m", "greater than or equal to 1"),
            ({"covers": "rtsp://10.0.0.9/live"}, "covers", "so that nobody can watch"),
            ({"make": "admin:secret@cam.example"}, "make", "so that nobody can watch"),
            ({"name": "camera 1"}, "name", "You have a camera of this name here already."),
        ],
    )
    def test_what_can_t_be_stands_beside_its_field_and_changes_nothing(
        self, camera: Camera, resident_client: Client, changes: dict[str, str], field: str, sentence: str
    ) -> None:
        address = reverse("camera_new", args=[camera.premises_id])
        answer = resident_client.post(address, {**self.SAID, **self.SEES, **changes})
        (error,) = answer.context["form"].errors[field]
        assert sentence in error
        assert Camera.objects.count() == 1

    def test_no_page_of_the_registry_asks_for_a_way_in(self, camera: Camera, resident_client: Client) -> None:
        page = text(resident_client, "camera", camera.pk)
        assert not re.search(r'<input[^>]* name="[^"]*(url|host|stream|password|port|user)[^"]*"', page)


class TestContact:
    def test_a_resident_says_who_may_call(self, registrant: Registrant, resident_client: Client) -> None:
        page = text(resident_client, "contact")
        assert "Whom to ask for" not in page
        changed = {"name": "Ana", "phone": "205 555 0117", "language": "en", "may_call": "on"}
        resident_client.post(reverse("contact"), changed)
        registrant.refresh_from_db()
        assert registrant.contact_way == "call"
        assert "a deputy may call me" in text(resident_client, "profile")

    def test_a_business_says_whom_to_ask_for_and_when(self, business: User, business_client: Client) -> None:
        registrant = registrants.register(
            by=business, kind="business", name="Acme", phone="205-555-0117", language="en",
            place=place_at(LINN_PARK, kind="business"), cameras=[CameraDetails(name="Door")],
        )  # fmt: skip
        changed = {
            "name": "Acme Hardware", "phone": "205-555-0117", "language": "en", "contact_person": "Kim Brooks",
            "second_phone": "(205) 555 0118", "hours": "Monday to Friday, 9 to 5",
        }  # fmt: skip
        page = business_client.post(reverse("contact"), changed, follow=True).content.decode()
        for said in ("Acme Hardware", "Kim Brooks", "205-555-0118", "Monday to Friday, 9 to 5", "By e-mail only"):
            assert said in page
        registrant.refresh_from_db()
        assert (registrant.second_phone, registrant.contact_way) == ("205-555-0118", "email")

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
        resident_client.post(reverse("contact"), {"name": "Ana Ruiz", "phone": "205-555-0117", "language": "es"})
        lines = resident_client.get(reverse("history")).context["lines"]
        assert [(line.who, line.sentence) for line in lines[:3]] == [
            ("You", "Contact details changed"),
            ("You", "Camera paused: Back door"),
            ("You", "Camera changed: Back door"),
        ]
        assert [(change.field, change.was, change.became) for change in lines[2].changes] == [
            ("Name", "Camera 1", "Back door"),
            ("Faces", "nothing", "east (90°)"),
        ]
        assert [change.field for change in lines[0].changes] == ["Name", "We write in"]
        assert {line.sentence for line in lines[3:]} == {
            "Registered", "Camera added: Camera 1", "Place added: 600 20th Street North",
        }  # fmt: skip

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
        assert latest.who == f"The office, {administrator.pseudonym}"
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
        assert "32 more cameras" in page
        assert page.count('"kind": "sector"') == 39

    def test_with_all_removed_it_says_what_to_do(self, registrant: Registrant, resident_client: Client) -> None:
        premises.remove(premises=registrant.premises.get(), by=registrant.user)
        page = text(resident_client, "profile")
        assert "No place is registered" in page
        assert reverse("premises_new") in page


class TestTheDeputySide:
    def test_the_canvass_says_what_a_camera_sees_and_draws_it(self, registrant: Registrant, camera: Camera) -> None:
        details = CameraDetails("Door", "Doorbell", covers="the porch", facing=225, angle=110, reach_m=12, days_kept=60)
        cameras.change(camera=camera, by=registrant.user, details=details)
        canvass = draft_of(incident_at())
        desk = sign_in(canvass.created_by)
        page = desk.get(reverse("canvass", args=[canvass.pk])).content.decode()
        assert "Door (Doorbell)" in page
        assert "faces southwest, 110° wide, as far as 12 m" in page
        assert '"facing": 225, "angle": 110, "reach": 12' in page
        assert "overwritten" not in page
        sheet = desk.get(reverse("canvass_sheet", args=[canvass.pk])).content.decode()
        assert "Door (Doorbell), looks at the porch, faces southwest, 110° wide, as far as 12 m" in sheet

    def test_it_warns_when_the_footage_is_probably_gone(self) -> None:
        now = timezone.now()
        window = (now - timedelta(days=7, hours=1), now - timedelta(days=6, hours=23))
        assert overwritten(None, *window, now) == ""
        assert overwritten(8, *window, now) == ""
        assert "part of this footage may be overwritten" in overwritten(7, *window, now)
        assert overwritten(1, *window, now) == "Keeps 1 day: this footage is probably overwritten already."

    def test_what_is_not_known_is_not_said(self) -> None:
        assert in_words(None, None, None) == ""
        assert in_words(350, None, None) == "faces north"


def test_pausing_and_pictures_leave_no_trace_in_the_agency_s_log(registrant: Registrant, camera: Camera) -> None:
    pausing.pause(camera=camera, by=registrant.user)
    assert not AuditEntry.objects.filter(event__contains="pause").exclude(incident_id="").exists()
