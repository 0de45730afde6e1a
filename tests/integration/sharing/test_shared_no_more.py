"""A view ends with what allowed it: with "share now", with the agreement, and with the CORE."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from integration.cores.services import cores
from integration.live.states import GrantState
from integration.sharing import services
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.integration.critical.scenes import scene

pytestmark = pytest.mark.django_db


def test_a_view_ends_when_its_owner_stops_sharing() -> None:
    made = scene(mode="ask")
    services.share_now(camera=made.camera, by=made.owner, hours=1)
    view = made.view()
    services.stop_sharing(camera=made.camera, by=made.owner)
    view.refresh_from_db()
    assert (view.state, view.condition) == (GrantState.ENDED, "shared now")


def test_a_view_ends_with_the_last_day_of_the_agreement() -> None:
    with time_machine.travel(timezone.localtime().replace(hour=23, minute=50), tick=False) as clock:
        made = scene(critical=False)
        clock.shift(timedelta(days=1))
        made.registrant.sharing_agreements.update(ends_on=timezone.localdate())
        made.declare()
        view = made.view()
        clock.shift(timedelta(minutes=10))
        assert services.end_due_agreements() == 1
    view.refresh_from_db()
    assert (view.state, view.condition) == (GrantState.ENDED, "agreement")


def test_a_view_ends_when_another_core_takes_the_place() -> None:
    made = scene()
    view = made.view()
    cores.replace(old=made.camera.core, new=in_stock(), by=person("clerk"))
    view.refresh_from_db()
    assert (view.state, view.condition) == (GrantState.ENDED, "core")
