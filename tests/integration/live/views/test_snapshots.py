"""A still picture of a camera behind a CORE: at its owner's press, for its owner alone, in memory alone."""

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.pictures.child import turn_of
from integration.cores.models import DeviceCamera
from integration.cores.services import cameras
from integration.live.services import snapshots
from integration.live.video.connection import live
from integration.rules import SNAPSHOT_BYTES, SNAPSHOT_KEPT
from tests.access.addresses import addresses
from tests.factories import person
from tests.integration.cores.devices import Device, active, business_at, core_at, device_camera_at
from tests.integration.device_api.calling import call

pytestmark = pytest.mark.django_db


def make_world() -> tuple[User, Device]:
    business = person(Role.BUSINESS)
    return business, active(registrant=business_at(user=business))


@pytest.fixture
def business(world: tuple[User, Device]) -> User:
    """Return who signs in."""
    return world[0]


A_PLACE = b"40.7128N"
LOADS = ('<meta http-equiv="refresh" content="5">', 'data-reload="5"')
"""How a page that waits is loaded again, without script and with it."""


@pytest.fixture
def device(world: tuple[User, Device]) -> Device:
    """Return the active CORE of the business."""
    return world[1]


@pytest.fixture
def behind(device: Device) -> DeviceCamera:
    """Return the camera behind it."""
    return device_camera_at(device.core)


@pytest.fixture
def picture() -> bytes:
    """Return what the camera of a CORE writes: a JPEG with a comment in it."""
    made = io.BytesIO()
    Image.new("RGB", (640, 360), "navy").save(made, "JPEG", comment=A_PLACE)
    return made.getvalue()


