"""The first picture of a video: from what cameras send, and from files that want more than that."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from fusus_portal.ground.pictures import video as pictures
from fusus_portal.ground.pictures.video import FirstFrame, first_frame

PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:{target}\n#EXT-X-ENDLIST\n"


def made(path: Path, *options: str, size: str = "320x240", seconds: int = 2) -> Path:
    """Make a video with ffmpeg."""
    source = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate=25", "-t", str(seconds), "-pix_fmt", "yuv420p"]
    subprocess.run([get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, *options, str(path)], check=True)
    return path


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.mp4", "video/mp4"),
        ("a.mov", "video/quicktime"),
        ("a.3gp", "video/3gpp"),
        ("a.mkv", "video/x-matroska"),
        ("a.webm", "video/webm"),
        ("a.avi", "video/x-msvideo"),
        ("a.wmv", "video/x-ms-wmv"),
        ("a.flv", "video/x-flv"),
        ("a.mpg", "video/mpeg"),
        ("a.ts", "video/mp2t"),
    ],
)
def test_every_kind_of_video_that_is_taken_shows_its_first_picture(
    name: str, content_type: str, tmp_path: Path
) -> None:
    size = "352x288" if name.endswith("3gp") else "320x240"
    frame = first_frame(made(tmp_path / name, size=size), content_type=content_type)
    assert Image.open(BytesIO(frame.jpeg)).size[0] == pictures.SIDE
    assert frame.seconds == 2


def test_it_begins_when_the_file_says_unless_that_can_not_be(tmp_path: Path) -> None:
    at = datetime(2026, 3, 8, 22, 15, tzinfo=UTC)
    for said, expected in ((at, at), (at + timedelta(days=2), None), (datetime(1970, 1, 1, tzinfo=UTC), None)):
        path = made(tmp_path / f"{said:%Y%m%d}.mp4", "-metadata", f"creation_time={said:%Y-%m-%dT%H:%M:%SZ}")
        with time_machine.travel(at + timedelta(days=1), tick=False):
            assert first_frame(path, content_type="video/mp4").recorded_at == expected


def test_a_file_leads_nowhere_else(tmp_path: Path) -> None:
    """A playlist names other files, and so could any format that ffmpeg guesses: it is told what to read it as."""
    target = made(tmp_path / "of-somebody-else.ts")
    playlist = tmp_path / "a.mp4"
    playlist.write_text(PLAYLIST.format(target=target), encoding="utf-8")
    guessed = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-allowed_extensions", "ALL", "-f", "hls"]
    found = subprocess.run(
        [*guessed, "-i", str(playlist), "-frames:v", "1", "-f", "mjpeg", "pipe:1"], capture_output=True, check=True
    )
    assert found.stdout
    for content_type in pictures.FORMATS:
        assert first_frame(playlist, content_type=content_type) == FirstFrame()


def test_what_takes_too_long_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.mp4")
    monkeypatch.setattr(pictures, "WALL_SECONDS", 0)
    assert first_frame(path, content_type="video/mp4") == FirstFrame()


def test_it_runs_with_little_memory_and_an_empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nulimit -t >&2\nulimit -v >&2\nenv >&2\n", encoding="utf-8")
    program.chmod(0o700)
    told = tmp_path / "told"
    monkeypatch.setenv("SECRET_KEY", "of the portal")
    with told.open("wb") as said:
        command = [sys.executable, "-I", str(pictures.BOUNDED), str(program)]
        subprocess.run(command, env={}, stderr=said, check=True)
    lines = told.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["10", str(2 * 1024**2)]
    assert "SECRET_KEY" not in "".join(lines)


def test_without_a_program_there_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.mp4")
    monkeypatch.setattr(pictures, "ffmpeg", lambda: "")
    assert first_frame(path, content_type="video/mp4") == FirstFrame()


def test_a_photograph_is_no_video(tmp_path: Path) -> None:
    assert first_frame(tmp_path / "a.jpg", content_type="image/jpeg") == FirstFrame()
