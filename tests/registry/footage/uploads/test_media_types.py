"""Kinds of files that may be given, told by name and by first bytes."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given, strategies as st

from registry.footage import media_types

CODECS = {
    "mp4": ("mpeg4", "video/mp4"),
    "mov": ("mpeg4", "video/quicktime"),
    "3gp": ("h263", "video/3gpp"),
    "mkv": ("mpeg4", "video/x-matroska"),
    "avi": ("mpeg4", "video/x-msvideo"),
    "webm": ("libvpx", "video/webm"),
    "wmv": ("wmv2", "video/x-ms-wmv"),
    "flv": ("flv", "video/x-flv"),
    "mpg": ("mpeg1video", "video/mpeg"),
    "ts": ("mpeg2video", "video/mp2t"),
    "m2ts": ("mpeg2video", "video/mp2t"),
    "jpg": ("mjpeg", "image/jpeg"),
    "png": ("png", "image/png"),
}


def made_by_ffmpeg(path: Path, codec: str) -> bytes:
    """Return a short real file of the kind that the path's ending names."""
    stills = ["-frames:v", "1", "-update", "1"] if codec in {"mjpeg", "png"} else []
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=size=352x288:rate=25"]
    subprocess.run([*command, "-t", "1", "-c:v", codec, *stills, str(path)], check=True)
    return path.read_bytes()


@pytest.mark.parametrize("ending", CODECS)
def test_it_takes_what_cameras_write(ending: str, tmp_path: Path) -> None:
    codec, content_type = CODECS[ending]
    content = made_by_ffmpeg(tmp_path / f"camera.{ending}", codec)

    kind = media_types.type_of(content[: media_types.SNIFFED_BYTES])

    assert kind is not None
    assert kind.content_type == content_type
    assert media_types.taken_by_name(f"Front Door.{ending.upper()}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00\x03" + bytes(300),
        b"\x7fELF" + bytes(300),
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.7\n" + bytes(300),
        b"PK\x03\x04" + bytes(300),
        b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + bytes(300),
        b"GGG",
        b"Just a note",
    ],
)
def test_it_refuses_what_is_no_footage(content: bytes) -> None:
    assert media_types.type_of(content) is None


@pytest.mark.parametrize("name", ["run.exe", "page.html", "picture.svg", "mp4", "video.mp4.exe", "archive.zip", ""])
def test_it_refuses_names_of_other_kinds(name: str) -> None:
    assert not media_types.taken_by_name(name)


@pytest.mark.parametrize(
    ("declared", "taken"),
    [
        ("video/mp4", True),
        ("Video/MP4; codecs=avc1", True),
        ("image/jpeg", True),
        ("application/octet-stream", True),
        ("", True),
        ("text/html", False),
        ("application/x-msdownload", False),
    ],
)
def test_it_heeds_a_declared_type_that_speaks_against_the_file(declared: str, taken: bool) -> None:
    assert media_types.taken_by_declaration(declared) is taken


@given(st.binary(max_size=600))
def test_no_bytes_make_it_stumble(content: bytes) -> None:
    kind = media_types.type_of(content)
    assert kind is None or kind in media_types.MEDIA_TYPES.values()
