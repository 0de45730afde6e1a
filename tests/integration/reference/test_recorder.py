"""The reference client's own recording: of a real camera by RTSP, bounded, and cut to what its owner gave."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from integration.clips import services
from integration.clips.models import Clip
from integration.reference import pattern, recordings
from integration.reference.calls import Calls
from integration.reference.client import Client
from integration.reference.device import Memory
from integration.reference.reader import Reader
from integration.reference.recordings import Bounds, Recorder
from registry.footage.models import Evidence
from registry.footage.services import custody
from tests.integration.clips.clipping import asked, device_of
from tests.integration.critical.scenes import scene
from tests.integration.reference.core_process import cameras_of
from tests.integration.reference.test_stills import H264, H265, PER_SECOND, STEP, camera_with, items
from tests.peers.relay import until
from tests.peers.rtsp import Camera, running_camera
from tests.peers.web import WebServer

MEGABYTE = 1024 * 1024
PIECE = 2
DAY = 24 * 60 * 60


@pytest.fixture
def camera() -> Iterator[Camera]:
    """Return a camera whose pictures say when they were made."""
    with running_camera() as made:
        yield made


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pieces be short, so that a test is."""
    monkeypatch.setattr(recordings, "PIECE_SECONDS", PIECE)


def told(_line: str) -> None:
    """Hear nothing."""


def reader_of(source: str) -> Reader:
    """Return what reads a camera."""
    return Reader("front", source, tell=told)


def recorder_of(source: str | Reader, folder: Path, *, minutes: int = 60, size: int = 100 * MEGABYTE) -> Recorder:
    """Return a recorder of one camera."""
    reader = source if isinstance(source, Reader) else reader_of(source)
    return Recorder({"front": reader}, folder, Bounds(minutes, size), tell=told)


@contextmanager
def at_work(made: Recorder, reader: Reader) -> Iterator[None]:
    """Let it record."""
    reader.start()
    made.start()
    try:
        yield
    finally:
        made.stop()
        reader.stop()
        reader.join()


def closed_seconds(made: Recorder) -> float:
    """Return how much there is in pieces that are written to their end."""
    return sum(piece.ends - piece.begins for piece in made.pieces("front") if not piece.is_open)


def records_for(made: Recorder, seconds: float) -> None:
    """Wait until there are closed pieces of so many seconds."""
    until(lambda: closed_seconds(made) >= seconds, within=seconds + 30)


