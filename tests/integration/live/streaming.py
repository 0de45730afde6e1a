"""A camera that a deputy sees live: everything that must be there before, and a CORE that sends real video."""

import hashlib
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.test import Client
from imageio_ffmpeg import get_ffmpeg_exe

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import CoreModel, DeviceCamera
from integration.critical import services as critical
from integration.critical.models import Declaration
from integration.live import passes
from integration.live.models import LiveStream, ViewGrant
from integration.live.services import views
from integration.live.video.hls import Playlist
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from tests.database.clone import Clone
from tests.factories import incident_at, person
from tests.integration.cores.devices import Device, active, business_at, device_camera_at
from tests.integration.sharing.consent import owner_of, set_mode, signed
from tests.people import sign_in

REASON = "A man with a rifle was seen walking towards the school."
HERE = "127.0.0.1"
PIECES = 8
KEPT: "dict[str, Scene]" = {}
"""Scenes whose database is kept as a copy, by its name."""


@dataclass
class Scene:
    """A critical incident, the cameras around it, and the people who work on it."""

    device: Device
    cameras: list[DeviceCamera]
    incident: Incident
    deputy: User
    supervisor: User
    declaration: Declaration
    browser: Client = field(default_factory=Client)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Scene":
        copied = replace(self, browser=Client())
        copied.browser.cookies = deepcopy(self.browser.cookies)
        for each in fields(self):
            if each.name != "browser":
                setattr(copied, each.name, deepcopy(getattr(self, each.name), memo))
        return copied

    @property
    def camera(self) -> DeviceCamera:
        return self.cameras[0]

    @property
    def owner(self) -> User:
        return owner_of(self.camera).user

    def colleague(self) -> User:
        """Return another deputy on the incident."""
        other = person(Role.DEPUTY)
        incidents.assign(incident=self.incident, user=other, by=self.supervisor)
        return other

    def begin(
        self, camera: DeviceCamera | None = None, *, by: User | None = None, session: str = "", network: str = HERE
    ) -> ViewGrant:
        """Begin to see a camera, from the browser's sign-in or another one."""
        key = session or str(self.browser.session.session_key)
        digest = hashlib.sha256(f"sign-in:{key}".encode()).digest()
        return views.start(
            incident=self.incident,
            camera=camera or self.camera,
            by=by or self.deputy,
            reason=REASON,
            network=network,
            session=digest,
        )

    def put(self, stream: LiveStream, name: str, body: bytes, *, token: str = "", method: str = "PUT") -> Any:
        """Send something of a stream as its CORE does. token: another one than its own."""
        shown = token or passes.stream_token(stream.pk)
        path = f"/core/v1/streams/{stream.pk}/{name}"
        headers = {"Authorization": f"Bearer {shown}"}
        return Client(enforce_csrf_checks=True).generic(method, path, body, headers=headers)

    def send(self, stream: LiveStream, first: int = 1, count: int = 3) -> None:
        """Send pieces of real video and their playlist."""
        for number in range(first, first + count):
            assert self.put(stream, f"{number}.ts", pieces()[number % PIECES]).status_code == 204
        assert self.put(stream, "live.m3u8", playlist(first, count)).status_code == 204

    def get(self, grant: ViewGrant, name: str, *, client: Client | None = None, **more: Any) -> Any:
        """Ask for something of a view as its page does."""
        return (client or self.browser).get(f"/console/live/{grant.pk}/{name}", **more)


def scene(*, cameras: int = 1, declared: bool = True, verified: bool = True, model: CoreModel | None = None) -> Scene:
    """Return a scene with the deputy signed in."""
    owner = business_at(cameras=cameras)
    channels = {f"c{number}": "running" for number in range(cameras)}
    device = active(registrant=owner, channels=channels, model=model)
    behind = [device_camera_at(device.core, channel=channel) for channel in channels]
    signed(owner)
    for camera in behind:
        set_mode(camera, "incident", glass=not declared)
    deputy, supervisor = person(Role.DEPUTY), person(Role.SUPERVISOR)
    incident = incident_at(by=deputy, verified=verified)
    declaration = (
        critical.declare_critical(incident=incident, by=supervisor, reason=REASON) if declared else Declaration()
    )
    return Scene(device, behind, incident, deputy, supervisor, declaration, sign_in(deputy))


def kept_scene(clone: Clone, **more: Any) -> Scene:
    """Return a scene in a copy of a database that has it already. more: as for `scene`."""
    name = "_".join(["live", *(f"{key}{value}" for key, value in more.items())])
    clone.begin_with(name, lambda: KEPT.update({name: scene(**more)}))
    return deepcopy(KEPT[name])


def stream_of(grant: ViewGrant) -> LiveStream:
    """Return the video that a view shows."""
    assert grant.stream is not None
    return grant.stream


def numbers_of(kept: Playlist) -> tuple[int, ...]:
    """Return the numbers of the pieces of a playlist."""
    return tuple(entry.number for entry in kept.entries)


def playlist(first: int, count: int) -> bytes:
    """Return a playlist as ffmpeg writes it."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
    lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    for number in range(first, first + count):
        lines += ["#EXTINF:1.000000,", f"{number}.ts"]
    return ("\n".join(lines) + "\n").encode()


@cache
def pieces() -> list[bytes]:
    """Return pieces of real video, a second each, of a test picture."""
    return list(made("-c:v", "libx264"))


@cache
def with_sound() -> bytes:
    """Return a piece with picture and sound."""
    return next(made("-f", "lavfi", "-i", "sine=duration=2", "-c:v", "libx264", "-c:a", "aac", seconds=2))


def made(*more: str, seconds: int = PIECES) -> Iterator[bytes]:
    """Yield the pieces that ffmpeg makes of a test picture."""
    source = ["-f", "lavfi", "-i", f"testsrc2=size=320x180:rate=10:duration={seconds}"]
    coded = ["-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-keyint_min", "10"]
    target = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "0"]
    with TemporaryDirectory() as folder:
        command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, *more, *coded, *target, f"{folder}/live.m3u8"]
        subprocess.run(command, check=True, capture_output=True)
        for file in sorted(Path(folder).glob("live*.ts"), key=lambda each: int(each.stem.removeprefix("live"))):
            yield file.read_bytes()
