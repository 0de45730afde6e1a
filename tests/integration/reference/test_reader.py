"""Pictures of a camera for one upload: from the last key frame on, and on a slow line none without its key frame."""

import subprocess
import threading
import time
from functools import cache
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from integration.live.video.fragments import Fragments, Frame, Init
from integration.reference import reader
from integration.reference.reader import FRAGMENTED, Feed, Item, Reader
from tests.peers.relay import until


@cache
def items() -> list[Init | Frame]:
    """Return what comes of a camera in three seconds, a key frame each second."""
    source = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=5:duration=3", "-pix_fmt", "yuv420p"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-tune", "zerolatency"]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, *coded, *FRAGMENTED, "pipe:1"]
    return list(Fragments().feed(subprocess.run(command, check=True, capture_output=True).stdout))


def taken(feed: Feed) -> list[Item]:
    """Return what waits in a feed."""
    found: list[Item] = []
    while (item := feed.get(0)) is not None:
        found.append(item)
    return found


def camera_with(shown: list[Init | Frame]) -> Reader:
    """Return a camera that gave this already."""
    camera = Reader("c0", "testsrc", tell=lambda line: None)
    for item in shown:
        camera._take(item)
    return camera


def test_an_upload_begins_with_the_last_key_frame() -> None:
    init, *frames = items()
    assert [frame.is_key for frame in frames if isinstance(frame, Frame)] == [True, *[False] * 4] * 3
    camera = camera_with([init, *frames[:8]])
    with camera.feed() as feed:
        assert taken(feed) == [init, *frames[5:8]]
        camera._take(frames[8])
        assert taken(feed) == [frames[8]]
    camera._take(frames[9])
    assert taken(feed) == []


def test_a_camera_that_is_away_has_nothing_at_hand() -> None:
    camera = camera_with(items())
    with camera.feed() as before:
        camera._lose()
        assert taken(before) == [items()[0], *items()[11:]]
        assert before.is_lost
        with camera.feed() as feed:
            assert taken(feed) == []
            camera._take(items()[0])
            assert taken(feed) == [items()[0]]


def test_a_camera_that_gives_its_settings_and_no_picture_is_asked_less_and_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "AGAIN_AFTER", 0.1)
    opened, told = list[float](), list[str]()
    program = tmp_path / "ffmpeg"
    (tmp_path / "settings.mp4").write_bytes(items()[0].box)
    program.write_text(f"#!/bin/sh\nexec cat {tmp_path / 'settings.mp4'}\n")
    program.chmod(0o700)
    monkeypatch.setattr(reader, "ffmpeg", lambda: str(program))
    camera = Reader("c0", "rtsp://192.0.2.1/", tell=told.append, prepare=lambda: opened.append(time.monotonic()))
    camera.start()
    try:
        until(lambda: len(opened) > 4)
    finally:
        camera.stop()
        camera.join()
    assert opened[4] - opened[3] > 4 * 0.1
    assert told.count("c0: gives no picture") >= 4
    assert "reads c0" in told


def test_a_camera_that_is_asked_for_long_holds_up_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS_TO_END", 0.1)
    asked, answers = threading.Event(), threading.Event()

    def prepare() -> None:
        asked.set()
        answers.wait(20)
        raise OSError

    camera = Reader("c0", "rtsp://192.0.2.1/", tell=lambda _line: None, prepare=prepare)
    camera.join()
    camera.start()
    assert asked.wait(20)
    camera.stop()
    camera.join()
    assert camera._thread.is_alive()
    answers.set()
    until(lambda: not camera._thread.is_alive())


def test_a_slow_line_goes_on_with_the_next_key_frame() -> None:
    init, *frames = items()
    feed = Feed([init])
    feed._most = 4
    for frame in frames[:3]:
        feed.put(frame)
    assert len(feed._items) == 4
    for frame in frames[3:12]:
        feed.put(frame)
    assert taken(feed) == [init, *frames[10:12]]


def test_a_camera_without_key_frames_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    init, *frames = items()
    camera = camera_with([init, frames[0]])
    for _number in range(3):
        for frame in frames[1:5]:
            camera._take(frame)
    size = sum(len(each.box) for each in camera._group)
    monkeypatch.setattr(reader, "GROUP_BYTES", size)
    camera._take(frames[1])
    with camera.feed() as feed:
        assert taken(feed) == [init]
