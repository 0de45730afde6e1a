"""Clips in tests: asked for by the real services, and sent as a CORE sends them."""

import base64
import hashlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fusus_portal.demo.data.story import street_video as a_video
from integration.clips import services
from integration.clips.models import Clip
from integration.cores.models import Core
from integration.cores.services import credentials
from tests.factories import purpose
from tests.integration.cores.devices import Device, public_key
from tests.integration.critical.scenes import Scene
from tests.integration.device_api.calling import call

WHY = "The gunman came out of this door; his face and the way he went may be on it."


@cache
def footage() -> bytes:
    """Return two seconds of real video."""
    with TemporaryDirectory() as folder:
        return a_video(Path(folder) / "clip.mp4", seconds=2, at=datetime.now().astimezone()).read_bytes()


def wanted_of(there: Scene, *, minutes: int = 10, after: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a clip of so many minutes, so many minutes after the incident began."""
    begin = there.incident.starts_at + timedelta(minutes=after)
    said: dict[str, Any] = {
        "starts_at": begin,
        "ends_at": begin + timedelta(minutes=minutes),
        "purpose": purpose(),
        "reason": WHY,
    }
    return said | changes


def asked(there: Scene, **said: Any) -> Clip:
    """Return a clip that the deputy asked for."""
    return services.ask(incident=there.incident, camera=there.camera, by=there.deputy, **wanted_of(there, **said))


def fetched(there: Scene) -> Clip:
    """Return one that the owner has the CORE send, to look at it."""
    return services.fetch(clip=asked(there), by=there.owner)


def sent(clip: Clip) -> Clip:
    """Let the CORE send one that it is told to; return it as it is then."""
    assert clip.camera is not None
    core, content = Core.objects.get(pk=clip.camera.core_id), footage()
    sha256 = hashlib.sha256(content).hexdigest()
    services.begin(core=core, clip=clip.pk, size=len(content), sha256=sha256)
    services.append(core=core, clip=clip.pk, offset=0, piece=content)
    return Clip.objects.select_related("upload", "request").get(pk=clip.pk)


def given(there: Scene) -> Clip:
    """Return one that the owner looked at and gave."""
    clip = sent(fetched(there))
    services.look(clip=clip, by=there.owner)
    return services.give(clip=clip, by=there.owner)


def core_of(there: Scene) -> Core:
    """Return the CORE of the camera."""
    return Core.objects.get(pk=there.camera.core_id)


def device_of(there: Scene) -> Device:
    """Return the CORE of the camera with a key and a token that a test knows."""
    key = Ed25519PrivateKey.generate()
    Core.objects.filter(pk=there.camera.core_id).update(key=public_key(key))
    core = core_of(there)
    return Device(core, "", key, credentials.issue_token(core=core))


def announce(device: Device, clip: Clip, content: bytes, sha256: str = "") -> Any:
    """Call to begin to send."""
    said = base64.b64encode((sha256 or hashlib.sha256(content).hexdigest()).encode()).decode()
    headers = {"Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {said}"}
    return call(device, f"clips/{clip.pk}", method="POST", headers=headers)


def send(device: Device, clip: Clip, piece: bytes, offset: int) -> Any:
    """Call to send a piece."""
    kind = "application/offset+octet-stream"
    headers = {"Upload-Offset": str(offset)}
    return call(device, f"clips/{clip.pk}", method="PATCH", body=piece, kind=kind, headers=headers)
