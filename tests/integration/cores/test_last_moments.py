"""The last moment of a view, a token and a code, and the last camera that a CORE has room for."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from integration.cores.models import CoreToken
from integration.cores.services import cores, credentials
from integration.live.services import views
from integration.live.services.gate import ViewRefused
from integration.rules import CODE_LIFE, TOKEN_LIFE, VIEW_LIFE
from tests.factories import person
from tests.integration.cores.devices import (
    active,
    allocated,
    business_at,
    core_at,
    core_model,
    device_camera_at,
    in_stock,
)
from tests.integration.critical.scenes import AGAIN, FURTHER, checked, scene
from tests.people import sign_in

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock, and return what moves it."""
    with time_machine.travel(timezone.now(), tick=False) as stopped:
        yield stopped


def test_half_an_hour_is_used_up_at_its_end(clock: time_machine.Traveller) -> None:
    made = scene()
    made.view()
    clock.shift(VIEW_LIFE)
    assert views.sweep() == 1
    page = sign_in(made.deputy).get(reverse("incident_live", args=[made.incident.pk])).content.decode()
    assert "View it for 30 minutes more" in page
    with pytest.raises(ViewRefused, match="used up"):
        made.view(reason=AGAIN)
    assert made.view(reason=AGAIN, more=True).ends_at == timezone.now() + VIEW_LIFE


def test_the_time_of_all_together_is_used_up_at_its_end(clock: time_machine.Traveller) -> None:
    made = scene()
    view = made.view()
    clock.shift(VIEW_LIFE / 3)
    made.view(by=made.colleague())
    clock.shift(VIEW_LIFE / 3)
    assert checked(view).name == "time"


def test_a_view_is_over_at_its_end_though_another_has_more_time(clock: time_machine.Traveller) -> None:
    made = scene()
    view, longer = made.view(), made.view(by=made.colleague())
    for reason in (AGAIN, *FURTHER[:2]):
        views.extend(grant=longer, by=made.others[0], reason=reason)
    clock.shift(VIEW_LIFE)
    assert (checked(view).name, checked(longer).name) == ("time", "")


def test_a_token_is_exchanged_once_it_is_a_day_old(clock: time_machine.Traveller) -> None:
    active()
    token = CoreToken.objects.get()
    clock.shift(TOKEN_LIFE - SECOND)
    assert credentials.exchange_token(token=token) == ""
    clock.shift(SECOND)
    assert credentials.exchange_token(token=token) != ""
    assert credentials.exchange_token(token=token) == ""


@pytest.mark.parametrize(("early", "is_taken"), [(SECOND, True), (timedelta(), False)])
def test_a_code_is_taken_until_its_end(early: timedelta, is_taken: bool, clock: time_machine.Traveller) -> None:
    device = allocated()
    clock.shift(CODE_LIFE - early)
    if is_taken:
        assert device.activate().core.state == "active"
    else:
        with pytest.raises(Refused):
            device.activate()


def test_a_replacement_has_room_for_every_camera() -> None:
    core, clerk = core_at("active", registrant=business_at(cameras=2)), person(Role.CLERK)
    for channel in ("front", "back"):
        device_camera_at(core, channel=channel)
    with pytest.raises(ValidationError, match="2 cameras are behind the old one, and this kind connects 1"):
        cores.replace(old=core, new=in_stock(model=core_model(cameras=1)), by=clerk)
    assert cores.replace(old=core, new=in_stock(model=core_model(cameras=2)), by=clerk).core.cameras.count() == 2


def test_a_kind_keeps_room_for_what_is_connected() -> None:
    model, administrator = core_model(cameras=4), person(Role.ADMINISTRATOR)
    core = core_at("active", registrant=business_at(cameras=2), model=model)
    for channel in ("front", "back"):
        device_camera_at(core, channel=channel)
    with pytest.raises(ValidationError, match="2 cameras now"):
        cores.change_model(model=model, by=administrator, name=model.name, cameras_supported=1)
    cores.change_model(model=model, by=administrator, name=model.name, cameras_supported=2)
    model.refresh_from_db()
    assert model.cameras_supported == 2
