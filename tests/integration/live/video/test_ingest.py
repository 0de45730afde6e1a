"""Video that a CORE sends is taken while somebody may see it; anything wrong is refused and never kept."""

import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.servers import valkey
from fusus_portal.demo.servers.valkey import Valkey
from fusus_portal.ground.accounts.roles import Role
from integration.cores import signatures
from integration.cores.services import cores
from integration.critical import services as critical
from integration.device_api import views as device_views
from integration.live import passes
from integration.live.models import GrantEnd, LiveStream, ViewGrant
from integration.live.services import streams as stream_services, views
from integration.live.video import relays, store
from integration.live.video.connection import live
from integration.rules import SEGMENT_BYTES
from tests.factories import person
from tests.integration.device_api.calling import call
from tests.integration.live.streaming import REASON, Scene, numbers_of, pieces, playlist, scene, stream_of, with_sound

pytestmark = pytest.mark.usefixtures("as_committed")

make_world = partial(scene, cameras=2)


@pytest.fixture
def seen(world: Scene) -> Scene:
    """Return a camera that may be seen."""
    return world


@pytest.fixture
def grant(seen: Scene) -> ViewGrant:
    """Return a view of it."""
    return seen.begin()


def held(stream: LiveStream) -> list[bytes]:
    """Return the keys of everything that is held of a stream."""
    return list(live().scan_iter(match=f"live:{{{stream.pk}}}:*", count=1000))


def test_pieces_and_playlist_are_held_and_go_with_the_last_view(seen: Scene, grant: ViewGrant) -> None:
    stream = stream_of(grant)
    other = seen.begin(by=seen.colleague(), session="elsewhere")
    assert stream_of(other) == stream
    seen.send(stream)
    assert store.numbers(stream.pk) == [1, 2, 3]
    assert store.read_segment(stream.pk, 2) == pieces()[2]
    newest = store.read_playlist(stream.pk)
    assert newest is not None
    assert numbers_of(newest) == (1, 2, 3)
    views.end(grant=grant, by=seen.deputy)
    seen.send(stream, first=4)
    views.end(grant=other, by=other.deputy)
    assert held(stream) == []
    assert problem(seen.put(stream, "7.ts", pieces()[7])) == (410, "over")
    assert problem(seen.put(stream, "live.m3u8", playlist(5, 2))) == (410, "over")
    assert held(stream) == []


def problem(answer: Any) -> tuple[int, str]:
    said = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, said["type"].rpartition(":")[2]


