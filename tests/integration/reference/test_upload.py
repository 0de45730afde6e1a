"""The reference client and a relay, each a process: nothing leaves before an order, and then a picture is at hand."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from integration.live.models import ViewGrant
from integration.live.passes import Pass
from integration.live.services import views
from integration.live.video import store
from integration.relay.wire import Kind
from tests.database.clone import Clone
from tests.integration.live.streaming import HERE, Scene, scene, stream_of
from tests.integration.reference.core_process import running_core
from tests.peers.relay import Page, Relay, for_cores, free_port, named, running_relay, until
from tests.peers.web import WebServer, awake, environment, kept

pytestmark = pytest.mark.long
SECONDS = 60.0


@dataclass
class Site:
    """A portal with a relay, and a CORE at its place."""

    seen: Scene
    web: WebServer
    relay: Relay
    core: psutil.Process
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def page(self, grant: ViewGrant) -> Page:
        """Return a page that watches a view."""
        shown = Pass(grant.deputy_id, HERE, bytes(grant.session).hex(), "en").signed()
        return Page(self.relay.url, shown, [grant.pk]).open()

    def programs(self) -> list[psutil.Process]:
        """Return the programs that the CORE runs now."""
        return [each for each in self.core.children() if each.status() != psutil.STATUS_ZOMBIE]


@contextmanager
def running_site(
    database: Clone, uploads_root: Path, folder: Path, settings: Any, cameras: Mapping[str, str], *more: str
) -> Iterator[Site]:
    """Run all of it; return once the CORE reads its camera and is on the line. more: options of the CORE."""
    address = f"http://localhost:{free_port()}"
    settings.LIVE_RELAYS, settings.LIVE_RECEIVERS = [address], [for_cores(address)]
    seen = scene()
    with (
        kept(database, uploads_root, folder, named([address])) as (web, queue),
        awake(web, queue),
        running_relay(environment(database, queue, uploads_root), folder, addresses=[address]) as relay,
        running_core(seen.device, web.url, folder, cameras, *more) as process,
    ):
        made = Site(seen, web, relay, psutil.Process(process.pid), folder / "core.log")
        until(lambda: "reads c0" in made.said() and "polled" in made.said(), made.said, within=SECONDS)
        yield made


@pytest.fixture
def site(portal_db: Clone, uploads_root: Path, tmp_path: Path, settings: Any) -> Iterator[Site]:
    """Run it with the test picture."""
    with running_site(portal_db, uploads_root, tmp_path, settings, {"c0": "testsrc"}) as made:
        yield made


def test_it_sends_at_once_what_is_ordered_and_nothing_before_or_after(site: Site) -> None:
    [reading] = site.programs()
    time.sleep(1)
    assert "sends" not in site.said()
    grant = site.seen.begin()
    page = site.page(grant)
    frames = page.waits_for(Kind.FRAME, count=20, within=SECONDS)
    assert frames[0].is_key
    assert len(page.of(Kind.INIT)) == 1
    views.end(grant=grant, by=site.seen.deputy)
    until(lambda: "sends c0 to the relay no more" in site.said(), site.said, within=SECONDS)
    assert site.programs() == [reading]
    assert store.numbers(stream_of(grant).pk) == []
    polls = site.said().count("polled")
    assert polls <= 2, "it asks on the line alone"


def test_it_sends_pieces_besides_while_a_page_wants_them(site: Site) -> None:
    grant = site.seen.begin()
    page = site.page(grant)
    page.waits_for(Kind.FRAME, within=SECONDS)
    assert site.seen.get(grant, "playlist.m3u8").status_code == 404
    until(lambda: store.numbers(stream_of(grant).pk), site.said, within=SECONDS)
    count = len(page.of(Kind.FRAME))
    page.waits_for(Kind.FRAME, count=count + 15, within=SECONDS)


def test_a_relay_that_died_gets_it_again_when_it_is_back(site: Site) -> None:
    grant = site.seen.begin()
    site.page(grant).waits_for(Kind.FRAME, within=SECONDS)
    site.relay.kill()
    until(lambda: "the line is down" in site.said(), site.said, within=SECONDS)
    site.relay.start()
    site.page(grant).waits_for(Kind.FRAME, count=5, within=SECONDS)


def test_a_camera_that_was_away_is_read_and_sent_again(site: Site) -> None:
    grant = site.seen.begin()
    page = site.page(grant)
    page.waits_for(Kind.FRAME, within=SECONDS)
    [reading] = site.programs()
    reading.kill()
    page.waits_for(Kind.WAIT, count=len(page.of(Kind.WAIT)) + 1, within=SECONDS)
    page.waits_for(Kind.INIT, count=2, within=SECONDS)
    [again] = site.programs()
    assert again.pid != reading.pid


def test_nothing_is_left_of_it_when_it_is_killed(site: Site) -> None:
    [reading] = site.programs()
    site.core.kill()
    until(lambda: not reading.is_running() or reading.status() == psutil.STATUS_ZOMBIE)
