"""A relay while the database or the live Valkey is really gone, and its remains where it was killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from fusus_portal.demo.servers import valkey
from integration.live.services import views
from integration.live.video import relays
from integration.live.video.connection import live
from integration.relay import memory
from integration.relay.wire import Kind
from integration.rules import VIEWER_GONE_AFTER
from tests.database.clone import Clone
from tests.database.test_pooling import away
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import Scene, scene, stream_of
from tests.integration.relay.watching import device, page_of
from tests.peers.relay import Page, Relay, free_port, running_relay, until
from tests.peers.web import CHECKOUT, environment

pytestmark = pytest.mark.long

VIEWS = 9


@pytest.fixture
def seen(portal_db: Clone, own_live: valkey.Valkey) -> Scene:
    """Return cameras that may be seen, with a live Valkey of this test's own."""
    return scene(cameras=VIEWS, model=core_model(cameras=VIEWS))


@pytest.fixture
def relay(
    portal_db: Clone, seen: Scene, own_valkey: valkey.Valkey, uploads_root: Path, tmp_path: Path
) -> Iterator[Relay]:
    """Run a relay of this test's own."""
    with running_relay(environment(portal_db, own_valkey, uploads_root), tmp_path) as one:
        yield one
        assert "Traceback" not in one.log.read_text(encoding="utf-8", errors="replace")


def all_say(page: Page, kind: Kind, *, after: float) -> None:
    """Wait until each view of a page got a message of a kind after a moment."""
    for view in range(VIEWS):
        until(lambda view=view: any(each.at > after for each in page.of(kind, view)))  # type: ignore[misc]


def test_nine_views_go_dark_while_the_database_is_away_and_come_back(
    relay: Relay, seen: Scene, portal_db: Clone
) -> None:
    grants = [seen.begin(camera) for camera in seen.cameras]
    with device(relay, grants[0]):
        page = page_of(relay, *grants)
        page.waits_for(Kind.FRAME, count=10)
        began = time.monotonic()
        with away(portal_db):
            gone = time.time()
            all_say(page, Kind.AWAY, after=began)
            dark = page.of(Kind.AWAY)[-1].at
            assert page.of(Kind.FRAME)[-1].came - gone < 2  # a decision lives 1.5 seconds, and a yes counts for 0.4
            time.sleep(2)
            assert not [each for each in page.of(Kind.FRAME) if each.at > dark]
        back = time.monotonic()
        until(lambda: any(each.at > back for each in page.of(Kind.FRAME)))
    connection.close()
    seen.incident.refresh_from_db()
    assert seen.incident.view_grants.filter(state="running").count() == VIEWS


def test_nine_views_go_dark_with_the_live_valkey_and_come_back(
    relay: Relay, seen: Scene, own_live: valkey.Valkey
) -> None:
    grants = [seen.begin(camera) for camera in seen.cameras]
    with device(relay, grants[0]):
        page = page_of(relay, *grants)
        page.waits_for(Kind.FRAME, count=10)
        began = time.monotonic()
        valkey.stop(own_live)
        gone = time.time()
        all_say(page, Kind.AWAY, after=began)
        assert page.of(Kind.FRAME)[-1].came - gone < 0.5  # a yes counts for 0.4 seconds
        valkey.start(own_live)
        back = time.monotonic()
    with device(relay, grants[0]):
        until(lambda: any(each.at > back for each in page.of(Kind.FRAME)))


def test_a_relay_that_is_killed_is_alive_no_more_and_its_views_end(relay: Relay, seen: Scene) -> None:
    settings.LIVE_RELAYS = [relay.url]
    try:
        until(lambda: relays.living() == [relay.url])
        grant = seen.begin()
        with device(relay, grant):
            page = page_of(relay, grant)
            page.waits_for(Kind.FRAME)
            relay.kill(signal.SIGKILL)
            is_counted_for: Any = live().pttl("relay:0")
            assert is_counted_for <= 1_000  # milliseconds
            until(lambda: page.ended_at)
            until(lambda: not relays.living())
        time.sleep(VIEWER_GONE_AFTER.total_seconds() + 1)
        assert views.sweep() == 1
    finally:
        settings.LIVE_RELAYS = []


