"""Real video over real HTTP: plain ffmpeg as a device, and the reference client through what happens to it."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from integration.live import passes
from integration.live.models import LiveStream
from integration.live.services import views
from integration.live.video import store
from tests.database.clone import Clone
from tests.integration.live.streaming import Scene, scene, stream_of
from tests.integration.reference.core_process import running_core, sending
from tests.peers.web import WebServer

pytestmark = pytest.mark.long
SECONDS = 40.0
"""Without a relay a CORE hears of an order at its next poll, after 15 seconds at most."""


@pytest.fixture
def seen(portal_db: Clone) -> Scene:
    """Return a camera that may be seen."""
    return scene()


def until(is_so: Callable[[], object], what: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, what()
        time.sleep(0.1)


def newest(stream: LiveStream) -> int:
    """Return the number of the newest piece, 0 for none."""
    return max(store.numbers(stream.pk), default=0)


def test_plain_ffmpeg_is_a_device(seen: Scene, web_server: WebServer) -> None:
    grant = seen.begin()
    stream = stream_of(grant)
    root = f"{web_server.url}/core/v1/streams/{stream.pk}"
    source = ["-re", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10", "-c:v", "libx264", "-g", "10"]
    target = ["-f", "hls", "-hls_time", "1", "-hls_flags", "delete_segments", "-method", "PUT"]
    token = ["-headers", f"Authorization: Bearer {passes.stream_token(stream.pk)}\r\n", f"{root}/live.m3u8"]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, "-pix_fmt", "yuv420p", *target, *token]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as ffmpeg:
        try:
            until(lambda: len(store.numbers(stream.pk)) > 3)
            answer = seen.get(grant, "playlist.m3u8")
            assert answer.status_code == 200
            assert seen.get(grant, f"{newest(stream)}.ts").content.startswith(b"\x47")
        finally:
            ffmpeg.terminate()
            said = ffmpeg.communicate()[0].decode()
    assert "HTTP error" not in said


class TestTheReferenceClient:
    @pytest.fixture
    def core(self, seen: Scene, web_server: WebServer, tmp_path: Path) -> Iterator[psutil.Process]:
        """Run it with a test picture."""
        with running_core(seen.device, web_server.url, tmp_path, {"c0": "testsrc"}) as process:
            yield psutil.Process(process.pid)

    def test_it_sends_what_is_ordered_and_stops_when_it_is_not(self, seen: Scene, core: psutil.Process) -> None:
        until(core.children)
        assert sending(core) == []
        grant = seen.begin()
        until(lambda: newest(stream_of(grant)))
        [ffmpeg] = sending(core)
        views.end(grant=grant, by=seen.deputy)
        until(lambda: not ffmpeg.is_running())
        assert store.numbers(stream_of(grant).pk) == []

    def test_it_goes_on_when_the_portal_was_away(
        self, seen: Scene, core: psutil.Process, web_server: WebServer
    ) -> None:
        stream = stream_of(seen.begin())
        until(lambda: newest(stream))
        web_server.kill()
        time.sleep(3)
        web_server.start()
        before = newest(stream)
        until(lambda: newest(stream) > before)

    def test_it_starts_again_when_its_program_ends(self, seen: Scene, core: psutil.Process) -> None:
        stream = stream_of(seen.begin())
        until(lambda: newest(stream))
        sending(core)[0].kill()
        before = newest(stream)
        until(lambda: newest(stream) > before)
        until(lambda: (store.read_playlist(stream.pk) or None) is not None)
        assert len(sending(core)) == 1

    def test_nothing_is_left_of_it_when_it_is_killed(self, seen: Scene, core: psutil.Process) -> None:
        stream = stream_of(seen.begin())
        until(lambda: newest(stream))
        [ffmpeg] = sending(core)
        core.kill()
        until(lambda: not ffmpeg.is_running() or ffmpeg.status() == psutil.STATUS_ZOMBIE)


def test_a_file_is_sent_as_it_was_coded(seen: Scene, web_server: WebServer, tmp_path: Path) -> None:
    file = tmp_path / "yard.mp4"
    coded = ["-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"]
    sound = ["-f", "lavfi", "-i", "sine"]
    picture = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=3"]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *picture, *sound, *coded, str(file)]
    subprocess.run(command, check=True)
    with running_core(seen.device, web_server.url, tmp_path, {"c0": str(file)}):
        stream = stream_of(seen.begin())
        until(lambda: newest(stream))
