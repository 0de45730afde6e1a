"""Problems of a camera: its owner is told once and reads them, and nobody of the agency does."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.models import Message
from integration.cores.extensions import camera_problems_table
from integration.cores.models import CameraProblem, DeviceCamera, ProblemKind
from integration.cores.services import cameras
from tests.factories import person
from tests.integration.cores.devices import Device, active, business_at, device_camera_at, owner_of
from tests.integration.device_api.calling import call, healthy
from tests.integration.live.views.test_view_notices import text_of
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def make_world() -> tuple[User, Device]:
    business = person(Role.BUSINESS)
    return business, active(registrant=business_at(user=business))


@pytest.fixture
def business(world: tuple[User, Device]) -> User:
    """Return the account of the business."""
    return world[0]


SENTENCE = "The picture is black."


@pytest.fixture
def device(world: tuple[User, Device]) -> Device:
    """Return the active CORE of the business."""
    return world[1]


@pytest.fixture
def behind(device: Device) -> DeviceCamera:
    """Return the camera at its channel "front"."""
    return device_camera_at(device.core)


def report(device: Device, *problems: str, **more: Any) -> Any:
    said = [{"channel": "front", "picture": "running", "problems": list(problems)} | more]
    return call(device, "health", healthy(channels=said))


def told() -> int:
    return Message.objects.filter(kind="core_notice").count()


def test_its_owner_is_told_what_begins_in_one_message(device: Device, behind: DeviceCamera) -> None:
    assert report(device, "black", "clock").status_code == 200
    message = Message.objects.get(kind="core_notice")
    assert message.to == owner_of(device.core).email
    said = text_of(message)
    assert f"{behind.camera.name}: {SENTENCE}" in said
    assert f"{behind.camera.name}: Its clock is wrong by more than a minute." in said
    report(device, "black", "clock")
    assert told() == 1


@pytest.mark.parametrize(("well", "messages"), [(timedelta(minutes=9), 1), (timedelta(minutes=10), 2)])
def test_they_are_told_again_only_when_it_was_well_for_ten_minutes(
    device: Device, behind: DeviceCamera, well: timedelta, messages: int
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        report(device, "frozen")
        began = timezone.now()
        clock.shift(timedelta(hours=1))
        report(device)
        clock.shift(well)
        report(device, "frozen")
        assert told() == messages
        problem = CameraProblem.objects.get()
        assert (problem.began_at == began, problem.ended_at) == (messages == 1, None)


def test_what_is_well_is_forgotten(device: Device, behind: DeviceCamera) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        report(device, "covered")
        report(device)
        assert CameraProblem.objects.get().ended_at == timezone.now()
        clock.shift(timedelta(minutes=10))
        report(device)
    assert not CameraProblem.objects.exists()


def test_one_problem_ends_while_another_goes_on(device: Device, behind: DeviceCamera) -> None:
    report(device, "disk", "recording")
    report(device, "recording")
    assert dict(CameraProblem.objects.values_list("kind", "ended_at"))["recording"] is None
    assert list(CameraProblem.objects.filter(ended_at__isnull=True).values_list("kind", flat=True)) == ["recording"]


def test_a_core_of_an_earlier_make_says_nothing_of_it(device: Device, behind: DeviceCamera) -> None:
    report(device, "black")
    assert call(device, "health", healthy()).status_code == 200
    assert CameraProblem.objects.get().ended_at is not None


@pytest.mark.parametrize("problems", ["black", ["black", "black"], ["dirty"], [["black"]], [None], list("abcdefg")])
def test_what_is_no_problem_is_refused_whole(device: Device, behind: DeviceCamera, problems: object) -> None:
    answer = report(device, problems=problems)
    assert (answer.status_code, json.loads(answer.content)["field"]) == (400, "problems")
    assert not CameraProblem.objects.exists()


def test_a_channel_that_nobody_connected_is_nobody_s_camera(device: Device) -> None:
    report(device, "black")
    assert (CameraProblem.objects.count(), told()) == (0, 0)


class TestWhoSeesIt:
    def test_its_owner_on_the_pages_of_the_device(
        self, device: Device, behind: DeviceCamera, business_client: Client
    ) -> None:
        page = reverse("device", args=[device.core.pk])
        assert SENTENCE not in business_client.get(page).content.decode()
        report(device, "black")
        shown = business_client.get(page).content.decode()
        assert [
            said for said in (SENTENCE, "Needs a look", "Since ", "1 camera needs a look") if said not in shown
        ] == []
        assert "1 camera needs a look" in business_client.get(reverse("devices")).content.decode()
        report(device)
        assert "Needs a look" not in business_client.get(page).content.decode()

    def test_another_business_does_not(self, device: Device, behind: DeviceCamera) -> None:
        report(device, "black")
        other = sign_in(person("business"))
        assert other.get(reverse("device", args=[device.core.pk])).status_code == 404

    def test_no_page_of_the_agency_says_it(
        self, device: Device, behind: DeviceCamera, clerk_client: Client, auditor_client: Client
    ) -> None:
        pages = [
            (clerk_client, reverse("core", args=[device.core.pk])),
            (clerk_client, reverse("cores")),
            (auditor_client, reverse("audit")),
        ]
        call(device, "health", healthy(channels=[{"channel": "front", "picture": "running"}]))
        before = [client.get(page).content.decode() for client, page in pages]
        report(device, *ProblemKind.values)
        words = [*(kind.label for kind in ProblemKind), "Needs a look", *(f">{kind}<" for kind in ProblemKind.values)]
        for (client, page), earlier in zip(pages, before, strict=True):
            shown = client.get(page).content.decode()
            assert [word for word in words if str(word) in shown and str(word) not in earlier] == []

    def test_the_log_has_no_entry_of_it(self, device: Device, behind: DeviceCamera) -> None:
        before = AuditEntry.objects.count()
        report(device, *ProblemKind.values)
        assert AuditEntry.objects.count() == before

    def test_it_is_part_of_the_owner_s_own_data(self, device: Device, behind: DeviceCamera) -> None:
        report(device, "black")
        assert device.core.registrant is not None
        [row] = camera_problems_table(device.core.registrant)
        assert (row["camera"], row["problem"], row["ended_at"]) == (str(behind.camera_id), "black", "")


def test_a_camera_that_is_disconnected_takes_it_along(device: Device, behind: DeviceCamera, business: User) -> None:
    report(device, "black")
    message = Message.objects.get(kind="core_notice")
    cameras.disconnect(behind=behind, by=business)
    assert not CameraProblem.objects.exists()
    assert behind.camera.name not in text_of(message)
