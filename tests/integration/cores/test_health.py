"""A CORE that is not heard of: its owner is told once, and once more when it is back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.kinds import kind_of
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from integration.cores.services import cores, health
from integration.cores.tasks import watch_cores
from tests.factories import person
from tests.integration.cores.devices import Device, active, owner_of
from tests.integration.device_api.calling import call, healthy
from tests.integration.live.views.test_view_notices import text_of
from tests.people import sign_in

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15, seconds=1)


@pytest.fixture
def device() -> Device:
    """Return an active CORE."""
    return active()


def told() -> list[str]:
    return list(Message.objects.filter(kind__startswith="core_").order_by("queued_at").values_list("kind", flat=True))


def entries() -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(event__in=["integration:core:offline", "integration:core:online"])
    return list(rows.order_by("id").values_list("event", "actor_kind"))


def test_after_fifteen_minutes_its_owner_is_told_once(device: Device) -> None:
    assert watch_cores() == 0
    with time_machine.travel(timezone.now() + QUARTER):
        assert watch_cores() == 1
        assert watch_cores() == 0
    assert told() == ["core_offline"]
    assert Message.objects.get(kind="core_offline").to == owner_of(device.core).email
    assert entries() == [("integration:core:offline", "task")]


def test_its_owner_reads_when_it_was_last_heard_of(device: Device) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False) as clock:
        heard = timezone.localtime()
        call(device, "poll", {})
        owner, address = sign_in(owner_of(device.core)), reverse("device", args=[device.core.pk])
        assert "Offline" not in owner.get(address).content.decode()
        clock.shift(QUARTER)
        assert "Offline. Please check that it has power" in owner.get(address).content.decode()
        watch_cores()
        said = text_of(Message.objects.get(kind="core_offline"))
    assert f"on {date_format(heard)} at {date_format(heard, 'TIME_FORMAT')}" in said


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("poll", {}, 200),
        ("health", {"said": healthy(clock_ms=0)}, 200),
        ("cameras", {"method": "GET"}, 200),
        (f"clips/{UUID(int=7)}", {"method": "HEAD"}, 404),
        (f"snapshots/{UUID(int=7)}", {"method": "PUT", "kind": "image/jpeg", "body": b"x"}, 404),
    ],
)
def test_when_it_is_heard_of_again_they_are_told_once(
    device: Device, name: str, sent: dict[str, Any], status: int
) -> None:
    with time_machine.travel(timezone.now() + QUARTER):
        watch_cores()
        for _call in range(2):
            assert call(device, name, **sent).status_code == status
    assert told() == ["core_offline", "core_online"]
    assert entries()[-1] == ("integration:core:online", "device")
    device.core.refresh_from_db()
    assert device.core.told_offline_at is None


def test_a_suspended_one_is_not_missed_and_a_resumed_one_has_its_time(device: Device) -> None:
    clerk = person("clerk")
    cores.suspend(core=device.core, by=clerk)
    with time_machine.travel(timezone.now() + timedelta(days=2)) as clock:
        assert watch_cores() == 0
        cores.resume(core=device.core, by=clerk)
        assert watch_cores() == 0
        clock.shift(QUARTER)
        assert watch_cores() == 1


def test_clerks_see_which_are_not_heard_of(device: Device, clerk_client: Client) -> None:
    with time_machine.travel(timezone.now() + QUARTER):
        health.watch()
    page = clerk_client.get(reverse("cores"), {"state": "offline"}).content.decode()
    assert device.core.serial in page
    assert ">Offline</span>" in page
    assert "Its owner was told." in clerk_client.get(reverse("core", args=[device.core.pk])).content.decode()


@pytest.mark.parametrize("kind", ["core_offline", "core_online"])
def test_the_message_names_the_core_and_leads_to_its_page(device: Device, kind: str) -> None:
    said = kind_of(kind).build({"core": str(device.core.pk)})
    assert said["number"] == device.core.serial
    assert str(said["link"]).endswith(reverse("device", args=[device.core.pk]))


def test_that_it_was_heard_of_is_written_down_every_half_minute_at_most(device: Device) -> None:
    heard = Core.objects.get().seen_at
    assert heard is not None
    with time_machine.travel(heard, tick=False) as clock:
        for wait, noted in ((29, heard), (1, heard + timedelta(seconds=30))):
            clock.shift(timedelta(seconds=wait))
            call(device, "poll", {})
            assert Core.objects.get().seen_at == noted


def test_that_it_was_heard_of_is_one_statement(
    device: Device, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=1)), django_assert_num_queries(1):
        health.heard_of(core=device.core)
