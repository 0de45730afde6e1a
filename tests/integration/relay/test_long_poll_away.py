"""The line while something of the portal is away: calls are answered at once, and COREs poll meanwhile."""

import os
import signal
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.db import connection

from fusus_portal.demo.servers import valkey
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from integration.cores.services import cores
from integration.live.video import relays
from integration.live.video.connection import answering
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import active
from tests.integration.device_api.calling import call
from tests.integration.relay.served_long_poll import AT_ONCE, Served, served_long_poll, until


@pytest.fixture
def served(portal_db: Clone) -> Iterator[Served]:
    """Serve the line."""
    with served_long_poll() as running:
        yield running


def test_the_live_server_is_away(portal_db: Clone, own_live: valkey.Valkey) -> None:
    device = active()
    with served_long_poll() as served:
        idle = served.call(device).said["seen"]
        waiting = served.begin(device, idle)
        valkey.stop(own_live)
        gone = waiting.result(AT_ONCE)
        assert (gone.status, gone.headers["Retry-After"]) == (503, "1")
        assert served.call(device, idle).status == 503
        assert call(device, "poll", {}).json()["line"] == ""
        valkey.start(own_live)
        until(lambda: served.held.is_open)
        served.begin(device, idle)


def test_the_live_server_hangs(portal_db: Clone, own_live: valkey.Valkey) -> None:
    device = active()
    with served_long_poll() as served:
        waiting = served.begin(device, served.call(device).said["seen"])
        process = valkey.running(own_live)
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        try:
            assert waiting.result(AT_ONCE).status == 503
        finally:
            psutil.Process(process.pid).resume()


def test_the_database_is_away(portal_db: Clone, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    device = active()
    idle = served.call(device).said["seen"]
    waiting = served.begin(device, idle)
    port = connection.settings_dict["PORT"]
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    relays._publish(device.core.pk)
    assert waiting.result(AT_ONCE).status == 503
    answer = served.call(device, idle)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    monkeypatch.setitem(connection.settings_dict, "PORT", port)
    assert served.call(device).status == 200


def test_a_relay_that_stops_sends_its_cores_elsewhere(portal_db: Clone) -> None:
    device = active()
    with served_long_poll() as served:
        waiting = served.begin(device, served.call(device).said["seen"])
        served.stop()
        assert waiting.result(AT_ONCE).status == 503


def test_a_word_that_is_no_core_is_left_alone(portal_db: Clone, served: Served) -> None:
    device, other = active(), active()
    waiting = served.begin(device, served.call(device).said["seen"])
    told = served.begin(other, served.call(other).said["seen"])
    with answering() as server:
        server.publish(f"{relays.CHANNEL}nobody", "")
    relays._publish(uuid4())
    cores.suspend(core=other.core, by=person(Role.CLERK))  # it hears of that behind the others
    assert told.result(AT_ONCE).status == 401
    assert not waiting.done()


def test_an_act_is_done_though_no_word_can_be_said(portal_db: Clone, settings: Any) -> None:
    settings.LIVE_REDIS_URL = "redis://127.0.0.1:1"
    device = active()
    cores.suspend(core=device.core, by=person(Role.CLERK))
    assert Core.objects.get(pk=device.core.pk).state == "suspended"
