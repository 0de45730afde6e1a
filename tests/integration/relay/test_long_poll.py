"""The line: a CORE hears at once of what it is to do, and of nothing else."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fusus_portal.ground.access.limits import spend
from fusus_portal.ground.access.middleware import answer_machine
from fusus_portal.ground.accounts.roles import Role
from integration import rules
from integration.cores import signatures
from integration.cores.models import Core
from integration.cores.services import cores
from integration.critical import services as critical
from integration.device_api.callers import CALLS
from integration.live.services import snapshots, views
from integration.live.video import relays
from integration.relay import long_poll
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import active, owner_of, stranger
from tests.integration.device_api.calling import call
from tests.integration.live.streaming import REASON, Scene, kept_scene, scene, stream_of
from tests.integration.relay.served_long_poll import AT_ONCE, PATH, Served, served_long_poll, until


@pytest.fixture
def seen(portal_db: Clone) -> Scene:
    """Return a camera that may be seen."""
    return kept_scene(portal_db)


@pytest.fixture
def served(portal_db: Clone) -> Iterator[Served]:
    """Serve the line."""
    with served_long_poll() as running:
        yield running


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a relay that was noted count as alive for the whole test: none runs here."""
    monkeypatch.setattr(relays, "RELAY_LIVES", timedelta(minutes=5))


