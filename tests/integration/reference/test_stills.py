"""A still picture is the newest that the reader of a camera has at hand; only a search opens one for it."""

import io
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from integration.live.video.fragments import Fragments, Frame, Init
from integration.reference import reader
from integration.reference.reader import FRAGMENTED, Reader
from integration.rules import SNAPSHOT_SIDE

PER_SECOND = 10
STEP = 3
H264 = ("-c:v", "libx264", "-preset", "medium", "-bf", "3", "-g", "20")
H265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=20:open-gop=1:log-level=none")
"""As cameras code that look ahead: pictures are shown in another order than they come."""


@cache
def items(coded: tuple[str, ...] = H264) -> list[Init | Frame]:
    """Return what comes of a camera in six seconds; each picture is lighter than the one before."""
    lighter = f"geq=lum='16+N*{STEP}':cb=128:cr=128"
    source = f"color=black:size=320x180:rate={PER_SECOND}:duration=6,format=yuv420p,{lighter}"
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-f", "lavfi", "-i", source, *coded, *FRAGMENTED, "pipe:1"]
    return list(Fragments().feed(subprocess.run(command, check=True, capture_output=True).stdout))


def camera_with(shown: list[Init | Frame]) -> Reader:
    """Return the reader of a camera that gave this already."""
    camera = Reader("front", "rtsp://192.0.2.1/live", tell=lambda _line: None)
    for item in shown:
        camera._take(item)
    return camera


def seen(jpeg: bytes) -> float:
    """Return which of the pictures one is, by its light."""
    light = np.asarray(Image.open(io.BytesIO(jpeg)).convert("YCbCr"))[..., 0].mean()
    return float(light) * 219 / 255 / STEP


@pytest.mark.parametrize("coded", [H264, H265])
@pytest.mark.parametrize("count", [1, 2, 7, 15, 19, 33, 47, 60])
def test_it_is_what_the_camera_shows_now(coded: tuple[str, ...], count: int) -> None:
    camera = camera_with(items(coded)[: 1 + count])
    newest = seen(reader.newest_still(camera))
    assert count - 1 - 0.7 * PER_SECOND < newest < count + 2


def test_a_camera_that_is_away_or_gave_no_key_frame_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    camera = camera_with(items())
    camera._lose()
    for each in (camera, camera_with([]), camera_with(items()[:1])):
        with pytest.raises(reader.NoPicture, match="the camera gives none"):
            reader.newest_still(each)
    monkeypatch.setattr(reader, "GROUP_BYTES", 1)
    with pytest.raises(reader.NoPicture, match="the camera gives none"):
        reader.newest_still(camera_with(items()[:3]))


def test_what_nobody_can_decode_is_no_picture() -> None:
    init, first = items()[:2]
    assert isinstance(first, Frame)
    with pytest.raises(reader.NoPicture, match="ffmpeg ended"):
        reader.newest_still(camera_with([init, Frame(first.is_key, first.at, b"\0" * len(first.box))]))


def test_where_all_pictures_take_too_long_it_is_the_key_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init, *frames = items()
    keys = [frame for frame in frames if isinstance(frame, Frame) and frame.is_key]
    given = tmp_path / "given.mp4"
    largest = len(init.box) + max(len(frame.box) for frame in keys)
    slow = tmp_path / "ffmpeg"
    slow.write_text(
        f"#!/bin/sh\ncat > {given}\n[ $(wc -c < {given}) -le {largest} ] || exec sleep 60\n"
        f'exec {get_ffmpeg_exe()} "$@" < {given}\n'
    )
    slow.chmod(0o700)
    monkeypatch.setattr(reader, "ffmpeg", lambda: str(slow))
    monkeypatch.setattr(reader, "SECONDS_TO_TAKE", 4)
    count = frames.index(keys[-1]) + 15
    assert seen(reader.newest_still(camera_with(items()[: 1 + count]))) == pytest.approx(frames.index(keys[-1]), abs=3)


def test_one_of_a_camera_in_4k_is_no_larger_than_the_portal_keeps_it() -> None:
    source = "testsrc=size=3840x2160:rate=1:duration=1,format=yuv420p"
    coded = ("-c:v", "libx264", "-preset", "ultrafast")
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-f", "lavfi", "-i", source, *coded, *FRAGMENTED, "pipe:1"]
    shown = list(Fragments().feed(subprocess.run(command, check=True, capture_output=True).stdout))
    assert Image.open(io.BytesIO(reader.newest_still(camera_with(shown)))).size == (
        SNAPSHOT_SIDE,
        SNAPSHOT_SIDE * 9 // 16,
    )


def test_a_source_that_is_opened_for_it(tmp_path: Path) -> None:
    film = tmp_path / "yard.mp4"
    film.write_bytes(b"".join(each.box for each in items()))
    assert seen(reader.opened_still(str(film))) < 1
    with pytest.raises(reader.NoPicture):
        reader.opened_still(str(tmp_path / "none.mp4"))
