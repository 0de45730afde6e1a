"""A business's own pages about its COREs."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core, DeviceCamera
from integration.cores.services import cores
from registry.places.models import Camera
from tests.factories import person
from tests.integration.cores.devices import business_at, core_at, core_model, device_camera_at

pytestmark = pytest.mark.django_db


def make_world() -> tuple[User, Core]:
    business = person(Role.BUSINESS)
    return business, core_at("active", registrant=business_at(user=business, cameras=2))


@pytest.fixture
def business(world: tuple[User, Core]) -> User:
    """Return who signs in."""
    return world[0]


@pytest.fixture
def core(world: tuple[User, Core]) -> Core:
    """Return the active CORE of the business."""
    return world[1]


def connect(client: Client, core: Core, camera: Camera, channel: str = "front") -> tuple[int, str]:
    said = {"camera": camera.pk, "channel": channel}
    answer = client.post(reverse("device_connect", args=[core.pk]), said, follow=True)
    return answer.status_code, answer.content.decode()


def first_camera(core: Core) -> Camera:
    return Camera.objects.filter(premises=core.premises).order_by("name")[0]


def test_the_profile_leads_to_the_devices(business_client: Client, core: Core) -> None:
    assert reverse("devices") in business_client.get(reverse("profile")).content.decode()
    page = business_client.get(reverse("devices")).content.decode()
    assert core.serial in page
    assert "It works." in page
    assert "0 cameras are connected; there is room for 4 more." in page


def test_a_kind_has_its_name_in_the_language_of_the_page(business_client: Client, core: Core) -> None:
    core.model.name, core.model.name_es = "CORE for four cameras", "CORE para cuatro cámaras"
    core.model.save()
    pages = []
    for language in ("en", "es"):
        business_client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        pages.append(business_client.get(reverse("device", args=[core.pk])).content.decode())
    assert [core.model.name in page for page in pages] == [True, False]
    assert [core.model.name_es in page for page in pages] == [False, True]


def test_without_a_core_the_page_says_so(other_business_client: Client, other_business: User) -> None:
    business_at(user=other_business)
    assert "You have no CORE" in other_business_client.get(reverse("devices")).content.decode()


def test_one_that_is_not_heard_of_is_offline(business_client: Client, core: Core) -> None:
    Core.objects.filter(pk=core.pk).update(seen_at=timezone.now() - timedelta(minutes=16))
    assert "Offline" in business_client.get(reverse("devices")).content.decode()


class TestConnecting:
    def test_a_camera_is_connected_and_disconnected(self, business_client: Client, core: Core) -> None:
        camera = first_camera(core)
        status, page = connect(business_client, core, camera)
        assert status == 200
        assert "It is not shared until you say so." in page
        behind = DeviceCamera.objects.get()
        assert (behind.camera, behind.channel, behind.picture) == (camera, "front", "running")
        Core.objects.filter(pk=core.pk).update(seen_at=timezone.now() - timedelta(minutes=16))
        away = business_client.get(reverse("device", args=[core.pk])).text
        assert ("Gives a picture" in page, "Gives a picture" in away) == (True, False)
        assert AuditEntry.objects.get(event="integration:camera:connect").camera_id == str(camera.pk)
        business_client.post(reverse("device_disconnect", args=[core.pk, behind.pk]))
        behind.refresh_from_db()
        assert behind.removed_at is not None
        again = business_client.post(reverse("device_disconnect", args=[core.pk, behind.pk]))
        assert again.status_code == 409

    def test_what_is_taken_or_unknown_is_not_offered(self, business_client: Client, core: Core) -> None:
        camera, other = Camera.objects.filter(premises=core.premises).order_by("name")
        connect(business_client, core, camera)
        assert connect(business_client, core, other, "front")[0] == 422
        assert connect(business_client, core, other, "cellar")[0] == 422
        assert connect(business_client, core, camera, "back")[0] == 422
        assert DeviceCamera.objects.count() == 1

    def test_a_choice_is_offered_while_there_is_a_camera_and_a_channel(
        self, business_client: Client, core: Core
    ) -> None:
        def offers() -> bool:
            page = business_client.get(reverse("device", args=[core.pk])).content.decode()
            assert ("To connect one, register it at this place" in page) is not ("Choose a registered camera" in page)
            return "Choose a registered camera" in page

        assert offers()
        Core.objects.filter(pk=core.pk).update(channels={})
        assert not offers()
        Core.objects.filter(pk=core.pk).update(channels=core.channels)
        Camera.objects.update(removed_at=timezone.now())
        assert not offers()

    def test_another_s_camera_is_not(self, business_client: Client, core: Core) -> None:
        other = core_at("active")
        assert connect(business_client, core, first_camera(other))[0] == 422

    def test_no_more_than_the_kind_connects(self, other_business_client: Client, other_business: User) -> None:
        owner = business_at(user=other_business, cameras=2)
        core = core_at("active", registrant=owner, model=core_model(cameras=1))
        device_camera_at(core)
        assert (
            "as many cameras as it can connect"
            in other_business_client.get(reverse("device", args=[core.pk])).content.decode()
        )
        other = Camera.objects.filter(premises=core.premises).order_by("name")[1]
        status, _page = connect(other_business_client, core, other, "back")
        assert status == 422

    def test_a_suspended_core_connects_nothing(self, business_client: Client, core: Core) -> None:
        cores.suspend(core=core, by=person("clerk"))
        assert connect(business_client, core, first_camera(core))[0] == 409

    def test_the_owner_reads_of_it_in_their_log(self, business_client: Client, core: Core) -> None:
        connect(business_client, core, first_camera(core))
        assert "connected this camera to a CORE" in business_client.get(reverse("looks")).content.decode()


class TestReturning:
    def test_the_page_says_what_ends_and_the_press_ends_it(self, business_client: Client, core: Core) -> None:
        behind = device_camera_at(core)
        address = reverse("device_return", args=[core.pk])
        assert "its cameras are disconnected" in business_client.get(address).content.decode()
        assert business_client.post(address).status_code == 302
        core.refresh_from_db()
        behind.refresh_from_db()
        assert (core.state, core.key, core.premises) == ("returning", "", None)
        assert behind.removed_at is not None
        assert business_client.post(address).status_code == 409
        assert "where it will be wiped" in business_client.get(reverse("device", args=[core.pk])).content.decode()


@pytest.mark.parametrize("name", ["device", "device_connect", "device_return"])
def test_another_business_s_core_is_not_there(other_business_client: Client, core: Core, name: str) -> None:
    address = reverse(name, args=[core.pk])
    assert {other_business_client.get(address).status_code, other_business_client.post(address).status_code} <= {
        404,
        405,
    }
    behind = device_camera_at(core)
    answer = other_business_client.post(reverse("device_disconnect", args=[core.pk, behind.pk]))
    assert answer.status_code == 404
    core.refresh_from_db()
    assert core.state == "active"


def test_the_pages_speak_spanish(business_client: Client, core: Core) -> None:
    page = business_client.get(reverse("devices"), headers={"Accept-Language": "es"}).content.decode()
    assert "Funciona." in page