@pytest.fixture
def press(
    behind: DeviceCamera, business: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[[], None]:
    """Return the press of the owner, committed."""

    def pressed() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            snapshots.take(behind=behind, by=business)

    return pressed


@pytest.fixture
def asked(behind: DeviceCamera, press: Callable[[], None]) -> str:
    """Let the owner press; return where the CORE is told to send the picture."""
    press()
    [order] = snapshots.orders_for(behind.core)
    return str(order["put"]).removeprefix("/core/v1/")


def put(device: Device, name: str, picture: bytes, kind: str = "image/jpeg") -> int:
    return int(call(device, name, method="PUT", body=picture, kind=kind).status_code)


def page_of(behind: DeviceCamera, name: str = "device_snapshot") -> str:
    return reverse(name, args=[behind.core_id, behind.pk])


class TestTheOwner:
    def test_presses_waits_and_sees_it(
        self,
        business_client: Client,
        behind: DeviceCamera,
        device: Device,
        picture: bytes,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        assert page_of(behind) in business_client.get(reverse("device", args=[behind.core_id])).content.decode()
        assert "There is no picture" in business_client.get(page_of(behind)).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            assert business_client.post(page_of(behind)).status_code == 302
        waits = business_client.get(page_of(behind)).content.decode()
        assert [said for said in ("That can take 15 seconds.", *LOADS) if said not in waits] == []
        orders = call(device, "poll", {}).json()["orders"]
        assert [(order["kind"], order["channel"]) for order in orders] == [("snapshot", "front")]
        assert put(device, orders[0]["put"].removeprefix("/core/v1/"), picture) == 200
        assert call(device, "poll", {}).json()["orders"] == []
        shown = business_client.get(page_of(behind)).content.decode()
        assert page_of(behind, "device_snapshot_file") in shown
        assert [said for said in LOADS if said in shown] == []
        answer = business_client.get(page_of(behind, "device_snapshot_file"))
        assert Image.open(io.BytesIO(answer.content)).size == (640, 360)
        assert A_PLACE in picture
        assert A_PLACE not in answer.content
        assert "no-store" in answer["Cache-Control"]

    def test_has_an_entry_that_takes_the_camera_s_number(
        self, behind: DeviceCamera, business: User, asked: str
    ) -> None:
        entry = AuditEntry.objects.get(event="integration:camera:snapshot")
        assert (entry.camera_id, entry.actor_id) == (str(behind.camera_id), str(business.pk))
        assert entry.camera_number > 0

    def test_asks_once_though_pressed_twice(self, behind: DeviceCamera, business: User, asked: str) -> None:
        snapshots.take(behind=behind, by=business)
        assert AuditEntry.objects.filter(event="integration:camera:snapshot").count() == 1

    def test_gets_nothing_old_with_a_new_press(
        self, behind: DeviceCamera, press: Callable[[], None], device: Device, asked: str, picture: bytes
    ) -> None:
        assert put(device, asked, picture) == 200
        press()
        assert snapshots.of_camera(behind) is None


class TestNobodyElse:
    @pytest.mark.parametrize("name", ["device_snapshot", "device_snapshot_file"])
    def test_sees_it(self, name: str, behind: DeviceCamera, device: Device, asked: str, picture: bytes) -> None:
        assert put(device, asked, picture) == 200
        other = Client()
        other.force_login(business_at().user)
        assert other.get(page_of(behind, name)).status_code == 404

    def test_of_the_agency_has_an_address_for_it(self) -> None:
        found = [address.route for address in addresses("integration.urls") if "snapshot" in address.name]
        assert sorted(route.split("/")[0] for route in found) == ["core", "profile", "profile"]

    @pytest.mark.parametrize("role", ["deputy", "supervisor", "auditor", "clerk", "administrator"])
    def test_of_the_agency_opens_the_owner_s(
        self, role: str, request: pytest.FixtureRequest, behind: DeviceCamera
    ) -> None:
        browser = request.getfixturevalue(f"{role}_client")
        assert browser.get(page_of(behind, "device_snapshot_file")).status_code in {403, 404}

    def test_presses(self, behind: DeviceCamera) -> None:
        with pytest.raises(NotYours):
            snapshots.take(behind=behind, by=person("business"))
        with pytest.raises(NotYours):
            snapshots.take(behind=behind, by=person("deputy"))
        assert snapshots.orders_for(behind.core) == []


class TestTheCore:
    def test_sends_only_what_it_was_asked_for(self, device: Device, asked: str, picture: bytes) -> None:
        assert put(device, f"snapshots/{uuid4()}", picture) == 404
        assert put(active(), asked, picture) == 404
        assert put(device, asked, picture) == 200
        assert put(device, asked, picture) == 404

    def test_sends_no_picture(self, device: Device, behind: DeviceCamera, asked: str, picture: bytes) -> None:
        assert put(device, asked, b"GIF89a") == 400
        assert put(device, asked, b"") == 400
        assert put(device, asked, picture, kind="text/html") == 400
        assert put(device, asked, b"\xff" * (SNAPSHOT_BYTES + 1)) == 413
        assert snapshots.of_camera(behind) is None
        with turn_of(device.core.pk):
            assert put(device, asked, picture) == 503
        assert put(device, asked, picture) == 200

    @pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 404)])
    def test_is_not_heard_after_a_minute(
        self, seconds: int, status: int, device: Device, press: Callable[[], None], picture: bytes
    ) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            press()
            [order] = snapshots.orders_for(device.core)
            clock.shift(timedelta(seconds=seconds))
            assert bool(snapshots.orders_for(device.core)) == (status == 200)
            assert put(device, str(order["put"]).removeprefix("/core/v1/"), picture) == status

    def test_is_not_heard_once_the_camera_is_disconnected(
        self, device: Device, behind: DeviceCamera, business: User, asked: str, picture: bytes
    ) -> None:
        cameras.disconnect(behind=behind, by=business)
        assert put(device, asked, picture) == 404
        with pytest.raises(Stale):
            snapshots.take(behind=behind, by=business)

    def test_is_asked_nothing_while_it_is_suspended(self) -> None:
        behind = DeviceCamera(core=core_at("suspended"))
        assert snapshots.orders_for(behind.core) == []


class TestTheMemory:
    def test_keeps_it_for_five_minutes_and_no_longer(
        self, device: Device, behind: DeviceCamera, asked: str, picture: bytes
    ) -> None:
        assert put(device, asked, picture) == 200
        left = live().ttl(f"snapshots:picture:{behind.pk}")
        assert 0 < int(str(left)) <= SNAPSHOT_KEPT.total_seconds()

    def test_is_away_and_the_page_says_so(
        self, behind: DeviceCamera, business: User, business_client: Client, settings: object
    ) -> None:
        settings.LIVE_REDIS_URL = ""  # type: ignore[attr-defined]
        with pytest.raises(Stale, match="We can't take a picture right now"):
            snapshots.take(behind=behind, by=business)
        assert not AuditEntry.objects.filter(event="integration:camera:snapshot").exists()
        assert business_client.get(page_of(behind)).status_code == 200
        assert snapshots.orders_for(behind.core) == []
