"""Addresses that a channel may show, and logins that stay in the device."""

import json
from pathlib import Path

import pytest

from integration.reference.onvif import CameraRefuses, Login
from integration.reference.sources import Logins, Wanted, hold, input_of
from tests.peers.cameras import PASSWORD, USER, RealCamera


@pytest.fixture
def logins(tmp_path: Path) -> Logins:
    """Return the logins of the camera, in a file of its user alone."""
    return logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})


def logins_in(folder: Path, said: object, mode: int = 0o600) -> Logins:
    file = folder / "logins.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    file.chmod(mode)
    return Logins(file)


def test_a_login_is_in_a_file_that_only_its_user_reads(logins: Logins, tmp_path: Path) -> None:
    wanted = Wanted("rtsp://127.0.0.1:554/live")
    source = wanted.source(tmp_path / "core.cameras" / "front", logins)
    wanted.open(source, logins)
    assert (Path(source).stat().st_mode & 0o777, Path(source).parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "rtsp://viewer:p%20w%3A%2F%40%275%25@127.0.0.1:554/live" in Path(source).read_text(encoding="utf-8")
    told = " ".join(input_of(source))
    assert PASSWORD not in told
    assert "viewer" not in told


def test_the_best_profile_is_opened_or_the_one_that_was_named(
    camera: RealCamera, logins: Logins, tmp_path: Path
) -> None:
    for text, codec in ((camera.address, "h264"), (f"{camera.address}/main", "h265"), (f"{camera.address}/", "h264")):
        wanted = Wanted(text)
        source = wanted.source(tmp_path / "front", logins)
        wanted.open(source, logins)
        assert f"@127.0.0.1:{camera.rtsp.port}/{codec}'" in Path(source).read_text(encoding="utf-8")
    wanted = Wanted(f"{camera.address}/none")
    with pytest.raises(CameraRefuses, match="no such profile"):
        wanted.open(str(tmp_path / "front.ffconcat"), logins)


def test_a_password_that_was_corrected_is_read_without_a_new_start(camera: RealCamera, tmp_path: Path) -> None:
    logins = logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": "old"}})
    wanted = Wanted(camera.address)
    source = wanted.source(tmp_path / "front", logins)
    with pytest.raises(CameraRefuses, match="not right"):
        wanted.open(source, logins)
    logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})
    wanted.open(source, logins)
    assert Path(source).exists()


@pytest.mark.parametrize("text", ["testsrc", "/tmp/yard.mp4", "rtsp://192.0.2.7/live"])
def test_what_needs_no_login_is_read_as_it_is(text: str, logins: Logins, tmp_path: Path) -> None:
    source = Wanted(text).source(tmp_path / "front", logins)
    Wanted(text).open(source, logins)
    assert source == text
    assert [file.name for file in tmp_path.iterdir()] == ["logins.json"]


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://viewer:word@192.0.2.7/live",
        "onvif://viewer:word@192.0.2.7",
        "onvif://camera.example",
        "onvif://8.8.8.8",
        "onvif://",
        "rtsp://",
        "rtsp://192.0.2.7/live stream",
        "rtsp://192.0.2.7/'",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        Wanted(text)
    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_of_logins_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ValueError, match="others can read"):
        logins_in(tmp_path, {}, mode).of("192.0.2.7")


@pytest.mark.parametrize("said", [[], {"192.0.2.7": "word"}, {"192.0.2.7": {"user": "word"}}, "word"])
def test_a_file_of_logins_that_is_none_is_refused_without_repeating_it(tmp_path: Path, said: object) -> None:
    with pytest.raises(ValueError, match="is no file such as") as refused:
        logins_in(tmp_path, said).of("192.0.2.7")
    assert '"word"' not in str(refused.value)


def test_no_file_and_no_row_mean_no_login(tmp_path: Path) -> None:
    assert Logins().of("192.0.2.7") is None
    assert logins_in(tmp_path, {}).of("192.0.2.7") is None
    with pytest.raises(ValueError, match="is no file such as"):
        Logins(tmp_path / "none").of("192.0.2.7")


def test_a_list_holds_one_address_and_no_second_line(tmp_path: Path) -> None:
    with pytest.raises(CameraRefuses):
        hold(tmp_path / "front.ffconcat", "rtsp://192.0.2.7/'\nfile '/etc/passwd", Login(USER, PASSWORD))
    assert not (tmp_path / "front.ffconcat").exists()
