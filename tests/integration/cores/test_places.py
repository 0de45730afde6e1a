"""A CORE that somebody carried to another place of the same business."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from integration.cores.models import Core, DeviceCamera
from integration.cores.services import cores
from tests.factories import person
from tests.integration.cores.devices import business_at, core_at, device_camera_at, owner_of, second_shop
from tests.registry.other_counties.elsewhere import home_of, with_second_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def core(business: User) -> Core:
    """Return the active CORE of the business, with a camera behind it."""
    return device_camera_at(core_at("active", registrant=business_at(user=business))).core


@pytest.mark.parametrize("role", ["business", "clerk"])
def test_it_stands_there_and_the_cameras_at_the_old_place_are_disconnected(core: Core, role: str) -> None:
    by, elsewhere = owner_of(core) if role == "business" else person("clerk"), second_shop(core)
    cores.place(core=core, by=by, premises=elsewhere)
    core.refresh_from_db()
    assert (core.state, core.premises) == ("active", elsewhere)
    assert not DeviceCamera.objects.filter(removed_at=None).exists()
    latest = AuditEntry.objects.order_by("-id").values_list("event", "actor_id")[:2]
    assert list(latest) == [
        ("integration:core:place", str(by.pk)),
        ("integration:camera:disconnect", str(by.pk)),
    ]


def test_saying_where_it_stands_already_changes_nothing(core: Core) -> None:
    entries = AuditEntry.objects.count()
    cores.place(core=core, by=owner_of(core), premises=core.premises)
    assert AuditEntry.objects.count() == entries
    assert DeviceCamera.objects.filter(removed_at=None).count() == 1


def test_only_a_place_of_its_business_where_a_core_can_stand(core: Core) -> None:
    assert core.registrant is not None
    for premises in (home_of(business_at()), with_second_place(core.registrant), None):
        with pytest.raises(ValidationError) as refused:
            cores.place(core=core, by=owner_of(core), premises=premises)
        assert list(refused.value.message_dict) == ["premises"]


def test_nobody_else_says_so(core: Core) -> None:
    elsewhere = second_shop(core)
    with pytest.raises(NotYours):
        cores.place(core=core, by=person("business"), premises=elsewhere)
    with pytest.raises(Refused):
        cores.place(core=core, by=person("deputy"), premises=elsewhere)
    core.refresh_from_db()
    assert core.premises != elsewhere


def test_one_that_is_not_in_use_stands_nowhere() -> None:
    core = core_at("shipped")
    with pytest.raises(Stale):
        cores.place(core=core, by=person("clerk"), premises=second_shop(core))


def test_its_owner_says_it_on_its_page(business_client: Client, core: Core) -> None:
    address = reverse("device_place", args=[core.pk])
    assert "You have no other place" in business_client.get(address).content.decode()
    elsewhere = second_shop(core)
    assert address in business_client.get(reverse("device", args=[core.pk])).content.decode()
    assert str(elsewhere.address) in business_client.get(address).content.decode()
    assert business_client.post(address, {"premises": home_of(business_at()).pk}).status_code == 200
    assert (
        "connect the cameras" in business_client.post(address, {"premises": elsewhere.pk}, follow=True).content.decode()
    )
    core.refresh_from_db()
    assert core.premises == elsewhere


def test_a_clerk_says_it_on_its_page(clerk_client: Client, core: Core) -> None:
    elsewhere = second_shop(core)
    address = reverse("core_place", args=[core.pk])
    assert address in clerk_client.get(reverse("core", args=[core.pk])).content.decode()
    clerk_client.post(address, {"premises": elsewhere.pk})
    core.refresh_from_db()
    assert core.premises == elsewhere
