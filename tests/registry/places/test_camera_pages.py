"""The pages of a camera: any kind, what it sees, and no way in (promises R2, R10), as its owner and a deputy see it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.places.models import Camera
from registry.places.presenters import overwritten, sees
from registry.places.services import cameras
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.factories import draft_of, incident_at
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


class TestACamera:
    SAID = {"name": "Garage", "kind": "an old webcam on a pole", "make": "None", "model": "x", "covers": "the alley"}
    SEES = {"facing": "NE", "angle": "100", "reach_m": "80", "days_kept": "14"}

    def test_any_kind_is_welcome(self, camera: Camera, resident_client: Client) -> None:
        resident_client.post(reverse("camera_new", args=[camera.premises_id]), {**self.SAID, **self.SEES})
        added = Camera.objects.get(name="Garage")
        assert (added.kind, added.facing, added.angle, added.reach_m, added.days_kept) == (
            "an old webcam on a pole", 45, 100, 24, 14,
        )  # fmt: skip
        page = text(resident_client, "profile")
        assert "faces northeast, 100° wide, as far as 80 feet" in page
        assert "keeps footage 14 days" in page

    def test_only_the_name_is_needed(self, camera: Camera, resident_client: Client) -> None:
        resident_client.post(reverse("camera_new", args=[camera.premises_id]), {"name": "Anything"})
        assert Camera.objects.get(name="Anything").facing is None

    def test_all_that_was_said_can_be_changed_and_taken_back(self, camera: Camera, resident_client: Client) -> None:
        address = reverse("camera", args=[camera.pk])
        resident_client.post(address, {**self.SAID, **self.SEES})
        page = resident_client.get(address).content.decode()
        for value in ("Garage", "the alley", "northeast", "100", "80", "14"):
            assert f'value="{value}"' in page
        resident_client.post(address, {"name": "Garage"})
        camera.refresh_from_db()
        assert (camera.kind, camera.covers, camera.facing, camera.days_kept) == ("", "", None, None)

    @pytest.mark.parametrize(
        ("typed", "degrees"),
        [("north", 0), ("NW", 315), ("noreste", 45), ("sideways", None), ("57", 57), ("360", 0), (" 90° ", 90)],
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
            ({"facing": "9" * 5000}, "facing", "Write a direction"),
            ({"angle": "400"}, "angle", "Write at most 360."),
            ({"reach_m": "0"}, "reach_m", "Write at least 3."),
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


class TestTheDeputySide:
    def test_the_canvass_says_what_a_camera_sees_and_draws_it(self, registrant: Registrant, camera: Camera) -> None:
        details = CameraDetails("Door", "Doorbell", covers="the porch", facing=225, angle=110, reach_m=12, days_kept=60)
        cameras.change(camera=camera, by=registrant.user, details=details)
        canvass = draft_of(incident_at())
        desk = sign_in(canvass.created_by)
        page = desk.get(reverse("canvass", args=[canvass.pk])).content.decode()
        assert "Door (Doorbell)" in page
        assert "faces southwest, 110° wide, as far as 40 feet" in page
        assert '"facing": 225, "angle": 110, "reach": 12' in page
        assert "overwritten" not in page
        sheet = desk.get(reverse("canvass_sheet", args=[canvass.pk])).content.decode()
        assert "Door (Doorbell), looks at the porch, faces southwest, 110° wide, as far as 40 feet" in sheet

    def test_it_warns_when_the_footage_is_probably_gone(self) -> None:
        now = timezone.now()
        window = (now - timedelta(days=7, hours=1), now - timedelta(days=6, hours=23))
        assert overwritten(None, *window, now) == ""
        assert overwritten(8, *window, now) == ""
        assert "part of this footage may be overwritten" in overwritten(7, *window, now)
        assert overwritten(1, *window, now) == "Keeps 1 day: this footage is probably overwritten already."

    def test_what_is_not_known_is_not_said(self) -> None:
        assert sees(CameraDetails("Door")) == ""
        assert sees(CameraDetails("Door", facing=350)) == "faces north"
