"""A camera is found, says its profiles, where it streams, its time and whether it records; no more is believed."""

import socket
import time
from itertools import pairwise
from typing import Any

import pytest

from integration.reference import discovery
from integration.reference.discovery import discover
from integration.reference.onvif import (
    Address,
    CameraRefuses,
    Login,
    OnvifCamera,
    Profile,
    best_of,
    check_stream,
    is_local,
)
from tests.peers.cameras import PASSWORD, USER, RealCamera
from tests.peers.relay import until

LOOPBACK = "127.0.0.1"


def test_it_is_found_at_its_own_address(address: Address) -> None:
    until(lambda: address in discover(seconds=0.5, interface=LOOPBACK))


def test_it_is_found_by_the_second_question_where_the_first_was_lost(camera: RealCamera, address: Address) -> None:
    camera.onvif.tell("answer second")
    until(lambda: address in discover(seconds=0.5, interface=LOOPBACK))


@pytest.mark.parametrize(
    "elsewhere",
    ["http://192.0.2.99/onvif/device_service", "http://198.51.100.1/", "https://127.0.0.1/", "file:///etc/passwd", "x"],
)
def test_one_that_leads_elsewhere_is_not_found(
    camera: RealCamera, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera.onvif.tell(f"stream {elsewhere}")
    camera.onvif.tell("answer elsewhere")
    found: list[Address] = []
    answers: list[bytes] = []
    read = discovery._address_in

    def note(said: bytes, **asked: Any) -> Address:
        answers.append(said)
        return read(said, **asked)

    def answers_now() -> bool:
        found.extend(discover(seconds=0.5, interface=LOOPBACK))
        return any(f"{camera.onvif.port:012d}".encode() in said for said in answers)

    monkeypatch.setattr(discovery, "_address_in", note)
    until(answers_now)
    assert [each for each in found if each.port == camera.onvif.port or each.host != LOOPBACK] == []


@pytest.mark.parametrize("login", ["soap", "http"])
@pytest.mark.parametrize(("media", "names"), [("2", ["main", "sub", "tiny"]), ("1", ["sub", "tiny"])])
def test_its_profiles_by_either_service_and_either_login(
    camera: RealCamera, asked: OnvifCamera, media: str, names: list[str], login: str
) -> None:
    camera.onvif.tell(f"media {media}")
    camera.onvif.tell(f"login {login}")
    profiles = asked.profiles()
    assert [profile.token for profile in profiles] == names
    assert str(profiles[names.index("sub")]) == "sub: 640 x 360, H264, 10 a second"
    assert asked.stream(profiles[names.index("sub")]) == camera.stream


@pytest.mark.parametrize("login", ["soap", "http"])
@pytest.mark.parametrize("wrong", [None, Login(USER, "guessed"), Login("admin", PASSWORD)])
def test_a_wrong_login_is_said_without_it(
    camera: RealCamera, address: Address, login: str, wrong: Login | None
) -> None:
    camera.onvif.tell(f"login {login}")
    with pytest.raises(CameraRefuses, match="its user or password is not right") as refused:
        OnvifCamera(address, wrong).profiles()
    assert "guessed" not in f"{refused.value!r} {wrong!r}"


@pytest.mark.parametrize("seconds", [0, 3600, -3600])
def test_a_clock_that_is_wrong_by_an_hour_is_said_and_still_lets_in(
    camera: RealCamera, asked: OnvifCamera, seconds: int
) -> None:
    camera.onvif.tell(f"clock {seconds}")
    assert asked.look_at_clock() == pytest.approx(seconds, abs=3)
    assert len(asked.profiles()) == 3


@pytest.mark.parametrize(
    ("state", "is_recording"),
    [("Active", True), ("PartiallyActive", True), ("Idle", False), ("Error", False), ("", None)],
)
def test_whether_it_records(camera: RealCamera, asked: OnvifCamera, state: str, is_recording: bool | None) -> None:
    camera.onvif.tell(f"recording {state}")
    assert asked.is_recording() is is_recording


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("huge", "too long"),
        ("bomb", "not SOAP"),
        ("bomb16", "not SOAP"),
        ("binary", "not SOAP"),
        ("empty", "not SOAP"),
        ("page", "not SOAP"),
        ("bodiless", "not SOAP"),
        ("deep", "not SOAP"),
        ("redirect", "not SOAP"),
        ("drip", "not SOAP"),
    ],
)
def test_nonsense_is_refused_within_seconds(camera: RealCamera, asked: OnvifCamera, answer: str, said: str) -> None:
    camera.onvif.tell(f"answer {answer}")
    began = time.monotonic()
    with pytest.raises(CameraRefuses, match=said):
        asked.profiles()
    assert time.monotonic() - began < 15


def test_no_redirect_is_followed(camera: RealCamera, asked: OnvifCamera) -> None:
    with socket.create_server((LOOPBACK, 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        camera.onvif.tell(f"stream http://127.0.0.1:{elsewhere.getsockname()[1]}/")
        camera.onvif.tell("answer redirect")
        with pytest.raises(CameraRefuses):
            asked.profiles()
        with pytest.raises(TimeoutError):
            elsewhere.accept()


@pytest.mark.parametrize(
    "stream",
    [
        "rtsp://192.0.2.99/live",
        "rtsp://127.0.0.1.example.com/live",
        "rtsp://127.0.0.1@192.0.2.99/live",
        "rtsp://user:word@127.0.0.1/live",
        "http://127.0.0.1/live",
        "file:///etc/passwd",
        "rtsp://127.0.0.1/live'",
        "rtsp://127.0.0.1:99999/live",
        "",
    ],
)
def test_it_streams_from_itself_or_not_at_all(camera: RealCamera, asked: OnvifCamera, stream: str) -> None:
    profile = best_of(asked.profiles())
    camera.onvif.tell(f"stream {stream or ' '}")
    with pytest.raises(CameraRefuses):
        asked.stream(profile)


@pytest.mark.parametrize("sign", ["\n", " ", "'", '"', "\\", "\u2028", "\x00"])
def test_a_stream_brings_no_second_line_into_the_list_that_is_read(sign: str) -> None:
    with pytest.raises(CameraRefuses):
        check_stream(f"rtsp://127.0.0.1/live{sign}file", host=LOOPBACK)


def test_one_that_is_not_there_is_said(camera: RealCamera) -> None:
    with pytest.raises(CameraRefuses, match="can't be asked"):
        OnvifCamera(Address(LOOPBACK, 9), None).profiles()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("192.168.1.7", True),
        ("10.1.2.3", True),
        ("172.16.0.9", True),
        ("169.254.3.4", True),
        ("8.8.8.8", False),
        ("portal.example", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("2130706433", False),
        ("127.1", False),
    ],
)
def test_only_the_local_network_is_asked(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_the_best_profile_plays_in_most_browsers_and_is_no_larger_than_it_must() -> None:
    def profile(codec: str, width: int, height: int) -> Profile:
        return Profile(f"{codec}{width}", "", codec, width, height, 15.0)

    best_last = [
        profile("H265", 3840, 2160),
        profile("H264", 3840, 2160),
        profile("H264", 2560, 1440),
        profile("H265", 640, 360),
        profile("H265", 1920, 1080),
        profile("H264", 640, 360),
        profile("H264", 1920, 1080),
    ]
    for worse, better in pairwise(best_last):
        assert best_of([worse, better, profile("JPEG", 800, 600)]) == better
    with pytest.raises(CameraRefuses, match="no profile in"):
        best_of([profile("JPEG", 800, 600)])
