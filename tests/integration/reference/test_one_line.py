"""A camera that lets in one program, and all that a CORE makes of it at once: live view, HLS, still, recording."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.cores.models import CameraProblem, ProblemKind
from integration.live.services import snapshots
from integration.live.video import store
from integration.reference import reader
from integration.reference.onvif import Login
from integration.reference.sources import hold
from integration.relay.wire import Kind
from tests.database.clone import Clone
from tests.integration.live.streaming import stream_of
from tests.integration.reference.test_sources import logins_in
from tests.integration.reference.test_upload import SECONDS, Site, running_site
from tests.peers.cameras import PASSWORD, USER, RealCamera
from tests.peers.relay import until

pytestmark = pytest.mark.long


@pytest.fixture
def site(camera: RealCamera, portal_db: Clone, uploads_root: Path, tmp_path: Path, settings: Any) -> Iterator[Site]:
    """Run a portal, a relay, and a CORE with a camera that lets in one program."""
    camera.lets_in(1)
    logins = logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})
    more = ["--logins", str(logins.file), "--problem-after", "2", "--record-minutes", "10"]
    with running_site(portal_db, uploads_root, tmp_path, settings, {"c0": camera.address}, *more) as made:
        yield made


def test_everything_comes_of_one_line(site: Site, camera: RealCamera, tmp_path: Path) -> None:
    hold(tmp_path / "second.ffconcat", camera.stream, Login(USER, PASSWORD))
    with pytest.raises(reader.NoPicture):
        reader.opened_still(str(tmp_path / "second.ffconcat"))
    recorded = tmp_path / "core.recorded" / "c0"
    grant = site.seen.begin()
    page, stream = site.page(grant), stream_of(grant).pk
    page.waits_for(Kind.FRAME, within=SECONDS)
    assert site.seen.get(grant, "playlist.m3u8").status_code == 404  # that asks for HLS
    until(lambda: store.numbers(stream), site.said, within=SECONDS)
    snapshots.take(behind=site.seen.camera, by=site.seen.owner)
    until(lambda: "sent a picture of c0" in site.said(), site.said, within=SECONDS)
    frames, last, size = len(page.of(Kind.FRAME)), max(store.numbers(stream)), size_of(recorded)
    page.waits_for(Kind.FRAME, count=frames + 20, within=SECONDS)
    until(lambda: max(store.numbers(stream)) > last + 1, site.said, within=SECONDS)
    until(lambda: size_of(recorded) > size > 0, site.said, within=SECONDS)
    assert site.said().count("reads c0\n") == 1
    camera.films("black")
    until(lambda: CameraProblem.objects.filter(kind=ProblemKind.BLACK).exists(), site.said, within=SECONDS)


def size_of(recorded: Path) -> int:
    """Return how many bytes are recorded."""
    return sum(file.stat().st_size for file in recorded.glob("*.mp4"))
