from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.pages import times
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services.findings import FoundCamera
from registry.places import presenters


@dataclass(frozen=True, slots=True)
class Door:
    """One place. is_confirmed: when the canvass searched. cameras: what each is and looks at."""

    place: UUID
    address: str
    is_confirmed: bool
    cameras: list[str]


def sheet(canvass: Canvass, cameras: Iterable[FoundCamera], user: User) -> dict[str, Any]:
    """Return the context of the sheet to go door to door with. user: prints it; their badge pseudonym is on it.

    The sheet lists what the canvass shows, without cameras left out, and no answers, so that no door reveals a decline
    (promise R4).
    """
    doors, printed = _doors(cameras), times.moment(timezone.now())
    return {
        "canvass": canvass,
        "incident": canvass.incident,
        "doors": doors,
        "facts": [
            (_("Incident"), f"{canvass.incident.number} · {canvass.incident.type}, {canvass.incident.place}"),
            (_("Footage wanted"), times.window(canvass.starts_at, canvass.ends_at)),
            (_("Reason"), canvass.reason),
            (_("Deputy"), user.pseudonym),
            (_("Printed"), printed),
        ],
        "deputy": user.pseudonym,
        "printed": printed,
    }


def _doors(cameras: Iterable[FoundCamera]) -> list[Door]:
    found: dict[UUID, list[FoundCamera]] = defaultdict(list)
    for camera in cameras:
        if not camera.left_out:
            found[camera.premises].append(camera)
    return [_door(found[place]) for place in sorted(found, key=lambda place: _on_the_way(found[place][0].address))]


def _door(cameras: list[FoundCamera]) -> Door:
    first = cameras[0]
    said = sorted(_description(camera) for camera in cameras)
    return Door(first.premises, str(first.address), first.is_confirmed, said)


def _on_the_way(address: Address) -> tuple[str, str, int, str]:
    number, _space, street = address.street.partition(" ")
    if number.isdecimal():
        return address.city, street, int(number), address.street
    return address.city, address.street, 0, address.street


def _description(camera: FoundCamera) -> str:
    covers = camera.details.covers
    looks_at = _("looks at %(place)s") % {"place": covers} if covers else ""
    return ", ".join(filter(None, [presenters.title(camera.details), looks_at, presenters.sees(camera.details)]))