def test_another_relay_takes_over_what_one_had_that_was_killed(
    portal_db: Clone, seen: Scene, own_valkey: valkey.Valkey, uploads_root: Path, tmp_path: Path
) -> None:
    addresses = [f"http://localhost:{free_port()}" for _each in range(2)]
    settings.LIVE_RELAYS = addresses
    told = environment(portal_db, own_valkey, uploads_root)
    first_one = running_relay(told, tmp_path, addresses=addresses, number=0)
    second_one = running_relay(told, tmp_path, addresses=addresses, number=1)
    try:
        with first_one as first, second_one as second:
            until(lambda: len(relays.living()) == 2)
            grant = seen.begin()
            had = relays.of_stream(stream_of(grant).pk, addresses)
            ends, stays = (first, second) if first.url == had else (second, first)
            ends.kill()
            until(lambda: relays.living() == [stays.url])
            assert relays.of_stream(stream_of(grant).pk, relays.living()) == stays.url
            with device(stays, grant):
                page_of(stays, grant).waits_for(Kind.FRAME, count=3)
    finally:
        settings.LIVE_RELAYS = []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGTERM])
def test_nothing_of_a_picture_is_left_of_a_relay(
    relay: Relay, seen: Scene, uploads_root: Path, tmp_path: Path, number: signal.Signals
) -> None:
    grant = seen.begin()
    with device(relay, grant):
        page = page_of(relay, grant)
        frames = page.waits_for(Kind.FRAME, count=20)
        words = [each.box[200:232] for each in frames if len(each.box) > 300]
        assert words
        before = set(CHECKOUT.iterdir())
        relay.kill(number)
    assert set(CHECKOUT.iterdir()) - before == set()  # no core file where it ran
    kept = [path for folder in (tmp_path, uploads_root) for path in folder.rglob("*") if path.is_file()]
    held = [live().dump(key) or b"" for key in live().scan_iter()]
    for body in [*(path.read_bytes() for path in kept), *held]:
        assert not any(word in body for word in words)


def guarded(*more: str) -> subprocess.CompletedProcess[str]:
    """Guard the memory of a process of its own, and run more of Python in it."""
    program = "\n".join(["from integration.relay import memory", "import ctypes, os, resource", *more])
    return subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=False)


def test_a_relay_can_not_be_dumped_and_its_memory_is_locked() -> None:
    asked = "print(ctypes.CDLL(None).prctl(memory.PR_GET_DUMPABLE), resource.getrlimit(resource.RLIMIT_CORE))"
    locked = "print(*(line.split()[1] != '0' for line in open('/proc/self/status') if line.startswith('VmLck')))"
    told = guarded("memory.guard()", asked, locked)
    assert told.stdout.split("\n")[:2] == ["0 (0, 0)", "True"], told.stderr


@pytest.mark.parametrize(("has_swap", "said"), [("True", "turn swap off"), ("False", "guarded")])
def test_memory_that_can_not_be_locked_needs_a_machine_without_swap(has_swap: str, said: str) -> None:
    told = guarded(
        f"memory.has_swap = lambda: {has_swap}",
        "resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))",
        "os.setgid(65534); os.setuid(65534)",  # without the right to lock in spite of the limit
        "try: memory.guard(); print('guarded')",
        "except memory.Unsafe as unsafe: print(unsafe)",
    )
    assert said in told.stdout, told.stderr


def test_where_nobody_can_tell_there_is_swap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SWAPS", tmp_path / "swaps")
    assert memory.has_swap()
    memory.SWAPS.write_text("Filename\tType\tSize\n")
    assert not memory.has_swap()
    memory.SWAPS.write_text("Filename\tType\tSize\n/dev/sda2\tpartition\t8\n")
    assert memory.has_swap()
