"""From a camera that a search found to its picture before a deputy: real RTSP and ONVIF, H.264 and H.265."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from playwright.sync_api import Browser, expect

from integration.cores.models import Core
from integration.relay.wire import Kind
from tests.browser.conftest import OpenWindow, windows_on
from tests.browser.live.relayed import PATIENCE_MS, Relayed, moves, shown_frames, tile_of
from tests.integration.reference.core_process import running_core
from tests.integration.reference.test_real_cameras import searched
from tests.integration.reference.test_sources import logins_in
from tests.integration.relay.watching import shown
from tests.peers.cameras import PASSWORD, USER, RealCamera, real_camera
from tests.peers.relay import Page, until

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def camera() -> Iterator[RealCamera]:
    """Hang a camera on the wall."""
    with real_camera() as one:
        yield one


@pytest.fixture
def open_window(relayed: Relayed, chromium: Browser) -> Iterator[OpenWindow]:
    """Open windows on the portal that names relays."""
    with windows_on(relayed.url, chromium) as open_one:
        yield open_one


def decoded(page: Page) -> tuple[str, int]:
    """Return the codec of what a page got, and how many pictures ffmpeg finds in it."""
    [init] = page.of(Kind.INIT)
    body = b"".join([init.payload.partition(b"\n")[2], *(each.box for each in page.of(Kind.FRAME))])
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", "pipe:0", "-f", "framemd5", "-"]
    said = subprocess.run(command, input=body, check=True, capture_output=True).stdout.decode()
    hashes = {line.rpartition(",")[2] for line in said.splitlines() if not line.startswith("#")}
    return init.said["codec"], len(hashes)


def test_from_discovery_to_the_picture(
    open_window: OpenWindow, relayed: Relayed, camera: RealCamera, tmp_path: Path
) -> None:
    said = searched(tmp_path)
    assert {"main", "sub"} <= set(re.findall(rf"{camera.address}/(\w+)", said)), said
    profiles = {"c0": f"{camera.address}/sub", "c1": f"{camera.address}/main"}  # in H.264 and in H.265
    logins = logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})
    window = open_window("deputy")
    window.may_answer = {404}
    relay = relayed.start(0)
    with running_core(relayed.seen.device, relayed.url, tmp_path, profiles, "--logins", str(logins.file)):
        until(lambda: Core.objects.get().channels.keys() >= {"c0", "c1"}, within=60)
        plain, dense = relayed.begin(window, cameras=2)
        window.open(relayed.wall)
        moves(tile_of(window, plain))
        refused = tile_of(window, dense).get_by_text("This camera sends H.265, which this browser can't play.")
        expect(refused).to_be_visible(timeout=PATIENCE_MS)
        assert shown_frames(tile_of(window, dense)) == 0
        page = Page(relay.url, shown(dense), [dense.pk]).open()
        page.waits_for(Kind.FRAME, count=30)
        codec, pictures = decoded(page)
        assert codec.startswith(("hvc1.", "hev1."))
        assert pictures > 10
        page.close()
    log = (tmp_path / "core.log").read_text(encoding="utf-8")
    assert PASSWORD not in log
