"""Video handed to a page of live views: nothing without the gate, and no minute before its entry."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from redis import Redis

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.servers.valkey import Valkey
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import sign_ins
from integration.cores.services import cores
from integration.live.models import ViewGrant
from integration.live.services import gate, views
from integration.live.tiles import waits_for
from integration.live.video import connection, store
from integration.live.video.connection import live
from integration.sharing import services as sharing
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.live.streaming import HERE, REASON, Scene, pieces, scene, stream_of
from tests.integration.sharing.consent import owner_of
from tests.people import sign_in

pytestmark = pytest.mark.usefixtures("as_committed")

make_world = scene


@pytest.fixture
def seen(world: Scene) -> Scene:
    """Return a camera that may be seen."""
    return world


@pytest.fixture
def grant(seen: Scene) -> ViewGrant:
    """Return a view of it, whose CORE sends."""
    begun = seen.begin()
    seen.send(stream_of(begun))
    return begun


def test_pieces_are_handed_out_and_counted(seen: Scene, grant: ViewGrant) -> None:
    answer = seen.get(grant, "playlist.m3u8")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.apple.mpegurl"
    assert answer["Cache-Control"] == "no-store"
    assert b"\n2.ts\n" in answer.content
    piece = seen.get(grant, "2.ts")
    assert piece.content == pieces()[2]
    assert (piece["Content-Type"], piece["Cache-Control"]) == ("video/mp2t", "no-store")
    assert seen.get(grant, "9.ts").status_code == 404
    views.end(grant=grant, by=seen.deputy)
    grant.refresh_from_db()
    assert grant.sent_bytes == len(pieces()[2])
    ended = AuditEntry.objects.filter(event=Event.VIEW_ENDED).latest("id")
    assert ended.facts["bytes"] == len(pieces()[2])


def test_each_minute_has_its_entry_before_its_first_piece(
    seen: Scene, grant: ViewGrant, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = AuditEntry.objects.filter(event=Event.VIEW_WATCHED)
    assert watched.count() == 0
    for _ in range(3):
        assert seen.get(grant, "2.ts").status_code == 200
    assert [entry.facts["minute"] for entry in watched] == [1]
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=1))

    def fails(**_anything: Any) -> None:
        raise DatabaseError("no room for an entry")

    with monkeypatch.context() as patched:
        patched.setattr(views, "record_at_once", fails)
        for name in ("playlist.m3u8", "2.ts"):
            assert seen.get(grant, name).status_code == 503
    assert seen.get(grant, "2.ts").status_code == 200
    assert [entry.facts["minute"] for entry in watched.order_by("id")] == [1, 2]


Act = Callable[[Scene, ViewGrant], object]
TAKEN_AWAY: dict[str, tuple[Act, str]] = {
    "the owner pauses": (
        lambda seen, _grant: sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner),
        "Sharing is paused until the owner resumes.",
    ),
    "the incident is closed": (
        lambda seen, _grant: incidents.close(incident=seen.incident, by=seen.supervisor),
        "The incident is closed.",
    ),
    "the deputy is taken off": (
        lambda seen, _grant: incidents.unassign(incident=seen.incident, user=seen.deputy, by=seen.supervisor),
        "You do not work on this incident.",
    ),
    "the CORE is suspended": (
        lambda seen, _grant: cores.suspend(core=seen.device.core, by=person(Role.CLERK)),
        "The CORE of this camera is not active.",
    ),
    "the view is ended": (
        lambda seen, grant: views.end(grant=grant, by=seen.deputy),
        "This view is over.",
    ),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_nothing_is_handed_out_once_it_is_taken_away(name: str, seen: Scene, grant: ViewGrant) -> None:
    act, sentence = TAKEN_AWAY[name]
    assert seen.get(grant, "2.ts").status_code == 200
    act(seen, grant)
    for path in ("playlist.m3u8", "2.ts"):
        refused = seen.get(grant, path)
        assert refused.status_code == 403
        assert refused.json()["sentence"] == sentence
        assert bool(refused.json()["change"]) == (name != "the owner pauses")  # that sentence says what changes it
    assert store.numbers(stream_of(grant).pk) == []


def test_a_view_that_ends_as_its_minute_begins_says_why(seen: Scene, grant: ViewGrant) -> None:
    look = gate.look(grant=grant.pk, user=seen.deputy, session=bytes(grant.session), network=grant.network)
    assert look.begins_minute
    sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)
    over = views.begun(look, grant.pk)
    assert over.stream is None
    assert over.decision.sentence == "Sharing is paused until the owner resumes."


class TestWhoAsks:
    def test_a_stolen_cookie_on_another_address(self, seen: Scene, grant: ViewGrant) -> None:
        refused = seen.get(grant, "2.ts", REMOTE_ADDR="192.0.2.7")
        assert refused.status_code == 403
        assert "another network address" in refused.json()["sentence"]
        assert AuditEntry.objects.filter(event=Event.VIEW_REFUSED).count() == 1
        assert seen.get(grant, "2.ts").status_code == 200

    def test_another_sign_in_of_the_same_person(self, seen: Scene, grant: ViewGrant) -> None:
        assert seen.get(grant, "2.ts", client=sign_in(seen.deputy)).status_code == 403

    def test_somebody_else(self, seen: Scene, grant: ViewGrant) -> None:
        assert seen.get(grant, "2.ts", client=sign_in(seen.colleague())).status_code == 404

    def test_somebody_elses_question_keeps_no_line_open_whose_sign_in_has_ended(
        self, seen: Scene, grant: ViewGrant
    ) -> None:
        line = [gate.Question(grant.pk, seen.deputy, HERE, bytes(grant.session).hex())]
        colleague = sign_in(seen.colleague())
        assert gate.look_at_all(line)[0].decision
        with transaction.atomic():
            sign_ins.end_all_of(account=seen.deputy, by=seen.supervisor.actor)
        live().delete(f"gate:{grant.pk}")
        assert seen.get(grant, "2.ts", client=colleague).status_code == 404
        assert gate.look_at_all(line)[0].decision.name == "viewer"

    def test_nobody(self, seen: Scene, grant: ViewGrant) -> None:
        assert seen.get(grant, "2.ts", client=Client()).status_code == 302


class TestWhatIsWaitedFor:
    def waits(self, seen: Scene, grant: ViewGrant) -> str:
        answer = seen.get(grant, "playlist.m3u8")
        assert answer.status_code == 404
        return str(answer.json()["sentence"])

    def test_for_the_core_and_then_for_its_camera(self, seen: Scene) -> None:
        begun = seen.begin()
        assert "does so within 15 seconds" in self.waits(seen, begun)
        late = begun.began_at + timedelta(seconds=16)
        assert waits_for(begun, told_at=0, now=late).startswith("The CORE has not connected yet.")
        store.note_told(stream_of(begun).pk)
        assert "was told" in self.waits(seen, begun)
        live().set(f"live:{{{stream_of(begun).pk}}}:told", f"{time.time() - 11:.3f}")
        assert "gives no picture" in self.waits(seen, begun)

    def test_what_is_old_is_not_handed_out(self, seen: Scene, grant: ViewGrant, monkeypatch: Any) -> None:
        monkeypatch.setattr("integration.live.tiles.BUFFER_SECONDS", -1)
        assert seen.get(grant, "playlist.m3u8").status_code == 404


class TestThePage:
    def test_it_shows_running_views_with_who_else_sees_them(self, seen: Scene, grant: ViewGrant) -> None:
        other = seen.colleague()
        seen.begin(by=other, session="elsewhere")
        page = seen.browser.get(f"/console/incidents/{seen.incident.pk}/live/watch/").content.decode()
        assert f'data-view="{grant.pk}"' in page
        assert other.pseudonym in page
        said = seen.browser.get(f"/console/incidents/{seen.incident.pk}/live/watch/state/").json()
        [view] = said["views"]
        assert (view["id"], view["over"], view["others"]) == (str(grant.pk), False, [other.pseudonym])
        views.end(grant=grant, by=seen.deputy)
        [over] = seen.browser.get(f"/console/incidents/{seen.incident.pk}/live/watch/state/").json()["views"]
        assert (over["over"], over["sentence"]) == (True, "This view is over.")

    def test_a_view_is_extended_with_a_reason_of_its_own(self, seen: Scene, grant: ViewGrant) -> None:
        address, json = f"/console/live/{grant.pk}/extend/", {"accept": "application/json"}
        refused = seen.browser.post(address, {"reason": REASON}, headers=json)
        assert refused.status_code == 409
        assert refused.json()["sentence"]
        more = {"reason": "He went behind the gym, and two pupils are still inside."}
        answer = seen.browser.post(address, more, headers=json)
        assert answer.status_code == 200
        before = grant.ends_at
        grant.refresh_from_db()
        assert grant.ends_at > before
        assert answer.json() == {"ends": int(grant.ends_at.timestamp())}

    def test_one_that_is_over_is_not_extended_and_the_log_keeps_that(self, seen: Scene, grant: ViewGrant) -> None:
        views.end(grant=grant, by=seen.deputy)
        refused = AuditEntry.objects.filter(outcome="refused")
        before = refused.count()
        address, json = f"/console/live/{grant.pk}/extend/", {"accept": "application/json"}
        answer = seen.browser.post(address, {"reason": "He went behind the gym."}, headers=json)
        assert (answer.status_code, answer.json()["sentence"]) == (
            409,
            "This view has ended. Begin another one, with its own reason.",
        )
        assert refused.count() == before + 1
        assert seen.browser.post(address, {"reason": "He went behind the gym."}).status_code == 409

    def test_without_script_a_reason_that_says_nothing_is_refused_on_the_page(
        self, seen: Scene, grant: ViewGrant
    ) -> None:
        answer = seen.browser.post(f"/console/live/{grant.pk}/extend/", {"reason": ""}, follow=True)
        assert answer.status_code == 200
        assert "Write why this is needed now." in answer.content.decode()

    def test_without_script_it_says_so_and_still_ends_views(self, seen: Scene, grant: ViewGrant) -> None:
        address = f"/console/incidents/{seen.incident.pk}/live/watch/"
        assert "Live view needs JavaScript" in seen.browser.get(address).content.decode()
        ended = seen.browser.post(f"/console/live/{grant.pk}/end/")
        assert (ended.status_code, ended["Location"]) == (302, address)
        grant.refresh_from_db()
        assert (grant.state, grant.end) == ("ended", "stopped")

    def test_a_page_that_is_closed_ends_its_views_and_nobody_elses(self, seen: Scene, grant: ViewGrant) -> None:
        other = seen.begin(by=seen.colleague(), session="elsewhere")
        leave = f"/console/incidents/{seen.incident.pk}/live/watch/leave/"
        seen.browser.post(leave, {"view": [str(grant.pk), str(other.pk)]})
        grant.refresh_from_db()
        other.refresh_from_db()
        assert (grant.state, other.state) == ("ended", "running")


FAULTS = {
    ("save", "60 1"): connection.KEEPS_A_FILE,
    ("appendonly", "yes"): connection.KEEPS_A_LOG,
    ("maxmemory", "0"): connection.NO_LIMIT,
    ("maxmemory-policy", "allkeys-lru"): connection.DROPS,
}


def test_a_server_that_would_keep_video_shows_none(own_live: Valkey, seen: Scene, visitor_client: Client) -> None:
    grant = seen.begin()
    seen.send(stream_of(grant))
    server = live()
    for (name, value), sentence in FAULTS.items():
        before = server.config_get(name)[name] or ""
        server.config_set(name, value)
        assert connection.faults() == [sentence]
        server.delete(f"gate:{grant.pk}")
        assert seen.get(grant, "2.ts").status_code == 403
        ready = visitor_client.get("/health/ready")
        assert (ready.status_code, ready.json()["checks"]["live"]) == (200, "failing")
        server.config_set(name, before)
    assert connection.is_safe()
    server.delete(f"gate:{grant.pk}")
    assert seen.get(grant, "2.ts").status_code == 200


def test_a_forced_save_of_the_servers_finds_no_picture(own_live: Valkey, own_valkey: Valkey, seen: Scene) -> None:
    grant = seen.begin()
    seen.send(stream_of(grant))
    assert seen.get(grant, "2.ts").status_code == 200
    # Some bytes of the picture that stand in one place only, away from what all packets begin with.
    marker = pieces()[2][188 * 4 + 20 : 188 * 4 + 84]
    assert marker in seen.get(grant, "2.ts").content
    for server in (own_live, own_valkey):
        with Redis.from_url(server.url) as client:
            client.save()
        files = [file.read_bytes() for file in server.data.rglob("*") if file.is_file()]
        assert any(content.startswith((b"REDIS", b"VALKEY")) for content in files)
        assert all(marker not in content and pieces()[2][:188] not in content for content in files)


def test_without_the_live_server_nothing_is_handed_out(seen: Scene, grant: ViewGrant, settings: Any) -> None:
    settings.LIVE_REDIS_URL = "unix:///nowhere/live.sock"
    answer = seen.get(grant, "2.ts")
    # The view is not over for that, so the page asks again.
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "does not answer" in answer.json()["sentence"]