class TestWhatItHears:
    def test_a_view_that_begins_lasts_longer_and_ends(self, seen: Scene, served: Served) -> None:
        device = seen.device
        idle = served.call(device)
        assert idle.said["orders"] == []
        waiting = served.begin(device, idle.said["seen"])
        grant = seen.begin()
        begun = waiting.result(AT_ONCE).said
        [order] = begun["orders"]
        assert (order["stream"], order["channel"]) == (str(stream_of(grant).pk), "c0")
        assert begun["orders"] == call(device, "poll", {}).json()["orders"]
        waiting = served.begin(device, begun["seen"])
        extended = views.extend(grant=grant, by=seen.deputy, reason="The man is now at the back door of the gym.")
        longer = waiting.result(AT_ONCE).said
        assert longer["orders"] == [{**order, "until": int(extended.ends_at.timestamp())}]
        waiting = served.begin(device, longer["seen"])
        views.end(grant=extended, by=seen.deputy)
        ended = waiting.result(AT_ONCE).said
        assert (ended["orders"], ended["seen"]) == ([], idle.said["seen"])

    def test_a_picture_that_the_owner_wants(self, seen: Scene, served: Served) -> None:
        waiting = served.begin(seen.device, served.call(seen.device).said["seen"])
        snapshots.take(behind=seen.camera, by=seen.owner)
        [order] = waiting.result(AT_ONCE).said["orders"]
        assert order["kind"] == "snapshot"

    def test_hls_that_a_page_asks_for(self, seen: Scene, served: Served, settings: Any, lasting: None) -> None:
        settings.LIVE_RELAYS = ["http://127.0.0.1:1"]
        relays.note(0)
        grant = seen.begin()
        said = served.call(seen.device).said
        assert [order["hls"] for order in said["orders"]] == [False]
        waiting = served.begin(seen.device, said["seen"])
        assert seen.get(grant, "playlist.m3u8").status_code == 404
        assert [order["hls"] for order in waiting.result(AT_ONCE).said["orders"]] == [True]

    def test_another_relay_that_is_to_take_the_camera(
        self, seen: Scene, served: Served, settings: Any, lasting: None
    ) -> None:
        addresses = [f"http://127.0.0.1:{number}" for number in range(1, 9)]
        settings.LIVE_RELAYS = addresses
        stream = stream_of(seen.begin())
        best = relays.of_stream(stream.pk, addresses)
        for number in range(8):
            if addresses[number] != best:
                relays.note(number)
        said = served.call(seen.device).said
        [first] = said["orders"]
        idle = active()
        waiting, other = served.begin(seen.device, said["seen"]), served.begin(idle, served.call(idle).said["seen"])
        for number in range(8):
            relays.note(number)
        relays.wake_all()
        [moved] = waiting.result(AT_ONCE).said["orders"]
        assert not first["relay"].startswith(f"{best}/")
        assert moved["relay"].startswith(f"{best}/")
        assert not other.done()

    def test_nothing_of_a_declaration_nor_of_another_core(self, portal_db: Clone, served: Served) -> None:
        near, other = scene(declared=False), scene()
        waiting = served.begin(near.device, served.call(near.device).said["seen"])
        told = served.begin(other.device, served.call(other.device).said["seen"])
        critical.declare_critical(incident=near.incident, by=near.supervisor, reason=REASON)
        other.begin()
        # Words are heard one after the other: what it was to hear before this one it has heard.
        assert told.result(AT_ONCE).said["orders"]
        served.call(other.device)
        assert not waiting.done()

    def test_it_is_let_go_when_it_is_suspended_or_sent_back(self, portal_db: Clone, served: Served) -> None:
        clerk, device = person(Role.CLERK), active()
        waiting = served.begin(device, served.call(device).said["seen"])
        cores.suspend(core=device.core, by=clerk)
        assert waiting.result(AT_ONCE).status == 401
        other = active()
        waiting = served.begin(other, served.call(other).said["seen"])
        cores.begin_return(core=other.core, by=owner_of(other.core))
        assert waiting.result(AT_ONCE).status == 401

    def test_a_word_that_comes_while_the_orders_are_asked_for_is_not_lost(
        self, seen: Scene, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        idle = served.call(seen.device).said["seen"]

        def begin_meanwhile(view: long_poll.View, request: HttpRequest) -> HttpResponseBase:
            answer = answer_machine(view, request)
            if not begun:
                begun.append(seen.begin())
                time.sleep(0.2)
            return answer

        begun: list[object] = []
        monkeypatch.setattr(long_poll, "answer_machine", begin_meanwhile)
        answer = served.call(seen.device, idle)
        assert answer.after < AT_ONCE + 2
        assert len(answer.said["orders"]) == 1


class TestWhileNothingHappens:
    def test_it_is_answered_in_time_with_the_same(
        self, portal_db: Clone, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert rules.ORDERS_HELD_SECONDS == 25
        monkeypatch.setattr(long_poll, "ORDERS_HELD_SECONDS", 3.0)
        device = active()
        idle = served.call(device)
        again = served.call(device, idle.said["seen"])
        assert idle.after < 2.4 <= again.after < AT_ONCE
        assert again.said["orders"] == []
        assert again.said["seen"] == idle.said["seen"]
        assert again.headers["Cache-Control"].startswith("max-age=0")

    def test_it_asks_the_database_one_question(self, db: None) -> None:
        device = active()
        with CaptureQueriesContext(connection) as asked:
            assert call(device, "orders", {"seen": ""}).status_code == 200
        assert len(asked) == 1, asked.captured_queries

    def test_it_holds_no_connection_of_the_database(self, portal_db: Clone, served: Served) -> None:
        device = active()
        served.begin(device, served.call(device).said["seen"])
        with portal_db.connect() as superuser:
            found = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = 'portal_app'"
            until(lambda: superuser.execute(found, [portal_db.name]).fetchone() == (1,))  # the test's own

    def test_the_core_counts_as_heard_of(self, portal_db: Clone, served: Served) -> None:
        device, now = active(), timezone.now()
        Core.objects.filter(pk=device.core.pk).update(seen_at=now - timedelta(minutes=2))
        served.call(device)
        device.core.refresh_from_db()
        assert device.core.seen_at is not None
        assert device.core.seen_at >= now


class TestWhoAndHow:
    def test_what_is_malformed_is_refused(self, portal_db: Clone, served: Served) -> None:
        device = active()
        for body in (b"", b"{", b"[]", b'{"seen": 1}', b'{"seen": "x"}', b'{"seen": "", "more": 1}'):
            answer = served.call(device, body=body)
            assert (answer.status, answer.said["type"]) == (400, "urn:fusus-portal:core:malformed"), body
            assert answer.headers["Content-Type"] == "application/problem+json", body

    def test_a_wrong_clock_is_told_the_time(self, portal_db: Clone, served: Served) -> None:
        answer = served.call(active(), ahead=3_600)
        assert answer.status == 400
        assert abs(answer.said["server_time"] - time.time()) < 5

    def test_nobody_else_is_let_in(self, portal_db: Clone, served: Served) -> None:
        device, other = active(), active()
        assert served.call(device, token=stranger()).status == 401
        assert served.call(device, token="").status == 401
        assert served.call(other, token=device.token).status == 401
        assert served.call(device, path="/core/v1/poll").status == 401
        assert served.call(device, method="GET").status == 405
        assert served.held.waiting == {}

    def test_too_much_is_not_read(self, portal_db: Clone, served: Served) -> None:
        device = active()
        assert served.call(device, body=b" " * (64 * 1024)).status == 400
        assert served.call(device, body=b" " * (64 * 1024 + 1)).status == 413

    def test_a_body_that_does_not_come_holds_nothing(
        self, portal_db: Clone, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(long_poll, "ORDERS_CALL_WITHIN_SECONDS", 0.3)
        with socket.create_connection(("127.0.0.1", served.port)) as slow:
            slow.sendall(f"POST {PATH} HTTP/1.1\r\nHost: relay\r\nContent-Length: 20\r\n\r\n{{".encode())
            assert b" 408 " in slow.recv(200)

    def test_a_second_call_of_the_same_core_ends_the_first(self, portal_db: Clone, served: Served) -> None:
        device = active()
        idle = served.call(device).said["seen"]
        calls = [served.begin(device, idle) for _call in range(20)]
        statuses = [each.result(AT_ONCE).status for each in calls[:-1]]
        assert statuses == [200] * 19
        assert not calls[-1].done()
        assert len(served.held.waiting) == 1

    def test_a_core_that_calls_too_often_is_told_to_wait(self, portal_db: Clone, served: Served) -> None:
        device, other = active(), active()
        for _call in range(239):
            spend("core", CALLS, signatures.token_digest(device.token).hex())
        assert [served.call(device, body=b"{").status for _call in range(2)] == [400, 429]
        assert served.call(other).status == 200
