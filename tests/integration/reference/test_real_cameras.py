"""From a camera that is found to what its owner reads: the client as a process, a portal, and a camera with a login."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import CameraProblem, Core, DeviceCamera, ProblemKind
from integration.live.services import snapshots
from integration.management.commands import run_core
from integration.reference import reader
from integration.reference.onvif import Login
from integration.reference.sources import hold
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import Device, active, device_camera_at, owner_of
from tests.integration.reference.core_process import running_core
from tests.integration.reference.test_sources import logins_in
from tests.peers.cameras import PASSWORD, USER, RealCamera
from tests.peers.web import WebServer
from tests.people import sign_in

SECONDS = 60.0
"""The promise: an owner is told within a minute."""


@pytest.fixture
def device(portal_db: Clone) -> Device:
    """Return a CORE at work."""
    return active()


@pytest.fixture
def log(
    device: Device, web_server: WebServer, camera: RealCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Run the client with the camera that a search found; return what it says."""
    camera.lets_in(1)  # whatever else opened it, to look at it or for a still picture, would be refused
    monkeypatch.setattr(run_core, "SECONDS_TO_FIND", 1.0)
    found = searched(tmp_path)
    [line] = [each for each in found.splitlines() if f"{camera.address}/" in each and "the one to take" in each]
    logins = logins_in(tmp_path, {"127.0.0.1": {"user": USER, "password": PASSWORD}})
    more = ["--logins", str(logins.file), "--problem-after", "1"]
    with running_core(device, web_server.url, tmp_path, {"front": line.split()[0]}, *more):
        yield tmp_path / "core.log"


def searched(folder: Path) -> str:
    logins, said = logins_in(folder, {"127.0.0.1": {"user": USER, "password": PASSWORD}}), io.StringIO()
    call_command("run_core", discover=True, interface="127.0.0.1", logins=logins.file, stdout=said)
    return said.getvalue()


def said_in(log: Path) -> str:
    return log.read_text(encoding="utf-8")


def until(is_so: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, said_in(log)
        time.sleep(0.3)


@pytest.mark.long
@pytest.mark.parametrize("kinds", [[ProblemKind.COVERED], [ProblemKind.BLACK, ProblemKind.FROZEN]])
def test_from_discovery_to_the_alarm_of_its_owner_and_a_still_picture(
    log: Path, device: Device, camera: RealCamera, clerk_client: Client, kinds: list[ProblemKind]
) -> None:
    until(lambda: Core.objects.get().channels.get("front") == "running" and "reads front" in said_in(log), log)
    behind, account = device_camera_at(device.core), owner_of(device.core)
    gives_a_still_picture_and_lets_nobody_else_in(log, camera, behind, account)
    owner = sign_in(account)
    page = reverse("device", args=[device.core.pk])
    desk = clerk_client.get(reverse("core", args=[device.core.pk])).content.decode()
    entries = AuditEntry.objects.count()
    for kind in kinds:
        camera.films(kind)
        until(lambda kind=kind: CameraProblem.objects.filter(kind=kind, ended_at=None).exists(), log)  # type: ignore[misc]
        assert str(kind.label) in owner.get(page).content.decode()
        told = Message.objects.filter(kind="core_notice", context__problems__contains=f"{behind.pk}:{kind}")
        assert [message.to for message in told] == [account.email]
    seen = clerk_client.get(reverse("core", args=[device.core.pk])).content.decode()
    words = [str(kind.label) for kind in ProblemKind]
    assert [word for word in words if word in seen] == [word for word in words if word in desk] == []
    assert AuditEntry.objects.count() == entries
    assert sign_in(person("business")).get(page).status_code == 404
    gives_none_once_it_is_away(log, camera, behind, account)
    assert PASSWORD not in (said := said_in(log))
    assert "p%20w" not in said


def gives_a_still_picture_and_lets_nobody_else_in(
    log: Path, camera: RealCamera, behind: DeviceCamera, owner: User
) -> None:
    second = log.with_name("second.ffconcat")
    hold(second, camera.stream, Login(USER, PASSWORD))
    with pytest.raises(reader.NoPicture):
        reader.opened_still(str(second))
    snapshots.take(behind=behind, by=owner)
    until(lambda: "sent a picture of front" in said_in(log), log)
    kept = snapshots.of_camera(behind)
    assert kept is not None
    assert Image.open(io.BytesIO(kept.jpeg)).size == (640, 360)


def gives_none_once_it_is_away(log: Path, camera: RealCamera, behind: DeviceCamera, owner: User) -> None:
    lost = said_in(log).count("reads front no more")
    camera.rtsp.tell("password changed")
    until(lambda: said_in(log).count("reads front no more") > lost, log)
    snapshots.take(behind=behind, by=owner)
    until(lambda: "not done: no picture: the camera gives none" in said_in(log), log)
    assert snapshots.of_camera(behind) is None
