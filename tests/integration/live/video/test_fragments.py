"""Video that a relay takes of a device: fragmented MP4 of one picture, a frame a fragment, and nothing else."""

import struct
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from imageio_ffmpeg import get_ffmpeg_exe

from integration.live.video import fragments as video
from integration.live.video.fragments import FRAME_BYTES, MOST_BOXES, Fragments, Frame, FrameTooLarge, Init
from integration.live.video.hls import NotVideo

PLAIN = "bframes=0:open-gop=0:log-level=error"
FORM = "empty_moov+default_base_moof+frag_every_frame"


@cache
def sent(
    *more: str, flags: str = FORM, codec: str = "libx264", size: str = "160x96", rate: int = 10, seconds: int = 2
) -> bytes:
    """Return what ffmpeg sends of a test picture, a key frame each second."""
    source = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]
    quick = ["-preset", "ultrafast"] if codec.startswith("libx") else []
    coded = ["-c:v", codec, *quick, "-pix_fmt", "yuv420p", "-g", str(rate), "-keyint_min", str(rate)]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, *coded, *more, "-movflags", flags]
    return subprocess.run([*command, "-f", "mp4", "pipe:1"], check=True, capture_output=True).stdout


def read(body: bytes, *, step: int = 1000) -> list[Init | Frame]:
    """Return what is in a body that comes in parts."""
    fragments = Fragments()
    return [found for at in range(0, len(body), step) for found in fragments.feed(body[at : at + step])]


def pictures(body: bytes) -> list[str]:
    """Return the hash of each picture that ffmpeg decodes."""
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", "pipe:0", "-f", "framemd5", "-"]
    said = subprocess.run(command, input=body, check=True, capture_output=True).stdout.decode()
    return [line.rpartition(",")[2].strip() for line in said.splitlines() if not line.startswith("#")]


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def with_sound() -> bytes:
    """Return picture and sound, as a device must not send them."""
    picture = ["-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10:duration=1"]
    sound = ["-f", "lavfi", "-i", "sine=duration=1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *picture, *sound, "-movflags", FORM, "-f", "mp4", "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.parametrize(
    ("codec", "more", "named"),
    [
        ("libx264", ("-profile:v", "baseline"), "avc1.42C0"),
        ("libx264", ("-bf", "2"), "avc1."),
        ("libx265", ("-x265-params", PLAIN, "-tag:v", "hvc1"), "hvc1.1.6.L"),
        ("libx265", ("-x265-params", PLAIN, "-tag:v", "hev1"), "hev1.1.6.L"),
    ],
)
def test_what_comes_out_shows_the_same_pictures(codec: str, more: tuple[str, ...], named: str) -> None:
    body = sent(*more, codec=codec)
    [init, *frames] = read(body)
    assert isinstance(init, Init)
    assert init.codec.startswith(named)
    assert [isinstance(each, Frame) and each.is_key for each in frames] == [number % 10 == 0 for number in range(20)]
    assert pictures(b"".join(each.box for each in [init, *frames])) == pictures(body)


@given(step=st.integers(1, 5000))
def test_it_matters_not_how_the_bytes_come(step: int) -> None:
    assert read(sent(), step=step) == read(sent())


def test_a_viewer_may_begin_with_any_key_frame() -> None:
    [init, *frames] = read(sent())
    assert pictures(b"".join(each.box for each in [init, *frames[10:]])) == pictures(sent())[10:]


def test_times_begin_at_zero_whatever_the_device_says() -> None:
    [_init, *frames] = read(sent("-output_ts_offset", "5000"))
    assert [round(each.at, 3) for each in frames if isinstance(each, Frame)] == [number / 10 for number in range(20)]


def test_no_text_of_the_device_is_passed_on() -> None:
    marked = sent("-metadata", "title=SECRETWORD", "-metadata", "comment=SECRETWORD")
    assert b"SECRETWORD" in marked
    assert b"x264" in marked  # its settings, in an SEI
    out = b"".join(each.box for each in read(marked))
    assert b"SECRETWORD" not in out
    assert b"x264" not in out


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (with_sound, "no sound"),
        (lambda: sent(codec="mpeg4"), "H.264 or H.265"),
        (lambda: sent(flags="empty_moov+default_base_moof+frag_keyframe"), "each frame"),
        (lambda: sent()[: sent().index(b"moof") - 4] + sent()[sent().index(b"mdat") - 4 :], "each frame"),
        (lambda: box(b"mdat", b"1234"), "each frame"),
        (lambda: sent()[:-1] + b"x" + box(b"ftyp", b"") * 2 + b"GET / HTTP/1.1", "Send fragmented MP4"),
        (lambda: b"\x00\x00\x00\x01moov" + bytes(100), "Send fragmented MP4"),
        (lambda: box(b"moov", b"not boxes at all"), "Send fragmented MP4"),
        (lambda: bytes(64), "Send fragmented MP4"),
    ],
)
def test_anything_else_is_refused_with_what_it_should_be(body: object, said: str) -> None:
    with pytest.raises(NotVideo, match=said):
        read(body())  # type: ignore[operator]


