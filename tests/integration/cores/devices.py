"""COREs and the cameras behind them, made by walking the real services: `core_at("active")` receives, allocates, ..."""

import base64
import os
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo.points import Point
from integration.cores.models import Core, CoreModel, DeviceCamera
from integration.cores.services import cameras as camera_services, cores, credentials, health
from integration.cores.services.health import Health
from integration.cores.states import CoreState
from registry.people.services import registrants
from registry.places.models import Camera, Premises
from registry.places.services import premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.factories import CAPITOL, LINN_PARK, north_of, person, place_at

FIRMWARE = "1.4.2"
CERTIFICATE = "MP6-2026-0017"
CHANNELS = {"front": "running", "back": "running"}
_numbers = count(1)


def business_at(
    point: Point | None = LINN_PARK, *, user: User | None = None, cameras: int = 1, language: str = "en"
) -> Registrant:
    """Return a business that registered so many cameras at a point."""
    return registrants.register(
        by=user or person(Role.BUSINESS, language=language),
        kind="business",
        name="Vulcan Hardware",
        phone="205-555-0118",
        language=language,
        place=place_at(point, kind="business"),
        cameras=[CameraDetails(name=f"Camera {number}") for number in range(1, cameras + 1)],
    )


def core_model(*, cameras: int = 4) -> CoreModel:
    """Return a kind of CORE that connects so many cameras."""
    number = next(_numbers)
    return cores.add_model(by=person(Role.ADMINISTRATOR), name=f"CORE {number}", cameras_supported=cameras)


def fresh_serial() -> str:
    """Return a serial number that no CORE has yet."""
    return f"FC4-{next(_numbers):05}"


def public_key(private: Ed25519PrivateKey) -> str:
    """Return the public half of a key as a device sends it."""
    return base64.b64encode(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


@dataclass
class Device:
    """A CORE with what only the device itself has: its code, its key and its token."""

    core: Core
    code: str
    key: Ed25519PrivateKey
    token: str = ""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Device":
        return replace(self, core=deepcopy(self.core, memo))

    def activate(self) -> "Device":
        """Activate the CORE."""
        self.core, self.token = credentials.activate(
            serial=self.core.serial, code=self.code, key=public_key(self.key), firmware=FIRMWARE
        )
        return self


def in_stock(*, model: CoreModel | None = None, by: User | None = None) -> Core:
    """Return a CORE that was just received."""
    received = cores.receive(model=model or core_model(), by=by or person(Role.CLERK), serials=fresh_serial())
    return received[0]


def allocated(*, registrant: Registrant | None = None, model: CoreModel | None = None) -> Device:
    """Return a CORE that is set aside for a business at its first place, with its code."""
    owner = registrant or business_at()
    place = Premises.objects.registered().filter(registrant=owner).earliest("added_at")
    issued = cores.allocate(core=in_stock(model=model), by=person(Role.CLERK), registrant=owner, premises=place)
    return Device(issued.core, issued.code, Ed25519PrivateKey.generate())


def active(
    *,
    registrant: Registrant | None = None,
    model: CoreModel | None = None,
    channels: Mapping[str, str] | None = None,
) -> Device:
    """Return an activated CORE that has reported its channels, with what only the device has."""
    device = allocated(registrant=registrant, model=model).activate()
    device.core = health.report(core=device.core, health=health_of(channels or CHANNELS))
    return device


def health_of(channels: Mapping[str, str]) -> Health:
    """Return what a healthy CORE reports, with these channels."""
    return Health(FIRMWARE, clock_drift_ms=12, disk_free=50_000_000_000, disk_size=64_000_000_000, channels=channels)


def core_at(
    state: str,
    *,
    registrant: Registrant | None = None,
    model: CoreModel | None = None,
    channels: Mapping[str, str] | None = None,
) -> Core:
    """Return a CORE at a state, walked there by the services. registrant: the business, a new one for `None`."""
    clerk = person(Role.CLERK)
    if state in (CoreState.IN_STOCK, CoreState.RETIRED):
        core = in_stock(model=model)
        return core if state == CoreState.IN_STOCK else cores.retire(core=core, by=clerk)
    if state in (CoreState.ALLOCATED, CoreState.SHIPPED):
        core = allocated(registrant=registrant, model=model).core
        return core if state == CoreState.ALLOCATED else cores.ship(core=core, by=clerk)
    core = active(registrant=registrant, model=model, channels=channels).core
    if state == CoreState.SUSPENDED:
        core = cores.suspend(core=core, by=clerk)
    if state in (CoreState.RETURNING, CoreState.WIPED):
        core = cores.begin_return(core=core, by=clerk)
    if state == CoreState.WIPED:
        core = cores.wipe(core=core, by=clerk, certificate=CERTIFICATE)
    if core.state != state:
        raise ValueError(f"no walk leads to a CORE at {state!r}")
    return core


def owner_of(core: Core) -> User:
    """Return the account of a CORE's owner."""
    if core.registrant is None:
        raise ValueError("this CORE is nobody's")
    return core.registrant.user


def device_camera_at(core: Core | None = None, *, channel: str = "front") -> DeviceCamera:
    """Return a registered camera behind an active CORE: the first that is behind none, at its place."""
    behind = core or core_at("active")
    cameras = Camera.objects.registered().filter(premises=behind.premises_id)
    connected = DeviceCamera.objects.filter(removed_at__isnull=True).values("camera")
    camera = cameras.exclude(pk__in=connected).order_by("added_at", "pk")[0]
    return camera_services.connect(core=behind, camera=camera, channel=channel, by=owner_of(behind))


def second_shop(core: Core) -> Premises:
    """Add a second place of business to the registrant of a CORE, a mile north of the first; return it."""
    if core.registrant is None:
        raise ValueError("this CORE is nobody's")
    there = place_at(north_of(LINN_PARK, 1_600), address=CAPITOL, kind="business")
    return premises.add(registrant=core.registrant, by=core.registrant.user, place=there)


def stranger() -> str:
    """Return a token of no CORE."""
    return "core_" + base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
