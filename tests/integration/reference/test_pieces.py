"""The pieces of a recording: where each ends, and what becomes of those that nobody needs."""

import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.live.video.fragments import Frame, Init
from integration.reference import reader, recordings
from integration.reference.recordings import Bounds, Recorder, Recording
from tests.integration.reference.test_recorder import MEGABYTE, light_of, recorder_of
from tests.integration.reference.test_stills import camera_with, items
from tests.peers.relay import until


@pytest.mark.parametrize("place", [0, 2])
def test_a_piece_that_a_loss_of_power_left_empty_hides_none_of_the_others(place: int, tmp_path: Path) -> None:
    init, *frames = items()
    made = recorder_of("rtsp://192.0.2.1/", tmp_path / "recorded")
    folder, began = tmp_path / "recorded" / "front", 1_800_000_000
    folder.mkdir(parents=True)
    groups = [frames[0:20], frames[20:40], frames[40:60]]
    boxes = [init.box + b"".join(frame.box for frame in group) for group in groups]
    for number, content in enumerate([*boxes[:place], b"", *boxes[place:]]):
        piece = folder / f"{(began + 2 * number) * 1000}.mp4"
        piece.write_bytes(content)
        os.utime(piece, (began + 2 * number + 2,) * 2)
    assert made.cut("front", began, began + 8, tmp_path / "clip.mp4")
    assert len(light_of(tmp_path / "clip.mp4")) == pytest.approx(60, abs=2)


def test_a_disk_that_takes_nothing_is_told_and_looks_as_stopped_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "AGAIN_AFTER", 0.05)
    monkeypatch.setattr(recordings, "STOPPED_AFTER", 0.5)
    lines: list[str] = []
    made = Recorder({"front": camera_with(items()[:3])}, tmp_path, Bounds(60, MEGABYTE), tell=lines.append)
    with disk_that_takes_nothing():
        made.start()
        try:
            until(lambda: lines.count("the recording of front: File too large") > 2)
            until(lambda: made.is_stopped("front", time.time()))
        finally:
            made.stop()
    assert list((tmp_path / "front").iterdir()) == []


class TestWhereAPieceEnds:
    """With pictures that come when the test says."""

    BEGAN = 1_800_000_000

    def recorded(self, folder: Path, came: Sequence[tuple[Init | Frame, float]]) -> list[str]:
        """Record pictures that came so many seconds after the first; return what was told."""
        lines: list[str] = []
        recording = Recording(camera_with([]), folder / "front", tell=lines.append)

        def pictures() -> Iterator[Frame]:
            for frame, seconds in came:
                assert isinstance(frame, Frame)
                recording.feed.came = self.BEGAN + seconds
                yield frame

        init = items()[0]
        assert isinstance(init, Init)
        recording.take(init, pictures())
        return lines

    def spans(self, folder: Path) -> list[tuple[float, float]]:
        """Return when each piece begins, and when its last picture came, in seconds after the first."""
        pieces = recorder_of("rtsp://192.0.2.1/", folder).pieces("front")
        return [(each.begins - self.BEGAN, each.file.stat().st_mtime - self.BEGAN) for each in pieces]

    def test_it_ends_also_when_the_clock_is_set_back(self, tmp_path: Path) -> None:
        key, other = items()[1:3]
        self.recorded(tmp_path, [(key, 0), (other, 1), (key, -3600), (other, -3599), (key, -3590), (other, -3589)])
        assert self.spans(tmp_path) == [(-3600, -3599), (-3590, -3589), (0, 1)]

    def test_of_a_camera_that_sends_no_key_frame_any_more_it_ends_after_a_minute(self, tmp_path: Path) -> None:
        key, other = items()[1:3]
        late = [(other, seconds) for seconds in range(1, 90)]
        lines = self.recorded(tmp_path, [(key, 0), *late, (key, 90), (other, 91)])
        assert self.spans(tmp_path) == [(0, 59), (90, 91)]
        assert lines == ["records front", "the recording of front waits for a key frame"]

    def test_a_clock_that_stood_at_1970_says_the_order(self, tmp_path: Path) -> None:
        key, other = items()[1:3]
        early = 3600 - self.BEGAN
        self.recorded(tmp_path, [(key, 0), (other, 1), (key, early), (other, early + 1)])
        assert self.spans(tmp_path) == [(early, early + 1), (0, 1)]


@contextmanager
def disk_that_takes_nothing() -> Iterator[None]:
    """Let no file of this process grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_an_earlier_version_recorded_goes(tmp_path: Path) -> None:
    names = ("front/1800000000.ts", "gone/1800000010.ts", "front/notes.ts", "front/1800000000000.mp4")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"video")
    made = recorder_of("rtsp://192.0.2.1/", tmp_path)
    made.start()
    made.stop()
    assert [name for name in names if (tmp_path / name).exists()] == ["front/notes.ts", "front/1800000000000.mp4"]
