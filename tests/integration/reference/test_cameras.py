"""The cameras of a CORE at work, against a real RTSP server with a login: what is said of each, and what never is."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from integration.live.video.fragments import Frame
from integration.reference import cameras as at_work, device, reader
from integration.reference.cameras import Camera, Cameras
from integration.reference.discovery import find_cameras
from integration.reference.recordings import Bounds, Recorder
from integration.reference.sources import Logins, Wanted
from tests.integration.reference.test_sources import logins_in
from tests.integration.reference.test_stills import items
from tests.peers.cameras import PASSWORD, USER, RealCamera, real_camera

SECONDS = 40.0
HERE = "127.0.0.1"
WRITTEN = ("p%20w", "p w:", PASSWORD)
"""How the password would look."""


@pytest.fixture
def said() -> list[str]:
    """Return what is told."""
    return []


@pytest.fixture
def watched(
    camera: RealCamera, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Cameras]]:
    """Return what looks at cameras, by the text of each channel."""
    monkeypatch.setattr(reader, "AGAIN_AFTER", 0.3)
    monkeypatch.setattr(reader, "AGAIN_AT_LAST", 1.0)
    monkeypatch.setattr(device, "SECONDS_TO_END", 0.3)
    monkeypatch.setattr(at_work, "ASKED_EVERY", 0.3)
    monkeypatch.setattr(at_work, "RECORDED_EVERY", 0.0)
    made: list[Cameras] = []

    def watch(**texts: str) -> Cameras:
        logins = logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})
        wanted = {name: Wanted(text) for name, text in texts.items()}
        made.append(Cameras(wanted, tmp_path / "core.cameras", logins, tell=said.append, lasts=0.5))
        made[-1].start()
        return made[-1]

    yield watch
    for each in made:
        each.stop()


def until(looks: Cameras, channel: str, picture: str, *problems: str) -> None:
    """Wait until this is said of a channel."""
    wanted = {"channel": channel, "picture": picture, "problems": sorted(problems)}
    deadline = time.monotonic() + SECONDS
    while wanted not in (found := looks.channels()):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def test_black_covered_and_frozen_are_said_in_both_codecs_and_the_password_never(
    camera: RealCamera, watched: Callable[..., Cameras], said: list[str]
) -> None:
    looks = watched(front=camera.address, back=f"{camera.address}/main", street="testsrc")
    for scene, problems in (
        ("black", ("black",)),
        ("covered", ("covered",)),
        ("frozen", ("frozen",)),
        ("street", ()),
    ):
        camera.films(scene)
        for channel in ("front", "back"):
            until(looks, channel, "running", *problems)
    until(looks, "street", "running")
    programs = [process.cmdline() for process in psutil.Process().children() if "ffmpeg" in process.name()]
    opened = [word for program in programs for word in program if word.endswith(".ffconcat")]
    assert sorted(Path(each).name for each in opened) == ["back.ffconcat", "front.ffconcat"]
    lines = [*said, *(line for program in programs for line in program)]
    assert [line for line in lines if any(word in line for word in WRITTEN)] == []


def test_one_that_leaves_the_network_or_changes_its_password_is_lost_until_it_is_back(
    camera: RealCamera, watched: Callable[..., Cameras], said: list[str]
) -> None:
    with real_camera() as other:
        looks = watched(front=camera.address, back=other.address)
        for channel in ("front", "back"):
            until(looks, channel, "running")
        assert not looks.has_news()
        for peer in (camera.onvif, camera.rtsp):
            peer.tell("password changed")
        until(looks, "front", "lost")
    until(looks, "back", "lost")
    for peer in (camera.onvif, camera.rtsp):
        peer.tell(f"password {PASSWORD}")
    until(looks, "front", "running")
    assert looks.channels()[1] == {"channel": "back", "picture": "lost", "problems": []}


def test_one_that_gives_pictures_is_running_before_the_first_is_looked_at_but_not_for_ever(tmp_path: Path) -> None:
    camera = Camera("front", Wanted("rtsp://192.0.2.1/"), tmp_path, Logins(), lasts=2.0, tell=lambda _line: None)
    init, first = items()[:2]
    assert isinstance(first, Frame)
    camera.reader._take(init)
    assert camera.picture == "lost"
    camera.reader._take(first)
    assert camera.picture == "running"
    camera.reader._take(replace(first, at=at_work.LOOKED_AT_WITHIN))
    assert camera.picture == "lost"
    camera.reader._take(first)
    camera.inspector.was_seen = True
    assert camera.picture == "lost"
    camera.inspector.is_running = True
    assert camera.picture == "running"


def test_its_recording_and_its_clock_by_the_portal_s_time_and_not_the_device_s(
    camera: RealCamera, watched: Callable[..., Cameras]
) -> None:
    looks = watched(front=camera.address)
    until(looks, "front", "running")
    camera.onvif.tell("clock 3600")
    until(looks, "front", "running", "clock")
    camera.onvif.tell("recording Idle")
    until(looks, "front", "running", "clock", "recording")
    looks.ahead = lambda: 3600.0
    until(looks, "front", "running", "recording")
    camera.onvif.tell("clock 50")
    until(looks, "front", "running", "clock", "recording")
    looks.ahead = lambda: 0.0
    until(looks, "front", "running", "recording")


def test_the_core_s_own_recording_that_stopped_and_its_disk_that_is_full(
    camera: RealCamera, watched: Callable[..., Cameras], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = watched(front=camera.address)
    recorder = Recorder(looks.readers, tmp_path / "recorded", Bounds(60, 10**9), tell=lambda _line: None)
    looks.recorder = recorder
    until(looks, "front", "running")
    try:
        recorder.start()
        deadline = time.monotonic() + SECONDS
        while not recorder.pieces("front"):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        recorder.stop()
    assert not recorder.is_stopped("front", time.time())
    assert recorder.is_stopped("front", time.time() + 40)
    monkeypatch.setattr("integration.reference.recordings.STOPPED_AFTER", 0.1)
    until(looks, "front", "running", "recording")
    monkeypatch.setattr(at_work, "LEAST_FREE", 2**62)
    until(looks, "front", "running", "disk")


def found(camera: RealCamera, logins: Logins, pictures: Path | None = None) -> list[str]:
    """Look for cameras until this one answers; return what is told."""
    lines: list[str] = []
    deadline = time.monotonic() + SECONDS
    while camera.address not in "\n".join(lines):
        assert time.monotonic() < deadline, lines
        lines = list(find_cameras(logins, seconds=0.5, interface=HERE, pictures=pictures))
    return lines


def test_what_is_found_is_told_with_a_picture_of_each_profile(camera: RealCamera, tmp_path: Path) -> None:
    logins = logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})
    pictures = tmp_path / "pictures"
    lines = found(camera, logins, pictures)
    mine = [line for line in lines if camera.address in line]
    assert f"  {camera.address}/sub (the one to take)  sub: 640 x 360, H264, 10 a second" in mine
    assert f"  {camera.address}/main  main: 1920 x 1080, H265, 25 a second" in mine
    for token in ("main", "sub"):
        picture = pictures / f"127.0.0.1-{camera.onvif.port}-{token}.jpg"
        assert picture.read_bytes().startswith(b"\xff\xd8")
        assert picture.stat().st_mode & 0o777 == 0o600
    assert not list(pictures.glob("*.ffconcat"))
    assert [line for line in lines if any(word in line for word in WRITTEN)] == []


def test_one_without_the_right_login_is_told_too(camera: RealCamera, tmp_path: Path) -> None:
    lines = found(camera, logins_in(tmp_path, {}))
    assert f"{camera.address}: its user or password is not right" in lines
