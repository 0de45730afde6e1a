"""What an owner reads about who looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from audit.actors import ActorKind
from audit.models import AuditEntry
from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from registry.models import Camera
from registry.selectors.looks import incident_numbers


@dataclass(frozen=True, slots=True)
class Look:
    """One entry. number: its place in the camera's own count, which has no gap. incident: its number, or ""."""

    number: int
    camera: str
    at: datetime
    who: str
    sentence: str
    incident: str


def looks_of(entries: Sequence[AuditEntry], *, cameras: Sequence[Camera], reader: User) -> list[Look]:
    """Return a line for each entry, as the owner `reader` sees it. One query."""
    names = {str(camera.pk): camera.name for camera in cameras}
    numbers = incident_numbers(entries)
    return [_look(entry, names, numbers, reader) for entry in entries]


def _look(entry: AuditEntry, names: Mapping[str, str], numbers: Mapping[str, str], reader: User) -> Look:
    return Look(
        number=entry.camera_number,
        camera=names.get(entry.camera_id, ""),
        at=entry.at,
        who=_who(entry, reader),
        sentence=entry.sentence,
        incident=numbers.get(entry.incident_id, ""),
    )


def _who(entry: AuditEntry, reader: User) -> str:
    if entry.actor_kind == ActorKind.LINK or entry.actor_id == str(reader.pk):
        return _("You")
    if entry.actor_pseudonym:
        return entry.actor_pseudonym
    if entry.actor_role in Role.values:
        return str(Role(entry.actor_role).label)
    return _("The portal itself")
