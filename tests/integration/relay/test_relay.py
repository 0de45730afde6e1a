"""A relay over real HTTP: plain ffmpeg as a device, pages that read, and a gate that says no in between."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from integration.live.models import ViewGrant
from integration.live.passes import Pass
from integration.live.services import streams, views
from integration.live.video.figures import of_views
from integration.relay.messages import Kind
from tests.database.clone import Clone
from tests.integration.live.streaming import HERE, Scene, scene, stream_of
from tests.peers.queue import running_valkey
from tests.peers.relay import Page, Relay, running_relay, sending, until
from tests.peers.web import environment


@pytest.fixture
def seen(portal_db: Clone) -> Scene:
    """Return two cameras that may be seen."""
    return scene(cameras=2)


@pytest.fixture
def relay(portal_db: Clone, seen: Scene, uploads_root: Path, tmp_path: Path) -> Iterator[Relay]:
    """Run a relay on this test's database."""
    with running_valkey(tmp_path) as queue, running_relay(environment(portal_db, queue, uploads_root), tmp_path) as one:
        yield one


def shown(grant: ViewGrant, *, network: str = HERE, session: str = "") -> str:
    """Return what the page of a view shows."""
    return Pass(grant.deputy_id, network, session or bytes(grant.session).hex(), "en").signed()


def page_of(relay: Relay, *grants: ViewGrant) -> Page:
    """Return the page that watches these views."""
    return Page(relay.url, shown(grants[0]), [grant.pk for grant in grants]).open()


def device(relay: Relay, grant: ViewGrant) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Let the device of a view send."""
    stream = stream_of(grant)
    return sending(relay.url, stream.pk, streams.token_of(stream.pk))


def test_each_frame_arrives_and_a_pause_makes_it_dark_at_once(relay: Relay, seen: Scene) -> None:
    first, second = seen.begin(seen.cameras[0]), seen.begin(seen.cameras[1])
    with device(relay, first), device(relay, second):
        page = page_of(relay, first, second)
        frames = page.waits_for(Kind.FRAME, count=15)
        page.waits_for(Kind.FRAME, view=1, count=15)
        [init] = page.of(Kind.INIT)
        assert (init.said["codec"][:5], init.said["width"], init.said["height"]) == ("avc1.", 320, 180)
        assert frames[0].is_key
        assert all(each.box[4:8] == b"moof" for each in frames)
        began = time.monotonic()
        views.end(grant=first, by=seen.deputy)
        [refused] = page.waits_for(Kind.REFUSED)
        assert refused.at - began < 2
        assert refused.said["sentence"]
        count = len(page.of(Kind.FRAME, 1))
        page.waits_for(Kind.FRAME, view=1, count=count + 10)
        assert page.of(Kind.FRAME)[-1].at < refused.at
        assert page.messages[0].kind is Kind.BEAT
        assert of_views([second.pk])[second.pk].frames > 10
    views.end(grant=second, by=seen.deputy)
    until(lambda: page.ended_at, within=5)
