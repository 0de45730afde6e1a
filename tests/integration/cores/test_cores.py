"""A CORE's life, from the serial number to the certificate of its wiping."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core, DeviceCamera
from integration.cores.services import cores
from integration.cores.states import CoreState
from registry.places.models import Premises
from tests.factories import person
from tests.integration.cores.devices import (
    CERTIFICATE,
    active,
    business_at,
    core_at,
    device_camera_at,
    in_stock,
    owner_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", CoreState.values)
def test_a_core_walks_to_each_state(state: str) -> None:
    assert core_at(state).state == state


@pytest.mark.parametrize("act", [cores.suspend, cores.stop, cores.begin_return])
def test_its_tokens_end_when_it_stops(act: Callable[..., object]) -> None:
    core = core_at("active")
    act(core=core, by=person(Role.CLERK))
    assert not core.tokens.filter(ends_at__gt=timezone.now()).exists()


def test_its_code_ends_when_it_is_sent_back_before_it_is_activated() -> None:
    core = core_at("shipped")
    cores.begin_return(core=core, by=owner_of(core))
    assert core.codes.get().ended_at is not None


def test_a_replacement_takes_over_place_and_cameras() -> None:
    owner = business_at(cameras=2)
    old = core_at("active", registrant=owner)
    first, second = device_camera_at(old), device_camera_at(old, channel="back")
    issued = cores.replace(old=old, new=in_stock(), by=person(Role.CLERK))
    old.refresh_from_db()
    assert (issued.core.registrant, issued.core.premises) == (owner, first.camera.premises)
    assert old.state == "returning"
    assert issued.core.state == "allocated"
    assert set(DeviceCamera.objects.filter(core=issued.core, removed_at=None)) == {first, second}
    written = AuditEntry.objects.filter(event=Event.DEVICE_CAMERA_CONNECTED, facts={"core": str(issued.core.pk)})
    assert {entry.camera_id for entry in written} == {str(each.camera_id) for each in (first, second)}


def test_a_replacement_that_is_put_back_leaves_the_cameras_to_whose_they_are() -> None:
    behind = device_camera_at()
    clerk = person(Role.CLERK)
    issued = cores.replace(old=behind.core, new=in_stock(), by=clerk)
    core = cores.take_back(core=issued.core, by=clerk)
    assert (core.state, core.replaces) == ("in_stock", None)
    assert not issued.core.cameras.filter(removed_at=None).exists()


def test_one_that_was_kept_is_replaced_again() -> None:
    device, clerk = active(), person(Role.CLERK)
    owner = owner_of(device.core)
    first = cores.replace(old=device.core, new=in_stock(), by=clerk).core
    device.code = cores.cancel_return(core=device.core, by=owner, premises=Premises.objects.get()).code
    second = cores.replace(old=device.activate().core, new=in_stock(), by=clerk).core
    first.refresh_from_db()
    assert (first.replaces, second.replaces) == (None, device.core)


def kept(core: Core) -> object:
    return cores.cancel_return(core=core, by=owner_of(core), premises=Premises.objects.get())


def wiped(core: Core) -> object:
    return cores.wipe(core=core, by=person(Role.CLERK), certificate=CERTIFICATE)


@pytest.mark.parametrize("act", [kept, wiped])
def test_what_it_said_before_its_return_is_forgotten(act: Callable[[Core], object]) -> None:
    core = core_at("returning")
    act(core)
    core.refresh_from_db()
    assert [core.seen_at, core.activated_at, core.disk_free] == [None, None, None]
    assert core.firmware == ""