def pictures_of(video: Path) -> list[float]:
    """Return when each picture of a video was made, as it says itself, in seconds since midnight."""
    left, top = pattern.SQUARES_AT
    crop = f"crop={pattern.SQUARE * pattern.BITS}:{pattern.SQUARE}:{left}:{top},scale={pattern.BITS}:1:flags=neighbor"
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", str(video), "-vf", crop]
    command += ["-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    rows = [raw[place : place + pattern.BITS] for place in range(0, len(raw), pattern.BITS)]
    return [int("".join("1" if level > 127 else "0" for level in row), 2) / 10 for row in rows]


def of_day(unix: float) -> float:
    """Return a time in seconds since midnight, as the picture has it."""
    at = datetime.fromtimestamp(unix).astimezone()
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


@pytest.mark.parametrize("coded", [H264, H265])
def test_a_clip_begins_with_the_key_frame_before_it_and_goes_on_over_pieces(
    coded: tuple[str, ...], tmp_path: Path
) -> None:
    init, *frames = items(coded)
    made = recorder_of("rtsp://192.0.2.1/", tmp_path / "recorded")
    folder, began = tmp_path / "recorded" / "front", 1_800_000_000
    folder.mkdir(parents=True)
    for begin, end in ((0, 40), (40, 60)):
        piece = folder / f"{began * 1000 + begin * 100}.mp4"
        piece.write_bytes(init.box + b"".join(frame.box for frame in frames[begin:end]))
        os.utime(piece, (began + end / PER_SECOND,) * 2)
    assert made.cut("front", began + 3, began + 5, tmp_path / "clip.mp4")
    shown = light_of(tmp_path / "clip.mp4")
    assert shown[0] == pytest.approx(20, abs=1)
    assert shown[-1] == pytest.approx(50, abs=3)
    assert shown == sorted(shown)
    assert 29 <= len(shown) <= 33
    (folder / f"{began * 1000}.mp4").write_bytes(init.box)
    assert made.cut("front", began + 4, began + 5, tmp_path / "clip.mp4")


def test_a_piece_is_called_by_when_its_pictures_came(tmp_path: Path) -> None:
    came = time.time()
    camera = camera_with(items()[:6])
    time.sleep(1)
    made = recorder_of(camera, tmp_path)
    made.start()
    try:
        until(lambda: made.pieces("front"))
        [piece] = made.pieces("front")
        assert piece.is_open
        assert made.is_ready("front", came - 2)
        assert not made.is_ready("front", came + 5)
    finally:
        made.stop()
    [piece] = made.pieces("front")
    assert not piece.is_open
    assert abs(piece.begins + 4 / PER_SECOND - came) < 0.4
    assert piece.file.parent.stat().st_mode & 0o777 == 0o700


def light_of(video: Path) -> list[float]:
    """Return which of the pictures each is, by its light."""
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", str(video), "-vf", "scale=2:2"]
    command += ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return [(level - 16) / STEP for level in raw[:: len("yyyyuv")]]


@pytest.mark.long
@pytest.mark.usefixtures("short_pieces")
def test_what_is_cut_was_filmed_in_the_time_that_was_asked_for(camera: Camera, tmp_path: Path) -> None:
    reader = reader_of(camera.address)
    made = recorder_of(reader, tmp_path / "recorded")
    with at_work(made, reader):
        records_for(made, 14)
    first = made.pieces("front")[0].begins
    begin, end = first + 5, first + 11
    assert made.cut("front", begin, end, tmp_path / "clip.mp4")
    shown = pictures_of(tmp_path / "clip.mp4")
    # A second for the key frame before it, and what the camera and its line take.
    assert -2 < (shown[0] - of_day(begin)) % DAY < 1.5 or (shown[0] - of_day(begin)) % DAY > DAY - 2
    assert 5 < (shown[-1] - shown[0]) % DAY < 8.5
    assert shown == sorted(shown)
    assert not made.cut("front", first - 500, first - 400, tmp_path / "none.mp4")
    assert {file.name for file in tmp_path.iterdir()} == {"clip.mp4", "recorded"}


@pytest.mark.long
@pytest.mark.usefixtures("short_pieces")
def test_a_clip_of_the_recording_is_sent_as_its_owner_gave_it(
    web_server: WebServer, camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = scene()
    clip = asked(there, minutes=1)
    services.fetch(clip=clip, by=there.owner)
    device, said = device_of(there), list[str]()
    keeps = Memory(tmp_path / "core.json", device.core.serial, device.key, device.token)
    cameras, bounds = cameras_of({"front": camera.address}, tmp_path), Bounds(24 * 60, 100 * MEGABYTE)
    client = Client(Calls(web_server.url, keeps), cameras, tell=said.append, bounds=bounds)
    made = client.recorder
    assert made is not None
    with at_work(made, cameras.readers["front"]):
        records_for(made, 8)
    # As if it had been filmed while the incident went on.
    shift = clip.starts_at.timestamp() - made.pieces("front")[0].begins
    for file in sorted((made.folder / "front").glob("*.mp4")):
        moved = file.rename(file.with_stem(str(int(int(file.stem) + shift * 1000))))
        os.utime(moved, (moved.stat().st_mtime + shift,) * 2)
    assert client.health()["recorded_minutes"] == 24 * 60
    client.once()
    rounds = 0
    while "sent a clip of front" not in said:
        client.tend()
        rounds += 1
        assert rounds < 50, said
    sent = Clip.objects.get()
    assert sent.state == "sent"
    assert not Evidence.objects.exists()  # its owner looks first
    given = services.give(clip=sent, by=there.owner)
    assert given.upload is not None
    custody.receive(upload=given.upload.pk)
    assert Evidence.objects.get().sha256 == sent.sha256


@pytest.mark.long
@pytest.mark.usefixtures("short_pieces")
def test_it_goes_on_when_the_camera_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.reference.reader.AGAIN_AFTER", 0.2)
    with running_camera() as first:
        reader = reader_of(first.address)
        made = recorder_of(reader, tmp_path / "recorded")
        recording = at_work(made, reader)
        with recording:
            records_for(made, 3)
            before = len(made.pieces("front"))
            with running_camera() as again:
                reader.source = again.address
                first.close()
                until(lambda: len(made.pieces("front")) > before + 1, within=60)


class TestItsBounds:
    """With pieces that are only files: how long they are said to be is all that counts."""

    NOW = 1_800_000_000.0

    def piece(self, folder: Path, *, ago: float, size: int = 1000) -> Path:
        """Write a piece of ten seconds that began so many seconds ago."""
        (folder / "front").mkdir(parents=True, exist_ok=True)
        file = folder / "front" / f"{int(self.NOW - ago) * 1000}.mp4"
        file.write_bytes(bytes(size))
        os.utime(file, (self.NOW - ago + 10,) * 2)
        return file

    def test_what_is_older_than_it_may_be_goes(self, tmp_path: Path) -> None:
        old, young = self.piece(tmp_path, ago=700), self.piece(tmp_path, ago=500)
        recorder_of("rtsp://192.0.2.1/", tmp_path, minutes=10).tidy(self.NOW)
        assert (old.exists(), young.exists()) == (False, True)
        recorder_of("rtsp://192.0.2.1/", tmp_path, minutes=10).tidy(self.NOW + 200)
        assert not young.exists()

    def test_the_oldest_go_until_the_rest_has_room(self, tmp_path: Path) -> None:
        files = [self.piece(tmp_path, ago=ago, size=400) for ago in (50, 40, 30, 20, 10)]
        recorder_of("rtsp://192.0.2.1/", tmp_path, size=1000).tidy(self.NOW)
        assert [file.exists() for file in files] == [False, False, False, True, True]

    def test_a_gap_belongs_to_no_piece(self, tmp_path: Path) -> None:
        self.piece(tmp_path, ago=500)
        self.piece(tmp_path, ago=100)
        made = recorder_of("rtsp://192.0.2.1/", tmp_path)
        first, last = made.pieces("front")
        assert (first.ends - first.begins, last.ends - last.begins) == (11.0, 10.0)
        assert not made.cut("front", self.NOW - 400, self.NOW - 200, tmp_path / "none.mp4")


def test_without_a_recording_it_says_so(tmp_path: Path) -> None:
    keeps = Memory.load(tmp_path / "core.json", serial="FC4-00001")
    calls = Calls("http://127.0.0.1:9", keeps)
    bounds = Bounds(90, MEGABYTE)
    assert _minutes(calls, {"front": "rtsp://127.0.0.1:9/"}, None) == 0
    assert _minutes(calls, {"front": "testsrc", "back": "rtsp://127.0.0.1:9/"}, None) == 0
    assert _minutes(calls, {"front": "testsrc"}, None) == 60
    assert _minutes(calls, {"front": "rtsp://127.0.0.1:9/", "back": "testsrc"}, bounds) == 90


def _minutes(calls: Calls, cameras: dict[str, str], bounds: Bounds | None) -> int:
    client = Client(calls, cameras_of(cameras, calls.memory.file.parent), tell=lambda _line: None, bounds=bounds)
    said = client.health()["recorded_minutes"]
    assert isinstance(said, int)
    return said


def test_what_else_lies_there_is_no_piece(tmp_path: Path) -> None:
    (tmp_path / "front").mkdir()
    (tmp_path / "front" / "notes.mp4").write_text("no piece")
    assert not recorder_of("rtsp://192.0.2.1/", tmp_path).pieces("front")
