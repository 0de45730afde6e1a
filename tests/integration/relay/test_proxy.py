"""The relay behind the proxy that docs/nginx.conf describes: what comes and goes is held back by nobody."""

import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fusus_portal.demo.servers.valkey import Valkey
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.relay.wire import Kind
from integration.rules import ORDERS_HELD_SECONDS
from tests.database.clone import Clone
from tests.integration.cores.devices import Device
from tests.integration.live.streaming import Scene, stream_of
from tests.integration.relay.served_long_poll import AT_ONCE, PATH, Answer, sent
from tests.integration.relay.watching import offered, shown, token_of
from tests.peers.nginx import NOBODY, proxy
from tests.peers.queue import running_valkey
from tests.peers.relay import Page, Relay, line_to, running_relay, sending, until
from tests.peers.web import environment

pytestmark = pytest.mark.long

LONGEST = 80.0
"""Seconds. The proxy waits for nothing longer than 75."""

OFFICE, ELSEWHERE = "127.0.0.40", "127.0.0.41"


@dataclass
class Front:
    """A relay as everybody reaches it. folder: of the proxy."""

    relay: Relay
    url: str
    folder: Path

    def line(self, *, seconds: float = 40) -> HTTPConnection:
        return line_to(self.url, seconds=seconds)

    def ask(self, device: Device, seen: str = "") -> Answer:
        """Ask for the orders of a CORE, and wait for the answer."""
        method, body, headers = sent(device, seen)
        began = time.monotonic()
        with closing(self.line()) as line:
            line.request(method, urlsplit(self.url).path + PATH, body, headers)
            answer = line.getresponse()
            said = answer.read()
        return Answer(answer.status, json.loads(said), time.monotonic() - began, answer.headers)

    def page_of(self, view: ViewGrant) -> Page:
        return Page(self.url, shown(view), [view.pk]).open()

    def written(self) -> list[int]:
        """Return when a file was made or removed last in each folder where the proxy keeps what it collects."""
        return [(self.folder / name).stat().st_mtime_ns for name in ("body", "proxy")]


@pytest.fixture(scope="module")
def kept_front(
    django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Front, Valkey]]:
    """Keep a relay and the proxy before it."""
    folder = tmp_path_factory.mktemp("proxy")
    with running_valkey(folder) as queue:
        variables = {**environment(django_db_setup, queue, uploads_root), "TRUSTED_PROXY_COUNT": "1"}
        with (
            running_relay(variables, folder) as relay,
            proxy(NOBODY, folder / "nginx", relay=urlsplit(relay.url).port or 0) as port,
        ):
            yield Front(relay, f"https://localhost:{port}/relay/0", folder / "nginx"), queue


@pytest.fixture
def front(kept_front: tuple[Front, Valkey], seen: Scene) -> Iterator[Front]:
    """Offer it."""
    one, queue = kept_front
    with offered(one.relay, queue):
        yield one


def test_a_call_for_orders_is_held_to_its_end_and_a_word_ends_it(front: Front, seen: Scene) -> None:
    until(lambda: front.ask(seen.device).status == 200)  # a relay that has just begun holds no call yet
    idle = front.ask(seen.device).said
    held = front.ask(seen.device, idle["seen"])
    assert (held.status, held.said["orders"], held.said["seen"]) == (200, [], idle["seen"])
    assert held.after >= 0.8 * ORDERS_HELD_SECONDS
    with ThreadPoolExecutor() as calls:
        waiting = calls.submit(front.ask, seen.device, idle["seen"])
        time.sleep(1)
        view = seen.begin()
        [order] = waiting.result(AT_ONCE).said["orders"]
    assert order["stream"] == str(stream_of(view).pk)


def test_video_passes_frame_by_frame_for_longer_than_the_proxy_waits_for_anything(front: Front, seen: Scene) -> None:
    view = seen.begin()
    before = front.written()
    with sending(front.url, stream_of(view).pk, token_of(view)) as ffmpeg:
        page = front.page_of(view)
        page.waits_for(Kind.FRAME)
        time.sleep(LONGEST)
        count = len(page.of(Kind.FRAME))
        frames = page.waits_for(Kind.FRAME, count=count + 10)
        assert ffmpeg.poll() is None  # it is one body
    assert statistics.median(each.wall - each.came for each in frames) < 1
    assert front.written() == before
    with closing(front.line()) as line:  # where it does collect, that is seen
        line.request("POST", "/", body=bytes(100_000))
        assert line.getresponse().status == 502
    assert front.written() != before


def test_a_device_is_cut_off_when_nobody_sees_its_camera(front: Front, seen: Scene) -> None:
    view = seen.begin()
    with sending(front.url, stream_of(view).pk, token_of(view)) as ffmpeg:
        page = front.page_of(view)
        page.waits_for(Kind.FRAME)
        views.end(grant=view, by=seen.deputy)
        page.waits_for(Kind.REFUSED)
        until(lambda: page.ended_at)
        until(lambda: ffmpeg.poll() is not None, within=10)


def test_a_viewer_is_known_by_the_address_that_the_proxy_saw(front: Front, seen: Scene) -> None:
    view = seen.begin(network=OFFICE)
    own = Page(front.url, shown(view, network=OFFICE), [view.pk], source=OFFICE).open()
    own.waits_for(Kind.WAIT)
    for said in ({}, {"X-Forwarded-For": OFFICE}):
        other = Page(front.url, shown(view, network=OFFICE), [view.pk], said, source=ELSEWHERE).open()
        until(lambda other=other: other.ended_at)  # type: ignore[misc]
        assert other.status == 403
    assert own.of(Kind.REFUSED) == []


def test_how_the_relay_is_nobody_outside_learns(front: Front) -> None:
    for path in ("health/live", "health/live?x", "/health/live", "x/../health/live", "%68ealth/live", "health%2Flive"):
        with closing(front.line()) as line:
            line.request("GET", f"/relay/0/{path}")
            answer = line.getresponse()
            assert (answer.status, b"ok" in answer.read()) == (404, False), path
