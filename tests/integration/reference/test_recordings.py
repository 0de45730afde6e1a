"""The reference client answers what its owner asked for: a still picture, and a clip that goes on where it stopped."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.clips import services
from integration.clips.models import Clip
from integration.live.services import snapshots as snapshot_services
from integration.reference import recordings
from integration.reference.calls import Calls
from integration.reference.client import Client
from integration.reference.device import Memory
from registry.footage.models import Evidence
from registry.footage.services import custody
from tests.integration.clips.clipping import asked, device_of
from tests.integration.critical.scenes import Scene, scene
from tests.integration.reference.core_process import cameras_of
from tests.peers.relay import until
from tests.peers.web import WebServer

pytestmark = pytest.mark.long


def client_of(url: str, there: Scene, folder: Path) -> tuple[Client, list[str]]:
    """Return a client that has the key and the token of the camera's CORE."""
    said: list[str] = []
    device = device_of(there)
    keeps = Memory(folder / "core.json", device.core.serial, device.key, device.token)
    return Client(Calls(url, keeps), cameras_of({"front": "testsrc"}, folder), tell=said.append), said


@contextmanager
def reading(client: Client) -> Iterator[None]:
    """Let it read its camera, as it does from its start on."""
    reader = client.cameras.readers["front"]
    reader.start()
    try:
        until(reader.at_hand, within=60)
        yield
    finally:
        reader.stop()
        reader.join()


def tend(client: Client, said: list[str], last: str) -> int:
    """Let it tend its orders until it says something; return how often. A slow machine has no picture at first."""
    deadline = time.monotonic() + 60
    rounds = 0
    while last not in said:
        assert time.monotonic() < deadline, said
        client.tend()
        rounds += 1
        time.sleep(0.05)
    return rounds


def test_it_sends_a_picture_and_a_clip_in_pieces(
    web_server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = scene()
    clip = asked(there, minutes=1)
    services.fetch(clip=clip, by=there.owner)
    snapshot_services.take(behind=there.camera, by=there.owner)
    client, said = client_of(web_server.url, there, tmp_path)
    monkeypatch.setattr(recordings, "SENT_BYTES", 64 * 1024)
    monkeypatch.setattr(recordings, "SENT_AT_ONCE", 1)
    assert client.once() == 15  # how it asks never depends on what is ordered
    with reading(client):
        rounds = tend(client, said, "sent a picture of front")
    assert snapshot_services.of_camera(there.camera) is not None
    assert rounds + tend(client, said, "sent a clip of front") > 1
    sent = Clip.objects.get()
    assert sent.state == "sent"
    assert not Evidence.objects.exists()  # its owner looks first
    given = services.give(clip=sent, by=there.owner)
    assert given.upload is not None
    custody.receive(upload=given.upload.pk)
    assert Evidence.objects.get().sha256 == sent.sha256
    assert not list(tmp_path.glob("**/*.mp4"))


def test_it_says_that_it_has_no_recording(web_server: WebServer, tmp_path: Path) -> None:
    there = scene()
    services.fetch(clip=asked(there, minutes=1), by=there.owner)
    client, said = client_of(web_server.url, there, tmp_path)
    client.recordings.cameras = {"front": "rtsp://192.0.2.1/live"}
    client.once()
    client.tend()
    assert "has no recording of front" in said
    assert Clip.objects.get().state == "failed"
