from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from registry.people.models import LANGUAGES, ContactWay, RegistrantKind
from registry.people.selectors.own_history import Version
from registry.places.camera_fields import AS_ASKED
from registry.places.models import PremisesKind

SHOWN: dict[str, dict[str, str | Promise]] = {
    "registrant": {
        "kind": gettext_lazy("Kind"),
        "name": gettext_lazy("Name"),
        "phone": gettext_lazy("Phone number"),
        "language": gettext_lazy("We write in"),
        "contact_way": gettext_lazy("How we may reach you"),
        "contact_person": gettext_lazy("Contact person"),
        "second_phone": gettext_lazy("Second phone number"),
        "hours": gettext_lazy("Hours"),
    },
    "place": {
        "kind": gettext_lazy("Kind of place"),
        "name": gettext_lazy("Name of the place"),
        "address": gettext_lazy("Address"),
        "point": gettext_lazy("Point on the map"),
    },
    "camera": {field.name: field.label for field in AS_ASKED},
}

WORDS: dict[str, Callable[[Any], object]] = {
    "contact_way": lambda value: ContactWay(value).label,
    "language": lambda value: LANGUAGES.get(value, value),
    **{field.name: field.value for field in AS_ASKED},
}

TOGETHER: dict[str, Callable[[Any], str]] = {
    "address": lambda row: str(Address(row.street, row.city, row.state, row.zip_code)),
    "point": lambda row: f"{row.latitude:.5f}, {row.longitude:.5f}",
}


@dataclass(frozen=True, slots=True)
class RecordChange:
    field: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    who: str
    sentence: str
    changes: list[RecordChange]


def lines_of(versions: Iterable[Version], *, reader: User) -> list[Line]:
    return [Line(version.at, _who(version.now, reader), _sentence(version), _changes(version)) for version in versions]


def _who(row: Any, reader: User) -> str:
    if row.history_user_id == reader.pk:
        return _("You")
    if row.history_user is None:
        return _("The portal itself")
    office = _("The office")
    return f"{office}, {row.history_user.badge}" if row.history_user.pseudonym else office


def _sentence(version: Version) -> str:
    now, before = version.now, version.before
    if version.thing == "registrant":
        return _("Contact details changed") if before else _("Registered")
    name = _name(now)
    if getattr(now, "removed_at", None) and not getattr(before, "removed_at", None):
        return _("Place removed, with its cameras") if version.thing == "place" else _("Camera removed: %s") % name
    if before is None:
        return _("Place added: %s") % name if version.thing == "place" else _("Camera added: %s") % name
    if version.thing == "camera":
        return _of_camera(now, before) % name
    if _read(now, "address") != _read(before, "address"):
        return _("New address: %s") % str(now.street)
    moved = (now.latitude, now.longitude) != (before.latitude, before.longitude)
    return (_("Pin moved: %s") if moved else _("Place changed: %s")) % name


def _of_camera(now: Any, before: Any) -> str:
    if now.paused_at != before.paused_at:
        return _("Camera paused: %s") if now.paused_at else _("Pause ended: %s")
    if now.snapshot_at != before.snapshot_at:
        return _("Picture added: %s") if now.snapshot_at else _("Picture removed: %s")
    return _("Camera changed: %s")


def _name(row: Any) -> str:
    return str(row.name or getattr(row, "street", ""))


def _changes(version: Version) -> list[RecordChange]:
    if version.before is None or getattr(version.now, "removed_at", None):
        return []
    fields = SHOWN[version.thing]
    return [
        RecordChange(str(label), _value(version.thing, field, was), _value(version.thing, field, became))
        for field, label in fields.items()
        if (was := _read(version.before, field)) != (became := _read(version.now, field))
    ]


def _read(row: Any, field: str) -> Any:
    return TOGETHER[field](row) if field in TOGETHER else getattr(row, field)


def _value(thing: str, field: str, value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if field == "kind" and thing != "camera":
        kinds: Any = PremisesKind if thing == "place" else RegistrantKind
        return str(kinds(value).label)
    return str(WORDS.get(field, str)(value))