class TestWhatIsRefused:
    def test_nobody_sees_the_camera(self, seen: Scene) -> None:
        stream = LiveStream(camera=seen.camera)
        assert problem(seen.put(stream, "1.ts", pieces()[0])) == (401, "not-known")

    @pytest.mark.parametrize("which", ["another stream's", "the device's", "none"])
    def test_the_token_is_not_its_own(self, which: str, seen: Scene, grant: ViewGrant) -> None:
        other = stream_of(seen.begin(seen.cameras[1]))
        tokens = {
            "another stream's": passes.stream_token(other.pk),
            "the device's": seen.device.token,
            "none": "x",
        }
        stream = stream_of(grant)
        assert problem(seen.put(stream, "1.ts", pieces()[0], token=tokens[which])) == (401, "not-known")
        assert seen.put(stream, "1.ts", pieces()[0]).status_code == 204
        assert problem(seen.put(stream, "2.ts", pieces()[0], token=tokens[which])) == (401, "not-known")
        assert store.numbers(stream.pk) == [1]

    def test_a_token_of_a_stream_opens_no_other_call(self, seen: Scene, grant: ViewGrant) -> None:
        token = passes.stream_token(stream_of(grant).pk)
        assert call(seen.device, "poll", {}, token=token).status_code == 401

    @pytest.mark.parametrize(
        ("name", "body", "expected"),
        [
            ("1.ts", b"no video", (415, "not-video")),
            ("1.ts", with_sound(), (415, "not-video")),
            ("1.ts", b"\x47" * (SEGMENT_BYTES + 188), (413, "too-large")),
            ("1.ts", b"\0" * SEGMENT_BYTES, (415, "not-video")),
            ("live.m3u8", b"#EXTM3U\n" * 1_025, (413, "too-large")),
            ("live.m3u8", b"#EXTM3U\n" * 1_024, (400, "malformed")),
            ("live.m3u8", playlist(1, 1).replace(b"1.ts", b"https://elsewhere.example/1.ts"), (400, "malformed")),
            ("init.mp4", pieces()[0], (404, "no-such-call")),
            ("..%2F1.ts", pieces()[0], (404, "no-such-call")),
        ],
    )
    def test_what_is_sent_is_wrong(
        self, name: str, body: bytes, expected: tuple[int, str], seen: Scene, grant: ViewGrant
    ) -> None:
        stream = stream_of(grant)
        assert problem(seen.put(stream, name, body)) == expected
        assert not [key for key in held(stream) if not key.endswith(b":leave")]

    def test_a_piece_that_took_long_is_asked_about_once_more(self, grant: ViewGrant) -> None:
        stream = stream_of(grant)
        digest = signatures.token_digest(passes.stream_token(stream.pk))
        stream_services.take_segment(stream=stream.pk, digest=digest, number=1, body=pieces()[1])
        assert store.read_segment(stream.pk, 1) == pieces()[1]

    def test_it_is_sent_again_or_out_of_order(self, seen: Scene, grant: ViewGrant) -> None:
        stream = stream_of(grant)
        seen.send(stream, first=5)
        for number in (7, 4):
            assert problem(seen.put(stream, f"{number}.ts", pieces()[0])) == (409, "out-of-order")
        assert store.read_segment(stream.pk, 7) == pieces()[7]

    def test_the_core_is_suspended(self, seen: Scene, grant: ViewGrant) -> None:
        stream = stream_of(grant)
        seen.send(stream)
        cores.suspend(core=seen.device.core, by=person(Role.CLERK))
        assert seen.put(stream, "4.ts", pieces()[4]).status_code in {409, 410}
        assert held(stream) == []

    def test_its_time_is_over_though_no_task_came_by(
        self, seen: Scene, grant: ViewGrant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stream = stream_of(grant)
        seen.send(stream)
        live().delete(f"live:{{{stream.pk}}}:leave")
        monkeypatch.setattr(timezone, "now", lambda: grant.ends_at)
        assert problem(seen.put(stream, "4.ts", pieces()[4])) == (410, "over")

    def test_a_playlist_lists_only_what_was_sent(self, seen: Scene, grant: ViewGrant) -> None:
        stream = stream_of(grant)
        seen.send(stream)
        assert seen.put(stream, "live.m3u8", playlist(1, 5)).status_code == 204
        newest = store.read_playlist(stream.pk)
        assert newest is not None
        assert numbers_of(newest) == (1, 2, 3)

    def test_the_live_server_is_away(self, seen: Scene, grant: ViewGrant, settings: Any) -> None:
        settings.LIVE_REDIS_URL = "unix:///nowhere/live.sock"
        assert problem(seen.put(stream_of(grant), "1.ts", pieces()[0])) == (503, "unavailable")


def test_deleting_is_answered_and_changes_nothing(seen: Scene, grant: ViewGrant) -> None:
    stream = stream_of(grant)
    seen.send(stream)
    assert seen.put(stream, "1.ts", b"", method="DELETE").status_code == 204
    assert store.numbers(stream.pk) == [1, 2, 3]


@pytest.mark.parametrize(("first", "breaks"), [(4, 0), (5, 1), (90, 1)])
def test_a_start_anew_goes_on_behind_a_break(seen: Scene, grant: ViewGrant, first: int, breaks: int) -> None:
    stream = stream_of(grant)
    seen.send(stream)
    seen.send(stream, first=first)
    newest = store.read_playlist(stream.pk)
    assert newest is not None
    assert (numbers_of(newest), newest.breaks) == ((first, first + 1, first + 2), breaks)


def test_one_stream_fills_no_more_than_its_share(
    seen: Scene, grant: ViewGrant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "STREAM_BYTES", 3 * max(len(piece) for piece in pieces()))
    stream = stream_of(grant)
    seen.send(stream, count=8)
    kept = store.numbers(stream.pk)
    assert 3 <= len(kept) < 8
    assert kept[-1] == 8
    assert store.read_segment(stream.pk, 1) is None


def test_a_full_memory_ends_the_newest_view_and_never_the_queue(
    own_live: Valkey, seen: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_views, "ONE_END", "1/h")
    grant = seen.begin()
    stream = stream_of(grant)
    seen.send(stream)
    newest = seen.begin(seen.cameras[1], by=seen.colleague(), session="elsewhere")
    server = live()
    # There is room for the piece, in the last tenth of the memory, which is for decisions and marks.
    server.config_set("maxmemory", int(server.info("memory")["used_memory"] / 0.92))
    for _piece in range(2):
        assert problem(seen.put(stream, "4.ts", pieces()[4])) == (503, "unavailable")
    server.config_set("maxmemory", valkey.LIVE_MEMORY)
    newest.refresh_from_db()
    grant.refresh_from_db()
    assert (newest.state, newest.end, newest.condition) == ("ended", GrantEnd.FULL, "room")
    assert grant.state == "running"
    assert AuditEntry.objects.filter(event=Event.VIEW_ENDED).latest("id").facts["end"] == "full"
    cache.set("queue", "goes on")
    assert cache.get("queue") == "goes on"
    assert seen.put(stream, "5.ts", pieces()[5]).status_code == 204


class TestOrders:
    def test_a_core_is_told_while_somebody_sees_its_camera(self, seen: Scene, grant: ViewGrant) -> None:
        stream = stream_of(grant)
        said = call(seen.device, "poll", {}).json()
        assert said["again_in"] == 15
        assert said["orders"] == [
            {
                "kind": "stream",
                "stream": str(stream.pk),
                "channel": "c0",
                "put": f"/core/v1/streams/{stream.pk}/",
                "relay": "",
                "hls": True,
                "token": passes.stream_token(stream.pk),
                "until": int(grant.ends_at.timestamp()),
            }
        ]
        assert time.time() - store.told_at(stream.pk) < 5
        views.end(grant=grant, by=seen.deputy)
        assert call(seen.device, "poll", {}).json()["orders"] == []

    def test_how_it_asks_says_nothing_of_a_declaration(self, db: None) -> None:
        near = scene(declared=False)
        before = call(near.device, "poll", {}).json()
        critical.declare_critical(incident=near.incident, by=near.supervisor, reason=REASON)
        after = call(near.device, "poll", {}).json()
        assert {**before, "server_time": 0} == {**after, "server_time": 0}

    def test_it_is_told_which_relay_takes_its_video_and_that_nobody_wants_pieces(
        self, seen: Scene, grant: ViewGrant, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(relays, "RELAY_LIVES", timedelta(minutes=5))  # none runs here that notes it again
        settings.LIVE_RELAYS = ["https://portal.example/relay/0"]
        dead = call(seen.device, "poll", {}).json()
        assert (dead["line"], dead["orders"][0]["relay"], dead["orders"][0]["hls"]) == ("", "", True)
        relays.note(0)
        said = call(seen.device, "poll", {}).json()
        [order] = said["orders"]
        assert said["line"] == "https://portal.example/relay/0/core/v1/orders"
        assert order["relay"] == f"https://portal.example/relay/0/core/v1/streams/{stream_of(grant).pk}/live.mp4"
        assert order["hls"] is False
        assert seen.get(grant, "playlist.m3u8").status_code == 404
        assert call(seen.device, "poll", {}).json()["orders"] == [{**order, "hls": True}]

    def test_the_token_is_kept_nowhere(self, seen: Scene, grant: ViewGrant) -> None:
        stream = stream_of(grant)
        call(seen.device, "poll", {})
        token = passes.stream_token(stream.pk).encode()
        assert token not in bytes(LiveStream.objects.get().digest)
        assert all(token not in (live().get(key) or b"") for key in held(stream) if live().type(key) == b"string")
