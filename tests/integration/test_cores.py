"""A CORE's life, from the serial number to the certificate of its wiping."""

import pytest

from audit.events import Event
from audit.models import AuditEntry
from fusus_portal.accounts.roles import Role
from integration.models import DeviceCamera
from integration.services import returning
from integration.states import CoreState
from tests.factories import person
from tests.integration.devices import business_at, core_at, device_camera_at, in_stock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", CoreState.values)
def test_a_core_walks_to_each_state(state: str) -> None:
    assert core_at(state).state == state


def test_a_replacement_takes_over_place_and_cameras() -> None:
    owner = business_at(cameras=2)
    old = core_at("active", registrant=owner)
    first, second = device_camera_at(old), device_camera_at(old, channel="back")
    issued = returning.replace(old=old, new=in_stock(), by=person(Role.CLERK))
    old.refresh_from_db()
    assert (issued.core.registrant, issued.core.premises) == (owner, first.camera.premises)
    assert old.state == "returning"
    assert issued.core.state == "allocated"
    assert set(DeviceCamera.objects.filter(core=issued.core, removed_at=None)) == {first, second}
    written = AuditEntry.objects.filter(event=Event.DEVICE_CAMERA_CONNECTED, facts={"core": str(issued.core.pk)})
    assert {entry.camera_id for entry in written} == {str(each.camera_id) for each in (first, second)}
