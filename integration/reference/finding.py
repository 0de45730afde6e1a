"""Search for cameras, with a picture of each profile. All of it stays on the device."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from integration.reference import private_file, stills
from integration.reference.onvif.camera import OnvifCamera, Profile, best_of
from integration.reference.onvif.discovery import discover
from integration.reference.onvif.soap import PORT, Address, CameraRefuses
from integration.reference.sources import HELD, Logins, hold

SECONDS_TO_FIND: Final = 4.0


def find(logins: Logins, *, seconds: float, interface: str = "", pictures: Path | None = None) -> Iterator[str]:
    """Return lines about the cameras found. Raises OSError without a network, ValueError for a bad file of logins."""
    found = discover(seconds=seconds, interface=interface)
    for address in found:
        camera = OnvifCamera(address, logins.of(address.host))
        try:
            yield from _lines(camera, pictures)
        except CameraRefuses as refused:
            yield f"{_name(address)}: {refused}"
    if not found:
        yield "no camera answers"


def _lines(camera: OnvifCamera, pictures: Path | None) -> Iterator[str]:
    profiles = camera.profiles()
    best = best_of(profiles)
    yield f"{_name(camera.address)}: {camera.ahead:+.0f} seconds of the time here"
    for profile in profiles:
        yield f"  {_name(camera.address)}/{profile.token}{' (the one to take)' if profile == best else ''}  {profile}"
        if pictures is not None:
            yield f"    {_picture(camera, profile, pictures)}"


def _picture(camera: OnvifCamera, profile: Profile, folder: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9.-]", "_", f"{camera.address.host}-{camera.address.port}-{profile.token}")
    held, target = folder / f"{name}{HELD}", folder / f"{name}.jpg"
    try:
        hold(held, camera.stream(profile), camera.login)
        picture = stills.opened(str(held))
    except (CameraRefuses, stills.NoPicture) as failure:
        return f"no picture: {failure}"
    finally:
        held.unlink(missing_ok=True)
    private_file.write(target, picture)
    return str(target)


def _name(address: Address) -> str:
    return f"onvif://{address.host}{'' if address.port == PORT else f':{address.port}'}"