def test_an_older_frame_is_refused() -> None:
    body = sent()
    first = body.index(b"moof") - 4
    second = body.index(b"moof", first + 8) - 4
    with pytest.raises(NotVideo, match="in the order"):
        read(body[:second] + body[first:second])


def test_a_frame_of_more_than_a_megabyte_is_refused_before_it_has_come() -> None:
    fragments = Fragments()
    list(fragments.feed(sent()[: sent().index(b"mdat") - 4]))
    with pytest.raises(FrameTooLarge, match="1048576 bytes"):
        list(fragments.feed(struct.pack(">I4s", 8 + FRAME_BYTES + 1, b"mdat")))


def test_a_frame_of_countless_small_units_is_refused() -> None:
    fragments = Fragments()
    list(fragments.feed(sent()[: sent().index(b"moof") - 4]))
    units = struct.pack(">IB", 1, 0x65) * 300
    with pytest.raises(NotVideo, match="each frame"):
        list(fragments.feed(video.fragment_of(1, units, at=0, lasts=1, shown_after=0, is_key=True)))


@pytest.mark.parametrize("before", [b"", sent()[: sent().index(b"moof") - 4], sent()])
def test_boxes_without_a_picture_are_refused_after_a_few(before: bytes) -> None:
    with pytest.raises(NotVideo, match="each frame"):
        read(before + box(b"free", b"") * (MOST_BOXES + 1))
    read(before + box(b"free", b"") * 5)


def test_a_frame_of_countless_small_boxes_is_refused() -> None:
    body = sent()
    at = body.index(b"moof") - 4
    [size] = struct.unpack_from(">I", body, at)

    def with_boxes(count: int) -> bytes:
        return body[:at] + box(b"moof", body[at + 8 : at + size] + box(b"free", b"") * count) + body[at + size :]

    assert len(read(with_boxes(3))) == len(read(body))
    with pytest.raises(NotVideo, match="Send fragmented MP4"):
        read(with_boxes(300))


@pytest.mark.parametrize(("codec", "kind"), [("libx264", b"avcC"), ("libx265", b"hvcC")])
def test_settings_are_passed_on_without_what_is_no_parameter_set(codec: str, kind: bytes) -> None:
    body = (
        sent(codec=codec)
        if codec == "libx264"
        else sent("-x265-params", "log-level=none", "-tag:v", "hvc1", codec=codec)
    )
    [init, *_frames] = read(body)
    at = init.box.index(kind)
    [size] = struct.unpack_from(">I", init.box, at - 4)
    config = init.box[at + 4 : at - 4 + size]
    again = {b"avcC": video.tidy_avc, b"hvcC": video.tidy_hevc}[kind]
    assert again(config + b"and text behind it") == again(config) == config
    assert b"x265" not in config  # its settings, in an SEI of the record


@pytest.mark.parametrize("config", [b"", b"\x01", b"\x00" * 40, b"\x01" * 6, b"\x01\x42\xc0\x0b\xff\xe0\x00"])
def test_no_settings_of_a_decoder(config: bytes) -> None:
    for read_again in (video.tidy_avc, video.tidy_hevc):
        with pytest.raises(video.BadBox):
            read_again(config)


@given(st.binary(max_size=400), st.integers(0, 3000))
def test_nonsense_is_refused_and_breaks_nothing(nonsense: bytes, at: int) -> None:
    body = sent()
    try:
        found = read(body[:at] + nonsense + body[at:])
    except (NotVideo, FrameTooLarge):
        return
    assert all(isinstance(each, Init | Frame) for each in found)


def test_a_box_that_reaches_beyond_its_parent_is_no_box() -> None:
    with pytest.raises(video.BadBox):
        list(video.boxes_in(struct.pack(">I4s", 100, b"free")))


def test_a_file_is_left_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"".join(each.box for each in read(sent())))
    said = subprocess.run(
        [get_ffmpeg_exe(), "-nostdin", "-v", "warning", "-i", str(out), "-f", "null", "-"],
        check=True,
        capture_output=True,
    )
    assert said.stderr == b""
